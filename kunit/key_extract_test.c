// SPDX-License-Identifier: GPL-2.0-only
/*
 * From packets to keys: the straight line against the full parser, linear
 * packets against scattered ones, tags in the frame against tags beside it,
 * each cut off at every length.
 */
#include "key_unit.h"
#include "key_frames.h"
#include "packet_tail.h"

/**
 * struct bench - what a test works with, too large for the stack
 * @frame: the packet
 * @a: its key, one way
 * @b: its key, another way
 */
struct bench {
	struct frame frame;
	struct mf_key a;
	struct mf_key b;
};

/* @linear: bytes in the linear part; the rest is in a page. */
static struct sk_buff *make_skb(struct kunit *test, const u8 *data, unsigned int len,
				unsigned int linear)
{
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + FRAME_MAX, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, NET_SKB_PAD);
	skb_put_data(skb, data, min(len, linear));
	if (len > linear)
		packet_tail(test, skb, data + linear, len - linear, TAIL_PAGE);
	return skb;
}

static void key_start(struct mf_key *key, u8 mac_proto)
{
	/* What is not initialised must not matter. */
	memset(key, 0x5a, sizeof(*key));
	mf_key_init(key);
	key->mac_proto = mac_proto;
}

static void expect_same_key(struct kunit *test, struct mf_key *a, struct mf_key *b,
			    const char *what, unsigned int i, unsigned int len)
{
	u32 valid = a->blocks;

	KUNIT_EXPECT_EQ_MSG(test, a->blocks, b->blocks, "%s: frame %u of %u bytes", what, i, len);
	mf_key_need(a, GENMASK(MF_BLOCKS - 1, 0));
	mf_key_need(b, GENMASK(MF_BLOCKS - 1, 0));
	KUNIT_EXPECT_EQ_MSG(test, 0, memcmp(a->words, b->words, sizeof(a->words)),
			    "%s: frame %u of %u bytes", what, i, len);
	a->blocks = valid;
	b->blocks = valid;
}

static void expect_same_skb(struct kunit *test, const struct sk_buff *a, const struct sk_buff *b,
			    unsigned int i, unsigned int len)
{
	KUNIT_EXPECT_EQ_MSG(test, a->protocol, b->protocol, "frame %u of %u", i, len);
	KUNIT_EXPECT_EQ_MSG(test, a->mac_len, b->mac_len, "frame %u of %u", i, len);
	KUNIT_EXPECT_EQ(test, skb_mac_offset(a), skb_mac_offset(b));
	KUNIT_EXPECT_EQ(test, skb_network_offset(a), skb_network_offset(b));
	KUNIT_EXPECT_EQ(test, skb_transport_offset(a), skb_transport_offset(b));
	KUNIT_EXPECT_EQ(test, a->len, b->len);
	KUNIT_EXPECT_EQ(test, a->vlan_all, b->vlan_all);
}

/* One frame, all of it or less: three ways to the same key. */
static void compare_ways(struct kunit *test, struct bench *x, unsigned int i, unsigned int len)
{
	static const unsigned int linears[] = { 0, 15, 34, 50 };
	struct sk_buff *skb = make_skb(test, x->frame.data, len, len);
	unsigned int n;
	int err;

	key_start(&x->a, MF_MAC_ETHERNET);
	err = mf_key_extract_packet(&x->a, skb);
	KUNIT_EXPECT_TRUE(test, !err || err == -EINVAL);
	KUNIT_EXPECT_TRUE(test, err || len >= ETH_HLEN);

	for (n = 0; n <= ARRAY_SIZE(linears); n++) {
		struct sk_buff *other;

		other = make_skb(test, x->frame.data, len,
				 n < ARRAY_SIZE(linears) ? linears[n] : len);
		key_start(&x->b, MF_MAC_ETHERNET);
		KUNIT_EXPECT_EQ(test, err, n < ARRAY_SIZE(linears) ?
				mf_key_extract_packet(&x->b, other) :
				mf_extract_full(&x->b, other));
		if (!err) {
			expect_same_skb(test, skb, other, i, len);
			expect_same_key(test, &x->a, &x->b, n < ARRAY_SIZE(linears) ?
					"scattered" : "full", i, len);
		}
		kfree_skb(other);
	}
	kfree_skb(skb);
}

