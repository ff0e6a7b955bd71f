// SPDX-License-Identifier: GPL-2.0-only
/*
 * The full parser: IPv4, and the transport headers of both IPs.
 */
#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/sctp.h>
#include <linux/udp.h>

#include <net/ip.h>

#include "headers.h"

/* Header with its options in the linear part. */
static int pull_ipv4(struct sk_buff *skb)
{
	unsigned int off = skb_network_offset(skb);
	int err;

	err = mf_pull(skb, off + sizeof(struct iphdr));
	if (err)
		return err;
	if (ip_hdrlen(skb) < sizeof(struct iphdr))
		return -EINVAL;
	return mf_pull(skb, off + ip_hdrlen(skb));
}

/**
 * mf_extract_ipv4() - read IPv4 and what it carries
 * @key: the key
 * @skb: the packet
 *
 * A malformed header reads as zero; the packet still is worth a flow.
 *
 * Context: any.
 * Return: 0 or -ENOMEM.
 */
int mf_extract_ipv4(struct mf_key *key, struct sk_buff *skb)
{
	const struct iphdr *ip;
	int err;

	err = pull_ipv4(skb);
	if (err)
		return err == -EINVAL ? 0 : err;

	ip = ip_hdr(skb);
	skb_set_transport_header(skb, skb_network_offset(skb) + ip_hdrlen(skb));
	key->ipv4_src = ip->saddr;
	key->ipv4_dst = ip->daddr;
	key->ip_proto = ip->protocol;
	key->ip_tos = ip->tos;
	key->ip_ttl = ip->ttl;

	if (ip->frag_off & htons(IP_OFFSET)) {
		key->ip_frag = OVS_FRAG_TYPE_LATER;
		return 0;
	}
	if (ip->frag_off & htons(IP_MF) || skb_shinfo(skb)->gso_type & SKB_GSO_UDP)
		key->ip_frag = OVS_FRAG_TYPE_FIRST;
	return mf_extract_l4(key, skb);
}

static int pull_l4(struct sk_buff *skb, unsigned int len)
{
	return mf_pull(skb, skb_transport_offset(skb) + len);
}

static int extract_tcp(struct mf_key *key, struct sk_buff *skb)
{
	int err;

	err = pull_l4(skb, sizeof(struct tcphdr));
	if (err)
		return err;
	if (tcp_hdrlen(skb) < sizeof(struct tcphdr))
		return -EINVAL;
	err = pull_l4(skb, tcp_hdrlen(skb));
	if (err)
		return err;

	key->tp_src = tcp_hdr(skb)->source;
	key->tp_dst = tcp_hdr(skb)->dest;
	key->tcp_flags = mf_tcp_flags(tcp_hdr(skb));
	return 0;
}

static int extract_udp(struct mf_key *key, struct sk_buff *skb)
{
	int err;

	err = pull_l4(skb, sizeof(struct udphdr));
	if (err)
		return err;
	key->tp_src = udp_hdr(skb)->source;
	key->tp_dst = udp_hdr(skb)->dest;
	return 0;
}

static int extract_sctp(struct mf_key *key, struct sk_buff *skb)
{
	int err;

	err = pull_l4(skb, sizeof(struct sctphdr));
	if (err)
		return err;
	key->tp_src = sctp_hdr(skb)->source;
	key->tp_dst = sctp_hdr(skb)->dest;
	return 0;
}

static int extract_icmp(struct mf_key *key, struct sk_buff *skb)
{
	int err;

	err = pull_l4(skb, sizeof(struct icmphdr));
	if (err)
		return err;
	key->icmp_type = icmp_hdr(skb)->type;
	key->icmp_code = icmp_hdr(skb)->code;
	return 0;
}

static int extract_proto(struct mf_key *key, struct sk_buff *skb)
{
	switch (key->ip_proto) {
	case IPPROTO_TCP:
		return extract_tcp(key, skb);
	case IPPROTO_UDP:
		return extract_udp(key, skb);
	case IPPROTO_SCTP:
		return extract_sctp(key, skb);
	case IPPROTO_ICMP:
		return key->eth_type == htons(ETH_P_IP) ? extract_icmp(key, skb) : 0;
	case IPPROTO_ICMPV6:
		return key->eth_type == htons(ETH_P_IPV6) ? mf_extract_icmpv6(key, skb) : 0;
	default:
		return 0;
	}
}

/**
 * mf_extract_l4() - read the transport header
 * @key: the key, IP already read
 * @skb: the packet, its transport offset set
 *
 * A header that is malformed or cut short reads as zero.
 *
 * Context: any.
 * Return: 0 or -ENOMEM.
 */
int mf_extract_l4(struct mf_key *key, struct sk_buff *skb)
{
	int err = extract_proto(key, skb);

	return err == -EINVAL ? 0 : err;
}
