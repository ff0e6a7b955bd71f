// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compiling PUSH_NSH and POP_NSH. The header is made here, once; only what it
 * encloses is filled in per packet.
 */
#include <linux/if_ether.h>
#include <linux/openvswitch.h>
#include <net/netlink.h>
#include <net/nsh.h>
#include <net/tun_proto.h>

#include "compile.h"
#include "limits.h"

static const struct act_nested outer_rows[] = {
	[OVS_KEY_ATTR_NSH] = { 0, U16_MAX, true, true },
};

static const struct act_nested nsh_rows[] = {
	[OVS_NSH_KEY_ATTR_BASE] = { sizeof(struct ovs_nsh_key_base),
				    sizeof(struct ovs_nsh_key_base), true, true },
	[OVS_NSH_KEY_ATTR_MD1] = { sizeof(struct ovs_nsh_key_md1),
				   sizeof(struct ovs_nsh_key_md1), true, false },
	[OVS_NSH_KEY_ATTR_MD2] = { 1, MF_NSH_CONTEXT_MAX, true, false },
};

/* The attribute with the context, of the kind that the base says; NULL if it is not. */
static const struct nlattr *context_of(const struct nlattr **tb)
{
	const struct ovs_nsh_key_base *base = nla_data(tb[OVS_NSH_KEY_ATTR_BASE]);

	if (base->mdtype == NSH_M_TYPE1 && !tb[OVS_NSH_KEY_ATTR_MD2])
		return tb[OVS_NSH_KEY_ATTR_MD1];
	if (base->mdtype == NSH_M_TYPE2 && !tb[OVS_NSH_KEY_ATTR_MD1])
		return tb[OVS_NSH_KEY_ATTR_MD2];
	return NULL;
}

/* The length on the wire counts words: a context that ends within one is padded. */
static void fill_header(struct nshhdr *nsh, const struct ovs_nsh_key_base *base,
			const struct nlattr *context, size_t len)
{
	nsh_set_flags_ttl_len(nsh, base->flags, base->ttl, len);
	nsh->mdtype = base->mdtype;
	nsh->np = base->np;
	nsh->path_hdr = base->path_hdr;
	memcpy((u8 *)nsh + NSH_BASE_HDR_LEN, nla_data(context), nla_len(context));
}

/**
 * mf_compile_push_nsh() - compile a PUSH_NSH action
 * @c: the compilation
 * @list: the list it is in
 * @attr: the action
 *
 * Context: any.
 * Return: 0, or -EINVAL with extack filled.
 */
int mf_compile_push_nsh(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	const struct nlattr *outer[ARRAY_SIZE(outer_rows)];
	const struct nlattr *tb[ARRAY_SIZE(nsh_rows)];
	struct act_state *state = &list->state;
	const struct nlattr *context;
	struct mf_insn *insn;
	size_t len;
	int err;

	err = mf_compile_nest(c, attr, outer_rows, ARRAY_SIZE(outer_rows) - 1, outer);
	if (!err)
		err = mf_compile_nest(c, outer[OVS_KEY_ATTR_NSH], nsh_rows,
				      ARRAY_SIZE(nsh_rows) - 1, tb);
	if (err)
		return err;
	context = context_of(tb);
	if (!context)
		return mf_compile_refuse(c, outer[OVS_KEY_ATTR_NSH], -EINVAL,
					 "push_nsh: needs the context that its mdtype names, 1 or 2");
	if (state->mac_proto == MF_MAC_NONE && state->eth_type &&
	    !tun_p_from_eth_p(state->eth_type))
		return mf_compile_refuse(c, attr, -EINVAL,
					 "push_nsh: cannot enclose packets of this type");

	state->nsh_np = state->mac_proto == MF_MAC_NONE ? tun_p_from_eth_p(state->eth_type) :
							  TUN_P_ETHERNET;
	state->mac_proto = MF_MAC_NONE;
	state->eth_type = htons(ETH_P_NSH);
	state->tagged = false;
	state->rewritten = true;
	len = NSH_BASE_HDR_LEN + ALIGN(nla_len(context), 4);
	insn = mf_compile_emit(c, MF_OP_PUSH_NSH, len, len);
	if (insn)
		fill_header((struct nshhdr *)(insn + 1), nla_data(tb[OVS_NSH_KEY_ATTR_BASE]),
			    context, len);
	return 0;
}

/**
 * mf_compile_pop_nsh() - compile a POP_NSH action
 * @c: the compilation
 * @list: the list it is in
 * @attr: the action
 *
 * Context: any.
 * Return: 0, or -EINVAL with extack filled.
 */
int mf_compile_pop_nsh(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	struct act_state *state = &list->state;

	if (state->eth_type != htons(ETH_P_NSH))
		return mf_compile_refuse(c, attr, -EINVAL, "pop_nsh: the packet has no NSH header");
	if (state->mac_proto != MF_MAC_NONE)
		return mf_compile_refuse(c, attr, -EINVAL,
					 "pop_nsh: an Ethernet header is in front of it");
	if (!tun_p_to_eth_p(state->nsh_np))
		return mf_compile_refuse(c, attr, -EINVAL,
					 "pop_nsh: the flow does not know what NSH encloses");
	if (state->nsh_np == TUN_P_ETHERNET)
		state->mac_proto = MF_MAC_ETHERNET;
	state->eth_type = 0;
	state->rewritten = true;
	mf_compile_emit(c, MF_OP_POP_NSH, 0, 0);
	return 0;
}
