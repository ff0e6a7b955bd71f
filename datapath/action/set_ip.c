// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rewriting IPv4 and IPv6 headers, and the checksums that cover them.
 */
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/dsfield.h>
#include <net/ipv6.h>

#include "set.h"

/**
 * struct pseudo_row - a protocol whose checksum covers the IP addresses
 * @proto: its number
 * @at: offset of the checksum in its header
 * @optional: a checksum of 0 means that there is none
 * @ipv6_only: over IPv4 there is no such protocol
 */
struct pseudo_row {
	u8 proto;
	u8 at;
	bool optional;
	bool ipv6_only;
};

static const struct pseudo_row pseudo_rows[] = {
	{ IPPROTO_TCP, offsetof(struct tcphdr, check), false, false },
	{ IPPROTO_UDP, offsetof(struct udphdr, check), true, false },
	{ IPPROTO_UDPLITE, offsetof(struct udphdr, check), false, false },
	{ IPPROTO_DCCP, 6, false, false },
	{ IPPROTO_ICMPV6, offsetof(struct icmp6hdr, icmp6_cksum), false, true },
};

/**
 * struct pseudo - the checksum in a packet that covers the IP addresses
 * @at: offset in the packet, 0 if there is none to correct
 * @optional: as in its row
 */
struct pseudo {
	int at;
	bool optional;
};

/*
 * Later fragments have no transport header, and a packet that lies about its
 * headers may have it anywhere: then the addresses change alone.
 */
static struct pseudo find_pseudo(const struct act_exec *x, bool ipv6)
{
	const struct sk_buff *skb = x->skb;
	int i;

	if (x->key->ip_frag == OVS_FRAG_TYPE_LATER || !skb_transport_header_was_set(skb) ||
	    skb_transport_offset(skb) <= skb_network_offset(skb))
		return (struct pseudo){};

	for (i = 0; i < ARRAY_SIZE(pseudo_rows); i++) {
		const struct pseudo_row *row = &pseudo_rows[i];
		int at = skb_transport_offset(skb) + row->at;

		if (row->proto != x->key->ip_proto || (row->ipv6_only && !ipv6))
			continue;
		if (at + (int)sizeof(__sum16) > (int)skb->len)
			break;
		return (struct pseudo){ .at = at, .optional = row->optional };
	}
	return (struct pseudo){};
}

/* The checksum to correct in a packet whose headers are writable by now. */
static __sum16 *pseudo_sum(struct sk_buff *skb, struct pseudo pseudo)
{
	__sum16 *sum = (__sum16 *)(skb->data + pseudo.at);

	if (!pseudo.at)
		return NULL;
	if (pseudo.optional && !*sum && skb->ip_summed != CHECKSUM_PARTIAL)
		return NULL;
	return sum;
}

static void finish_sum(__sum16 *sum, struct pseudo pseudo)
{
	if (pseudo.optional && !*sum)
		*sum = CSUM_MANGLED_0;
}

static int make_writable(struct sk_buff *skb, int header_len, struct pseudo pseudo)
{
	int len = skb_network_offset(skb) + header_len;

	if (pseudo.at)
		len = max_t(int, len, pseudo.at + sizeof(__sum16));
	return skb_ensure_writable(skb, len);
}

/* The header's own checksum makes up for the address in CHECKSUM_COMPLETE. */
static void set_ipv4_address(struct sk_buff *skb, __be32 *address, __be32 to, struct pseudo pseudo)
{
	__sum16 *sum = pseudo_sum(skb, pseudo);
	__be32 from = *address;

	if (from == to)
		return;
	if (sum) {
		inet_proto_csum_replace4(sum, skb, from, to, true);
		finish_sum(sum, pseudo);
	}
	csum_replace4(&ip_hdr(skb)->check, from, to);
	*address = to;
	mf_set_moved(skb);
}

/* The byte shares a 16-bit word, which it is shifted in, with one that stays. */
static void set_ipv4_byte(struct iphdr *ip, u8 *byte, u8 to, int shift)
{
	if (*byte == to)
		return;
	csum_replace2(&ip->check, htons(*byte << shift), htons(to << shift));
	*byte = to;
}

/**
 * mf_set_ipv4() - rewrite an IPv4 header
 * @x: the run
 * @value: value and mask
 *
 * Context: BH off.
 * Return: 0, or a negative errno.
 */
int mf_set_ipv4(struct act_exec *x, const struct ovs_key_ipv4 *value)
{
	const struct ovs_key_ipv4 *mask = value + 1;
	struct pseudo pseudo = find_pseudo(x, false);
	struct sk_buff *skb = x->skb;
	struct mf_key *key = x->key;
	struct iphdr *ip;
	int err;

	err = make_writable(skb, sizeof(*ip), pseudo);
	if (unlikely(err))
		return err;
	ip = ip_hdr(skb);

	set_ipv4_address(skb, &ip->saddr, value->ipv4_src | (ip->saddr & ~mask->ipv4_src), pseudo);
	set_ipv4_address(skb, &ip->daddr, value->ipv4_dst | (ip->daddr & ~mask->ipv4_dst), pseudo);
	set_ipv4_byte(ip, &ip->tos, value->ipv4_tos | (ip->tos & ~mask->ipv4_tos), 0);
	set_ipv4_byte(ip, &ip->ttl, value->ipv4_ttl | (ip->ttl & ~mask->ipv4_ttl), 8);

	key->ipv4_src = ip->saddr;
	key->ipv4_dst = ip->daddr;
	key->ip_tos = ip->tos;
	key->ip_ttl = ip->ttl;
	return 0;
}

