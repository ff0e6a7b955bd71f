// SPDX-License-Identifier: GPL-2.0-only
/*
 * OUTPUT, and what TRUNC does to it.
 */
#include <linux/skbuff.h>
#include <net/gso.h>

#include "cb.h"
#include "drop.h"
#include "execute.h"
#include "port/port.h"

/*
 * A checksum that is left to the device covers all of the packet, so it is
 * filled in first. TRUNC never asks for less than an Ethernet header.
 */
static int trim(struct sk_buff *skb, u32 max_len)
{
	int err;

	if (skb->len <= max_len)
		return 0;
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		err = skb_csum_hwoffload_help(skb, 0);
		if (err)
			return err;
	}
	return pskb_trim_rcsum(skb, max_len);
}

static void send_trimmed(const struct act_exec *x, struct sk_buff *skb, u32 port_no, u32 max_len)
{
	if (unlikely(trim(skb, max_len)))
		mf_drop(x->dp, skb, MF_DROP_NOMEM);
	else
		mf_port_send(x->dp, skb, port_no, x->key->mac_proto);
}

static void send_segments(const struct act_exec *x, struct sk_buff *skb, u32 port_no, u32 max_len)
{
	/* Segmentation writes over the far end of cb. */
	const struct mf_cb cb = *mf_cb(skb);
	struct sk_buff *segs;
	struct sk_buff *next;
	struct sk_buff *seg;

	segs = __skb_gso_segment(skb, NETIF_F_SG, false);
	if (IS_ERR_OR_NULL(segs)) {
		mf_drop(x->dp, skb, segs == ERR_PTR(-ENOMEM) ? MF_DROP_NOMEM : MF_DROP_BAD_HEADER);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(segs, seg, next) {
		skb_mark_not_on_list(seg);
		*mf_cb(seg) = cb;
		send_trimmed(x, seg, port_no, max_len);
	}
}

static void send_truncated(const struct act_exec *x, struct sk_buff *skb, u32 port_no, u32 max_len)
{
	if (!skb_is_gso(skb))
		send_trimmed(x, skb, port_no, max_len);
	else if (skb->len <= max_len || skb_gso_validate_mac_len(skb, max_len))
		mf_port_send(x->dp, skb, port_no, x->key->mac_proto);
	else
		send_segments(x, skb, port_no, max_len);
}

/**
 * mf_exec_output() - carry out OUTPUT
 * @x: the run
 * @insn: the instruction; if it is marked as last, @x's packet is consumed,
 *	else a clone of it
 *
 * If there is no memory for a clone, the port does not get the packet.
 *
 * Context: BH off, RCU read lock held.
 */
void mf_exec_output(struct act_exec *x, const struct mf_insn *insn)
{
	struct sk_buff *skb = x->skb;
	u32 max_len = x->max_len;

	x->max_len = MF_LEN_ALL;
	if (insn->flags & MF_INSN_LAST)
		x->skb = NULL;
	else
		skb = skb_clone(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		return;

	if (likely(max_len == MF_LEN_ALL))
		mf_port_send(x->dp, skb, insn->imm, x->key->mac_proto);
	else
		send_truncated(x, skb, insn->imm, max_len);
}
