// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compiling USERSPACE.
 */
#include <linux/openvswitch.h>
#include <net/netlink.h>

#include "compile.h"

/**
 * mf_compile_userspace() - compile a USERSPACE action
 * @c: the compilation
 * @list: the list it is in
 * @attr: the action
 *
 * Context: any.
 * Return: 0, or -EINVAL with extack filled.
 */
int mf_compile_userspace(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	static const struct act_nested nested[] = {
		[OVS_USERSPACE_ATTR_PID] = { 4, 4, true, true },
		[OVS_USERSPACE_ATTR_USERDATA] = { 0, U16_MAX, true, false },
		[OVS_USERSPACE_ATTR_EGRESS_TUN_PORT] = { 4, 4, true, false },
		[OVS_USERSPACE_ATTR_ACTIONS] = { 0, 0, true, false },
	};
	const struct nlattr *tb[ARRAY_SIZE(nested)];
	struct mf_insn_userspace *userspace;
	const struct nlattr *userdata;
	struct mf_insn *insn;
	size_t len;
	int err;

	err = mf_compile_nest(c, attr, nested, ARRAY_SIZE(nested) - 1, tb);
	if (err)
		return err;
	if (!nla_get_u32(tb[OVS_USERSPACE_ATTR_PID]))
		return mf_compile_refuse(c, tb[OVS_USERSPACE_ATTR_PID], -EINVAL,
					 "userspace: port id must not be 0");

	mf_compile_shows_hash(c, list);
	userdata = tb[OVS_USERSPACE_ATTR_USERDATA];
	len = userdata ? nla_len(userdata) : 0;
	insn = mf_compile_emit(c, MF_OP_USERSPACE, 0, sizeof(*userspace) + len);
	if (!insn)
		return 0;

	userspace = (struct mf_insn_userspace *)(insn + 1);
	userspace->portid = nla_get_u32(tb[OVS_USERSPACE_ATTR_PID]);
	if (userdata) {
		userspace->flags |= MF_USERSPACE_USERDATA;
		userspace->userdata_len = len;
		memcpy(userspace->userdata, nla_data(userdata), len);
	}
	if (tb[OVS_USERSPACE_ATTR_EGRESS_TUN_PORT]) {
		userspace->flags |= MF_USERSPACE_EGRESS;
		userspace->egress_port = nla_get_u32(tb[OVS_USERSPACE_ATTR_EGRESS_TUN_PORT]);
	}
	if (tb[OVS_USERSPACE_ATTR_ACTIONS])
		userspace->flags |= MF_USERSPACE_ACTIONS;
	return 0;
}
