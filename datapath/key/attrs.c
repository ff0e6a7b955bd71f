// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a nest of key attributes to a list: known, of the right length, once.
 */
#include <linux/string.h>

#include <net/netlink.h>

#include "attrs.h"
#include "field.h"

static bool all_zero(const struct nlattr *attr)
{
	return !memchr_inv(nla_data(attr), 0, nla_len(attr));
}

static int read_one(struct mf_attrs *list, const struct nlattr *attr,
		    struct netlink_ext_ack *extack)
{
	const struct mf_key_attr *row = mf_key_attr_find(nla_type(attr));
	int err;

	if (!row)
		return mf_key_refuse(extack, attr, "unknown key attribute");
	if (list->present & BIT_ULL(row->attr))
		return mf_key_refuse(extack, attr, row->twice);

	err = mf_key_attr_check(row, attr, extack);
	if (err)
		return err;
	if (list->mask && all_zero(attr))
		return 0;

	list->at[row->attr] = attr;
	list->present |= BIT_ULL(row->attr);
	return 0;
}

/**
 * mf_attrs_read() - add the attributes of a nest to a list
 * @list: the list
 * @nest: KEY, MASK or ENCAP
 * @extack: for the refusal
 *
 * Context: any.
 * Return: 0, or -EINVAL with @extack filled.
 */
int mf_attrs_read(struct mf_attrs *list, const struct nlattr *nest, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;
	int err;

	nla_for_each_nested(attr, nest, rem) {
		err = read_one(list, attr, extack);
		if (err)
			return err;
	}
	if (rem > 0)
		return mf_key_refuse(extack, nest, "bytes left over after the last attribute");
	return 0;
}
