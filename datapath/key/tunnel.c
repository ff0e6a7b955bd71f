// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tunnel metadata: from tunnel devices, from and to netlink.
 */
#include <linux/erspan.h>
#include <linux/unaligned.h>

#include <net/ip_tunnels.h>
#include <net/netlink.h>
#include <net/vxlan.h>

#include <megaflow_compat.h>

#include "attrs.h"
#include "field.h"
#include "forms.h"
#include "match.h"
#include "tunnel.h"

/**
 * struct scalar - an attribute that is one field or one flag
 * @len: exact payload length
 * @flag: MF_TUN_* that its presence sets
 * @family: AF_INET or AF_INET6 if it is an address
 * @known: it has a row
 * @key_off: offset of its field in struct mf_key, if @len is not 0
 */
struct scalar {
	u8 len;
	u8 flag;
	u8 family;
	bool known;
	u16 key_off;
};

#define FIELD(member)	.known = true, .len = sizeof_field(struct mf_key, member), \
			.key_off = offsetof(struct mf_key, member)
#define FLAG(bit)	.known = true, .flag = (bit)

static const struct scalar scalars[OVS_TUNNEL_KEY_ATTR_MAX + 1] = {
	[OVS_TUNNEL_KEY_ATTR_ID]		= { FIELD(tun_id), .flag = MF_TUN_KEY },
	[OVS_TUNNEL_KEY_ATTR_IPV4_SRC]		= { FIELD(tun_ipv4_src), .family = AF_INET },
	[OVS_TUNNEL_KEY_ATTR_IPV4_DST]		= { FIELD(tun_ipv4_dst), .family = AF_INET },
	[OVS_TUNNEL_KEY_ATTR_IPV6_SRC]		= { FIELD(tun_ipv6_src), .family = AF_INET6 },
	[OVS_TUNNEL_KEY_ATTR_IPV6_DST]		= { FIELD(tun_ipv6_dst), .family = AF_INET6 },
	[OVS_TUNNEL_KEY_ATTR_TOS]		= { FIELD(tun_tos) },
	[OVS_TUNNEL_KEY_ATTR_TTL]		= { FIELD(tun_ttl) },
	[OVS_TUNNEL_KEY_ATTR_TP_SRC]		= { FIELD(tun_tp_src) },
	[OVS_TUNNEL_KEY_ATTR_TP_DST]		= { FIELD(tun_tp_dst) },
	[OVS_TUNNEL_KEY_ATTR_DONT_FRAGMENT]	= { FLAG(MF_TUN_DF) },
	[OVS_TUNNEL_KEY_ATTR_CSUM]		= { FLAG(MF_TUN_CSUM) },
	[OVS_TUNNEL_KEY_ATTR_OAM]		= { FLAG(MF_TUN_OAM) },
	[OVS_TUNNEL_KEY_ATTR_IPV4_INFO_BRIDGE]	= { FLAG(MF_TUN_BRIDGE) },
};

static_assert(sizeof(struct vxlan_metadata) == sizeof(u32));
static_assert(IP_TUNNEL_OPTS_MAX < MF_TUN_OPTS_MAX);

static int load_opts(struct mf_key *to, u8 flag, const struct nlattr *attr, const void *from,
		     size_t len, struct netlink_ext_ack *extack)
{
	if (to->tun_flags & MF_TUN_OPTS)
		return mf_key_refuse(extack, attr, "tunnel: options of more than one kind");
	if (!len)
		return 0;
	to->tun_flags |= flag;
	to->tun_opts_len = len;
	memcpy(to->tun_opts, from, len);
	return 0;
}

static int parse_geneve(struct mf_key *to, const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	size_t len = nla_len(attr);

	if (len > IP_TUNNEL_OPTS_MAX)
		return mf_key_refuse(extack, attr, "tunnel geneve: more than 255 bytes");
	if (len % 4)
		return mf_key_refuse(extack, attr, "tunnel geneve: not a multiple of 4 bytes");
	return load_opts(to, MF_TUN_GENEVE, attr, nla_data(attr), len, extack);
}

