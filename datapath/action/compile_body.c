// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compiling actions that carry lists of actions: SAMPLE, CLONE, CHECK_PKT_LEN
 * and DEC_TTL.
 *
 * A list that comes last takes the packet over. One that is followed by
 * something runs in place if it changes nothing, else on a copy.
 */
#include <net/netlink.h>

#include "compile.h"

/*
 * The list runs on a packet that goes on after it: nothing in it owns that
 * packet. Only what is last in a list that is last can have thought so. Goes
 * no deeper than lists are nested.
 */
static void disown(struct mf_insn *insn)
{
	for (; insn->op != MF_OP_END; insn += insn->next) {
		if (!(insn->flags & MF_INSN_LAST))
			continue;
		insn->flags &= ~MF_INSN_LAST;
		if (mf_insn_has_body(insn))
			disown(insn + 1);
	}
}

static int compile_body(struct act_compiler *c, struct act_list *list, const struct nlattr *body,
			enum mf_op op, u32 imm)
{
	struct mf_insn *insn = mf_compile_emit(c, op, imm, 0);
	bool changes;
	int err;

	err = mf_compile_list(c, &list->state, body, list->depth + 1, &changes);
	if (err)
		return err;

	if (list->last)
		list->changes |= changes;
	else if (!insn)
		return 0;
	else if (changes)
		insn->flags |= MF_INSN_COPY;
	else
		disown(insn + 1);
	return 0;
}

/**
 * mf_compile_clone() - compile a CLONE action
 * @c: the compilation
 * @list: the list it is in
 * @attr: the action
 *
 * Context: process, may sleep.
 * Return: 0, or a negative errno with extack filled.
 */
int mf_compile_clone(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	return compile_body(c, list, attr, MF_OP_CLONE, 0);
}

/**
 * mf_compile_sample() - compile a SAMPLE action
 * @c: the compilation
 * @list: the list it is in
 * @attr: the action
 *
 * Context: process, may sleep.
 * Return: 0, or a negative errno with extack filled.
 */
int mf_compile_sample(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	static const struct act_nested nested[] = {
		[OVS_SAMPLE_ATTR_PROBABILITY] = { 4, 4, true, true },
		[OVS_SAMPLE_ATTR_ACTIONS] = { 0, U16_MAX, true, true },
	};
	const struct nlattr *tb[ARRAY_SIZE(nested)];
	int err;

	err = mf_compile_nest(c, attr, nested, ARRAY_SIZE(nested) - 1, tb);
	if (err)
		return err;
	return compile_body(c, list, tb[OVS_SAMPLE_ATTR_ACTIONS], MF_OP_SAMPLE,
			    nla_get_u32(tb[OVS_SAMPLE_ATTR_PROBABILITY]));
}

/* One of the two lists of CHECK_PKT_LEN; as compile_action() does for an action. */
static int compile_branch(struct act_compiler *c, struct act_list *list, const struct nlattr *body)
{
	size_t start = c->n_words;
	struct mf_insn *insn;
	int err;

	err = compile_body(c, list, body, MF_OP_BRANCH, 0);
	if (err)
		return err;
	insn = mf_compile_at(c, start);
	if (insn) {
		insn->next = c->n_words - start;
		if (list->last)
			insn->flags |= MF_INSN_LAST;
	}
	return 0;
}

/**
 * mf_compile_check_pkt_len() - compile a CHECK_PKT_LEN action
 * @c: the compilation
 * @list: the list it is in
 * @attr: the action
 *
 * Its body is two branches, of which one is taken: the first by packets that
 * are longer.
 *
 * Context: process, may sleep.
 * Return: 0, or a negative errno with extack filled.
 */
int mf_compile_check_pkt_len(struct act_compiler *c, struct act_list *list,
			     const struct nlattr *attr)
{
	static const struct act_nested nested[] = {
		[OVS_CHECK_PKT_LEN_ATTR_PKT_LEN] = { 2, 2, true, true },
		[OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER] = { 0, U16_MAX, true, true },
		[OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL] = { 0, U16_MAX, true, true },
	};
	const struct nlattr *tb[ARRAY_SIZE(nested)];
	u16 len;
	int err;

	err = mf_compile_nest(c, attr, nested, ARRAY_SIZE(nested) - 1, tb);
	if (err)
		return err;
	len = nla_get_u16(tb[OVS_CHECK_PKT_LEN_ATTR_PKT_LEN]);
	if (!len)
		return mf_compile_refuse(c, attr, -EINVAL, "check_pkt_len: no packet has length 0");

	mf_compile_emit(c, MF_OP_CHECK_PKT_LEN, len, 0);
	err = compile_branch(c, list, tb[OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER]);
	if (err)
		return err;
	err = compile_branch(c, list, tb[OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL]);
	if (err)
		return err;
	mf_compile_emit(c, MF_OP_END, 0, 0);
	return 0;
}

/**
 * mf_compile_dec_ttl() - compile a DEC_TTL action
 * @c: the compilation
 * @list: the list it is in
 * @attr: the action
 *
 * Its body is for packets whose time has run out. They do not come back, so it
 * owns them wherever the action stands. Attributes of a later ABI are ignored.
 *
 * Context: process, may sleep.
 * Return: 0, or a negative errno with extack filled.
 */
int mf_compile_dec_ttl(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	const struct nlattr *body = nla_find_nested(attr, OVS_DEC_TTL_ATTR_ACTION);
	bool changes;

	if (!body)
		return mf_compile_refuse(c, attr, -EINVAL,
					 "dec_ttl: no actions for packets whose time has run out");
	list->state.rewritten = true;
	mf_compile_emit(c, MF_OP_DEC_TTL, 0, 0);
	return mf_compile_list(c, &list->state, body, list->depth + 1, &changes);
}
