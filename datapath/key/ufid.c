// SPDX-License-Identifier: GPL-2.0-only
/*
 * The unique flow identifier, from and to netlink.
 */
#include <net/netlink.h>

#include "../attr_put.h"
#include "field.h"
#include "ufid.h"

static_assert(sizeof(struct mf_ufid) == 1 + MF_UFID_MAX);

/**
 * mf_ufid_parse() - read an identifier
 * @ufid: the result; its length is 0 without @attr
 * @attr: the UFID attribute, may be NULL
 * @extack: for the refusal
 *
 * Context: any.
 * Return: 0, or -EINVAL with @extack filled.
 */
int mf_ufid_parse(struct mf_ufid *ufid, const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	memset(ufid, 0, sizeof(*ufid));
	if (!attr)
		return 0;
	if (!nla_len(attr) || nla_len(attr) > MF_UFID_MAX)
		return mf_key_refuse(extack, attr, "ufid: must have 1 to 16 bytes");
	ufid->len = nla_len(attr);
	memcpy(ufid->id, nla_data(attr), ufid->len);
	return 0;
}

/**
 * mf_ufid_put() - write an identifier to a message
 * @msg: the message
 * @attrtype: number of the attribute
 * @ufid: the identifier
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int mf_ufid_put(struct sk_buff *msg, int attrtype, const struct mf_ufid *ufid)
{
	/* User space gives all its flows names of this length: to copy that takes two words. */
	if (likely(ufid->len == MF_UFID_MAX))
		return mf_attr_put(msg, attrtype, MF_UFID_MAX, ufid->id);
	return mf_attr_put(msg, attrtype, ufid->len, ufid->id);
}
