/* SPDX-License-Identifier: GPL-2.0-only */
#include_next <linux/skbuff.h>
#include <megaflow_have.h>

#ifndef MF_COMPAT_LINUX_SKBUFF_H
#define MF_COMPAT_LINUX_SKBUFF_H

/*
 * A kernel without subsystems takes any number for one of its own reasons.
 * Ours become "not specified" there; the datapath's counters keep them apart.
 */
#ifndef HAVE_DROP_REASON_SUBSYS
#define kfree_skb_reason(skb, reason)					\
	(kfree_skb_reason)(skb, (u32)(reason) >> 16 ?			\
			   SKB_DROP_REASON_NOT_SPECIFIED : (reason))
#endif

/* Where fragments cannot be unreadable, they all can be read. */
#ifndef HAVE_SKB_FRAGS_READABLE
#define skb_frags_readable(skb)	((void)(skb), true)
#endif

#endif
