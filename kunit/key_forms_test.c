// SPDX-License-Identifier: GPL-2.0-only
/*
 * The attributes that rows do not describe: VLAN and ENCAP, TUNNEL, MPLS and
 * NSH; and the metadata of a packet that user space makes.
 */
#include "key_unit.h"

#define MSG_SIZE 4096

/**
 * struct bench - a KEY and a MASK in the making, and what comes of them
 * @msg: both attributes, and dumps
 * @key: the KEY in @msg
 * @mask: the MASK in @msg, NULL if there is none
 * @match: what parsing gave
 * @meta: a key of metadata
 * @extack: why not
 */
struct bench {
	struct sk_buff *msg;
	struct nlattr *key;
	struct nlattr *mask;
	struct mf_match match;
	struct mf_key meta;
	struct netlink_ext_ack extack;
};

static struct bench *bench_new(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	b->msg = nlmsg_new(MSG_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, b->msg);
	return b;
}

static void bench_free(struct bench *b)
{
	nlmsg_free(b->msg);
}

static void put_eth(struct bench *b, u8 fill)
{
	u8 bytes[sizeof(struct ovs_key_ethernet)];

	memset(bytes, fill, sizeof(bytes));
	nla_put(b->msg, OVS_KEY_ATTR_ETHERNET, sizeof(bytes), bytes);
}

static void put_type(struct bench *b, u16 type)
{
	nla_put_be16(b->msg, OVS_KEY_ATTR_ETHERTYPE, htons(type));
}

static void put_tci(struct bench *b, u16 tci)
{
	nla_put_be16(b->msg, OVS_KEY_ATTR_VLAN, htons(tci));
}

static struct nlattr *encap(struct bench *b)
{
	return nla_nest_start_noflag(b->msg, OVS_KEY_ATTR_ENCAP);
}

static void key_begin(struct bench *b)
{
	skb_trim(b->msg, 0);
	b->mask = NULL;
	b->key = nla_nest_start_noflag(b->msg, OVS_FLOW_ATTR_KEY);
	put_eth(b, 2);
}

static void mask_begin(struct bench *b)
{
	b->mask = nla_nest_start_noflag(b->msg, OVS_FLOW_ATTR_MASK);
}

static int parse(struct bench *b)
{
	nla_nest_end(b->msg, b->mask ?: b->key);
	if (b->mask)
		b->key->nla_len = (u8 *)b->mask - (u8 *)b->key;
	memset(&b->extack, 0, sizeof(b->extack));
	return mf_match_parse(&b->match, b->key, b->mask, &b->extack);
}

/* A dump, parsed once more, is the same key and mask. */
static void expect_stable(struct kunit *test, struct bench *b)
{
	struct mf_match *again = kunit_kzalloc(test, sizeof(*again), GFP_KERNEL);
	struct nlattr *key;
	struct nlattr *mask;

	KUNIT_ASSERT_NOT_NULL(test, again);
	skb_trim(b->msg, 0);
	key = (struct nlattr *)b->msg->data;
	KUNIT_ASSERT_EQ(test, 0, mf_key_put(b->msg, OVS_FLOW_ATTR_KEY, &b->match.key));
	mask = (struct nlattr *)skb_tail_pointer(b->msg);
	KUNIT_ASSERT_EQ(test, 0, mf_mask_put(b->msg, OVS_FLOW_ATTR_MASK, &b->match.key,
					     &b->match.mask));
	KUNIT_ASSERT_EQ_MSG(test, 0, mf_match_parse(again, key, mask, &b->extack), "%s",
			    b->extack._msg);
	KUNIT_EXPECT_EQ(test, 0, memcmp(&again->key, &b->match.key, sizeof(again->key)));
	KUNIT_EXPECT_EQ(test, 0, memcmp(&again->mask, &b->match.mask, sizeof(again->mask)));
}