static int parse_vxlan(struct mf_key *to, const struct nlattr *nest,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	u32 gbp = 0;
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != OVS_VXLAN_EXT_GBP)
			return mf_key_refuse(extack, attr, "tunnel vxlan: unknown attribute");
		if (nla_len(attr) != sizeof(gbp))
			return mf_key_refuse(extack, attr, "tunnel vxlan gbp: wrong length");
		gbp = nla_get_u32(attr);
	}
	if (rem > 0)
		return mf_key_refuse(extack, nest, "tunnel vxlan: bytes left over");
	return load_opts(to, MF_TUN_VXLAN, nest, &gbp, sizeof(gbp), extack);
}

static int parse_erspan(struct mf_key *to, const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	if (nla_len(attr) != sizeof(struct erspan_metadata))
		return mf_key_refuse(extack, attr, "tunnel erspan: wrong length");
	return load_opts(to, MF_TUN_ERSPAN, attr, nla_data(attr), nla_len(attr), extack);
}

static int parse_scalar(struct mf_key *to, const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	u16 type = nla_type(attr);
	const struct scalar *row;

	if (type >= ARRAY_SIZE(scalars) || !scalars[type].known)
		return mf_key_refuse(extack, attr, "tunnel: unknown attribute");
	row = &scalars[type];
	if (nla_len(attr) != row->len)
		return mf_key_refuse(extack, attr, "tunnel: wrong length");
	if (row->family && to->tun_family && to->tun_family != row->family)
		return mf_key_refuse(extack, attr, "tunnel: IPv4 and IPv6 addresses mixed");

	if (row->family)
		to->tun_family = row->family;
	if (row->len)
		memcpy((u8 *)to + row->key_off, nla_data(attr), row->len);
	to->tun_flags |= row->flag;
	return 0;
}

static int parse_tunnel_attr(struct mf_key *to, const struct nlattr *attr,
			     struct netlink_ext_ack *extack)
{
	switch (nla_type(attr)) {
	case OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS:
		return parse_geneve(to, attr, extack);
	case OVS_TUNNEL_KEY_ATTR_VXLAN_OPTS:
		return parse_vxlan(to, attr, extack);
	case OVS_TUNNEL_KEY_ATTR_ERSPAN_OPTS:
		return parse_erspan(to, attr, extack);
	case OVS_TUNNEL_KEY_ATTR_PAD:
		return 0;
	default:
		return parse_scalar(to, attr, extack);
	}
}

/* @seen: bitmap of the attributes that were there. */
static int parse_nest(struct mf_key *to, const struct nlattr *nest, u32 *seen,
		      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;
	int err;

	*seen = 0;
	nla_for_each_nested(attr, nest, rem) {
		err = parse_tunnel_attr(to, attr, extack);
		if (err)
			return err;
		if (*seen & BIT(nla_type(attr)))
			return mf_key_refuse(extack, attr, "tunnel: attribute given twice");
		*seen |= BIT(nla_type(attr));
	}
	if (rem > 0)
		return mf_key_refuse(extack, nest, "tunnel: bytes left over");
	return 0;
}

static_assert(OVS_TUNNEL_KEY_ATTR_MAX < 32);

/* A bridge's tunnel info is an id and nothing else. */
static int check_bridge(struct mf_key *key, const struct nlattr *nest,
			struct netlink_ext_ack *extack)
{
	if (key->tun_flags & ~(MF_TUN_KEY | MF_TUN_BRIDGE) || key->tun_ttl || key->tun_tos ||
	    key->tun_tp_src || key->tun_tp_dst || key->tun_ipv4_src || key->tun_ipv4_dst ||
	    key->tun_family == AF_INET6)
		return mf_key_refuse(extack, nest, "tunnel: a bridge's tunnel has an id only");
	key->tun_family = AF_INET;
	return 0;
}

