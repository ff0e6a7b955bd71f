// SPDX-License-Identifier: GPL-2.0-only
/*
 * From KEY and MASK to a match.
 */
#include <linux/etherdevice.h>

#include <net/netlink.h>

#include "attrs.h"
#include "field.h"
#include "match.h"
#include "tunnel.h"

/* What a packet cannot say of itself. */
static bool is_metadata(const struct mf_key_attr *row)
{
	switch (row->attr) {
	case OVS_KEY_ATTR_ETHERTYPE:
		return false;
	case OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV4:
	case OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV6:
		return true;
	default:
		return row->class == MF_CLASS_ROOT;
	}
}

static int check_key_fields(const struct mf_key_attr *row, const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	const struct mf_key_field *field;
	int err;

	mf_key_field_each(field, row) {
		err = mf_key_field_check(field, attr, nla_data(attr), extack);
		if (err)
			return err;
	}
	return 0;
}

static int load_key_fields(struct mf_key *key, const struct mf_key_attr *row,
			   const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	const struct mf_key_field *field;
	int err;

	err = check_key_fields(row, attr, extack);
	if (err)
		return err;
	mf_key_field_each(field, row) {
		mf_key_need(key, BIT(field->block));
		mf_key_field_load(field, key, nla_data(attr));
	}
	return 0;
}

static int load_key_attr(struct mf_key *key, const struct mf_key_attr *row,
			 const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	switch ((enum mf_key_form)row->form) {
	case MF_FORM_FIELDS:
		return load_key_fields(key, row, attr, extack);
	case MF_FORM_TUNNEL:
		return mf_tunnel_parse(key, attr, extack);
	case MF_FORM_MPLS:
		return mf_mpls_parse(key, attr, extack);
	case MF_FORM_NSH:
		return mf_nsh_parse(key, attr, false, extack);
	case MF_FORM_VLAN:
	case MF_FORM_ENCAP:
		break;	/* taken off the list by vlan.c */
	}
	return 0;
}

/* What the frame starts with, and its EtherType: the classes ask for them. */
static int load_frame_type(struct mf_key *key, const struct mf_attrs *list,
			   const struct nlattr *whole, struct netlink_ext_ack *extack)
{
	const struct nlattr *type = mf_attrs_get(list, OVS_KEY_ATTR_ETHERTYPE);
	bool ethernet = mf_attrs_get(list, OVS_KEY_ATTR_ETHERNET);

	if (!type && !ethernet)
		return mf_key_refuse(extack, whole, "eth or eth_type: one of them is needed");
	if (!ethernet)
		key->mac_proto = MF_MAC_NONE;
	if (!type) {
		key->eth_type = htons(ETH_P_802_2);
		return 0;
	}

	key->eth_type = nla_get_be16(type);
	if (!eth_proto_is_802_3(key->eth_type))
		return mf_key_refuse(extack, type, "eth_type: below 0x0600 it is a length");
	return 0;
}

static int parse_key(struct mf_match *match, struct mf_attrs *list, const struct nlattr *nest,
		     struct netlink_ext_ack *extack)
{
	struct mf_key *key = &match->key;
	const struct mf_key_attr *row;
	int err;

	err = mf_attrs_read(list, nest, extack);
	if (err)
		return err;
	match->key_attrs = list->present;

	err = mf_vlan_parse_key(key, list, extack);
	if (err)
		return err;
	err = load_frame_type(key, list, nest, extack);
	if (err)
		return err;

	mf_key_attr_each(row) {
		const struct nlattr *attr = mf_attrs_get(list, row->attr);

		if (!attr)
			continue;
		/* What does not belong is no part of the key, but must be sound. */
		if (mf_key_class_holds(row->class, key))
			err = load_key_attr(key, row, attr, extack);
		else
			err = check_key_fields(row, attr, extack);
		if (err)
			return err;
	}
	return mf_key_check(key, list, nest, extack);
}

/* Where the ABI matches more or less than the mask given. */
static void settle_mask(struct mf_key *mask)
{
	/* These two are matched wholly or not at all. */
	if (mask->in_port)
		mask->in_port = 0xffff;
	if (mask->eth_type)
		mask->eth_type = htons(0xffff);
	/* The high byte of an ARP opcode is zero in every key, and dumps say so. */
	mask->arp_op &= htons(0xff);
}

static int load_mask_fields(struct mf_key *mask, const struct mf_key_attr *row,
			    const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	const struct mf_key_field *field;
	int err;

	mf_key_field_each(field, row) {
		/* Ones that the key has no room for would silently be lost. */
		if (field->key_len < field->wire_len && row->attr != OVS_KEY_ATTR_IN_PORT) {
			err = mf_key_field_check(field, attr, nla_data(attr), extack);
			if (err)
				return err;
		}
		mf_key_field_load(field, mask, nla_data(attr));
	}

	settle_mask(mask);
	return 0;
}

