// SPDX-License-Identifier: GPL-2.0-only
/*
 * VLAN tags in KEY and MASK: ETHERTYPE (the tag's own), VLAN and ENCAP
 * together make one level, and what ENCAP encloses is the rest of the key.
 */
#include <linux/if_vlan.h>

#include <net/netlink.h>

#include "attrs.h"
#include "field.h"
#include "match.h"
#include "vlan.h"

/* The two levels as the loops below see them. */
static __be16 *level_tci(struct mf_key *key, unsigned int level)
{
	return level ? &key->cvlan_tci : &key->vlan_tci;
}

static __be16 *level_tpid(struct mf_key *key, unsigned int level)
{
	return level ? &key->cvlan_tpid : &key->vlan_tpid;
}

static bool level_tagged(const struct mf_key *key, unsigned int level)
{
	return (level ? key->cvlan_tci : key->vlan_tci) & htons(MF_VLAN_PRESENT);
}

static __be16 ethertype(const struct mf_attrs *list)
{
	const struct nlattr *attr = mf_attrs_get(list, OVS_KEY_ATTR_ETHERTYPE);

	return attr ? nla_get_be16(attr) : 0;
}

/* VLAN or ENCAP where no tag can be. */
static int refuse_stray(const struct mf_attrs *list, struct netlink_ext_ack *extack)
{
	const struct nlattr *stray = mf_attrs_get(list, OVS_KEY_ATTR_VLAN);

	if (!stray)
		stray = mf_attrs_get(list, OVS_KEY_ATTR_ENCAP);
	if (!stray)
		return 0;
	return mf_key_refuse(extack, stray, "vlan, encap: no VLAN EtherType, or too many tags");
}

/*
 * Read one tag. Return: 1 if another may follow in ENCAP, 0 if not.
 */
static int parse_level(struct mf_key *key, struct mf_attrs *list, unsigned int level,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *tpid = mf_attrs_get(list, OVS_KEY_ATTR_ETHERTYPE);
	const struct nlattr *vlan = mf_attrs_take(list, OVS_KEY_ATTR_VLAN);
	const struct nlattr *encap = mf_attrs_take(list, OVS_KEY_ATTR_ENCAP);
	__be16 tci;

	if (!vlan || !encap)
		return mf_key_refuse(extack, tpid,
				     "vlan, encap: missing, the EtherType needs them");

	tci = nla_get_be16(vlan);
	if (!(tci & htons(MF_VLAN_PRESENT))) {
		/* A frame that ends within its tag: the EtherType stays. */
		if (tci)
			return mf_key_refuse(extack, vlan, "vlan: a tag needs the bit 0x1000");
		if (nla_len(encap))
			return mf_key_refuse(extack, encap, "encap: must be empty without a tag");
		return 0;
	}

	*level_tci(key, level) = tci;
	*level_tpid(key, level) = nla_get_be16(mf_attrs_take(list, OVS_KEY_ATTR_ETHERTYPE));
	return mf_attrs_read(list, encap, extack) ?: 1;
}

/**
 * mf_vlan_parse_key() - read the tags of a KEY
 * @key: gets both levels
 * @list: its attributes; leaves as those of the innermost level together with
 *	the outermost, without VLAN and ENCAP
 * @extack: for the refusal
 *
 * Context: any.
 * Return: 0, or -EINVAL with @extack filled.
 */
int mf_vlan_parse_key(struct mf_key *key, struct mf_attrs *list, struct netlink_ext_ack *extack)
{
	unsigned int level;
	int more;

	/* Without Ethernet header there is no place for a tag. */
	if (!mf_attrs_get(list, OVS_KEY_ATTR_ETHERNET))
		return refuse_stray(list, extack);

	for (level = 0; level < MF_VLAN_LEVELS; level++) {
		if (!eth_type_vlan(ethertype(list)))
			break;
		more = parse_level(key, list, level, extack);
		if (more <= 0)
			return more;
	}
	return refuse_stray(list, extack);
}

/* A tag cut short shows as VLAN 0 and an empty ENCAP: the EtherType says it. */
static bool cut_short(const struct mf_key *key)
{
	return eth_type_vlan(key->eth_type) && !level_tagged(key, 1);
}

/*
 * Read the mask of one tag. Return: 1 if it had an ENCAP to go on with.
 */
static int mask_level(struct mf_match *match, struct mf_attrs *list, unsigned int level,
		      struct netlink_ext_ack *extack)
{
	const struct nlattr *encap = mf_attrs_get(list, OVS_KEY_ATTR_ENCAP);
	const struct nlattr *tpid;
	const struct nlattr *vlan;
	__be16 tci;

	if (!encap)
		return 0;

