// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a key or mask to netlink. The order of the attributes and each of
 * their bytes is ABI: user space hashes them to name a flow.
 */
#include <linux/if_ether.h>

#include <net/netlink.h>

#include "../attr_put.h"
#include "field.h"
#include "forms.h"
#include "match.h"
#include "tunnel.h"
#include "vlan.h"

/* What the rows need at most, and what they do not say of nests. */
enum {
	ROWS_SIZE = 0
#define KEY_ATTR(attr, text, payload, class, need, form) \
	+ NLA_ALIGN(NLA_HDRLEN + sizeof(payload))
#include <megaflow/key.def>
	,
	/* The second level: EtherType, TCI, ENCAP. */
	SECOND_TAG_SIZE = 2 * NLA_ALIGN(NLA_HDRLEN + sizeof(__be16)) + NLA_HDRLEN,
	KEY_SIZE = NLA_HDRLEN + ROWS_SIZE + SECOND_TAG_SIZE + MF_TUNNEL_SIZE +
		    MF_MPLS_SIZE + MF_NSH_SIZE,
};

static bool has_ct4(const struct mf_key *key)
{
	return key->blocks & BIT(MF_BLOCK_CT4) && key->ct4_proto;
}

static bool has_ct6(const struct mf_key *key)
{
	return key->blocks & BIT(MF_BLOCK_CT6) && key->ct6_proto;
}

static bool has_tunnel(const struct mf_key *key)
{
	return key->blocks & BIT(MF_BLOCK_TUNNEL) && key->tun_family;
}

static bool is_shown(const struct mf_key_attr *row, const struct mf_key *key, u32 held,
		     bool is_mask)
{
	switch (row->attr) {
	case OVS_KEY_ATTR_TUNNEL:
		return is_mask || has_tunnel(key);
	case OVS_KEY_ATTR_IN_PORT:
		return is_mask || key->in_port != MF_PORT_NONE;
	case OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV4:
		return has_ct4(key);
	case OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV6:
		return has_ct6(key);
	case OVS_KEY_ATTR_ETHERTYPE:
		return is_mask || key->eth_type != htons(ETH_P_802_2);
	default:
		return held & BIT(row->class);
	}
}

static int put_fields(struct sk_buff *msg, const struct mf_key_attr *row,
		      const struct mf_key *key, const struct mf_key *values)
{
	struct nlattr *attr = mf_attr_reserve(msg, row->attr, row->len);
	const struct mf_key_field *field;

	if (!attr)
		return -EMSGSIZE;

	mf_key_field_each(field, row)
		mf_key_field_store(field, values, nla_data(attr));

	/* No port has a number beyond 16 bits: those are always matched. */
	if (row->attr == OVS_KEY_ATTR_IN_PORT && key != values)
		*(u32 *)nla_data(attr) |= 0xffff0000;
	return 0;
}

static int put_row(struct sk_buff *msg, const struct mf_key_attr *row,
		   const struct mf_key *key, const struct mf_key *values)
{
	switch ((enum mf_key_form)row->form) {
	case MF_FORM_FIELDS:
		return put_fields(msg, row, key, values);
	case MF_FORM_TUNNEL:
		return mf_tunnel_put(msg, row->attr, key, values);
	case MF_FORM_MPLS:
		return mf_mpls_put(msg, key, values);
	case MF_FORM_NSH:
		return mf_nsh_put(msg, key, values);
	case MF_FORM_VLAN:
	case MF_FORM_ENCAP:
		break;	/* put_all() calls vlan.c, which opens nests */
	}
	return 0;
}

static int put_all(struct sk_buff *msg, const struct mf_key *key, const struct mf_key *values)
{
	struct mf_vlan_nests nests = { .n = 0 };
	u32 held = mf_key_classes_held(key);
	const struct mf_key_attr *row;
	int err;

	mf_key_attr_each(row) {
		if (!is_shown(row, key, held, key != values))
			continue;
		if (row->form == MF_FORM_VLAN)
			err = mf_vlan_put(msg, key, values, &nests);
		else
			err = put_row(msg, row, key, values);
		if (err < 0)
			return err;
		if (err)
			break;
	}
	mf_vlan_put_end(msg, &nests);
	return 0;
}

static int put_nest(struct sk_buff *msg, int attrtype, const struct mf_key *key,
		    const struct mf_key *values)
{
	struct nlattr *nest = nla_nest_start_noflag(msg, attrtype);
	int err;

	if (!nest)
		return -EMSGSIZE;

	err = put_all(msg, key, values);
	if (err) {
		nla_nest_cancel(msg, nest);
		return err;
	}
	nla_nest_end(msg, nest);
	return 0;
}

/**
 * mf_key_put() - write a key to a message
 * @msg: the message
 * @attrtype: number of the attribute to nest it in
 * @key: the key; blocks that are not valid read as zero
 *
 * Context: any.
 * Return: 0, or -EMSGSIZE with @msg as it was.
 */
int mf_key_put(struct sk_buff *msg, int attrtype, const struct mf_key *key)
{
	return put_nest(msg, attrtype, key, key);
}

/**
 * mf_mask_put() - write a mask to a message
 * @msg: the message
 * @attrtype: number of the attribute to nest it in
 * @key: the key that belongs to it: it decides which attributes there are;
 *	every block valid
 * @mask: the mask, every block valid
 *
 * Context: any.
 * Return: 0, or -EMSGSIZE with @msg as it was.
 */
int mf_mask_put(struct sk_buff *msg, int attrtype, const struct mf_key *key,
		const struct mf_key *mask)
{
	return put_nest(msg, attrtype, key, mask);
}

/**
 * mf_key_attr_size() - room that a key or mask takes in a message
 *
 * Context: any.
 * Return: bytes that are enough for any key, nest header included.
 */
size_t mf_key_attr_size(void)
{
	return KEY_SIZE;
}
