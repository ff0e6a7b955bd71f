/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets with right checksums, and their keys, for tests of actions.
 */
#ifndef MF_KUNIT_ACTION_PACKET_H
#define MF_KUNIT_ACTION_PACKET_H

#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/sctp.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip6_checksum.h>
#include <net/net_namespace.h>
#include <net/sctp/checksum.h>

#include "../datapath/key/key.h"
#include "packet_tail.h"

/**
 * struct packet_spec - a packet to make
 * @ipv6: IPv6 rather than IPv4
 * @proto: TCP, UDP, SCTP or ICMPv6
 * @no_sum: UDP without a checksum
 * @ip_summed: CHECKSUM_*
 * @payload: bytes after the last header
 * @linear: bytes of the linear part, 0 for all
 * @tail: where the others lie
 */
struct packet_spec {
	bool ipv6;
	u8 proto;
	bool no_sum;
	u8 ip_summed;
	u32 payload;
	u32 linear;
	enum packet_tail tail;
};

static int packet_l4_len(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return sizeof(struct tcphdr);
	case IPPROTO_UDP:
		return sizeof(struct udphdr);
	case IPPROTO_SCTP:
		return sizeof(struct sctphdr);
	}
	return sizeof(struct icmp6hdr);
}

static int packet_sum_at(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return offsetof(struct tcphdr, check);
	case IPPROTO_UDP:
		return offsetof(struct udphdr, check);
	}
	return offsetof(struct icmp6hdr, icmp6_cksum);
}

/* Sum of the pseudo header of a linear packet, not inverted. */
static __sum16 packet_pseudo(const struct sk_buff *skb, u8 proto)
{
	u32 len = skb->len - skb_transport_offset(skb);

	if (ip_hdr(skb)->version == 4)
		return ~csum_tcpudp_magic(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, len, proto, 0);
	return ~csum_ipv6_magic(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr, len, proto, 0);
}

/* What the checksum field of a linear packet must hold. */
static __sum16 packet_l4_sum(struct sk_buff *skb, u8 proto)
{
	__sum16 *field = (__sum16 *)(skb_transport_header(skb) + packet_sum_at(proto));
	__sum16 old = *field;
	__sum16 sum;

	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return packet_pseudo(skb, proto);
	*field = 0;
	sum = csum_fold(csum_partial(skb_transport_header(skb),
				     skb->len - skb_transport_offset(skb),
				     csum_unfold(packet_pseudo(skb, proto))));
	*field = old;
	return proto == IPPROTO_UDP && !sum ? CSUM_MANGLED_0 : sum;
}

static void packet_put_ip(struct sk_buff *skb, const struct packet_spec *spec, u32 l4_len)
{
	if (spec->ipv6) {
		struct ipv6hdr *ip = skb_put_zero(skb, sizeof(*ip));

		ip->version = 6;
		ip->priority = 0x2;
		ip->flow_lbl[2] = 0x77;
		ip->nexthdr = spec->proto;
		ip->hop_limit = 64;
		ip->payload_len = htons(l4_len);
		ip->saddr.s6_addr32[0] = htonl(0xfd000001);
		ip->saddr.s6_addr32[3] = htonl(0x1234);
		ip->daddr.s6_addr32[0] = htonl(0xfd000002);
		ip->daddr.s6_addr32[3] = htonl(0x9876);
	} else {
		struct iphdr *ip = skb_put_zero(skb, sizeof(*ip));

		ip->version = 4;
		ip->ihl = 5;
		ip->tos = 4;
		ip->ttl = 64;
		ip->protocol = spec->proto;
		ip->tot_len = htons(sizeof(*ip) + l4_len);
		ip->saddr = htonl(0x0a000001);
		ip->daddr = htonl(0x0a000002);
		ip->check = ip_fast_csum(ip, ip->ihl);
	}
}

