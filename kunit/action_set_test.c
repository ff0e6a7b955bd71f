// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rewriting headers: whatever is written into whatever packet, every checksum
 * that covers it must be what a computation from nothing gives.
 */
#include <linux/random.h>

#include "../datapath/action/set.c"
#include "../datapath/action/set_ip.c"
#include "../datapath/action/set_l4.c"
#include "../datapath/key/key.c"

#include "action_packet.h"

#define ROUNDS 20

static const struct {
	bool ipv6;
	u8 proto;
	bool no_sum;
} kinds[] = {
	{ false, IPPROTO_TCP, false },
	{ false, IPPROTO_UDP, false },
	{ false, IPPROTO_UDP, true },
	{ false, IPPROTO_SCTP, false },
	{ true, IPPROTO_TCP, false },
	{ true, IPPROTO_UDP, false },
	{ true, IPPROTO_UDP, true },
	{ true, IPPROTO_SCTP, false },
	{ true, IPPROTO_ICMPV6, false },
};

static const u8 summeds[] = {
	CHECKSUM_NONE, CHECKSUM_UNNECESSARY, CHECKSUM_COMPLETE, CHECKSUM_PARTIAL,
};

/* A value and a mask of any type, random, the value within the mask. */
static void fill_random(void *value, size_t len)
{
	u8 *bytes = value;
	size_t i;

	get_random_bytes(value, 2 * len);
	for (i = 0; i < len; i++)
		bytes[i] &= bytes[len + i];
}

static void fill_all(void *value, size_t len)
{
	get_random_bytes(value, len);
	memset(value + len, 0xff, len);
}

static int carry_out(struct sk_buff *skb, struct mf_key *key, u32 attr, const void *value,
		     size_t len)
{
	struct act_exec x = { .skb = skb, .key = key };
	struct {
		struct mf_insn insn;
		u8 payload[80];
	} set = { .insn.imm = attr };

	memcpy(set.payload, value, 2 * len);
	return mf_exec_set(&x, &set.insn);
}

/* 0 and ~0 are the same in one's complement. */
static u16 normal(__sum16 sum)
{
	return (__force u16)sum == 0xffff ? 0 : (__force u16)sum;
}

static void expect_sums(struct kunit *test, struct sk_buff *skb, const struct packet_spec *spec)
{
	KUNIT_ASSERT_EQ(test, skb_linearize(skb), 0);

	if (!spec->ipv6)
		KUNIT_EXPECT_EQ(test, ip_fast_csum(ip_hdr(skb), 5), 0);
	if (spec->proto == IPPROTO_SCTP) {
		if (spec->ip_summed != CHECKSUM_PARTIAL)
			KUNIT_EXPECT_EQ(test, sctp_hdr(skb)->checksum,
					sctp_compute_cksum(skb, skb_transport_offset(skb)));
		else
			KUNIT_EXPECT_EQ(test, sctp_hdr(skb)->checksum, 0u);
	} else {
		__sum16 sum = *(__sum16 *)(skb_transport_header(skb) +
					   packet_sum_at(spec->proto));

		if (spec->no_sum)
			KUNIT_EXPECT_EQ(test, sum, 0);
		else
			KUNIT_EXPECT_EQ(test, normal(sum), normal(packet_l4_sum(skb, spec->proto)));
		if (spec->proto == IPPROTO_UDP && !spec->no_sum &&
		    spec->ip_summed != CHECKSUM_PARTIAL)
			KUNIT_EXPECT_NE(test, sum, 0);
	}
	if (spec->ip_summed == CHECKSUM_COMPLETE)
		KUNIT_EXPECT_EQ(test, normal(csum_fold(skb->csum)),
				normal(csum_fold(csum_partial(skb->data, skb->len, 0))));
}