/* Two tags around an unknown EtherType. */
static void key_two_tags(struct bench *b)
{
	struct nlattr *outer;
	struct nlattr *inner;

	key_begin(b);
	put_type(b, ETH_P_8021AD);
	put_tci(b, 0x1005);
	outer = encap(b);
	put_type(b, ETH_P_8021Q);
	put_tci(b, 0x7006);
	inner = encap(b);
	put_type(b, 0x7777);
	nla_nest_end(b->msg, inner);
	nla_nest_end(b->msg, outer);
}

static void tags(struct kunit *test)
{
	struct bench *b = bench_new(test);
	struct nlattr *outer;

	key_two_tags(b);
	KUNIT_ASSERT_EQ(test, 0, parse(b));
	KUNIT_EXPECT_EQ(test, htons(0x1005), b->match.key.vlan_tci);
	KUNIT_EXPECT_EQ(test, htons(ETH_P_8021AD), b->match.key.vlan_tpid);
	KUNIT_EXPECT_EQ(test, htons(0x7006), b->match.key.cvlan_tci);
	KUNIT_EXPECT_EQ(test, htons(ETH_P_8021Q), b->match.key.cvlan_tpid);
	KUNIT_EXPECT_EQ(test, htons(0x7777), b->match.key.eth_type);
	KUNIT_EXPECT_EQ(test, htons(0xffff), b->match.mask.cvlan_tci);
	KUNIT_EXPECT_EQ(test, htons(0xffff), b->match.mask.eth_type);
	expect_stable(test, b);

	/* A mask that says nothing of tags matches them exactly. */
	key_two_tags(b);
	mask_begin(b);
	put_type(b, 0xffff);
	KUNIT_ASSERT_EQ(test, 0, parse(b));
	KUNIT_EXPECT_EQ(test, htons(0xffff), b->match.mask.vlan_tci);
	KUNIT_EXPECT_EQ(test, htons(0xffff), b->match.mask.cvlan_tci);
	expect_stable(test, b);

	/* One that names the outer one wildcards what it does not cover there. */
	key_two_tags(b);
	mask_begin(b);
	put_type(b, 0xffff);
	put_tci(b, 0x1fff);
	outer = encap(b);
	put_type(b, 0xffff);
	nla_nest_end(b->msg, outer);
	KUNIT_ASSERT_EQ(test, 0, parse(b));
	KUNIT_EXPECT_EQ(test, htons(0x1fff), b->match.mask.vlan_tci);
	KUNIT_EXPECT_EQ(test, htons(0xffff), b->match.mask.cvlan_tci);
	expect_stable(test, b);
	bench_free(b);
}

/* One level of KEY: EtherType, TCI and whether there is an ENCAP with a type. */
static int one_level(struct bench *b, u16 type, u16 tci, bool vlan, bool nest, u16 inner)
{
	struct nlattr *outer;

	key_begin(b);
	put_type(b, type);
	if (vlan)
		put_tci(b, tci);
	if (nest) {
		outer = encap(b);
		if (inner)
			put_type(b, inner);
		nla_nest_end(b->msg, outer);
	}
	return parse(b);
}

