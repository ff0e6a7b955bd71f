// SPDX-License-Identifier: GPL-2.0-only
// Can fragments be unreadable (device memory), and who says so? Since 6.12.
#include <linux/skbuff.h>

bool (*probe)(const struct sk_buff *skb) = skb_frags_readable;
