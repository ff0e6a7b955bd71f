// SPDX-License-Identifier: GPL-2.0-only
/*
 * The full parser: IPv6, its extension headers, ICMPv6 and neighbour
 * discovery.
 */
#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/ipv6.h>

#include <net/dsfield.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "headers.h"

/* The bits of OVS_KEY_ATTR_IPV6_EXTHDRS, as OpenFlow numbers them. */
#define EXT_NONEXT	0x001	/* "no next header" was met */
/* 0x002 would be ESP, but what is encrypted ends the walk unnoted. */
#define EXT_AUTH	0x004
#define EXT_DEST	0x008	/* one or two of them */
#define EXT_FRAG	0x010
#define EXT_ROUTER	0x020
#define EXT_HOP		0x040
#define EXT_UNREP	0x080	/* one more often than RFC 8200 expects */
#define EXT_UNSEQ	0x100	/* not in the order that RFC 8200 recommends */

/* Extension headers of one packet. A path that needs more is an attack. */
#define EXT_HEADERS_MAX	64

/* Hop-by-hop options come first: anywhere else they are only out of order. */
static u16 note_hop(u16 seen)
{
	if (!seen)
		return EXT_HOP;
	return seen | EXT_UNSEQ | (seen & EXT_HOP ? EXT_UNREP : 0);
}

/*
 * Destination options come twice: before a routing header, for every hop that
 * it names, and last. @n: how many there were.
 */
static u16 note_dest(u16 seen, unsigned int n)
{
	if (n == 0 && seen & (EXT_ROUTER | EXT_FRAG | EXT_AUTH))
		seen |= EXT_UNSEQ;
	else if (n > 1)
		seen |= EXT_UNREP;
	return seen | EXT_DEST;
}

/* @later: headers that belong behind the one that is noted. */
static u16 note_once(u16 seen, u16 bit, u16 later, unsigned int n_dest)
{
	if (seen & bit)
		seen |= EXT_UNREP | EXT_UNSEQ;
	if (seen & later || n_dest > 1)
		seen |= EXT_UNSEQ;
	return seen | bit;
}

static u16 note_one(u16 seen, u8 header, unsigned int *n_dest)
{
	switch (header) {
	case NEXTHDR_HOP:
		return note_hop(seen);
	case NEXTHDR_DEST:
		return note_dest(seen, (*n_dest)++);
	case NEXTHDR_ROUTING:
		return note_once(seen, EXT_ROUTER, EXT_FRAG | EXT_AUTH, *n_dest);
	case NEXTHDR_FRAGMENT:
		return note_once(seen, EXT_FRAG, EXT_AUTH, *n_dest);
	case NEXTHDR_AUTH:
		return note_once(seen, EXT_AUTH, 0, *n_dest);
	case NEXTHDR_NONE:
		return seen | EXT_NONEXT;
	default:
		return seen;
	}
}

/* Bytes of an extension header, 0 if nothing can follow it. */
static unsigned int header_len(u8 header, const struct ipv6_opt_hdr *hdr)
{
	switch (header) {
	case NEXTHDR_HOP:
	case NEXTHDR_DEST:
	case NEXTHDR_ROUTING:
		return ipv6_optlen(hdr);
	case NEXTHDR_FRAGMENT:
		return sizeof(struct frag_hdr);
	case NEXTHDR_AUTH:
		return ipv6_authlen(hdr);
	default:
		return 0;
	}
}

/* Which extension headers there are, and what is odd about them. */
static u16 extension_headers(const struct sk_buff *skb)
{
	unsigned int off = skb_network_offset(skb) + sizeof(struct ipv6hdr);
	u8 header = ipv6_hdr(skb)->nexthdr;
	unsigned int n_dest = 0;
	unsigned int i;
	u16 seen = 0;

	for (i = 0; i < EXT_HEADERS_MAX; i++) {
		const struct ipv6_opt_hdr *hdr;
		struct ipv6_opt_hdr buf;
		unsigned int len;

		seen = note_one(seen, header, &n_dest);
		hdr = skb_header_pointer(skb, off, sizeof(buf), &buf);
		len = hdr ? header_len(header, hdr) : 0;
		if (!len)
			break;
		header = hdr->nexthdr;
		off += len;
	}
	return seen;
}

/*
 * Find the transport header. What cannot be parsed to its end has no known
 * protocol, and what is not the first fragment has no transport header.
 */
