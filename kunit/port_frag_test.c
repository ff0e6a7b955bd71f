// SPDX-License-Identifier: GPL-2.0-only
/*
 * Out by a port in pieces: what is in front of each, and what is refused. The
 * kernel's own fragmentation does the cutting.
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <net/dst_metadata.h>

#include "../datapath/port/frag.c"

#define PAYLOAD 3000
#define PIECES_MAX 64

/* What came of the last packet. */
static struct {
	struct sk_buff *piece[PIECES_MAX];
	unsigned int n;
	enum mf_drop reason;
	unsigned int counted;
} seen;

static struct mf_port port;

void mf_drop(struct mf_dp *dp, struct sk_buff *skb, enum mf_drop reason)
{
	seen.reason = reason;
	kfree_skb(skb);
}

void mf_drop_count(struct mf_dp *dp, enum mf_drop reason)
{
	seen.reason = reason;
	seen.counted++;
}

static void keep(struct mf_port *to, struct sk_buff *skb, u8 mac_proto)
{
	if (to == &port && mac_proto == 7 && seen.n < PIECES_MAX)
		seen.piece[seen.n++] = skb;
	else
		kfree_skb(skb);
}

static void forget(void)
{
	while (seen.n)
		kfree_skb(seen.piece[--seen.n]);
	memset(&seen, 0, sizeof(seen));
}

/**
 * struct row - one packet
 * @name: of the case
 * @l2_len: bytes in front of the IP header; their content does not matter
 * @labels: bytes of these that are labels
 * @protocol: skb->protocol
 * @inner: skb->inner_protocol, for labels
 * @ipv6: which IP it is
 * @mru: size of the fragments asked for
 * @version: IP version in the header, if it is to be wrong
 * @pieces: fragments that come out
 * @reason: why none does
 */
struct row {
	const char *name;
	u8 l2_len;
	u8 labels;
	u16 protocol;
	u16 inner;
	bool ipv6;
	u16 mru;
	u8 version;
	u8 pieces;
	enum mf_drop reason;
};

/* 3,000 bytes are 3 of 1,200 and 20 bytes; the 8 of a fragment header make no difference. */
static const struct row rows[] = {
	{ .name = "IPv4", .l2_len = 14, .protocol = ETH_P_IP, .mru = 1220, .pieces = 3 },
	{ .name = "IPv6", .l2_len = 14, .protocol = ETH_P_IPV6, .ipv6 = true, .mru = 1300,
	  .pieces = 3 },
	{ .name = "no link header", .protocol = ETH_P_IP, .mru = 1220, .pieces = 3 },
	{ .name = "802.2", .l2_len = 22, .protocol = ETH_P_IP, .mru = 1220, .pieces = 3 },
	{ .name = "one label", .l2_len = 18, .labels = 4, .protocol = ETH_P_MPLS_UC,
	  .inner = ETH_P_IP, .mru = 1220, .pieces = 3 },
	{ .name = "four labels", .l2_len = 30, .labels = 16, .protocol = ETH_P_MPLS_MC,
	  .inner = ETH_P_IPV6, .ipv6 = true, .mru = 1300, .pieces = 3 },
	{ .name = "five labels", .l2_len = 34, .labels = 20, .protocol = ETH_P_MPLS_UC,
	  .inner = ETH_P_IP, .mru = 1220, .reason = MF_DROP_FRAG_L2_TOO_LONG },
	{ .name = "labels in front of nobody knows what", .l2_len = 18, .labels = 4,
	  .protocol = ETH_P_MPLS_UC, .mru = 1220, .reason = MF_DROP_FRAG_INVALID_PROTO },
	{ .name = "ARP", .l2_len = 14, .protocol = ETH_P_ARP, .mru = 1220,
	  .reason = MF_DROP_FRAG_INVALID_PROTO },
	{ .name = "not the IP it says", .l2_len = 14, .protocol = ETH_P_IP, .mru = 1220,
	  .version = 6, .reason = MF_DROP_BAD_HEADER },
	{ .name = "not the IPv6 it says", .l2_len = 14, .protocol = ETH_P_IPV6, .ipv6 = true,
	  .mru = 1300, .version = 4, .reason = MF_DROP_BAD_HEADER },
	{ .name = "smallest", .l2_len = 14, .protocol = ETH_P_IP, .mru = 20 + 56, .pieces = 54 },
	{ .name = "header and seven bytes", .l2_len = 14, .protocol = ETH_P_IP, .mru = 27,
	  .reason = MF_DROP_PKT_TOO_BIG },
	{ .name = "IPv6 in smaller ones than any link needs", .l2_len = 14,
	  .protocol = ETH_P_IPV6, .ipv6 = true, .mru = 100, .pieces = 3 },
};