/* The key says what the packet does. */
static void expect_key(struct kunit *test, struct sk_buff *skb, const struct packet_spec *spec,
		       const struct mf_key *key)
{
	struct mf_key *fresh = kunit_kzalloc(test, sizeof(*fresh), GFP_KERNEL);
	const __be16 *ports = (__be16 *)skb_transport_header(skb);

	KUNIT_ASSERT_NOT_NULL(test, fresh);
	packet_key(skb, spec, fresh);
	if (spec->ipv6) {
		fresh->ipv6_label = *(__be32 *)ipv6_hdr(skb) & htonl(0xfffff);
		fresh->ip_tos = ipv6_get_dsfield(ipv6_hdr(skb));
		fresh->ip_ttl = ipv6_hdr(skb)->hop_limit;
		KUNIT_EXPECT_EQ(test, memcmp(key->ipv6_src, fresh->ipv6_src, 16), 0);
		KUNIT_EXPECT_EQ(test, memcmp(key->ipv6_dst, fresh->ipv6_dst, 16), 0);
		KUNIT_EXPECT_EQ(test, key->ipv6_label, fresh->ipv6_label);
	}
	if (spec->proto != IPPROTO_ICMPV6) {
		fresh->tp_src = ports[0];
		fresh->tp_dst = ports[1];
	}
	KUNIT_EXPECT_EQ(test, memcmp(key->words, fresh->words, 64), 0);
}

static void set_randomly(struct kunit *test, struct sk_buff *skb, const struct packet_spec *spec,
			 struct mf_key *key, void (*fill)(void *value, size_t len))
{
	struct ovs_key_ethernet eth[2];
	struct ovs_key_ipv4 ipv4[2];
	struct ovs_key_ipv6 ipv6[2];
	struct ovs_key_tcp ports[2];
	u32 attr;

	fill(eth, sizeof(*eth));
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_ETHERNET, eth, sizeof(*eth)), 0);
	fill(ports, sizeof(*ports));
	attr = spec->proto == IPPROTO_TCP ? OVS_KEY_ATTR_TCP :
	       spec->proto == IPPROTO_UDP ? OVS_KEY_ATTR_UDP : OVS_KEY_ATTR_SCTP;
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, attr, ports, sizeof(*ports)), 0);
	if (spec->ipv6) {
		fill(ipv6, sizeof(*ipv6));
		ipv6[0].ipv6_label &= htonl(0xfffff);
		ipv6[1].ipv6_label &= htonl(0xfffff);
		KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_IPV6, ipv6, sizeof(*ipv6)),
				0);
	} else {
		fill(ipv4, sizeof(*ipv4));
		KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_IPV4, ipv4, sizeof(*ipv4)),
				0);
	}
}

static void every_packet(struct kunit *test, void (*check)(struct kunit *test,
							   const struct packet_spec *spec,
							   struct mf_key *key))
{
	struct mf_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	static const u32 linears[] = { 0, ETH_HLEN, ETH_HLEN + 10, 60 };
	int kind;
	int sum;
	int lin;

	KUNIT_ASSERT_NOT_NULL(test, key);
	for (kind = 0; kind < ARRAY_SIZE(kinds); kind++)
		for (sum = 0; sum < ARRAY_SIZE(summeds); sum++)
			for (lin = 0; lin < ARRAY_SIZE(linears) * TAILS; lin++) {
				const struct packet_spec spec = {
					.ipv6 = kinds[kind].ipv6,
					.proto = kinds[kind].proto,
					.no_sum = kinds[kind].no_sum,
					.ip_summed = summeds[sum],
					.payload = 101,
					.linear = linears[lin / TAILS],
					.tail = lin % TAILS,
				};

				if (spec.no_sum && spec.ip_summed == CHECKSUM_PARTIAL)
					continue;
				check(test, &spec, key);
			}
}

static void check_sums(struct kunit *test, const struct packet_spec *spec, struct mf_key *key)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		struct sk_buff *skb = packet_new(test, spec, key);

		set_randomly(test, skb, spec, key, i % 2 ? fill_all : fill_random);
		set_randomly(test, skb, spec, key, fill_random);
		expect_sums(test, skb, spec);
		expect_key(test, skb, spec, key);
		kfree_skb(skb);
	}
}