static int find_transport(struct mf_key *key, struct sk_buff *skb)
{
	unsigned short frag_off = 0;
	unsigned int off = 0;
	int flags = 0;
	int proto;

	proto = ipv6_find_hdr(skb, &off, -1, &frag_off, &flags);
	if (flags & IP6_FH_F_FRAG) {
		key->ip_frag = frag_off ? OVS_FRAG_TYPE_LATER : OVS_FRAG_TYPE_FIRST;
		if (frag_off) {
			key->ip_proto = NEXTHDR_FRAGMENT;
			return 0;
		}
	}
	if (proto < 0)
		return 0;

	key->ip_proto = proto;
	if (skb_shinfo(skb)->gso_type & SKB_GSO_UDP)
		key->ip_frag = OVS_FRAG_TYPE_FIRST;
	if (off > skb->len)
		return 0;
	skb_set_transport_header(skb, off);
	return mf_extract_l4(key, skb);
}

/**
 * mf_extract_ipv6() - read IPv6 and what it carries
 * @key: the key
 * @skb: the packet
 *
 * A header cut short reads as zero; the packet still is worth a flow.
 *
 * Context: any.
 * Return: 0 or -ENOMEM.
 */
int mf_extract_ipv6(struct mf_key *key, struct sk_buff *skb)
{
	const struct ipv6hdr *ip;
	int err;

	mf_key_need(key, BIT(MF_BLOCK_IPV6));
	err = mf_pull(skb, skb_network_offset(skb) + sizeof(*ip));
	if (err)
		return err == -EINVAL ? 0 : err;

	ip = ipv6_hdr(skb);
	memcpy(key->ipv6_src, &ip->saddr, sizeof(key->ipv6_src));
	memcpy(key->ipv6_dst, &ip->daddr, sizeof(key->ipv6_dst));
	key->ipv6_label = ip6_flowlabel(ip);
	key->ipv6_exthdrs = extension_headers(skb);
	key->ip_proto = NEXTHDR_NONE;
	key->ip_tos = ipv6_get_dsfield(ip);
	key->ip_ttl = ip->hop_limit;
	return find_transport(key, skb);
}

/* One option's address. Return: false if it was there already. */
static bool note_address(u8 *to, const struct sk_buff *skb, unsigned int off)
{
	if (!is_zero_ether_addr(to))
		return false;
	return !skb_copy_bits(skb, off + sizeof(struct nd_opt_hdr), to, ETH_ALEN);
}

/* Return: false if an address option is given twice. */
static bool extract_nd_options(struct mf_key *key, const struct sk_buff *skb, unsigned int off)
{
	while (off + sizeof(struct nd_opt_hdr) <= skb->len) {
		const struct nd_opt_hdr *opt;
		struct nd_opt_hdr buf;
		unsigned int len;
		bool ok = true;

		opt = skb_header_pointer(skb, off, sizeof(buf), &buf);
		if (!opt)
			break;
		len = opt->nd_opt_len * 8;
		if (!len || len > skb->len - off)
			break;

		if (opt->nd_opt_type == ND_OPT_SOURCE_LL_ADDR && len == 8)
			ok = note_address(key->nd_sll, skb, off);
		else if (opt->nd_opt_type == ND_OPT_TARGET_LL_ADDR && len == 8)
			ok = note_address(key->nd_tll, skb, off);
		if (!ok)
			return false;
		off += len;
	}
	return true;
}

static int extract_nd(struct mf_key *key, struct sk_buff *skb)
{
	unsigned int off = skb_transport_offset(skb);
	const struct nd_msg *nd;
	int err;

	mf_key_need(key, BIT(MF_BLOCK_ND));
	err = mf_pull(skb, off + sizeof(*nd));
	if (err)
		return err;

	nd = (const struct nd_msg *)skb_transport_header(skb);
	memcpy(key->nd_target, &nd->target, sizeof(key->nd_target));
	if (!extract_nd_options(key, skb, off + sizeof(*nd)))
		mf_key_zero_blocks(key, BIT(MF_BLOCK_ND));
	return 0;
}

/**
 * mf_extract_icmpv6() - read ICMPv6 and neighbour discovery
 * @key: the key
 * @skb: the packet, its transport offset set
 *
 * Context: any.
 * Return: 0; -EINVAL if a header is cut short, in which case what it would
 * have held reads as zero; -ENOMEM.
 */
int mf_extract_icmpv6(struct mf_key *key, struct sk_buff *skb)
{
	const struct icmp6hdr *icmp;
	int err;

	err = mf_pull(skb, skb_transport_offset(skb) + sizeof(*icmp));
	if (err)
		return err;

	icmp = icmp6_hdr(skb);
	key->icmp_type = icmp->icmp6_type;
	key->icmp_code = icmp->icmp6_code;
	if (icmp->icmp6_code != 0 ||
	    (icmp->icmp6_type != NDISC_NEIGHBOUR_SOLICITATION &&
	     icmp->icmp6_type != NDISC_NEIGHBOUR_ADVERTISEMENT))
		return 0;
	return extract_nd(key, skb);
}