static void tags_refused(struct kunit *test)
{
	struct bench *b = bench_new(test);

	KUNIT_EXPECT_EQ(test, 0, one_level(b, ETH_P_8021Q, 0x1001, true, true, 0x7777));
	KUNIT_EXPECT_EQ(test, 0, one_level(b, ETH_P_8021Q, 0x1001, true, true, 0));
	KUNIT_EXPECT_EQ(test, htons(ETH_P_802_2), b->match.key.eth_type);
	KUNIT_EXPECT_EQ(test, -EINVAL, one_level(b, ETH_P_8021Q, 0, false, false, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL, one_level(b, ETH_P_8021Q, 0x1001, true, false, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL, one_level(b, ETH_P_8021Q, 0, false, true, 0x7777));
	KUNIT_EXPECT_EQ(test, -EINVAL, one_level(b, ETH_P_8021Q, 1, true, true, 0x7777));
	KUNIT_EXPECT_EQ(test, -EINVAL, one_level(b, 0x7777, 0x1001, true, false, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL, one_level(b, 0x7777, 0, false, true, 0x7777));
	/* The second tag announced and missing. */
	KUNIT_EXPECT_EQ(test, -EINVAL, one_level(b, ETH_P_8021Q, 0x1001, true, true, ETH_P_8021Q));

	/* A frame that ends within its tag. */
	KUNIT_EXPECT_EQ(test, 0, one_level(b, ETH_P_8021Q, 0, true, true, 0));
	KUNIT_EXPECT_EQ(test, htons(ETH_P_8021Q), b->match.key.eth_type);
	KUNIT_EXPECT_EQ(test, 0, b->match.key.vlan_tci);
	expect_stable(test, b);
	KUNIT_EXPECT_EQ(test, -EINVAL, one_level(b, ETH_P_8021Q, 0, true, true, 0x7777));
	bench_free(b);
}

static void tag_masks_refused(struct kunit *test)
{
	static const struct {
		u16 type;
		u16 tci;
		int err;
	} rows[] = {
		{ 0xffff, 0xffff, 0 }, { 0xffff, 0x1000, 0 }, { 0xffff, 0x0fff, -EINVAL },
		{ 0x0fff, 0xffff, -EINVAL }, { 0, 0xffff, -EINVAL },
	};
	struct bench *b = bench_new(test);
	struct nlattr *nest;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		key_two_tags(b);
		mask_begin(b);
		put_type(b, rows[i].type);
		put_tci(b, rows[i].tci);
		nest = encap(b);
		put_type(b, 0xffff);
		nla_nest_end(b->msg, nest);
		KUNIT_EXPECT_EQ_MSG(test, rows[i].err, parse(b), "row %u", i);
	}

	/* A mask of tags for a key without. */
	key_begin(b);
	put_type(b, 0x7777);
	mask_begin(b);
	put_type(b, 0xffff);
	put_tci(b, 0xffff);
	KUNIT_EXPECT_EQ(test, -EINVAL, parse(b));
	bench_free(b);
}

/**
 * struct tunnel - a TUNNEL attribute to make
 * @v4: IPv4 addresses
 * @v6: IPv6 addresses
 * @no_dst: without destination
 * @no_ttl: without TTL
 * @bridge: with IPV4_INFO_BRIDGE
 * @opts: number of an attribute with options, 0 for none
 * @opts_len: its length
 * @err: what to expect
 */
struct tunnel {
	bool v4;
	bool v6;
	bool no_dst;
	bool no_ttl;
	bool bridge;
	u16 opts;
	u16 opts_len;
	int err;
};

static void put_tunnel_nest(struct bench *b, const struct tunnel *t)
{
	struct nlattr *nest = nla_nest_start_noflag(b->msg, OVS_KEY_ATTR_TUNNEL);
	u8 bytes[300];

	memset(bytes, 5, sizeof(bytes));
	nla_put_be64(b->msg, OVS_TUNNEL_KEY_ATTR_ID, cpu_to_be64(77), OVS_TUNNEL_KEY_ATTR_PAD);
	if (t->v4)
		nla_put(b->msg, OVS_TUNNEL_KEY_ATTR_IPV4_SRC, 4, bytes);
	if (t->v4 && !t->no_dst)
		nla_put(b->msg, OVS_TUNNEL_KEY_ATTR_IPV4_DST, 4, bytes);
	if (t->v6)
		nla_put(b->msg, OVS_TUNNEL_KEY_ATTR_IPV6_SRC, 16, bytes);
	if (t->v6 && !t->no_dst)
		nla_put(b->msg, OVS_TUNNEL_KEY_ATTR_IPV6_DST, 16, bytes);
	if (!t->no_ttl)
		nla_put_u8(b->msg, OVS_TUNNEL_KEY_ATTR_TTL, 64);
	if (t->bridge)
		nla_put_flag(b->msg, OVS_TUNNEL_KEY_ATTR_IPV4_INFO_BRIDGE);
	if (t->opts)
		nla_put(b->msg, t->opts, t->opts_len, bytes);
	nla_nest_end(b->msg, nest);
}

static void tunnels(struct kunit *test)
{
	static const struct tunnel rows[] = {
		{ .v4 = true },
		{ .v6 = true },
		{ .v4 = true, .v6 = true, .err = -EINVAL },
		{ .err = -EINVAL },
		{ .v4 = true, .no_dst = true, .err = -EINVAL },
		{ .v6 = true, .no_dst = true, .err = -EINVAL },
		{ .v4 = true, .no_ttl = true, .err = -EINVAL },
		{ .no_ttl = true, .bridge = true },
		{ .bridge = true, .err = -EINVAL },
		{ .v4 = true, .no_ttl = true, .bridge = true, .err = -EINVAL },
		{ .v4 = true, .opts = OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS, .opts_len = 0 },
		{ .v4 = true, .opts = OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS, .opts_len = 4 },
		{ .v4 = true, .opts = OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS, .opts_len = 252 },
		{ .v4 = true, .opts = OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS, .opts_len = 6,
		  .err = -EINVAL },
		{ .v4 = true, .opts = OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS, .opts_len = 256,
		  .err = -EINVAL },
		{ .v6 = true, .opts = OVS_TUNNEL_KEY_ATTR_ERSPAN_OPTS, .opts_len = 12 },
		{ .v6 = true, .opts = OVS_TUNNEL_KEY_ATTR_ERSPAN_OPTS, .opts_len = 8,
		  .err = -EINVAL },
		{ .v6 = true, .opts = OVS_TUNNEL_KEY_ATTR_ERSPAN_OPTS, .opts_len = 13,
		  .err = -EINVAL },
		/* Bytes that are no nest. */
		{ .v4 = true, .opts = OVS_TUNNEL_KEY_ATTR_VXLAN_OPTS, .opts_len = 8,
		  .err = -EINVAL },
		{ .v4 = true, .opts = OVS_TUNNEL_KEY_ATTR_MAX + 1, .opts_len = 4,
		  .err = -EINVAL },
		{ .v4 = true, .opts = OVS_TUNNEL_KEY_ATTR_CSUM, .opts_len = 0 },
		{ .v4 = true, .opts = OVS_TUNNEL_KEY_ATTR_CSUM, .opts_len = 1, .err = -EINVAL },
		{ .v4 = true, .opts = OVS_TUNNEL_KEY_ATTR_TTL, .opts_len = 1, .err = -EINVAL },
	};
	struct bench *b = bench_new(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		key_begin(b);
		put_type(b, 0x7777);
		put_tunnel_nest(b, &rows[i]);
		KUNIT_EXPECT_EQ_MSG(test, rows[i].err, parse(b), "row %u: %s", i, b->extack._msg);
		if (rows[i].err) {
			KUNIT_EXPECT_NOT_NULL_MSG(test, b->extack._msg, "row %u", i);
			continue;
		}
		KUNIT_EXPECT_EQ(test, cpu_to_be64(77), b->match.key.tun_id);
		KUNIT_EXPECT_EQ(test, rows[i].opts_len, b->match.key.tun_opts_len);
		expect_stable(test, b);
	}
	bench_free(b);
}

static void tunnel_masks(struct kunit *test)
{
	static const struct tunnel with_opts = {
		.v4 = true, .opts = OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS, .opts_len = 8,
	};
	static const struct tunnel short_opts = {
		.opts = OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS, .opts_len = 4,
	};
	struct bench *b = bench_new(test);
	struct nlattr *nest;

	key_begin(b);
	put_type(b, 0x7777);
	put_tunnel_nest(b, &with_opts);
	mask_begin(b);
	put_tunnel_nest(b, &with_opts);
	KUNIT_ASSERT_EQ(test, 0, parse(b));
	KUNIT_EXPECT_EQ(test, 0xff, b->match.mask.tun_opts_len);
	KUNIT_EXPECT_EQ(test, 5, b->match.mask.tun_opts[7]);
	KUNIT_EXPECT_EQ(test, 0, b->match.mask.tun_opts[8]);
	expect_stable(test, b);

	key_begin(b);
	put_type(b, 0x7777);
	put_tunnel_nest(b, &with_opts);
	mask_begin(b);
	put_tunnel_nest(b, &short_opts);
	KUNIT_EXPECT_EQ(test, -EINVAL, parse(b));

	/* What ovs-vswitchd sends with every mask: it must touch no word. */
	key_begin(b);
	put_type(b, 0x7777);
	mask_begin(b);
	nest = nla_nest_start_noflag(b->msg, OVS_KEY_ATTR_TUNNEL);
	nla_put_u8(b->msg, OVS_TUNNEL_KEY_ATTR_TTL, 0);
	nla_nest_end(b->msg, nest);
	KUNIT_ASSERT_EQ(test, 0, parse(b));
	KUNIT_EXPECT_TRUE(test, masks_nothing(&b->match.mask));
	bench_free(b);
}

static void mpls_stacks(struct kunit *test)
{
	struct bench *b = bench_new(test);
	u8 bytes[20];
	unsigned int len;

	memset(bytes, 0x21, sizeof(bytes));
	for (len = 0; len <= sizeof(bytes); len++) {
		bool ok = len && len % 4 == 0 && len / 4 <= MF_MPLS_DEPTH;

		key_begin(b);
		put_type(b, ETH_P_MPLS_UC);
		nla_put(b->msg, OVS_KEY_ATTR_MPLS, len, bytes);
		KUNIT_EXPECT_EQ_MSG(test, ok ? 0 : -EINVAL, parse(b), "%u bytes", len);
		if (ok)
			expect_stable(test, b);
	}
	bench_free(b);
}

static void put_nsh_nest(struct bench *b, u8 mdtype, bool base, bool md1, u16 other)
{
	struct nlattr *nest = nla_nest_start_noflag(b->msg, OVS_KEY_ATTR_NSH);
	struct ovs_nsh_key_base fields = { .ttl = 63, .mdtype = mdtype, .np = 1 };
	u8 bytes[16];

	memset(bytes, 9, sizeof(bytes));
	if (base)
		nla_put(b->msg, OVS_NSH_KEY_ATTR_BASE, sizeof(fields), &fields);
	if (md1)
		nla_put(b->msg, OVS_NSH_KEY_ATTR_MD1, sizeof(bytes), bytes);
	if (other)
		nla_put(b->msg, other, 8, bytes);
	nla_nest_end(b->msg, nest);
}

static void nsh_headers(struct kunit *test)
{
	static const struct {
		u8 mdtype;
		bool base;
		bool md1;
		u16 other;
		int err;
	} rows[] = {
		{ 1, true, true, 0, 0 }, { 2, true, false, 0, 0 }, { 1, true, false, 0, 0 },
		{ 2, true, true, 0, -EINVAL }, { 1, false, true, 0, -EINVAL },
		{ 2, true, false, OVS_NSH_KEY_ATTR_MD2, -EINVAL },
		{ 2, true, false, OVS_NSH_KEY_ATTR_BASE, -EINVAL },
		{ 2, true, false, OVS_NSH_KEY_ATTR_MD1, -EINVAL },
		{ 2, true, false, OVS_NSH_KEY_ATTR_MAX + 1, -EINVAL },
	};
	struct bench *b = bench_new(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		key_begin(b);
		put_type(b, ETH_P_NSH);
		put_nsh_nest(b, rows[i].mdtype, rows[i].base, rows[i].md1, rows[i].other);
		KUNIT_EXPECT_EQ_MSG(test, rows[i].err, parse(b), "row %u", i);
		if (!rows[i].err)
			expect_stable(test, b);
	}
	bench_free(b);
}

/* What a KEY must not lack, and what it may have too much of. */
static void frame_types(struct kunit *test)
{
	struct bench *b = bench_new(test);
	u8 ports[4] = { 1, 2, 3, 4 };

	/* Neither Ethernet nor an EtherType: no packet is like that. */
	skb_trim(b->msg, 0);
	b->mask = NULL;
	b->key = nla_nest_start_noflag(b->msg, OVS_FLOW_ATTR_KEY);
	nla_put_u32(b->msg, OVS_KEY_ATTR_RECIRC_ID, 1);
	KUNIT_EXPECT_EQ(test, -EINVAL, parse(b));
	put_type(b, 0x7777);
	KUNIT_EXPECT_EQ(test, 0, parse(b));
	KUNIT_EXPECT_EQ(test, MF_MAC_NONE, b->match.key.mac_proto);

	key_begin(b);
	KUNIT_EXPECT_EQ(test, 0, parse(b));
	KUNIT_EXPECT_EQ(test, MF_MAC_ETHERNET, b->match.key.mac_proto);
	KUNIT_EXPECT_EQ(test, htons(ETH_P_802_2), b->match.key.eth_type);
	key_begin(b);
	put_type(b, 0x5ff);
	KUNIT_EXPECT_EQ(test, -EINVAL, parse(b));

	/* Ports without IP: matched they are refused, unmatched nobody asks. */
	key_begin(b);
	put_type(b, 0x7777);
	nla_put(b->msg, OVS_KEY_ATTR_UDP, sizeof(ports), ports);
	KUNIT_EXPECT_EQ(test, -EINVAL, parse(b));
	mask_begin(b);
	put_type(b, 0xffff);
	KUNIT_EXPECT_EQ(test, 0, parse(b));
	KUNIT_EXPECT_EQ(test, 0, b->match.key.tp_src);
	bench_free(b);
}

static void metadata(struct kunit *test)
{
	static const struct tunnel v4 = { .v4 = true };
	struct bench *b = bench_new(test);
	struct mf_key *key = &b->meta;

	key_begin(b);
	nla_put_u32(b->msg, OVS_KEY_ATTR_IN_PORT, 7);
	nla_put_u32(b->msg, OVS_KEY_ATTR_SKB_MARK, 8);
	nla_put_u32(b->msg, OVS_KEY_ATTR_DP_HASH, 9);
	put_tunnel_nest(b, &v4);
	/* A header that the packet will contradict. */
	put_type(b, ETH_P_IPV6);
	nla_nest_end(b->msg, b->key);
	memset(key, 0x5a, sizeof(*key));
	KUNIT_ASSERT_EQ(test, 0, mf_key_parse_metadata(key, b->key, &b->extack));
	KUNIT_EXPECT_EQ(test, 7, key->in_port);
	KUNIT_EXPECT_EQ(test, 8, key->skb_mark);
	KUNIT_EXPECT_EQ(test, 9, key->dp_hash);
	KUNIT_EXPECT_EQ(test, 0, key->recirc_id);
	KUNIT_EXPECT_EQ(test, MF_MAC_ETHERNET, key->mac_proto);
	KUNIT_EXPECT_EQ(test, cpu_to_be64(77), key->tun_id);
	KUNIT_EXPECT_EQ(test, 0, key->eth_dst[0]);
	KUNIT_EXPECT_EQ(test, BIT(MF_BLOCK_BASE) | BIT(MF_BLOCK_TUNNEL) | BIT(MF_BLOCK_TUN_OPTS),
			key->blocks);

	key_begin(b);
	nla_put_u32(b->msg, OVS_KEY_ATTR_IN_PORT, 65535);
	nla_nest_end(b->msg, b->key);
	KUNIT_EXPECT_EQ(test, -EINVAL, mf_key_parse_metadata(key, b->key, &b->extack));
	bench_free(b);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(tags),
	KUNIT_CASE(tags_refused),
	KUNIT_CASE(tag_masks_refused),
	KUNIT_CASE(tunnels),
	KUNIT_CASE(tunnel_masks),
	KUNIT_CASE(mpls_stacks),
	KUNIT_CASE(nsh_headers),
	KUNIT_CASE(frame_types),
	KUNIT_CASE(metadata),
	{}
};

static struct kunit_suite suite = {
	.name = "key_forms",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of key attributes of irregular form");
MODULE_LICENSE("GPL");