static void sums(struct kunit *test)
{
	every_packet(test, check_sums);
}

/* A packet that others share is not written to. */
static void check_clone(struct kunit *test, const struct packet_spec *spec, struct mf_key *key)
{
	struct sk_buff *skb = packet_new(test, spec, key);
	struct sk_buff *before = skb_copy(skb, GFP_KERNEL);
	struct sk_buff *other = skb_clone(skb, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, before);
	KUNIT_ASSERT_NOT_NULL(test, other);
	set_randomly(test, skb, spec, key, fill_all);
	KUNIT_EXPECT_EQ(test, skb_linearize(other), 0);
	KUNIT_ASSERT_EQ(test, other->len, before->len);
	KUNIT_EXPECT_EQ(test, memcmp(other->data, before->data, before->len), 0);
	expect_sums(test, skb, spec);
	kfree_skb(skb);
	kfree_skb(before);
	kfree_skb(other);
}

static void clones(struct kunit *test)
{
	every_packet(test, check_clone);
}

/* Values land where they belong, and nowhere else. */
static void values(struct kunit *test)
{
	static const struct packet_spec spec = { .proto = IPPROTO_TCP, .payload = 10 };
	static const struct packet_spec spec6 = { .ipv6 = true, .proto = IPPROTO_UDP };
	struct mf_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	struct ovs_key_ethernet eth[2] = {
		{ .eth_src = { 0, 0, 3 }, .eth_dst = { 4 } },
		{ .eth_src = { 0, 0, 0xff }, .eth_dst = { 0xff } },
	};
	struct ovs_key_ipv4 ipv4[2] = {
		{ htonl(0x00000100), htonl(0x0b000000), 0, 0x08, 7, 0 },
		{ htonl(0x0000ff00), htonl(0xff000000), 0, 0xf8, 0xff, 0 },
	};
	struct ovs_key_ipv6 ipv6[2] = {
		{ .ipv6_label = htonl(0x12300), .ipv6_tclass = 0xa0, .ipv6_hlimit = 3 },
		{ .ipv6_label = htonl(0xfff00), .ipv6_tclass = 0xf0, .ipv6_hlimit = 0xff },
	};
	struct ovs_key_tcp tcp[2] = { { 0, htons(0x1200) }, { 0, htons(0xff00) } };
	struct sk_buff *skb;

	KUNIT_ASSERT_NOT_NULL(test, key);
	skb = packet_new(test, &spec, key);
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_ETHERNET, eth, sizeof(*eth)), 0);
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_IPV4, ipv4, sizeof(*ipv4)), 0);
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_TCP, tcp, sizeof(*tcp)), 0);
	KUNIT_EXPECT_EQ(test, eth_hdr(skb)->h_source[2], 3);
	KUNIT_EXPECT_EQ(test, eth_hdr(skb)->h_source[5], 0x55);
	KUNIT_EXPECT_EQ(test, eth_hdr(skb)->h_dest[0], 4);
	KUNIT_EXPECT_EQ(test, eth_hdr(skb)->h_dest[5], 0xdd);
	KUNIT_EXPECT_EQ(test, ntohl(ip_hdr(skb)->saddr), 0x0a000101u);
	KUNIT_EXPECT_EQ(test, ntohl(ip_hdr(skb)->daddr), 0x0b000002u);
	KUNIT_EXPECT_EQ(test, ip_hdr(skb)->tos, 0x0c);
	KUNIT_EXPECT_EQ(test, ip_hdr(skb)->ttl, 7);
	KUNIT_EXPECT_EQ(test, ntohs(tcp_hdr(skb)->source), 1000);
	KUNIT_EXPECT_EQ(test, ntohs(tcp_hdr(skb)->dest), 0x12d0);
	kfree_skb(skb);

	skb = packet_new(test, &spec6, key);
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_IPV6, ipv6, sizeof(*ipv6)), 0);
	KUNIT_EXPECT_EQ(test, ntohl(*(__be32 *)ipv6_hdr(skb)), 0x6a012377u);
	KUNIT_EXPECT_EQ(test, ipv6_hdr(skb)->hop_limit, 3);
	KUNIT_EXPECT_EQ(test, ipv6_hdr(skb)->nexthdr, IPPROTO_UDP);
	kfree_skb(skb);
}