/* A routing header holds the address that the checksum was made with. */
static bool is_routed(struct sk_buff *skb)
{
	int flags = IP6_FH_F_SKIP_RH;
	unsigned int offset = 0;

	if (!ipv6_ext_hdr(ipv6_hdr(skb)->nexthdr))
		return false;
	return ipv6_find_hdr(skb, &offset, NEXTHDR_ROUTING, NULL, &flags) == NEXTHDR_ROUTING;
}

static void set_ipv6_address(struct sk_buff *skb, struct in6_addr *address, const __be32 *value,
			     const __be32 *mask, struct pseudo pseudo)
{
	__sum16 *sum = pseudo_sum(skb, pseudo);
	__be32 to[4];
	int i;

	for (i = 0; i < ARRAY_SIZE(to); i++)
		to[i] = value[i] | (address->s6_addr32[i] & ~mask[i]);
	if (!memcmp(address, to, sizeof(to)))
		return;

	/* Either the checksum makes up for the address, or nothing does. */
	if (sum) {
		inet_proto_csum_replace16(sum, skb, address->s6_addr32, to, true);
		finish_sum(sum, pseudo);
	} else {
		mf_set_csum(skb, address, to, sizeof(to));
	}
	memcpy(address, to, sizeof(to));
	mf_set_moved(skb);
}

/* Traffic class and flow label are in the header's first word. */
static void set_ipv6_first_word(struct sk_buff *skb, __be32 value, __be32 mask)
{
	__be32 *word = (__be32 *)ipv6_hdr(skb);
	__be32 to = value | (*word & ~mask);

	mf_set_csum(skb, word, &to, sizeof(to));
	*word = to;
}

/* The hop limit is the second byte of a 16-bit word. */
static void set_ipv6_hop_limit(struct sk_buff *skb, u8 value, u8 mask)
{
	u8 *word = &ipv6_hdr(skb)->nexthdr;
	u8 to[2] = { word[0], value | (word[1] & ~mask) };

	mf_set_csum(skb, word, to, sizeof(to));
	word[1] = to[1];
}

/**
 * mf_set_ipv6() - rewrite an IPv6 header
 * @x: the run
 * @value: value and mask
 *
 * Context: BH off.
 * Return: 0, or a negative errno.
 */
int mf_set_ipv6(struct act_exec *x, const struct ovs_key_ipv6 *value)
{
	const struct ovs_key_ipv6 *mask = value + 1;
	struct pseudo pseudo = find_pseudo(x, true);
	struct sk_buff *skb = x->skb;
	struct mf_key *key = x->key;
	struct ipv6hdr *ip;
	int err;

	err = make_writable(skb, sizeof(*ip), pseudo);
	if (unlikely(err))
		return err;
	ip = ipv6_hdr(skb);

	set_ipv6_address(skb, &ip->saddr, value->ipv6_src, mask->ipv6_src, pseudo);
	if (pseudo.at && is_routed(skb))
		pseudo.at = 0;
	set_ipv6_address(skb, &ip->daddr, value->ipv6_dst, mask->ipv6_dst, pseudo);
	set_ipv6_first_word(skb, value->ipv6_label | htonl((u32)value->ipv6_tclass << 20),
			    mask->ipv6_label | htonl((u32)mask->ipv6_tclass << 20));
	set_ipv6_hop_limit(skb, value->ipv6_hlimit, mask->ipv6_hlimit);

	memcpy(key->ipv6_src, &ip->saddr, sizeof(key->ipv6_src));
	memcpy(key->ipv6_dst, &ip->daddr, sizeof(key->ipv6_dst));
	key->ipv6_label = *(__be32 *)ip & IPV6_FLOWLABEL_MASK;
	key->ip_tos = ipv6_get_dsfield(ip);
	key->ip_ttl = ip->hop_limit;
	return 0;
}

/**
 * mf_set_ttl() - rewrite a TTL or a hop limit
 * @x: the run; its packet is IPv4 or IPv6, as its key says
 * @ttl: what it is to be
 *
 * Context: BH off.
 * Return: 0, or a negative errno.
 */
int mf_set_ttl(struct act_exec *x, u8 ttl)
{
	bool ipv6 = x->key->eth_type == htons(ETH_P_IPV6);
	struct sk_buff *skb = x->skb;
	struct iphdr *ip;
	int err;

	err = skb_ensure_writable(skb, skb_network_offset(skb) +
				  (ipv6 ? sizeof(struct ipv6hdr) : sizeof(*ip)));
	if (unlikely(err))
		return err;
	if (ipv6) {
		set_ipv6_hop_limit(skb, ttl, U8_MAX);
	} else {
		ip = ip_hdr(skb);
		set_ipv4_byte(ip, &ip->ttl, ttl, 8);
	}
	x->key->ip_ttl = ttl;
	return 0;
}
