/* SPDX-License-Identifier: GPL-2.0-only */
#include_next <net/dropreason.h>
#include <megaflow_have.h>

#ifndef MF_COMPAT_NET_DROPREASON_H
#define MF_COMPAT_NET_DROPREASON_H

/*
 * Without subsystems nobody outside can put a name to our reasons, so there is
 * nothing to register. The number below is any but 0, which is the core's: see
 * kfree_skb_reason() in the overlay of <linux/skbuff.h>, which tells the two
 * apart by it.
 */
#ifndef HAVE_DROP_REASON_SUBSYS
#define SKB_DROP_REASON_SUBSYS_SHIFT		16
#define SKB_DROP_REASON_SUBSYS_OPENVSWITCH	1

struct drop_reason_list {
	const char * const *reasons;
	size_t n_reasons;
};

static inline void
drop_reasons_register_subsys(unsigned int subsys,
			     const struct drop_reason_list *list)
{
}

static inline void drop_reasons_unregister_subsys(unsigned int subsys)
{
}
#endif

#endif