static void metadata(struct kunit *test)
{
	static const struct packet_spec spec = { .proto = IPPROTO_TCP };
	struct mf_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	u32 value[2] = { 0x50, 0xf0 };
	struct sk_buff *skb;

	KUNIT_ASSERT_NOT_NULL(test, key);
	skb = packet_new(test, &spec, key);
	skb->mark = 0x123;
	skb->priority = 0x321;
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_SKB_MARK, value, 4), 0);
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_PRIORITY, value, 4), 0);
	KUNIT_EXPECT_EQ(test, skb->mark, 0x153u);
	KUNIT_EXPECT_EQ(test, key->skb_mark, 0x153u);
	KUNIT_EXPECT_EQ(test, skb->priority, 0x351u);
	KUNIT_EXPECT_EQ(test, key->priority, 0x351u);
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_ARP, value, 4), -EOPNOTSUPP);
	kfree_skb(skb);
}

/* A checksum that comes out as 0 is written as ~0: 0 would mean that there is none. */
static void udp_zero(struct kunit *test)
{
	static const struct packet_spec spec = { .proto = IPPROTO_UDP, .payload = 9 };
	struct mf_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	struct sk_buff *skb;
	u32 mangled = 0;
	u32 wrong = 0;
	u32 port;

	KUNIT_ASSERT_NOT_NULL(test, key);
	skb = packet_new(test, &spec, key);
	for (port = 0; port <= U16_MAX; port++) {
		struct ovs_key_udp udp[2] = { { 0, htons(port) }, { 0, htons(0xffff) } };

		wrong += carry_out(skb, key, OVS_KEY_ATTR_UDP, udp, sizeof(*udp)) != 0;
		wrong += udp_hdr(skb)->check != packet_l4_sum(skb, IPPROTO_UDP);
		mangled += udp_hdr(skb)->check == CSUM_MANGLED_0;
	}
	KUNIT_EXPECT_EQ(test, wrong, 0u);
	KUNIT_EXPECT_GT(test, mangled, 0u);

	/* The same by way of an address. */
	mangled = 0;
	for (port = 0; port <= U16_MAX; port++) {
		struct ovs_key_ipv4 ip[2] = { { htonl(port) }, { htonl(0xffff) } };

		wrong += carry_out(skb, key, OVS_KEY_ATTR_IPV4, ip, sizeof(*ip)) != 0;
		wrong += udp_hdr(skb)->check != packet_l4_sum(skb, IPPROTO_UDP);
		mangled += udp_hdr(skb)->check == CSUM_MANGLED_0;
	}
	KUNIT_EXPECT_EQ(test, wrong, 0u);
	KUNIT_EXPECT_GT(test, mangled, 0u);
	kfree_skb(skb);
}

/* A packet that was broken stays broken by the same difference. */
static void sctp_broken(struct kunit *test)
{
	static const struct packet_spec spec = { .proto = IPPROTO_SCTP, .payload = 30 };
	struct ovs_key_sctp sctp[2] = { { htons(7), htons(8) }, { htons(0xffff), htons(0xffff) } };
	struct mf_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	const __le32 error = cpu_to_le32(0x12345678);
	struct sk_buff *skb;

	KUNIT_ASSERT_NOT_NULL(test, key);
	skb = packet_new(test, &spec, key);
	sctp_hdr(skb)->checksum ^= error;
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_SCTP, sctp, sizeof(*sctp)), 0);
	KUNIT_EXPECT_EQ(test, sctp_hdr(skb)->checksum ^ error,
			sctp_compute_cksum(skb, skb_transport_offset(skb)));
	KUNIT_EXPECT_EQ(test, ntohs(sctp_hdr(skb)->dest), 8);
	kfree_skb(skb);

	skb = packet_new(test, &spec, key);
	key->ip_frag = OVS_FRAG_TYPE_FIRST;
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_SCTP, sctp, sizeof(*sctp)),
			-EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, ntohs(sctp_hdr(skb)->dest), 2000);
	kfree_skb(skb);
}