static void packet_put_l4(struct sk_buff *skb, const struct packet_spec *spec, u32 l4_len)
{
	u8 *l4 = skb_put_zero(skb, l4_len);
	u32 i;

	((__be16 *)l4)[0] = htons(1000);
	((__be16 *)l4)[1] = htons(2000);
	if (spec->proto == IPPROTO_TCP)
		((struct tcphdr *)l4)->doff = 5;
	if (spec->proto == IPPROTO_UDP)
		((struct udphdr *)l4)->len = htons(l4_len);
	for (i = packet_l4_len(spec->proto); i < l4_len; i++)
		l4[i] = i * 7 + 1;
}

static void packet_sum(struct sk_buff *skb, const struct packet_spec *spec)
{
	skb->ip_summed = spec->ip_summed;
	if (spec->proto == IPPROTO_SCTP) {
		skb->csum_start = skb_transport_header(skb) - skb->head;
		skb->csum_offset = offsetof(struct sctphdr, checksum);
		skb->csum_not_inet = spec->ip_summed == CHECKSUM_PARTIAL;
		if (spec->ip_summed != CHECKSUM_PARTIAL)
			sctp_hdr(skb)->checksum =
				sctp_compute_cksum(skb, skb_transport_offset(skb));
	} else if (!spec->no_sum) {
		*(__sum16 *)(skb_transport_header(skb) + packet_sum_at(spec->proto)) =
			packet_l4_sum(skb, spec->proto);
		if (spec->ip_summed == CHECKSUM_PARTIAL) {
			skb->csum_start = skb_transport_header(skb) - skb->head;
			skb->csum_offset = packet_sum_at(spec->proto);
		}
	}
	if (spec->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_partial(skb->data, skb->len, 0);
}

static void packet_key(const struct sk_buff *skb, const struct packet_spec *spec,
		       struct mf_key *key)
{
	mf_key_init(key);
	key->in_port = 1;
	key->eth_type = skb->protocol;
	key->ip_proto = spec->proto;
	key->tp_src = htons(1000);
	key->tp_dst = htons(2000);
	ether_addr_copy(key->eth_dst, eth_hdr(skb)->h_dest);
	ether_addr_copy(key->eth_src, eth_hdr(skb)->h_source);
	if (spec->ipv6) {
		key->blocks |= BIT(MF_BLOCK_IPV6);
		memcpy(key->ipv6_src, &ipv6_hdr(skb)->saddr, 16);
		memcpy(key->ipv6_dst, &ipv6_hdr(skb)->daddr, 16);
		key->ipv6_label = htonl(0x77);
		key->ip_tos = 0x20;
		key->ip_ttl = 64;
	} else {
		key->ipv4_src = ip_hdr(skb)->saddr;
		key->ipv4_dst = ip_hdr(skb)->daddr;
		key->ip_tos = ip_hdr(skb)->tos;
		key->ip_ttl = ip_hdr(skb)->ttl;
	}
}

/* The packet, as a port hands it in; its key if @key is not NULL. */
static struct sk_buff *packet_new(struct kunit *test, const struct packet_spec *spec,
				  struct mf_key *key)
{
	u32 l4_len = packet_l4_len(spec->proto) + spec->payload;
	struct sk_buff *skb = alloc_skb(64 + ETH_HLEN + 40 + l4_len, GFP_KERNEL);
	struct ethhdr *eth;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 64);
	/* The flow dissector wants to know the namespace. */
	skb->dev = init_net.loopback_dev;
	skb_reset_mac_header(skb);
	eth = skb_put_zero(skb, sizeof(*eth));
	eth->h_dest[0] = 0x02;
	eth->h_dest[5] = 0xdd;
	eth->h_source[0] = 0x02;
	eth->h_source[5] = 0x55;
	eth->h_proto = htons(spec->ipv6 ? ETH_P_IPV6 : ETH_P_IP);
	skb->protocol = eth->h_proto;
	skb_set_network_header(skb, skb->len);
	packet_put_ip(skb, spec, l4_len);
	skb_set_transport_header(skb, skb->len);
	packet_put_l4(skb, spec, l4_len);
	skb_reset_mac_len(skb);
	packet_sum(skb, spec);
	if (key)
		packet_key(skb, spec, key);
	if (spec->linear)
		packet_split(test, skb, spec->linear, spec->tail);
	return skb;
}

#endif
