// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys as words, and the names of flows.
 */
#include <kunit/test.h>
#include <linux/random.h>

#include "../datapath/key/field.c"
#include "../datapath/key/key.c"
#include "../datapath/key/ufid.c"

static struct mf_key *key_new(struct kunit *test, u8 fill)
{
	struct mf_key *key = kunit_kmalloc(test, sizeof(*key), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, key);
	memset(key, fill, sizeof(*key));
	return key;
}

/* The blocks cover all words, each once. */
static void layout(struct kunit *test)
{
	unsigned int words = 0;
	unsigned int i;

	for (i = 0; i < MF_BLOCKS; i++) {
		KUNIT_EXPECT_EQ(test, words, mf_key_blocks[i].first);
		words += mf_key_blocks[i].n;
	}
	KUNIT_EXPECT_EQ(test, MF_KEY_WORDS, words);
}

static void need(struct kunit *test)
{
	struct mf_key *key = key_new(test, 0xa5);

	mf_key_init(key);
	KUNIT_EXPECT_EQ(test, MF_PORT_NONE, key->in_port);
	mf_key_need(key, BIT(MF_BLOCK_ND));
	KUNIT_EXPECT_EQ(test, BIT(MF_BLOCK_BASE) | BIT(MF_BLOCK_ND), key->blocks);
	KUNIT_EXPECT_NULL(test, memchr_inv(key->nd_target, 0, 32));
	KUNIT_EXPECT_EQ(test, 0xa5, key->arp_sha[0]);
	KUNIT_EXPECT_EQ(test, 0xa5, key->cvlan_tci & 0xff);

	/* What is valid is not touched again. */
	key->nd_sll[2] = 7;
	mf_key_need(key, BIT(MF_BLOCK_ND) | BIT(MF_BLOCK_ARP));
	KUNIT_EXPECT_EQ(test, 7, key->nd_sll[2]);
	KUNIT_EXPECT_EQ(test, 0, key->arp_sha[0]);
}

static void copy(struct kunit *test)
{
	struct mf_key *from = key_new(test, 0x5a);
	struct mf_key *to = key_new(test, 0x11);

	from->blocks = BIT(MF_BLOCK_BASE) | BIT(MF_BLOCK_IPV6);
	mf_key_copy(to, from);
	KUNIT_EXPECT_EQ(test, from->blocks, to->blocks);
	KUNIT_EXPECT_EQ(test, 0, memcmp(from->words, to->words, 64));
	KUNIT_EXPECT_EQ(test, 0x5a, to->ipv6_dst[15]);
	KUNIT_EXPECT_EQ(test, 0x11, to->arp_sha[0]);
	KUNIT_EXPECT_EQ(test, 0x11, ((u8 *)&to->cvlan_tci)[0]);
}

static void mask(struct kunit *test)
{
	struct mf_key *masked = key_new(test, 0x11);
	struct mf_key *key = key_new(test, 0x5a);
	struct mf_key *bits = key_new(test, 0x0f);

	key->blocks = BIT(MF_BLOCK_BASE) | BIT(MF_BLOCK_IPV6) | BIT(MF_BLOCK_ND);
	bits->blocks = BIT(MF_BLOCK_BASE) | BIT(MF_BLOCK_IPV6) | BIT(MF_BLOCK_ARP);
	mf_key_mask(masked, key, bits);
	KUNIT_EXPECT_EQ(test, BIT(MF_BLOCK_BASE) | BIT(MF_BLOCK_IPV6), masked->blocks);
	KUNIT_EXPECT_EQ(test, 0x0a, masked->eth_dst[0]);
	KUNIT_EXPECT_EQ(test, 0x0a, masked->ipv6_src[15]);
	KUNIT_EXPECT_EQ(test, 0x11, masked->nd_sll[0]);
	KUNIT_EXPECT_EQ(test, 0x11, masked->arp_sha[0]);
}

/* An attribute of random bytes. */
static struct nlattr *attr_new(struct kunit *test, size_t len)
{
	struct nlattr *attr = kunit_kzalloc(test, nla_total_size(len), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, attr);
	attr->nla_len = nla_attr_size(len);
	get_random_bytes(nla_data(attr), len);
	return attr;
}

static void ufid(struct kunit *test)
{
	struct netlink_ext_ack extack = {};
	struct mf_ufid one;
	struct mf_ufid two;
	unsigned int len;

	for (len = 0; len <= MF_UFID_MAX + 1; len++) {
		const struct nlattr *attr = attr_new(test, len);
		int err = len && len <= MF_UFID_MAX ? 0 : -EINVAL;

		KUNIT_EXPECT_EQ(test, err, mf_ufid_parse(&one, attr, &extack));
		if (err) {
			KUNIT_EXPECT_PTR_EQ(test, attr, extack.bad_attr);
			continue;
		}
		KUNIT_EXPECT_EQ(test, 0, mf_ufid_parse(&two, attr, &extack));
		KUNIT_EXPECT_EQ(test, 0, memcmp(one.id, nla_data(attr), len));
		KUNIT_EXPECT_TRUE(test, mf_ufid_equal(&one, &two));
		KUNIT_EXPECT_EQ(test, mf_ufid_hash(&one, 7), mf_ufid_hash(&two, 7));
		two.id[len - 1] ^= 1;
		KUNIT_EXPECT_FALSE(test, mf_ufid_equal(&one, &two));
		two.id[len - 1] ^= 1;
		two.len ^= 1;
		KUNIT_EXPECT_FALSE(test, mf_ufid_equal(&one, &two));
	}
	KUNIT_EXPECT_EQ(test, 0, mf_ufid_parse(&one, NULL, &extack));
	KUNIT_EXPECT_EQ(test, 0, one.len);
}

static void ufid_put(struct kunit *test)
{
	struct mf_ufid ufid = { .len = 5, .id = { 1, 2, 3, 4, 5 } };
	struct sk_buff *msg = nlmsg_new(0, GFP_KERNEL);
	const struct nlattr *attr;

	KUNIT_ASSERT_NOT_NULL(test, msg);
	attr = (const struct nlattr *)msg->data;
	KUNIT_EXPECT_EQ(test, 0, mf_ufid_put(msg, OVS_FLOW_ATTR_UFID, &ufid));
	KUNIT_EXPECT_EQ(test, OVS_FLOW_ATTR_UFID, nla_type(attr));
	KUNIT_EXPECT_EQ(test, 5, nla_len(attr));
	KUNIT_EXPECT_EQ(test, 0, memcmp(nla_data(attr), ufid.id, 5));
	skb_put(msg, skb_tailroom(msg));
	KUNIT_EXPECT_EQ(test, -EMSGSIZE, mf_ufid_put(msg, OVS_FLOW_ATTR_UFID, &ufid));
	nlmsg_free(msg);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(layout),
	KUNIT_CASE(need),
	KUNIT_CASE(copy),
	KUNIT_CASE(mask),
	KUNIT_CASE(ufid),
	KUNIT_CASE(ufid_put),
	{}
};

static struct kunit_suite suite = {
	.name = "key_words",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of keys as words and of flow names");
MODULE_LICENSE("GPL");
