// SPDX-License-Identifier: GPL-2.0-only
/*
 * PUSH_VLAN and POP_VLAN.
 *
 * The outermost tag lies beside the frame, in the packet's metadata. Only a
 * second one goes into the frame.
 */
#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include "encap.h"

/*
 * Kernels differ in what they do to the network header when tags move within
 * the frame. Ours stays at layer 3, a fixed distance from the packet's end.
 */
static void restore_network_header(struct sk_buff *skb, int from_end)
{
	skb_set_network_header(skb, (int)skb->len - from_end);
	skb_reset_mac_len(skb);
}

static void set_key(struct act_exec *x, __be16 tpid, __be16 tci)
{
	x->key->vlan_tpid = tpid;
	x->key->vlan_tci = tci;
}

/**
 * mf_exec_push_vlan() - carry out PUSH_VLAN
 * @x: the run
 * @insn: the instruction
 *
 * Context: BH off.
 * Return: 0, or a negative errno.
 */
int mf_exec_push_vlan(struct act_exec *x, const struct mf_insn *insn)
{
	int from_end = (int)x->skb->len - skb_network_offset(x->skb);
	u16 tpid = insn->imm >> 16;
	u16 tci = insn->imm;
	int err;

	if (skb_vlan_tag_present(x->skb))
		x->stale = true;
	else
		set_key(x, htons(tpid), htons(tci));

	err = skb_vlan_push(x->skb, htons(tpid), tci & ~MF_VLAN_PRESENT);
	if (unlikely(err))
		return err;
	restore_network_header(x->skb, from_end);
	return 0;
}

/**
 * mf_exec_pop_vlan() - carry out POP_VLAN
 * @x: the run
 *
 * A packet without a tag is left as it is.
 *
 * Context: BH off.
 * Return: 0, or a negative errno.
 */
int mf_exec_pop_vlan(struct act_exec *x)
{
	int from_end = (int)x->skb->len - skb_network_offset(x->skb);
	int err;

	err = skb_vlan_pop(x->skb);
	if (unlikely(err))
		return err;
	if (skb_vlan_tag_present(x->skb))
		x->stale = true;
	else
		set_key(x, 0, 0);
	restore_network_header(x->skb, from_end);
	return 0;
}

/**
 * mf_vlan_into_frame() - put the tag that lies beside a frame into it
 * @skb: the packet
 *
 * For what goes in front of the frame, tags and all.
 *
 * Context: any.
 * Return: 0 if the packet has no such tag any more, or -ENOMEM.
 */
int mf_vlan_into_frame(struct sk_buff *skb)
{
	int from_end = (int)skb->len - skb_network_offset(skb);
	int err;

	if (!skb_vlan_tag_present(skb))
		return 0;
	err = __vlan_insert_tag(skb, skb->vlan_proto, skb_vlan_tag_get(skb));
	if (unlikely(err))
		return err;
	skb_postpush_rcsum(skb, skb->data + 2 * ETH_ALEN, VLAN_HLEN);
	skb->protocol = skb->vlan_proto;
	__vlan_hwaccel_clear_tag(skb);
	restore_network_header(skb, from_end);
	return 0;
}
