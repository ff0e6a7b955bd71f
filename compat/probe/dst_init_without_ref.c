// SPDX-License-Identifier: GPL-2.0-only
// Does every new route begin with one reference, unasked? Since between 6.1 and 6.12.
#include <net/dst.h>

void (*probe)(struct dst_entry *dst, struct dst_ops *ops, struct net_device *dev,
	      int initial_obsolete, unsigned short flags) = dst_init;