	mf_attrs_take(list, OVS_KEY_ATTR_ENCAP);
	tpid = mf_attrs_take(list, OVS_KEY_ATTR_ETHERTYPE);
	vlan = mf_attrs_take(list, OVS_KEY_ATTR_VLAN);
	if (!tpid || nla_get_be16(tpid) != htons(0xffff))
		return mf_key_refuse(extack, tpid ?: encap,
				     "eth_type: the EtherType of a VLAN tag must be matched exactly");

	tci = vlan ? nla_get_be16(vlan) : htons(MF_VLAN_PRESENT);
	if (!(tci & htons(MF_VLAN_PRESENT)))
		return mf_key_refuse(extack, vlan, "vlan: the mask must cover the bit 0x1000");

	*level_tpid(&match->mask, level) = htons(0xffff);
	*level_tci(&match->mask, level) = tci;
	return mf_attrs_read(list, encap, extack) ?: 1;
}

/**
 * mf_vlan_exact() - match the tags exactly
 * @match: its key is parsed; its mask gets ones
 *
 * Context: any.
 */
void mf_vlan_exact(struct mf_match *match)
{
	const struct mf_key *key = &match->key;
	struct mf_key *mask = &match->mask;

	mask->vlan_tci = htons(0xffff);
	if (!level_tagged(key, 0))
		return;

	/* Only behind an outer tag can there be an inner one to tell apart. */
	mask->vlan_tpid = htons(0xffff);
	mask->cvlan_tci = htons(0xffff);
	if (level_tagged(key, 1))
		mask->cvlan_tpid = htons(0xffff);
}

/**
 * mf_vlan_parse_mask() - read the tags of a MASK
 * @match: its key is parsed; its mask gets both levels
 * @list: attributes of the MASK; leaves as mf_vlan_parse_key() leaves it
 * @extack: for the refusal
 *
 * A level that the mask says nothing of is matched exactly.
 *
 * Context: any.
 * Return: 0, or -EINVAL with @extack filled.
 */
int mf_vlan_parse_mask(struct mf_match *match, struct mf_attrs *list,
		       struct netlink_ext_ack *extack)
{
	unsigned int level;
	int more;

	mf_vlan_exact(match);
	for (level = 0; level < MF_VLAN_LEVELS && level_tagged(&match->key, level); level++) {
		more = mask_level(match, list, level, extack);
		if (more < 0)
			return more;
		if (!more)
			break;
	}

	if (cut_short(&match->key))
		mf_attrs_take(list, OVS_KEY_ATTR_VLAN);
	return refuse_stray(list, extack);
}

/**
 * mf_vlan_put() - dump the tags, and open what encloses the rest
 * @msg: the message
 * @key: the key, which decides what is there
 * @values: @key again or its mask, which says what is written
 * @nests: the ENCAPs that were opened, for mf_vlan_put_end()
 *
 * Context: any.
 * Return: 0 if the rest of the key follows, 1 if a tag cut short ended it,
 * -EMSGSIZE if @msg is full.
 */
int mf_vlan_put(struct sk_buff *msg, const struct mf_key *key, const struct mf_key *values,
		struct mf_vlan_nests *nests)
{
	bool is_mask = key != values;
	bool tagged;
	__be16 tpid;
	__be16 tci;

	for (nests->n = 0; nests->n < MF_VLAN_LEVELS; nests->n++) {
		if (nests->n && !(key->blocks & BIT(MF_BLOCK_CVLAN)))
			tagged = false;
		else
			tagged = level_tagged(key, nests->n);
		if (!tagged && !eth_type_vlan(key->eth_type))
			return 0;

		tpid = nests->n ? values->cvlan_tpid : values->vlan_tpid;
		tci = nests->n ? values->cvlan_tci : values->vlan_tci;
		if (!tagged) {
			tpid = values->eth_type;
			tci = is_mask ? htons(0xffff) : 0;
		}
		if (nla_put_be16(msg, OVS_KEY_ATTR_ETHERTYPE, tpid) ||
		    nla_put_be16(msg, OVS_KEY_ATTR_VLAN, tci))
			return -EMSGSIZE;
		nests->at[nests->n] = nla_nest_start_noflag(msg, OVS_KEY_ATTR_ENCAP);
		if (!nests->at[nests->n])
			return -EMSGSIZE;
		if (!tagged) {
			nests->n++;
			return 1;
		}
	}
	return 0;
}

/**
 * mf_vlan_put_end() - close what mf_vlan_put() opened
 * @msg: the message
 * @nests: the ENCAPs
 *
 * Context: any.
 */
void mf_vlan_put_end(struct sk_buff *msg, struct mf_vlan_nests *nests)
{
	while (nests->n)
		nla_nest_end(msg, nests->at[--nests->n]);
}