static void put_ipv4(struct sk_buff *skb, u8 version)
{
	struct iphdr *ip = skb_put_zero(skb, sizeof(*ip));

	ip->version = version ?: 4;
	ip->ihl = 5;
	ip->tot_len = htons(sizeof(*ip) + PAYLOAD);
	ip->protocol = IPPROTO_UDP;
}

static void put_ipv6(struct sk_buff *skb, u8 version)
{
	struct ipv6hdr *ip = skb_put_zero(skb, sizeof(*ip));

	ip->version = version ?: 6;
	ip->payload_len = htons(PAYLOAD);
	ip->nexthdr = IPPROTO_UDP;
	ip->daddr.s6_addr[15] = 1;
}

static struct sk_buff *packet(struct kunit *test, const struct row *row)
{
	struct sk_buff *skb = alloc_skb(64 + row->l2_len + 40 + PAYLOAD, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 64);
	skb_reset_mac_header(skb);
	for (i = 0; i < row->l2_len; i++)
		skb_put_u8(skb, 0x40 + i);
	skb_set_network_header(skb, row->l2_len - row->labels);
	skb_set_inner_network_header(skb, row->l2_len);
	skb_reset_mac_len(skb);
	if (row->ipv6)
		put_ipv6(skb, row->version);
	else
		put_ipv4(skb, row->version);
	for (i = 0; i < PAYLOAD; i++)
		skb_put_u8(skb, i * 7);
	skb->protocol = htons(row->protocol);
	skb->inner_protocol = htons(row->inner);
	skb->dev = port.dev;
	*mf_cb(skb) = (struct mf_cb){ .in = &port, .lookups = 5, .mru = row->mru };
	return skb;
}

static void send(struct sk_buff *skb)
{
	local_bh_disable();
	rcu_read_lock();
	mf_frag_send(&port, skb, 7, keep);
	rcu_read_unlock();
	local_bh_enable();
}

static void check_piece(struct kunit *test, const struct row *row, const struct sk_buff *skb)
{
	unsigned int headers = row->l2_len + (row->ipv6 ? 48 : 20);
	unsigned int largest = row->ipv6 ? max_t(u16, row->mru, IPV6_MIN_MTU) : row->mru;
	unsigned int i;

	for (i = 0; i < row->l2_len; i++)
		KUNIT_EXPECT_EQ_MSG(test, skb->data[i], 0x40 + i, "%s: byte %u", row->name, i);
	KUNIT_EXPECT_GT_MSG(test, skb->len, headers, "%s", row->name);
	KUNIT_EXPECT_LE_MSG(test, skb->len, row->l2_len + largest, "%s", row->name);
	KUNIT_EXPECT_EQ_MSG(test, skb_mac_offset(skb), 0, "%s", row->name);
	KUNIT_EXPECT_EQ_MSG(test, skb_network_offset(skb), row->l2_len - row->labels, "%s",
			    row->name);
	KUNIT_EXPECT_EQ_MSG(test, skb->mac_len, row->l2_len - row->labels, "%s", row->name);
	KUNIT_EXPECT_EQ_MSG(test, skb->protocol, htons(row->protocol), "%s", row->name);
	KUNIT_EXPECT_NULL_MSG(test, skb_dst(skb), "%s", row->name);
	KUNIT_EXPECT_EQ_MSG(test, mf_cb(skb)->mru, 0, "%s", row->name);
	KUNIT_EXPECT_EQ_MSG(test, mf_cb(skb)->lookups, 5, "%s", row->name);
	KUNIT_EXPECT_PTR_EQ_MSG(test, mf_cb(skb)->in, &port, "%s", row->name);
}

