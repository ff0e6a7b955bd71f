// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compiling PSAMPLE.
 */
#include <linux/openvswitch.h>
#include <net/netlink.h>

#include "compile.h"
#include "psample.h"

/**
 * mf_compile_psample() - compile a PSAMPLE action
 * @c: the compilation
 * @list: the list it is in
 * @attr: the action
 *
 * Context: process, may sleep.
 * Return: 0; -EINVAL; -ERANGE if the cookie is too long; -EOPNOTSUPP if the kernel
 * has no psample that does; extack filled.
 */
int mf_compile_psample(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	static const struct act_nested nested[] = {
		[OVS_PSAMPLE_ATTR_GROUP] = { 4, 4, true, true },
		[OVS_PSAMPLE_ATTR_COOKIE] = { 1, U16_MAX, true, false },
	};
	const struct nlattr *tb[ARRAY_SIZE(nested)];
	struct mf_insn_psample *psample;
	const struct nlattr *cookie;
	struct mf_insn *insn;
	int err;

	if (!(attr->nla_type & NLA_F_NESTED))
		return mf_compile_refuse(c, attr, -EINVAL, "psample: must be marked as nested");
	err = mf_compile_nest(c, attr, nested, ARRAY_SIZE(nested) - 1, tb);
	if (err)
		return err;
	cookie = tb[OVS_PSAMPLE_ATTR_COOKIE];
	if (cookie && nla_len(cookie) > OVS_PSAMPLE_COOKIE_MAX_SIZE)
		return mf_compile_refuse(c, cookie, -ERANGE, "psample: the cookie is too long");
	err = mf_psample_get();
	if (err)
		return mf_compile_refuse(c, attr, err,
					 "psample: this kernel has none, or one without cookies");

	insn = mf_compile_emit(c, MF_OP_PSAMPLE, 0, sizeof(*psample));
	if (!insn)
		return 0;
	psample = (struct mf_insn_psample *)(insn + 1);
	psample->group = nla_get_u32(tb[OVS_PSAMPLE_ATTR_GROUP]);
	if (cookie) {
		psample->cookie_len = nla_len(cookie);
		memcpy(psample->cookie, nla_data(cookie), psample->cookie_len);
	}
	return 0;
}