static int check_key(struct mf_key *key, const struct nlattr *nest, u32 seen,
		     struct netlink_ext_ack *extack)
{
	if (key->tun_flags & MF_TUN_BRIDGE)
		return check_bridge(key, nest, extack);
	if (!key->tun_family)
		return mf_key_refuse(extack, nest, "tunnel: no address");
	if (key->tun_family == AF_INET ? !key->tun_ipv4_dst :
	    !memchr_inv(key->tun_ipv6_dst, 0, sizeof(key->tun_ipv6_dst)))
		return mf_key_refuse(extack, nest, "tunnel: no destination address");
	if (!(seen & BIT(OVS_TUNNEL_KEY_ATTR_TTL)))
		return mf_key_refuse(extack, nest, "tunnel: no TTL");
	return 0;
}

/**
 * mf_tunnel_parse() - read the TUNNEL attribute of a KEY or of SET
 * @key: gets the tunnel's blocks, valid
 * @nest: the attribute
 * @extack: for the refusal
 *
 * Context: any.
 * Return: 0, or -EINVAL with @extack filled.
 */
int mf_tunnel_parse(struct mf_key *key, const struct nlattr *nest, struct netlink_ext_ack *extack)
{
	u32 seen;
	int err;

	mf_key_zero_blocks(key, BIT(MF_BLOCK_TUNNEL) | BIT(MF_BLOCK_TUN_OPTS));
	err = parse_nest(key, nest, &seen, extack);
	if (err)
		return err;
	return check_key(key, nest, seen, extack);
}

static bool masks_nothing(const struct mf_key *mask)
{
	const struct mf_key_block *block = &mf_key_blocks[MF_BLOCK_TUNNEL];

	return !memchr_inv(&mask->words[block->first], 0, block->n * sizeof(u64));
}

/**
 * mf_tunnel_parse_mask() - read the TUNNEL attribute of a MASK
 * @match: its key is parsed; its mask gets the tunnel's fields
 * @nest: the attribute
 * @extack: for the refusal
 *
 * Flags are matched where the mask has them. A key without tunnel under a
 * mask without ones does not care for tunnels.
 *
 * Context: any.
 * Return: 0, or -EINVAL with @extack filled.
 */
int mf_tunnel_parse_mask(struct mf_match *match, const struct nlattr *nest,
			 struct netlink_ext_ack *extack)
{
	const struct mf_key *key = &match->key;
	struct mf_key *mask = &match->mask;
	u32 seen;
	int err;

	err = parse_nest(mask, nest, &seen, extack);
	if (err)
		return err;
	if (mask->tun_flags & MF_TUN_OPTS && key->tun_flags & MF_TUN_OPTS &&
	    (key->tun_flags & mask->tun_flags & MF_TUN_OPTS) == 0)
		return mf_key_refuse(extack, nest,
				     "tunnel: options of another kind than the key's");
	if (mask->tun_flags & MF_TUN_OPTS && mask->tun_opts_len != key->tun_opts_len)
		return mf_key_refuse(extack, nest,
				     "tunnel: options of another length than the key's");

	mask->tun_opts_len = 0;
	mask->tun_family = 0;
	if (!key->tun_family && masks_nothing(mask))
		return 0;
	mask->tun_opts_len = 0xff;
	mask->tun_family = 0xff;
	return 0;
}

/**
 * mf_tunnel_exact() - match the tunnel exactly
 * @match: its key is parsed; its mask gets ones
 *
 * Context: any.
 */
void mf_tunnel_exact(struct mf_match *match)
{
	const size_t begin = offsetof(struct mf_key, tun_tp_src);
	const size_t end = offsetof(struct mf_key, tun_pad);
	const struct mf_key *key = &match->key;
	struct mf_key *mask = &match->mask;

	memset((u8 *)mask + begin, 0xff, end - begin);
	memset(mask->tun_opts, 0xff, key->tun_opts_len);
	/* As if a mask had been given: of the flags, those that are there. */
	mask->tun_flags = key->tun_flags;
	if (key->tun_flags & MF_TUN_KEY)
		mask->tun_id = cpu_to_be64(U64_MAX);

	/* Addresses of the other family cannot be there. */
	if (key->tun_family == AF_INET6) {
		memset(mask->tun_ipv6_src, 0xff, sizeof(mask->tun_ipv6_src));
		memset(mask->tun_ipv6_dst, 0xff, sizeof(mask->tun_ipv6_dst));
	} else {
		mask->tun_ipv4_src = htonl(U32_MAX);
		mask->tun_ipv4_dst = htonl(U32_MAX);
	}
}

