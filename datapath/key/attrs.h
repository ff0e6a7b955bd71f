/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attributes of a KEY or MASK while it is parsed.
 */
#ifndef MF_KEY_ATTRS_H
#define MF_KEY_ATTRS_H

#include <linux/bits.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>

struct mf_key;
struct mf_match;

/**
 * struct mf_attrs - attributes by number
 * @at: the attributes; undefined where @present has no bit
 * @present: bitmap of OVS_KEY_ATTR_*
 * @mask: they belong to a MASK, where all zeros are as good as absent
 */
struct mf_attrs {
	const struct nlattr *at[OVS_KEY_ATTR_MAX + 1];
	u64 present;
	bool mask;
};

/**
 * mf_attrs_get() - look at an attribute
 * @list: the attributes
 * @type: OVS_KEY_ATTR_*
 *
 * Context: any.
 * Return: the attribute, NULL if it is absent.
 */
static inline const struct nlattr *mf_attrs_get(const struct mf_attrs *list, u8 type)
{
	return list->present & BIT_ULL(type) ? list->at[type] : NULL;
}

/**
 * mf_attrs_take() - remove an attribute
 * @list: the attributes
 * @type: OVS_KEY_ATTR_*
 *
 * Context: any.
 * Return: the attribute, NULL if it was absent.
 */
static inline const struct nlattr *mf_attrs_take(struct mf_attrs *list, u8 type)
{
	const struct nlattr *attr = mf_attrs_get(list, type);

	list->present &= ~BIT_ULL(type);
	return attr;
}

int mf_attrs_read(struct mf_attrs *list, const struct nlattr *nest, struct netlink_ext_ack *extack);

int mf_vlan_parse_key(struct mf_key *key, struct mf_attrs *list, struct netlink_ext_ack *extack);
int mf_vlan_parse_mask(struct mf_match *match, struct mf_attrs *list,
		       struct netlink_ext_ack *extack);
void mf_vlan_exact(struct mf_match *match);

int mf_tunnel_parse_mask(struct mf_match *match, const struct nlattr *nest,
			 struct netlink_ext_ack *extack);
void mf_tunnel_exact(struct mf_match *match);

int mf_mpls_parse(struct mf_key *to, const struct nlattr *attr, struct netlink_ext_ack *extack);
void mf_mpls_exact(struct mf_match *match);

int mf_nsh_parse(struct mf_key *to, const struct nlattr *nest, bool mask,
		 struct netlink_ext_ack *extack);
void mf_nsh_exact(struct mf_match *match);

int mf_key_check(const struct mf_key *key, const struct mf_attrs *list,
		 const struct nlattr *whole, struct netlink_ext_ack *extack);
int mf_mask_check(const struct mf_match *match, u64 key_present, const struct mf_attrs *list,
		  struct netlink_ext_ack *extack);

#endif