/* The payload of all pieces, one behind the other, is the packet's. */
static void check_payload(struct kunit *test, const struct row *row)
{
	unsigned int headers = row->l2_len + (row->ipv6 ? 48 : 20);
	unsigned int at = 0;
	unsigned int i, k;

	for (i = 0; i < seen.n; i++) {
		KUNIT_ASSERT_EQ(test, skb_linearize(seen.piece[i]), 0);
		for (k = headers; k < seen.piece[i]->len; k++, at++)
			if (seen.piece[i]->data[k] != (u8)(at * 7))
				break;
	}
	KUNIT_EXPECT_EQ_MSG(test, at, PAYLOAD, "%s", row->name);
}

static void frag_rows(struct kunit *test)
{
	const struct row *row;
	unsigned int i;

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		send(packet(test, row));
		KUNIT_EXPECT_EQ_MSG(test, seen.n, row->pieces, "%s", row->name);
		KUNIT_EXPECT_EQ_MSG(test, seen.reason, row->reason, "%s", row->name);
		for (i = 0; i < seen.n; i++)
			check_piece(test, row, seen.piece[i]);
		if (row->pieces)
			check_payload(test, row);
		forget();
	}
}

/* Each piece has the tag, and none has one that the packet did not have. */
static void frag_tag(struct kunit *test)
{
	struct sk_buff *skb = packet(test, &rows[0]);
	unsigned int i;

	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021AD), 0x123);
	send(skb);
	KUNIT_EXPECT_EQ(test, seen.n, 3);
	for (i = 0; i < seen.n; i++) {
		KUNIT_EXPECT_TRUE(test, skb_vlan_tag_present(seen.piece[i]));
		KUNIT_EXPECT_EQ(test, skb_vlan_tag_get(seen.piece[i]), 0x123);
		KUNIT_EXPECT_EQ(test, seen.piece[i]->vlan_proto, htons(ETH_P_8021AD));
	}
	forget();
}

/* Each piece goes where the packet went, and lets go of it afterwards. */
static void frag_route(struct kunit *test)
{
	struct metadata_dst *md = metadata_dst_alloc(0, METADATA_IP_TUNNEL, GFP_KERNEL);
	struct sk_buff *skb = packet(test, &rows[0]);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, md);
	dst_hold(&md->dst);
	skb_dst_set(skb, &md->dst);
	send(skb);
	KUNIT_EXPECT_EQ(test, seen.n, 3);
	for (i = 0; i < seen.n; i++)
		KUNIT_EXPECT_PTR_EQ(test, skb_dst(seen.piece[i]), &md->dst);
	forget();
	KUNIT_EXPECT_EQ(test, rcuref_read(&md->dst.__rcuref), 1);
	dst_release(&md->dst);
}

/* What others hold of the packet stays as it is. */
static void frag_clone(struct kunit *test)
{
	struct sk_buff *skb = packet(test, &rows[0]);
	struct sk_buff *clone = skb_clone(skb, GFP_KERNEL);
	u8 before[64];

	KUNIT_ASSERT_NOT_NULL(test, clone);
	memcpy(before, clone->data, sizeof(before));
	send(skb);
	KUNIT_EXPECT_EQ(test, seen.n, 3);
	forget();
	KUNIT_EXPECT_EQ(test, memcmp(before, clone->data, sizeof(before)), 0);
	kfree_skb(clone);
}

static int frag_init(struct kunit *test)
{
	struct net_device *dev = alloc_etherdev(0);
	struct mf_dp *dp = kunit_kzalloc(test, sizeof(*dp), GFP_KERNEL);

	if (!dev || !dp) {
		if (dev)
			free_netdev(dev);
		return -ENOMEM;
	}
	dp->net = &init_net;
	port.dev = dev;
	port.dp = dp;
	return 0;
}

static void frag_exit(struct kunit *test)
{
	free_netdev(port.dev);
}

static struct kunit_case frag_cases[] = {
	KUNIT_CASE(frag_rows),
	KUNIT_CASE(frag_tag),
	KUNIT_CASE(frag_route),
	KUNIT_CASE(frag_clone),
	{}
};

static struct kunit_suite frag_suite = {
	.name = "port_frag",
	.init = frag_init,
	.exit = frag_exit,
	.test_cases = frag_cases,
};

kunit_test_suite(frag_suite);

MODULE_DESCRIPTION("Unit tests of fragmentation on output");
MODULE_LICENSE("GPL");
