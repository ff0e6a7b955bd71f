// SPDX-License-Identifier: GPL-2.0-only
// Canary: asks nothing. If it fails, no answer means anything.
#include <linux/netdevice.h>
#include <net/genetlink.h>

int (*probe)(struct sk_buff *skb) = dev_queue_xmit;