/* Later fragments hold payload where others hold a header. */
static void check_later(struct kunit *test, const struct packet_spec *spec, struct mf_key *key)
{
	int header = spec->ipv6 ? 54 : 34;
	struct sk_buff *skb = packet_new(test, spec, key);
	struct sk_buff *before = skb_copy(skb, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, before);
	key->ip_frag = OVS_FRAG_TYPE_LATER;
	set_randomly(test, skb, spec, key, fill_all);
	KUNIT_ASSERT_EQ(test, skb_linearize(skb), 0);
	KUNIT_EXPECT_EQ(test, memcmp(skb->data + header, before->data + header,
				     skb->len - header), 0);
	KUNIT_EXPECT_NE(test, memcmp(skb->data, before->data, header), 0);
	if (!spec->ipv6)
		KUNIT_EXPECT_EQ(test, ip_fast_csum(ip_hdr(skb), 5), 0);
	if (spec->ip_summed == CHECKSUM_COMPLETE)
		KUNIT_EXPECT_EQ(test, normal(csum_fold(skb->csum)),
				normal(csum_fold(csum_partial(skb->data, skb->len, 0))));
	kfree_skb(skb);
	kfree_skb(before);
}

static void later_fragments(struct kunit *test)
{
	every_packet(test, check_later);
}

/* No transport header at all, and packets that end within their headers. */
static void cut_short(struct kunit *test)
{
	static const struct packet_spec spec = { .proto = IPPROTO_TCP, .payload = 30 };
	struct mf_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	struct ovs_key_ipv4 ipv4[2] = { { .ipv4_src = 1 }, { .ipv4_src = ~0 } };
	struct ovs_key_tcp tcp[2] = { { 1, 1 }, { ~0, ~0 } };
	struct sk_buff *skb;
	int err;
	u32 len;

	KUNIT_ASSERT_NOT_NULL(test, key);
	skb = packet_new(test, &spec, key);
	skb->transport_header = (typeof(skb->transport_header))~0U;
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_IPV4, ipv4, sizeof(*ipv4)), 0);
	KUNIT_EXPECT_EQ(test, ip_fast_csum(ip_hdr(skb), 5), 0);
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_TCP, tcp, sizeof(*tcp)), -EINVAL);
	kfree_skb(skb);

	skb = packet_new(test, &spec, key);
	skb_set_transport_header(skb, skb_network_offset(skb));
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_IPV4, ipv4, sizeof(*ipv4)), 0);
	KUNIT_EXPECT_EQ(test, ip_fast_csum(ip_hdr(skb), 5), 0);
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_TCP, tcp, sizeof(*tcp)), -EINVAL);
	kfree_skb(skb);

	for (len = ETH_HLEN; len < ETH_HLEN + 20 + 20; len++) {
		skb = packet_new(test, &spec, key);
		skb_trim(skb, len);
		err = carry_out(skb, key, OVS_KEY_ATTR_IPV4, ipv4, sizeof(*ipv4));
		KUNIT_EXPECT_EQ_MSG(test, err, len < 34 ? -ENOMEM : 0, "%u bytes", len);
		err = carry_out(skb, key, OVS_KEY_ATTR_TCP, tcp, sizeof(*tcp));
		KUNIT_EXPECT_EQ_MSG(test, err, -ENOMEM, "%u bytes", len);
		KUNIT_EXPECT_EQ(test, skb->len, len);
		kfree_skb(skb);
	}
}