static void all_ways(struct kunit *test)
{
	struct bench *x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);
	unsigned int plain = 0;
	unsigned int tags;
	unsigned int len;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, x);
	for (tags = 0; tags < 3; tags++) {
		for (i = 0; make_frame(&x->frame, i, tags); i++) {
			struct sk_buff *skb;

			for (len = 1; len <= x->frame.len; len += 1 + 2 * tags)
				compare_ways(test, x, i, len);
			compare_ways(test, x, i, x->frame.len);
			skb = make_skb(test, x->frame.data, x->frame.len, x->frame.len);
			key_start(&x->a, MF_MAC_ETHERNET);
			plain += extract_plain(&x->a, skb);
			kfree_skb(skb);
		}
	}
	/*
	 * TCP and UDP over plain IPv4 take the straight line, and nothing else:
	 * two of the first kind of frames, and the three sound ones of the last.
	 */
	KUNIT_EXPECT_EQ(test, 5, plain);
}

/* A tag in the frame and the same tag beside it. */
static void tag_places(struct kunit *test)
{
	struct bench *x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);
	struct sk_buff *inside;
	struct sk_buff *beside;
	unsigned int tags;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, x);
	for (tags = 1; tags < 3; tags++) {
		for (i = 0; make_frame(&x->frame, i, tags); i++) {
			__be16 tpid;
			u16 tci;
			int err;

			inside = make_skb(test, x->frame.data, x->frame.len, x->frame.len);
			beside = make_skb(test, x->frame.data, x->frame.len, 20);
			tpid = *(__be16 *)(x->frame.data + 12);
			KUNIT_ASSERT_EQ(test, 0, skb_ensure_writable(beside, VLAN_ETH_HLEN));
			skb_reset_mac_header(beside);
			tci = get_unaligned_be16(beside->data + 14);
			memmove(beside->data + VLAN_HLEN, beside->data, 2 * ETH_ALEN);
			__skb_pull(beside, VLAN_HLEN);
			__vlan_hwaccel_put_tag(beside, tpid, tci);

			key_start(&x->a, MF_MAC_ETHERNET);
			key_start(&x->b, MF_MAC_ETHERNET);
			err = mf_key_extract_packet(&x->a, inside);
			KUNIT_EXPECT_EQ(test, err, mf_key_extract_packet(&x->b, beside));
			KUNIT_EXPECT_EQ(test, tpid, x->a.vlan_tpid);
			KUNIT_EXPECT_EQ(test, htons(tci | MF_VLAN_PRESENT), x->a.vlan_tci);
			KUNIT_EXPECT_TRUE(test, skb_vlan_tag_present(inside));
			KUNIT_EXPECT_EQ(test, tags == 2, !!(x->a.blocks & BIT(MF_BLOCK_CVLAN)));
			expect_same_skb(test, inside, beside, i, tags);
			expect_same_key(test, &x->a, &x->b, "tag", i, tags);
			kfree_skb(inside);
			kfree_skb(beside);
		}
	}
}

/* Extraction sets what it must: from a frame of known bytes. */
static struct mf_key *extract(struct kunit *test, struct bench *x)
{
	struct sk_buff *skb = make_skb(test, x->frame.data, x->frame.len, 14);

	key_start(&x->a, MF_MAC_ETHERNET);
	KUNIT_EXPECT_EQ(test, 0, mf_key_extract_packet(&x->a, skb));
	KUNIT_EXPECT_EQ(test, 0, skb->mac_header - (skb->data - skb->head));
	kfree_skb(skb);
	return &x->a;
}

