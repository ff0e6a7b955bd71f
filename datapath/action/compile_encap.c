// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compiling the actions that put headers in front of packets and take them
 * off. What they leave unknown of the abstract packet, such as the type
 * behind the last known label, no later action may rely on.
 */
#include <linux/if_ether.h>
#include <net/mpls.h>
#include <net/netlink.h>

#include "compile.h"

/* Labels go in front of these. */
static bool takes_label(__be16 eth_type)
{
	switch (eth_type) {
	case htons(ETH_P_IP):
	case htons(ETH_P_IPV6):
	case htons(ETH_P_ARP):
	case htons(ETH_P_RARP):
		return true;
	}
	return eth_p_mpls(eth_type);
}

static int check_behind_link(struct act_compiler *c, const struct act_list *list,
			     const struct nlattr *attr)
{
	if (list->state.tagged)
		return mf_compile_refuse(c, attr, -EINVAL, "push_mpls: the packet has a VLAN tag");
	if (!takes_label(list->state.eth_type))
		return mf_compile_refuse(c, attr, -EINVAL,
					 "push_mpls: only in front of IP, ARP or MPLS");
	return 0;
}

static int compile_label(struct act_compiler *c, struct act_list *list, const struct nlattr *attr,
			 enum mf_op op, const struct ovs_action_add_mpls *mpls)
{
	struct act_state *state = &list->state;
	struct mf_insn *insn;
	int err;

	if (!eth_p_mpls(mpls->mpls_ethertype))
		return mf_compile_refuse(c, attr, -EINVAL,
					 "push_mpls: EtherType must be 0x8847 or 0x8848");
	if (mpls->tun_flags & OVS_MPLS_L3_TUNNEL_FLAG_MASK) {
		err = check_behind_link(c, list, attr);
		if (err)
			return err;
		state->n_labels = eth_p_mpls(state->eth_type) ? state->n_labels + 1 : 1;
	} else {
		state->n_labels = 1;
		state->mac_proto = MF_MAC_NONE;
		state->tagged = false;
	}
	state->eth_type = mpls->mpls_ethertype;
	state->rewritten = true;
	insn = mf_compile_emit(c, op, 0, sizeof(*mpls));
	if (insn)
		memcpy(insn + 1, mpls, sizeof(*mpls));
	return 0;
}

/**
 * mf_compile_push_mpls() - compile a PUSH_MPLS action
 * @c: the compilation
 * @list: the list it is in
 * @attr: the action
 *
 * Context: any.
 * Return: 0, or -EINVAL with extack filled.
 */
int mf_compile_push_mpls(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	const struct ovs_action_push_mpls *push = nla_data(attr);
	const struct ovs_action_add_mpls mpls = {
		.mpls_lse = push->mpls_lse,
		.mpls_ethertype = push->mpls_ethertype,
		.tun_flags = OVS_MPLS_L3_TUNNEL_FLAG_MASK,
	};

	return compile_label(c, list, attr, MF_OP_PUSH_MPLS, &mpls);
}

/**
 * mf_compile_add_mpls() - compile an ADD_MPLS action
 * @c: the compilation
 * @list: the list it is in
 * @attr: the action
 *
 * Context: any.
 * Return: 0, or -EINVAL with extack filled.
 */
int mf_compile_add_mpls(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	return compile_label(c, list, attr, MF_OP_ADD_MPLS, nla_data(attr));
}

/**
 * mf_compile_pop_mpls() - compile a POP_MPLS action
 * @c: the compilation
 * @list: the list it is in
 * @attr: the action
 *
 * Context: any.
 * Return: 0, or -EINVAL with extack filled.
 */
int mf_compile_pop_mpls(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	struct act_state *state = &list->state;
	__be16 proto = nla_get_be16(attr);

	if (state->tagged)
		return mf_compile_refuse(c, attr, -EINVAL, "pop_mpls: the packet has a VLAN tag");
	if (!eth_p_mpls(state->eth_type))
		return mf_compile_refuse(c, attr, -EINVAL, "pop_mpls: the packet has no label");
	if (proto == htons(ETH_P_TEB)) {
		if (state->mac_proto == MF_MAC_ETHERNET)
			return mf_compile_refuse(c, attr, -EINVAL,
						 "pop_mpls: one Ethernet header behind another");
		state->mac_proto = MF_MAC_ETHERNET;
	}

	state->n_labels--;
	state->eth_type = eth_p_mpls(proto) && state->n_labels ? proto : 0;
	state->rewritten = true;
	mf_compile_emit(c, MF_OP_POP_MPLS, ntohs(proto), 0);
	return 0;
}

/**
 * mf_compile_push_eth() - compile a PUSH_ETH action
 * @c: the compilation
 * @list: the list it is in
 * @attr: the action
 *
 * Context: any.
 * Return: 0, or -EINVAL with extack filled.
 */
int mf_compile_push_eth(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	struct mf_insn *insn;

	if (list->state.mac_proto != MF_MAC_NONE)
		return mf_compile_refuse(c, attr, -EINVAL,
					 "push_eth: the packet has an Ethernet header");
	list->state.mac_proto = MF_MAC_ETHERNET;
	list->state.rewritten = true;
	insn = mf_compile_emit(c, MF_OP_PUSH_ETH, 0, nla_len(attr));
	if (insn)
		memcpy(insn + 1, nla_data(attr), nla_len(attr));
	return 0;
}

/**
 * mf_compile_pop_eth() - compile a POP_ETH action
 * @c: the compilation
 * @list: the list it is in
 * @attr: the action
 *
 * Context: any.
 * Return: 0, or -EINVAL with extack filled.
 */
int mf_compile_pop_eth(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	if (list->state.mac_proto != MF_MAC_ETHERNET)
		return mf_compile_refuse(c, attr, -EINVAL,
					 "pop_eth: the packet has no Ethernet header");
	if (list->state.tagged)
		return mf_compile_refuse(c, attr, -EINVAL, "pop_eth: the packet has a VLAN tag");
	list->state.mac_proto = MF_MAC_NONE;
	list->state.rewritten = true;
	mf_compile_emit(c, MF_OP_POP_ETH, 0, 0);
	return 0;
}