static int load_mask_attr(struct mf_match *match, const struct mf_key_attr *row,
			  const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	switch ((enum mf_key_form)row->form) {
	case MF_FORM_FIELDS:
		return load_mask_fields(&match->mask, row, attr, extack);
	case MF_FORM_TUNNEL:
		return mf_tunnel_parse_mask(match, attr, extack);
	case MF_FORM_MPLS:
		return mf_mpls_parse(&match->mask, attr, extack);
	case MF_FORM_NSH:
		return mf_nsh_parse(&match->mask, attr, true, extack);
	case MF_FORM_VLAN:
	case MF_FORM_ENCAP:
		break;	/* taken off the list by vlan.c */
	}
	return 0;
}

static int parse_mask(struct mf_match *match, u64 key_present, struct mf_attrs *list,
		      const struct nlattr *nest, struct netlink_ext_ack *extack)
{
	const struct mf_key_attr *row;
	int err;

	err = mf_attrs_read(list, nest, extack);
	if (err)
		return err;
	err = mf_vlan_parse_mask(match, list, extack);
	if (err)
		return err;

	mf_key_attr_each(row) {
		const struct nlattr *attr = mf_attrs_get(list, row->attr);

		if (!attr)
			continue;
		err = load_mask_attr(match, row, attr, extack);
		if (err)
			return err;
	}
	return mf_mask_check(match, key_present, list, extack);
}

/* No MASK: every field that the key names is matched exactly. */
static void mask_exact(struct mf_match *match, const struct mf_attrs *list)
{
	u8 *mask = (u8 *)&match->mask;
	const struct mf_key_field *field;
	const struct mf_key_attr *row;

	mf_vlan_exact(match);
	mf_key_attr_each(row) {
		if (!mf_attrs_get(list, row->attr))
			continue;
		mf_key_field_each(field, row)
			memset(mask + field->key_off, 0xff, field->key_len);
		if (row->form == MF_FORM_TUNNEL)
			mf_tunnel_exact(match);
		else if (row->form == MF_FORM_MPLS)
			mf_mpls_exact(match);
		else if (row->form == MF_FORM_NSH)
			mf_nsh_exact(match);
	}
	settle_mask(&match->mask);
}

/* The key, and a mask of zeros. */
static int match_init(struct mf_match *match, struct mf_attrs *list, const struct nlattr *key,
		      struct netlink_ext_ack *extack)
{
	memset(match, 0, sizeof(*match));
	match->key.in_port = MF_PORT_NONE;
	match->key.blocks = GENMASK(MF_BLOCKS - 1, 0);
	match->mask.blocks = GENMASK(MF_BLOCKS - 1, 0);
	match->mask.mac_proto = MF_MAC_MASK;

	list->present = 0;
	list->mask = false;
	return parse_key(match, list, key, extack);
}

/**
 * mf_match_parse_key() - parse a KEY that only names a flow
 * @match: the result; on success every block of its key is valid, and its mask is zero
 * @key: the KEY attribute
 * @extack: for the refusal
 *
 * Attributes that do not belong to such a packet are looked past.
 *
 * Context: any.
 * Return: 0, or -EINVAL with @extack filled.
 */
int mf_match_parse_key(struct mf_match *match, const struct nlattr *key,
		       struct netlink_ext_ack *extack)
{
	struct mf_attrs list;

	return match_init(match, &list, key, extack);
}

/**
 * mf_match_parse() - parse a KEY and a MASK
 * @match: the result; on success every block of its key and mask is valid
 * @key: the KEY attribute
 * @mask: the MASK attribute, NULL for an exact match on what @key names
 * @extack: for the refusal
 *
 * Context: any.
 * Return: 0, or -EINVAL with @extack filled.
 */
int mf_match_parse(struct mf_match *match, const struct nlattr *key, const struct nlattr *mask,
		   struct netlink_ext_ack *extack)
{
	struct mf_attrs list;
	u64 key_present;
	int err;

	err = match_init(match, &list, key, extack);
	if (err)
		return err;
	if (!mask) {
		mask_exact(match, &list);
		return mf_mask_check(match, list.present, &list, extack);
	}

	key_present = list.present;
	list.present = 0;
	list.mask = true;
	return parse_mask(match, key_present, &list, mask, extack);
}

/**
 * mf_key_parse_metadata() - take from a KEY what its packet cannot say
 * @key: the result: metadata and mac_proto, and no header
 * @attr: the KEY attribute
 * @extack: for the refusal
 *
 * The other attributes must be well-formed and are not looked at further.
 *
 * Context: any.
 * Return: 0, or -EINVAL with @extack filled.
 */
int mf_key_parse_metadata(struct mf_key *key, const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	const struct mf_key_attr *row;
	struct mf_attrs list;
	int err;

	mf_key_init(key);
	list.present = 0;
	list.mask = false;
	err = mf_attrs_read(&list, attr, extack);
	if (err)
		return err;

	mf_key_attr_each(row) {
		if (!is_metadata(row) || !mf_attrs_get(&list, row->attr))
			continue;
		err = load_key_attr(key, row, list.at[row->attr], extack);
		if (err)
			return err;
	}

	if (mf_attrs_get(&list, OVS_KEY_ATTR_ETHERTYPE) &&
	    !mf_attrs_get(&list, OVS_KEY_ATTR_ETHERNET)) {
		key->mac_proto = MF_MAC_NONE;
		key->eth_type = nla_get_be16(list.at[OVS_KEY_ATTR_ETHERTYPE]);
	}
	return 0;
}