static void values_ipv4(struct kunit *test)
{
	struct bench *x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);
	struct mf_key *key;

	KUNIT_ASSERT_NOT_NULL(test, x);
	put_macs(&x->frame);
	put_ipv4(&x->frame, IPPROTO_TCP, IP_DF, 5);
	put_l4(&x->frame, 5);
	key = extract(test, x);
	KUNIT_EXPECT_EQ(test, htons(ETH_P_IP), key->eth_type);
	KUNIT_EXPECT_EQ(test, 2, key->eth_dst[5]);
	KUNIT_EXPECT_EQ(test, 4, key->eth_src[0]);
	KUNIT_EXPECT_EQ(test, 0, key->vlan_tci);
	KUNIT_EXPECT_EQ(test, htonl(0x0a000001), key->ipv4_src);
	KUNIT_EXPECT_EQ(test, htonl(0x0a000002), key->ipv4_dst);
	KUNIT_EXPECT_EQ(test, 0x12, key->ip_tos);
	KUNIT_EXPECT_EQ(test, 64, key->ip_ttl);
	KUNIT_EXPECT_EQ(test, IPPROTO_TCP, key->ip_proto);
	KUNIT_EXPECT_EQ(test, OVS_FRAG_TYPE_NONE, key->ip_frag);
	KUNIT_EXPECT_EQ(test, htons(1111), key->tp_src);
	KUNIT_EXPECT_EQ(test, htons(2222), key->tp_dst);
	KUNIT_EXPECT_EQ(test, htons(0xd12), key->tcp_flags);
	KUNIT_EXPECT_EQ(test, BIT(MF_BLOCK_BASE), key->blocks);

	/* The header says TCP, the fragment offset says that it is not there. */
	put_macs(&x->frame);
	put_ipv4(&x->frame, IPPROTO_TCP, IP_MF | 1, 5);
	put_l4(&x->frame, 5);
	key = extract(test, x);
	KUNIT_EXPECT_EQ(test, OVS_FRAG_TYPE_LATER, key->ip_frag);
	KUNIT_EXPECT_EQ(test, IPPROTO_TCP, key->ip_proto);
	KUNIT_EXPECT_EQ(test, 0, key->tp_src);
	KUNIT_EXPECT_EQ(test, 0, key->tcp_flags);
}

static void values_ipv6(struct kunit *test)
{
	struct bench *x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);
	struct mf_key *key;

	KUNIT_ASSERT_NOT_NULL(test, x);
	put_macs(&x->frame);
	put_ipv6(&x->frame, NEXTHDR_HOP);
	put16(&x->frame, NEXTHDR_FRAGMENT << 8);
	fill(&x->frame, 0, 6);
	put_fragment(&x->frame, IPPROTO_SCTP, 0x100);
	put_l4(&x->frame, 5);
	key = extract(test, x);
	KUNIT_EXPECT_EQ(test, NEXTHDR_FRAGMENT, key->ip_proto);
	KUNIT_EXPECT_EQ(test, OVS_FRAG_TYPE_LATER, key->ip_frag);
	KUNIT_EXPECT_EQ(test, 0, key->tp_src);
	KUNIT_EXPECT_EQ(test, EXT_HOP | EXT_FRAG, key->ipv6_exthdrs);
	KUNIT_EXPECT_EQ(test, htonl(0x34567), key->ipv6_label);
	KUNIT_EXPECT_EQ(test, 0x12, key->ip_tos);
	KUNIT_EXPECT_EQ(test, 63, key->ip_ttl);

	/* An authentication header behind a fragment header is in order. */
	put_macs(&x->frame);
	put_ipv6(&x->frame, NEXTHDR_FRAGMENT);
	put_fragment(&x->frame, NEXTHDR_AUTH, IP6_MF);
	put16(&x->frame, IPPROTO_UDP << 8 | 4);
	fill(&x->frame, 0, 22);
	put_l4(&x->frame, 5);
	key = extract(test, x);
	KUNIT_EXPECT_EQ(test, EXT_FRAG | EXT_AUTH, key->ipv6_exthdrs);
	KUNIT_EXPECT_EQ(test, IPPROTO_UDP, key->ip_proto);
	KUNIT_EXPECT_EQ(test, OVS_FRAG_TYPE_FIRST, key->ip_frag);
	KUNIT_EXPECT_EQ(test, htons(1111), key->tp_src);
}