/* With hops to go, the checksum holds for an address in the routing header. */
static void routing_header(struct kunit *test)
{
	static const struct packet_spec spec = {
		.ipv6 = true, .proto = IPPROTO_TCP, .ip_summed = CHECKSUM_COMPLETE, .payload = 32,
	};
	struct mf_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	int left;

	KUNIT_ASSERT_NOT_NULL(test, key);
	for (left = 0; left < 2; left++) {
		struct sk_buff *skb = packet_new(test, &spec, key);
		struct ovs_key_ipv6 ipv6[2] = {};
		struct tcphdr *tcp;
		__sum16 before;
		u8 *rt;

		/* What was the TCP header becomes a routing header of 24 bytes. */
		rt = skb_transport_header(skb);
		memset(rt, 0, 24);
		rt[0] = IPPROTO_TCP;
		rt[1] = 2;
		rt[3] = left;
		ipv6_hdr(skb)->nexthdr = NEXTHDR_ROUTING;
		skb_set_transport_header(skb, skb_transport_offset(skb) + 24);
		tcp = tcp_hdr(skb);
		tcp->check = packet_l4_sum(skb, IPPROTO_TCP);
		skb->csum = csum_partial(skb->data, skb->len, 0);
		before = tcp->check;

		ipv6[0].ipv6_dst[3] = htonl(0x4321);
		ipv6[1].ipv6_dst[3] = ~0;
		KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_IPV6, ipv6, sizeof(*ipv6)),
				0);
		KUNIT_EXPECT_EQ(test, tcp->check,
				left ? before : packet_l4_sum(skb, IPPROTO_TCP));
		KUNIT_EXPECT_EQ(test, normal(csum_fold(skb->csum)),
				normal(csum_fold(csum_partial(skb->data, skb->len, 0))));
		kfree_skb(skb);
	}
}

/* Addresses and ports are the packet's identity; other fields, and no change, are not. */
static void identity(struct kunit *test)
{
	static const struct packet_spec spec = { .proto = IPPROTO_TCP, .payload = 30 };
	struct mf_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	struct ovs_key_ipv4 same[2] = { { .ipv4_src = htonl(0x0a000001), .ipv4_ttl = 3 },
					{ .ipv4_src = ~0, .ipv4_ttl = 0xff } };
	struct ovs_key_tcp same_ports[2] = { { htons(1000), htons(2000) }, { ~0, ~0 } };
	struct ovs_key_ipv4 address[2] = { { .ipv4_src = 1 }, { .ipv4_src = ~0 } };
	struct ovs_key_tcp port[2] = { { 1, 0 }, { ~0, 0 } };
	struct sk_buff *skb;

	KUNIT_ASSERT_NOT_NULL(test, key);
	skb = packet_new(test, &spec, key);
	skb_set_hash(skb, 77, PKT_HASH_TYPE_L4);
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_IPV4, same, sizeof(*same)), 0);
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_TCP, same_ports, 4), 0);
	KUNIT_EXPECT_EQ(test, skb_get_hash_raw(skb), 77u);
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_IPV4, address, sizeof(*address)),
			0);
	KUNIT_EXPECT_EQ(test, skb_get_hash_raw(skb), 0u);
	skb_set_hash(skb, 77, PKT_HASH_TYPE_L4);
	KUNIT_EXPECT_EQ(test, carry_out(skb, key, OVS_KEY_ATTR_TCP, port, sizeof(*port)), 0);
	KUNIT_EXPECT_EQ(test, skb_get_hash_raw(skb), 0u);
	kfree_skb(skb);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(sums),
	KUNIT_CASE(clones),
	KUNIT_CASE(values),
	KUNIT_CASE(metadata),
	KUNIT_CASE(udp_zero),
	KUNIT_CASE(sctp_broken),
	KUNIT_CASE(later_fragments),
	KUNIT_CASE(cut_short),
	KUNIT_CASE(routing_header),
	KUNIT_CASE(identity),
	{}
};

static struct kunit_suite suite = {
	.name = "action_set",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("Tests of rewriting headers");
MODULE_LICENSE("GPL");
