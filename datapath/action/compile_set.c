// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compiling SET and SET_MASKED. Both become a value and a mask in the
 * attribute's own layout; what may be set is what key.def says.
 */
#include <linux/openvswitch.h>
#include <linux/unaligned.h>
#include <net/netlink.h>

#include "compile.h"
#include "key/field.h"

/* The one key attribute inside, which must fill the action exactly. */
static const struct nlattr *set_inner(struct act_compiler *c, const struct nlattr *attr)
{
	const struct nlattr *inner = nla_data(attr);

	if (!nla_ok(inner, nla_len(attr)) ||
	    NLA_ALIGN(inner->nla_len) != NLA_ALIGN(nla_len(attr))) {
		mf_compile_refuse(c, attr, -EINVAL, "set: must hold exactly one key attribute");
		return NULL;
	}
	return inner;
}

/*
 * Rows that are set by the fields, and with at least one that may be set; and
 * MPLS, of which only the outermost entry is.
 */
static const struct mf_key_attr *set_row(const struct nlattr *inner)
{
	const struct mf_key_attr *row = mf_key_attr_find(nla_type(inner));
	const struct mf_key_field *field;

	if (row && row->form == MF_FORM_MPLS)
		return row;
	if (!row || row->form != MF_FORM_FIELDS)
		return NULL;
	mf_key_field_each(field, row)
		if (field->set == MF_SET_RW)
			return row;
	return NULL;
}

static bool class_holds(struct act_compiler *c, const struct act_list *list,
			const struct mf_key_attr *row)
{
	c->view.eth_type = list->state.eth_type;
	c->view.mac_proto = list->state.mac_proto;
	return mf_key_class_holds(row->class, &c->view);
}

static int check_set(struct act_compiler *c, const struct mf_key_attr *row,
		     const struct nlattr *inner)
{
	const struct mf_key_field *field;
	const u8 *value = nla_data(inner);
	int err;

	mf_key_field_each(field, row) {
		err = mf_key_field_check(field, inner, value, c->extack);
		if (err)
			return err;
		if (field->set == MF_SET_RO &&
		    memcmp(value + field->wire_off, (const u8 *)c->key + field->key_off,
			   field->wire_len))
			return mf_compile_refuse(c, inner, -EINVAL,
						 "set: a read-only field differs from the flow's key");
	}
	return 0;
}

static int check_set_masked(struct act_compiler *c, const struct mf_key_attr *row,
			    const struct nlattr *inner)
{
	const struct mf_key_field *field;
	const u8 *value = nla_data(inner);
	const u8 *mask = value + row->len;
	size_t i;
	int err;

	mf_key_field_each(field, row) {
		err = mf_key_field_check(field, inner, value, c->extack);
		if (!err)
			err = mf_key_field_check(field, inner, mask, c->extack);
		if (err)
			return err;
		if (field->set == MF_SET_RO &&
		    memchr_inv(mask + field->wire_off, 0, field->wire_len))
			return mf_compile_refuse(c, inner, -EINVAL,
						 "set: the mask covers a read-only field");
	}
	for (i = 0; i < row->len; i++)
		if (value[i] & ~mask[i])
			return mf_compile_refuse(c, inner, -EINVAL,
						 "set: bits of the value lie outside the mask");
	return 0;
}

/* SET means all bits of a field. Its limit, if it has one, is such a mask itself. */
static void fill_mask(const struct mf_key_attr *row, u8 *mask)
{
	const struct mf_key_field *field;

	if (row->form == MF_FORM_MPLS)
		memset(mask, 0xff, row->len);
	mf_key_field_each(field, row) {
		if (field->set != MF_SET_RW)
			continue;
		if (field->max)
			put_unaligned_be32(field->max, mask + field->wire_off);
		else
			memset(mask + field->wire_off, 0xff, field->wire_len);
	}
}

static void mask_value(u8 *value, const u8 *mask, size_t len)
{
	while (len--)
		*value++ &= *mask++;
}

static int compile_set(struct act_compiler *c, struct act_list *list, const struct nlattr *attr,
		       bool masked)
{
	const struct nlattr *inner = set_inner(c, attr);
	const struct mf_key_attr *row;
	struct mf_insn *insn;
	u8 *payload;
	int err;

	if (!inner)
		return -EINVAL;
	if (!masked && nla_type(inner) == OVS_KEY_ATTR_TUNNEL)
		return mf_compile_tunnel(c, inner);
	row = set_row(inner);
	if (!row)
		return mf_compile_refuse(c, inner, -EINVAL, "set: this attribute cannot be set");
	if (nla_len(inner) != (masked ? 2 : 1) * row->len)
		return mf_key_refuse(c->extack, inner, row->bad_len);
	if (!class_holds(c, list, row))
		return mf_compile_refuse(c, inner, -EINVAL,
					 "set: the packet has no such header");
	err = masked ? check_set_masked(c, row, inner) : check_set(c, row, inner);
	if (err)
		return err;

	list->state.rewritten = true;
	insn = mf_compile_emit(c, MF_OP_SET, row->attr, 2 * row->len);
	if (!insn)
		return 0;
	payload = (u8 *)(insn + 1);
	memcpy(payload, nla_data(inner), nla_len(inner));
	if (!masked) {
		fill_mask(row, payload + row->len);
		mask_value(payload, payload + row->len, row->len);
	}
	return 0;
}

/**
 * mf_compile_set() - compile a SET action
 * @c: the compilation
 * @list: the list it is in
 * @attr: the action
 *
 * Context: any.
 * Return: 0, or -EINVAL with extack filled.
 */
int mf_compile_set(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	return compile_set(c, list, attr, false);
}

/**
 * mf_compile_set_masked() - compile a SET_MASKED action
 * @c: the compilation
 * @list: the list it is in
 * @attr: the action
 *
 * Context: any.
 * Return: 0, or -EINVAL with extack filled.
 */
int mf_compile_set_masked(struct act_compiler *c, struct act_list *list,
			  const struct nlattr *attr)
{
	return compile_set(c, list, attr, true);
}