static void values_nd(struct kunit *test)
{
	struct bench *x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);
	struct mf_key *key;

	KUNIT_ASSERT_NOT_NULL(test, x);
	put_macs(&x->frame);
	put_ipv6(&x->frame, IPPROTO_ICMPV6);
	put_nd(&x->frame, 135, 0);
	key = extract(test, x);
	KUNIT_EXPECT_EQ(test, 135, key->icmp_type);
	KUNIT_EXPECT_EQ(test, 0x33, key->nd_target[15]);
	KUNIT_EXPECT_EQ(test, 0xa1, key->nd_sll[0]);
	KUNIT_EXPECT_EQ(test, 0xa2, key->nd_tll[5]);

	/* An address given twice is worth nothing, like all around it. */
	put16(&x->frame, 0x0101);
	fill(&x->frame, 0xa3, ETH_ALEN);
	key = extract(test, x);
	KUNIT_EXPECT_TRUE(test, key->blocks & BIT(MF_BLOCK_ND));
	KUNIT_EXPECT_NULL(test, memchr_inv(key->nd_target, 0, 28));

	/* Options of no length end the walk. */
	put_macs(&x->frame);
	put_ipv6(&x->frame, IPPROTO_ICMPV6);
	put_nd(&x->frame, 136, 0);
	x->frame.data[x->frame.len - 7] = 0;
	key = extract(test, x);
	KUNIT_EXPECT_EQ(test, 0xa1, key->nd_sll[0]);
	KUNIT_EXPECT_EQ(test, 0, key->nd_tll[0]);

	/* With a code it is no neighbour discovery. */
	put_macs(&x->frame);
	put_ipv6(&x->frame, IPPROTO_ICMPV6);
	put_nd(&x->frame, 135, 1);
	key = extract(test, x);
	KUNIT_EXPECT_FALSE(test, key->blocks & BIT(MF_BLOCK_ND));
}

/* Both tags, and what is behind them. */
static void values_tags(struct kunit *test)
{
	struct bench *x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);
	struct sk_buff *skb;

	KUNIT_ASSERT_NOT_NULL(test, x);
	make_frame(&x->frame, 0, 2);
	skb = make_skb(test, x->frame.data, x->frame.len, 14);
	key_start(&x->a, MF_MAC_ETHERNET);
	KUNIT_EXPECT_EQ(test, 0, mf_key_extract_packet(&x->a, skb));
	KUNIT_EXPECT_EQ(test, htons(ETH_P_8021AD), x->a.vlan_tpid);
	KUNIT_EXPECT_EQ(test, htons(0x3064), x->a.vlan_tci);
	KUNIT_EXPECT_EQ(test, htons(ETH_P_8021Q), x->a.cvlan_tpid);
	KUNIT_EXPECT_EQ(test, htons(0x7065), x->a.cvlan_tci);
	KUNIT_EXPECT_EQ(test, htons(ETH_P_IP), x->a.eth_type);
	KUNIT_EXPECT_EQ(test, htonl(0x0a000001), x->a.ipv4_src);
	KUNIT_EXPECT_EQ(test, htons(ETH_P_8021Q), skb->protocol);
	KUNIT_EXPECT_EQ(test, htons(ETH_P_8021AD), skb->vlan_proto);
	KUNIT_EXPECT_EQ(test, 0x2064, skb_vlan_tag_get(skb));
	KUNIT_EXPECT_EQ(test, VLAN_ETH_HLEN, skb_network_offset(skb));
	KUNIT_EXPECT_EQ(test, x->frame.len - VLAN_HLEN, skb->len);
	kfree_skb(skb);
}

static void values_arp(struct kunit *test)
{
	struct bench *x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);
	struct mf_key *key;

	KUNIT_ASSERT_NOT_NULL(test, x);
	put_macs(&x->frame);
	put_arp(&x->frame, 2);
	key = extract(test, x);
	KUNIT_EXPECT_EQ(test, htons(2), key->arp_op);
	KUNIT_EXPECT_EQ(test, htonl(0x0a000002), key->arp_tip);
	KUNIT_EXPECT_EQ(test, 4, key->arp_sha[3]);

	put_macs(&x->frame);
	put_arp(&x->frame, 0x102);
	key = extract(test, x);
	KUNIT_EXPECT_EQ(test, 0, key->arp_op);
	KUNIT_EXPECT_EQ(test, htonl(0x0a000001), key->arp_sip);
}

/* Label stacks without a bottom end where the packet or the patience does. */
static void mpls_without_bottom(struct kunit *test)
{
	struct bench *x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);
	unsigned int n;

	KUNIT_ASSERT_NOT_NULL(test, x);
	for (n = 0; n < 100; n++) {
		put_macs(&x->frame);
		put16(&x->frame, ETH_P_MPLS_UC);
		fill(&x->frame, 0, 4 * n);
		extract(test, x);
		KUNIT_EXPECT_EQ(test, n > 1 ? MF_MPLS_PRESENT(min(n, 3U)) : 1,
				x->a.mpls_present);
	}
}

