// SPDX-License-Identifier: GPL-2.0-only
/*
 * The network service header: in packets, in netlink.
 */
#include <net/netlink.h>
#include <net/nsh.h>

#include "attrs.h"
#include "field.h"
#include "forms.h"
#include "headers.h"
#include "match.h"

static_assert(sizeof_field(struct mf_key, nsh_context) == sizeof(struct ovs_nsh_key_md1));

/**
 * mf_extract_nsh() - read the network service header
 * @key: the key
 * @skb: the packet
 *
 * Context: any.
 * Return: 0; -EINVAL if the header is malformed or of an unknown kind;
 * -ENOMEM.
 */
int mf_extract_nsh(struct mf_key *key, struct sk_buff *skb)
{
	unsigned int off = skb_network_offset(skb);
	const struct nshhdr *nsh;
	unsigned int len;
	int err;

	err = mf_pull(skb, off + NSH_BASE_HDR_LEN);
	if (err)
		return err;
	nsh = (const struct nshhdr *)skb_network_header(skb);
	len = nsh_hdr_len(nsh);
	if (nsh_get_ver(nsh) || len < NSH_BASE_HDR_LEN)
		return -EINVAL;
	err = mf_pull(skb, off + len);
	if (err)
		return err;

	mf_key_need(key, BIT(MF_BLOCK_NSH));
	nsh = (const struct nshhdr *)skb_network_header(skb);
	key->nsh_flags = nsh_get_flags(nsh);
	key->nsh_ttl = nsh_get_ttl(nsh);
	key->nsh_mdtype = nsh->mdtype;
	key->nsh_np = nsh->np;
	key->nsh_path_hdr = nsh->path_hdr;

	switch (nsh->mdtype) {
	case NSH_M_TYPE1:
		if (len != NSH_M_TYPE1_LEN)
			return -EINVAL;
		memcpy(key->nsh_context, nsh->md1.context, sizeof(key->nsh_context));
		return 0;
	case NSH_M_TYPE2:
		return 0;
	default:
		return -EINVAL;
	}
}

static int parse_base(struct mf_key *to, const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	const struct ovs_nsh_key_base *base = nla_data(attr);

	if (nla_len(attr) != sizeof(*base))
		return mf_key_refuse(extack, attr, "nsh base: wrong length");
	to->nsh_flags = base->flags;
	to->nsh_ttl = base->ttl;
	to->nsh_mdtype = base->mdtype;
	to->nsh_np = base->np;
	to->nsh_path_hdr = base->path_hdr;
	return 0;
}

static int parse_md1(struct mf_key *to, const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	if (nla_len(attr) != sizeof(to->nsh_context))
		return mf_key_refuse(extack, attr, "nsh md1: wrong length");
	memcpy(to->nsh_context, nla_data(attr), sizeof(to->nsh_context));
	return 0;
}

static int parse_nsh_attr(struct mf_key *to, const struct nlattr *attr, unsigned long *seen,
			  struct netlink_ext_ack *extack)
{
	u16 type = nla_type(attr);

	if (type == OVS_NSH_KEY_ATTR_MD2)
		return mf_key_refuse(extack, attr, "nsh md2: cannot be matched");
	if (type != OVS_NSH_KEY_ATTR_BASE && type != OVS_NSH_KEY_ATTR_MD1)
		return mf_key_refuse(extack, attr, "nsh: unknown attribute");
	if (*seen & BIT(type))
		return mf_key_refuse(extack, attr, "nsh: attribute given twice");
	*seen |= BIT(type);
	if (type == OVS_NSH_KEY_ATTR_BASE)
		return parse_base(to, attr, extack);
	return parse_md1(to, attr, extack);
}

/**
 * mf_nsh_parse() - read an NSH attribute of KEY or MASK
 * @to: the key or mask
 * @nest: the attribute
 * @mask: it belongs to a MASK, which need not be complete
 * @extack: for the refusal
 *
 * Context: any.
 * Return: 0, or -EINVAL with @extack filled.
 */
int mf_nsh_parse(struct mf_key *to, const struct nlattr *nest, bool mask,
		 struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	unsigned long seen = 0;
	int rem;
	int err;

	nla_for_each_nested(attr, nest, rem) {
		err = parse_nsh_attr(to, attr, &seen, extack);
		if (err)
			return err;
	}
	if (rem > 0)
		return mf_key_refuse(extack, nest, "nsh: bytes left over");
	if (mask)
		return 0;
	if (!(seen & BIT(OVS_NSH_KEY_ATTR_BASE)))
		return mf_key_refuse(extack, nest, "nsh: base missing");
	if (to->nsh_mdtype != NSH_M_TYPE1 && seen & BIT(OVS_NSH_KEY_ATTR_MD1))
		return mf_key_refuse(extack, nest, "nsh: md1 without mdtype 1");
	return 0;
}

/**
 * mf_nsh_exact() - match the network service header exactly
 * @match: its mask gets ones
 *
 * Context: any.
 */
void mf_nsh_exact(struct mf_match *match)
{
	const struct mf_key_block *block = &mf_key_blocks[MF_BLOCK_NSH];

	memset(&match->mask.words[block->first], 0xff, block->n * sizeof(u64));
}

static int put_nsh(struct sk_buff *msg, const struct mf_key *key, const struct mf_key *values)
{
	struct ovs_nsh_key_base base = {
		.flags = values->nsh_flags,
		.ttl = values->nsh_ttl,
		.mdtype = values->nsh_mdtype,
		.np = values->nsh_np,
		.path_hdr = values->nsh_path_hdr,
	};

	if (nla_put(msg, OVS_NSH_KEY_ATTR_BASE, sizeof(base), &base))
		return -EMSGSIZE;
	if (key == values && key->nsh_mdtype != NSH_M_TYPE1)
		return 0;
	return nla_put(msg, OVS_NSH_KEY_ATTR_MD1, sizeof(values->nsh_context),
		       values->nsh_context);
}

/**
 * mf_nsh_put() - dump a network service header
 * @msg: the message
 * @key: the key, which says of what kind it is
 * @values: @key or its mask
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int mf_nsh_put(struct sk_buff *msg, const struct mf_key *key, const struct mf_key *values)
{
	struct nlattr *nest = nla_nest_start_noflag(msg, OVS_KEY_ATTR_NSH);
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = put_nsh(msg, key, values);
	if (err)
		return err;
	nla_nest_end(msg, nest);
	return 0;
}
