// SPDX-License-Identifier: GPL-2.0-only
/*
 * PUSH_MPLS, ADD_MPLS and POP_MPLS.
 */
#include <linux/if_ether.h>
#include <linux/openvswitch.h>
#include <linux/skbuff.h>
#include <net/mpls.h>

#include "encap.h"

/*
 * Labels go behind an Ethernet header, whose type changes with them. Where
 * something else is in between, a tag or an 802.2 header, there is no place.
 */
static int link_len(const struct act_exec *x)
{
	int len = skb_network_offset(x->skb);

	if (x->key->mac_proto == MF_MAC_NONE)
		return len ? -EPROTO : 0;
	return len == ETH_HLEN ? len : -EPROTO;
}

/* A label in front of the whole frame: its link header becomes payload. */
static int push_on_frame(struct act_exec *x, const struct ovs_action_add_mpls *mpls)
{
	struct sk_buff *skb = x->skb;
	int err;

	/* Segmentation looks for a layer-3 header behind the labels. */
	if (skb_is_gso(skb))
		return -EOPNOTSUPP;
	err = mf_vlan_into_frame(skb);
	if (err)
		return err;
	err = skb_mpls_push(skb, mpls->mpls_lse, mpls->mpls_ethertype, 0, false);
	if (err)
		return err;
	x->key->mac_proto = MF_MAC_NONE;
	return 0;
}

static int push_behind_link(struct act_exec *x, const struct ovs_action_add_mpls *mpls)
{
	bool ethernet = x->key->mac_proto == MF_MAC_ETHERNET;
	int len = link_len(x);

	if (len < 0)
		return len;
	return skb_mpls_push(x->skb, mpls->mpls_lse, mpls->mpls_ethertype, len, ethernet);
}

/**
 * mf_exec_push_mpls() - carry out PUSH_MPLS or ADD_MPLS
 * @x: the run
 * @insn: the instruction
 *
 * Context: BH off.
 * Return: 0, or a negative errno.
 */
int mf_exec_push_mpls(struct act_exec *x, const struct mf_insn *insn)
{
	const struct ovs_action_add_mpls *mpls = mf_insn_payload(insn);
	int err;

	/* With the first label, segmentation learns what is behind the last. */
	if (!eth_p_mpls(x->skb->protocol) && !x->skb->encapsulation)
		x->skb->inner_protocol = 0;
	if (mpls->tun_flags & OVS_MPLS_L3_TUNNEL_FLAG_MASK)
		err = push_behind_link(x, mpls);
	else
		err = push_on_frame(x, mpls);
	if (unlikely(err))
		return err;
	x->stale = true;
	return 0;
}

/**
 * mf_exec_pop_mpls() - carry out POP_MPLS
 * @x: the run
 * @insn: the instruction
 *
 * A packet without a label is left as it is.
 *
 * Context: BH off.
 * Return: 0, or a negative errno.
 */
int mf_exec_pop_mpls(struct act_exec *x, const struct mf_insn *insn)
{
	__be16 proto = htons(insn->imm);
	int len = link_len(x);
	int err;

	if (!eth_p_mpls(x->skb->protocol))
		return 0;
	if (len < 0)
		return len;
	err = skb_mpls_pop(x->skb, proto, len, x->key->mac_proto == MF_MAC_ETHERNET);
	if (unlikely(err))
		return err;
	skb_reset_mac_len(x->skb);
	x->stale = true;
	if (eth_p_mpls(proto))
		return 0;
	/* Not all kernels forget what the labels were in front of. */
	x->skb->inner_protocol = 0;
	return proto == htons(ETH_P_TEB) ? mf_exec_unwrapped(x) : 0;
}