/* Without a link header the packet says itself what it is. */
static void no_link_header(struct kunit *test)
{
	static const __be16 types[] = {
		htons(ETH_P_IP), htons(ETH_P_IPV6), htons(ETH_P_ARP), htons(0x7777),
		htons(ETH_P_8021Q), htons(ETH_P_8021AD),
	};
	struct bench *x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, x);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		struct sk_buff *skb;
		int err;

		put_macs(&x->frame);
		put_ipv4(&x->frame, IPPROTO_UDP, 0, 5);
		put_l4(&x->frame, 5);
		skb = make_skb(test, x->frame.data + ETH_HLEN, x->frame.len - ETH_HLEN, 10);
		skb->protocol = types[i];
		key_start(&x->a, MF_MAC_NONE);
		err = mf_key_extract_packet(&x->a, skb);
		KUNIT_EXPECT_EQ(test, eth_type_vlan(types[i]) ? -EINVAL : 0, err);
		if (!err) {
			KUNIT_EXPECT_EQ(test, types[i], x->a.eth_type);
			KUNIT_EXPECT_EQ(test, types[i], skb->protocol);
			KUNIT_EXPECT_EQ(test, 0, skb->mac_len);
			KUNIT_EXPECT_EQ(test, 0, x->a.eth_dst[0]);
		}
		if (types[i] == htons(ETH_P_IP))
			KUNIT_EXPECT_EQ(test, htons(2222), x->a.tp_dst);
		kfree_skb(skb);
	}
}

/* Refreshing forgets all headers and nothing else. */
static void refresh(struct kunit *test)
{
	struct bench *x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);
	struct sk_buff *skb;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, x);
	key_start(&x->b, MF_MAC_ETHERNET);
	for (i = 0; make_frame(&x->frame, i, i % 3); i++) {
		skb = make_skb(test, x->frame.data, x->frame.len, 50);
		x->b.recirc_id = 5;
		x->b.in_port = 6;
		x->b.ct_state = 7;
		x->b.ct_zone = 8;
		x->b.priority = 9;
		mf_key_need(&x->b, BIT(MF_BLOCK_LABELS));
		x->b.ct_labels[3] = 10;

		key_start(&x->a, MF_MAC_ETHERNET);
		mf_key_extract_packet(&x->a, skb);
		x->a.recirc_id = 5;
		x->a.in_port = 6;
		x->a.ct_state = 7;
		x->a.ct_zone = 8;
		x->a.priority = 9;
		mf_key_need(&x->a, BIT(MF_BLOCK_LABELS));
		x->a.ct_labels[3] = 10;

		/* @b still has the headers of the frame before. */
		KUNIT_EXPECT_EQ(test, 0, mf_key_refresh(&x->b, skb));
		expect_same_key(test, &x->a, &x->b, "refresh", i, 0);
		kfree_skb(skb);
	}
}

static void gso_udp(struct kunit *test)
{
	struct bench *x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);
	struct sk_buff *skb;

	KUNIT_ASSERT_NOT_NULL(test, x);
	put_macs(&x->frame);
	put_ipv4(&x->frame, IPPROTO_UDP, 0, 5);
	put_l4(&x->frame, 5);
	skb = make_skb(test, x->frame.data, x->frame.len, x->frame.len);
	skb_shinfo(skb)->gso_size = 8;
	skb_shinfo(skb)->gso_type = SKB_GSO_UDP;
	key_start(&x->a, MF_MAC_ETHERNET);
	KUNIT_EXPECT_EQ(test, 0, mf_key_extract_packet(&x->a, skb));
	KUNIT_EXPECT_EQ(test, OVS_FRAG_TYPE_FIRST, x->a.ip_frag);
	KUNIT_EXPECT_EQ(test, htons(1111), x->a.tp_src);
	kfree_skb(skb);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(all_ways),
	KUNIT_CASE(tag_places),
	KUNIT_CASE(values_ipv4),
	KUNIT_CASE(values_ipv6),
	KUNIT_CASE(values_nd),
	KUNIT_CASE(values_tags),
	KUNIT_CASE(values_arp),
	KUNIT_CASE(mpls_without_bottom),
	KUNIT_CASE(no_link_header),
	KUNIT_CASE(refresh),
	KUNIT_CASE(gso_udp),
	{}
};

static struct kunit_suite suite = {
	.name = "key_extract",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of the keys of packets");
MODULE_LICENSE("GPL");