static u16 flags_of(const struct ip_tunnel_info *info)
{
	unsigned long bits = mf_tunnel_flags(&info->key);

	return (bits & BIT(IP_TUNNEL_KEY_BIT) ? MF_TUN_KEY : 0) |
	       (bits & BIT(IP_TUNNEL_CSUM_BIT) ? MF_TUN_CSUM : 0) |
	       (bits & BIT(IP_TUNNEL_DONT_FRAGMENT_BIT) ? MF_TUN_DF : 0) |
	       (bits & BIT(IP_TUNNEL_OAM_BIT) ? MF_TUN_OAM : 0) |
	       (bits & BIT(IP_TUNNEL_GENEVE_OPT_BIT) ? MF_TUN_GENEVE : 0) |
	       (bits & BIT(IP_TUNNEL_VXLAN_OPT_BIT) ? MF_TUN_VXLAN : 0) |
	       (bits & BIT(IP_TUNNEL_ERSPAN_OPT_BIT) ? MF_TUN_ERSPAN : 0) |
	       (info->mode & IP_TUNNEL_INFO_BRIDGE ? MF_TUN_BRIDGE : 0);
}

/**
 * mf_tunnel_extract() - take over what a tunnel device says of a packet
 * @key: gets the tunnel's blocks, valid
 * @info: from skb_tunnel_info()
 *
 * Context: any.
 */
void mf_tunnel_extract(struct mf_key *key, const struct ip_tunnel_info *info)
{
	const struct ip_tunnel_key *from = &info->key;

	mf_key_zero_blocks(key, BIT(MF_BLOCK_TUNNEL));
	key->tun_family = ip_tunnel_info_af(info);
	if (key->tun_family == AF_INET) {
		key->tun_ipv4_src = from->u.ipv4.src;
		key->tun_ipv4_dst = from->u.ipv4.dst;
	} else {
		memcpy(key->tun_ipv6_src, &from->u.ipv6.src, sizeof(key->tun_ipv6_src));
		memcpy(key->tun_ipv6_dst, &from->u.ipv6.dst, sizeof(key->tun_ipv6_dst));
	}
	key->tun_id = from->tun_id;
	key->tun_tp_src = from->tp_src;
	key->tun_tp_dst = from->tp_dst;
	key->tun_tos = from->tos;
	key->tun_ttl = from->ttl;
	key->tun_flags = flags_of(info);

	if (!info->options_len)
		return;
	mf_key_zero_blocks(key, BIT(MF_BLOCK_TUN_OPTS));
	key->tun_opts_len = info->options_len;
	memcpy(key->tun_opts, ip_tunnel_info_opts(info), info->options_len);
}

static int put_addresses(struct sk_buff *msg, const struct mf_key *key, const struct mf_key *values)
{
	if (key->tun_family != AF_INET6) {
		if (values->tun_ipv4_src && nla_put_in_addr(msg, OVS_TUNNEL_KEY_ATTR_IPV4_SRC,
							    values->tun_ipv4_src))
			return -EMSGSIZE;
		if (values->tun_ipv4_dst && nla_put_in_addr(msg, OVS_TUNNEL_KEY_ATTR_IPV4_DST,
							    values->tun_ipv4_dst))
			return -EMSGSIZE;
		return 0;
	}
	if (memchr_inv(values->tun_ipv6_src, 0, 16) &&
	    nla_put(msg, OVS_TUNNEL_KEY_ATTR_IPV6_SRC, 16, values->tun_ipv6_src))
		return -EMSGSIZE;
	if (memchr_inv(values->tun_ipv6_dst, 0, 16) &&
	    nla_put(msg, OVS_TUNNEL_KEY_ATTR_IPV6_DST, 16, values->tun_ipv6_dst))
		return -EMSGSIZE;
	return 0;
}

