/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rewriting headers: what the set_*.c files share.
 *
 * Every function takes a value that is followed by a mask of the same type.
 * Bits of the value outside the mask are zero.
 */
#ifndef MF_ACTION_SET_H
#define MF_ACTION_SET_H

#include <linux/openvswitch.h>
#include <linux/skbuff.h>
#include <net/checksum.h>

#include "execute.h"

int mf_set_ipv4(struct act_exec *x, const struct ovs_key_ipv4 *value);
int mf_set_ttl(struct act_exec *x, u8 ttl);
int mf_set_ipv6(struct act_exec *x, const struct ovs_key_ipv6 *value);
int mf_set_tcp(struct act_exec *x, const struct ovs_key_tcp *value);
int mf_set_udp(struct act_exec *x, const struct ovs_key_udp *value);
int mf_set_sctp(struct act_exec *x, const struct ovs_key_sctp *value);

/**
 * mf_set_csum() - tell CHECKSUM_COMPLETE that bytes of the packet change
 * @skb: the packet
 * @from: the bytes before
 * @to: the bytes after
 * @len: their number; they begin at an even offset of the packet
 *
 * For changes that no other checksum in the packet makes up for.
 *
 * Context: any.
 */
static inline void mf_set_csum(struct sk_buff *skb, const void *from, const void *to, int len)
{
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_add(csum_sub(skb->csum, csum_partial(from, len, 0)),
				     csum_partial(to, len, 0));
}

/**
 * mf_set_moved() - the packet now belongs to another connection
 * @skb: the packet
 *
 * Context: any.
 */
static inline void mf_set_moved(struct sk_buff *skb)
{
	skb_clear_hash(skb);
	nf_reset_ct(skb);
}

#endif