static int put_vxlan(struct sk_buff *msg, const struct mf_key *values)
{
	struct nlattr *nest = nla_nest_start_noflag(msg, OVS_TUNNEL_KEY_ATTR_VXLAN_OPTS);

	if (!nest || nla_put(msg, OVS_VXLAN_EXT_GBP, sizeof(u32), values->tun_opts))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_opts(struct sk_buff *msg, const struct mf_key *key, const struct mf_key *values)
{
	if (!key->tun_opts_len)
		return 0;
	if (values->tun_flags & MF_TUN_GENEVE)
		return nla_put(msg, OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS, key->tun_opts_len,
			       values->tun_opts);
	if (values->tun_flags & MF_TUN_VXLAN)
		return put_vxlan(msg, values);
	if (values->tun_flags & MF_TUN_ERSPAN)
		return nla_put(msg, OVS_TUNNEL_KEY_ATTR_ERSPAN_OPTS, key->tun_opts_len,
			       values->tun_opts);
	return 0;
}

static int put_flag(struct sk_buff *msg, const struct mf_key *values, u16 bit, int attrtype)
{
	return values->tun_flags & bit ? nla_put_flag(msg, attrtype) : 0;
}

static int put_tunnel(struct sk_buff *msg, const struct mf_key *key, const struct mf_key *values)
{
	if (values->tun_flags & MF_TUN_KEY &&
	    nla_put_be64(msg, OVS_TUNNEL_KEY_ATTR_ID, values->tun_id, OVS_TUNNEL_KEY_ATTR_PAD))
		return -EMSGSIZE;
	if (key == values && key->tun_flags & MF_TUN_BRIDGE)
		return nla_put_flag(msg, OVS_TUNNEL_KEY_ATTR_IPV4_INFO_BRIDGE);
	if (put_addresses(msg, key, values))
		return -EMSGSIZE;
	if (values->tun_tos && nla_put_u8(msg, OVS_TUNNEL_KEY_ATTR_TOS, values->tun_tos))
		return -EMSGSIZE;
	if (nla_put_u8(msg, OVS_TUNNEL_KEY_ATTR_TTL, values->tun_ttl) ||
	    put_flag(msg, values, MF_TUN_DF, OVS_TUNNEL_KEY_ATTR_DONT_FRAGMENT) ||
	    put_flag(msg, values, MF_TUN_CSUM, OVS_TUNNEL_KEY_ATTR_CSUM))
		return -EMSGSIZE;
	if (values->tun_tp_src &&
	    nla_put_be16(msg, OVS_TUNNEL_KEY_ATTR_TP_SRC, values->tun_tp_src))
		return -EMSGSIZE;
	if (values->tun_tp_dst &&
	    nla_put_be16(msg, OVS_TUNNEL_KEY_ATTR_TP_DST, values->tun_tp_dst))
		return -EMSGSIZE;
	if (put_flag(msg, values, MF_TUN_OAM, OVS_TUNNEL_KEY_ATTR_OAM) ||
	    put_flag(msg, values, MF_TUN_BRIDGE, OVS_TUNNEL_KEY_ATTR_IPV4_INFO_BRIDGE))
		return -EMSGSIZE;
	return put_opts(msg, key, values);
}

/**
 * mf_tunnel_put() - write tunnel metadata to a message
 * @msg: the message
 * @attrtype: number of the attribute to nest it in
 * @key: the key, its tunnel block valid, and its options too if it has any
 * @values: @key or its mask
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int mf_tunnel_put(struct sk_buff *msg, int attrtype, const struct mf_key *key,
		  const struct mf_key *values)
{
	struct nlattr *nest = nla_nest_start_noflag(msg, attrtype);

	if (!nest || put_tunnel(msg, key, values))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}
