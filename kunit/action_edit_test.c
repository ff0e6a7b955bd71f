// SPDX-License-Identifier: GPL-2.0-only
/*
 * Headers put in front of packets and taken off: listings, refusals, bytes.
 */
#include "action_edit.h"

#define MACS	"020000000001 020000000002 "
#define IP	"4500001c 00000000 4011 26cf 0a000001 0a000002 "
#define UDP	"03e8 07d0 0008 0000 "
#define V4	"0800" IP UDP

static const struct edit_row mpls_rows[] = {
	{ 0, "push_mpls(0x64140,0x8847),1", MACS V4, MACS "8847 00064140" IP UDP },
	{ 0, "push_mpls(0x64140,0x8848),1", MACS V4, MACS "8848 00064140" IP UDP },
	{ 0, "push_mpls(0x64140,0x8847),push_mpls(0x65040,0x8847),1", MACS V4,
	  MACS "8847 00065040 00064140" IP UDP },
	{ ETH_P_IP, "push_mpls(0x64140,0x8847),1", IP UDP, "00064140" IP UDP },
	{ 0, "add_mpls(0x64140,0x8847,1),1", MACS V4, MACS "8847 00064140" IP UDP },
	/* In front of the frame, tags and all. */
	{ 0, "add_mpls(0x64140,0x8847,0),1", MACS V4, "00064140" MACS V4 },
	{ 0, "add_mpls(0x64140,0x8847,0),1", MACS "8100 0005" V4, "00064140" MACS "8100 0005" V4 },
	{ 0, "add_mpls(0x64140,0x8847,0),1", MACS "88a8 0006 8100 0005" V4,
	  "00064140" MACS "88a8 0006 8100 0005" V4 },
	{ ETH_P_IP, "add_mpls(0x64140,0x8847,0),1", IP UDP, "00064140" IP UDP },
	/* Off again. */
	{ 0, "pop_mpls(0x0800),1", MACS "8847 00064140" IP UDP, MACS V4 },
	{ 0, "pop_mpls(0x8847),1", MACS "8847 00065040 00064140" IP UDP,
	  MACS "8847 00064140" IP UDP },
	{ 0, "pop_mpls(0x8847),pop_mpls(0x0800),1", MACS "8847 00065040 00064140" IP UDP,
	  MACS V4 },
	{ ETH_P_MPLS_UC, "pop_mpls(0x0800),1", "00064140" IP UDP, IP UDP },
	{ 0, "push_mpls(0x64140,0x8847),pop_mpls(0x0800),1", MACS V4, MACS V4 },
	{ ETH_P_MPLS_UC, "pop_mpls(0x6558),1", "00064140" MACS V4, MACS V4 },
	/* What follows knows where the inner frame's headers are, and its tag. */
	{ ETH_P_MPLS_UC, "pop_mpls(0x6558),pop_vlan,1", "00064140" MACS "8100 0005" V4, MACS V4 },
	{ ETH_P_MPLS_UC, "pop_mpls(0x6558),dst(9),push_vlan(0x8100,0x1007),1",
	  "00064140" MACS "8100 0005" V4,
	  "020000000009 020000000002 8100 0007 8100 0005" V4 },
	{ 0, "add_mpls(0x64140,0x8847,0),pop_mpls(0x6558),1", MACS V4, MACS V4 },
	/* A tag that is left after one is popped lies beside the frame. */
	{ 0, "pop_vlan,push_mpls(0x64140,0x8847),1", MACS "88a8 0006 8100 0005" V4,
	  MACS "8100 0005 8847 00064140" IP UDP },
	/* The outermost entry, whole and in part. */
	{ 0, "mpls(0x00007000,0xfffff000),1", MACS "8847 00065040 00064140" IP UDP,
	  MACS "8847 00007040 00064140" IP UDP },
	{ 0, "attr(3){attr(21)=0000b1ff},1", MACS "8847 00065040 00064140" IP UDP,
	  MACS "8847 0000b1ff 00064140" IP UDP },
	{ 0, "attr(3){attr(21)=0000b1ff},1", MACS "88a8 0006 8100 0005 8847 00064140" IP UDP,
	  MACS "88a8 0006 8100 0005 8847 0000b1ff" IP UDP },
	{ 0, "push_mpls(0x64140,0x8847),mpls(0x03,0xff),1", MACS V4,
	  MACS "8847 00064103" IP UDP },
	/* No place for a label, none there though the type says so. */
	{ 0, "push_mpls(0x64140,0x8847),1", MACS "0024 aaaa03 000000" V4, NULL },
	{ 0, "pop_mpls(0x0800),1", MACS "8847 0006", NULL },
	{ 0, "mpls(1,0xff),1", MACS "8847 0006", NULL },
	{ ETH_P_MPLS_UC, "pop_mpls(0x6558),1", "00064140 0200", NULL },
};

static void mpls_bytes(struct kunit *test)
{
	edit_rows(test, mpls_rows, ARRAY_SIZE(mpls_rows));
}

#define ETH2	"attr(14)=060000000003060000000004"
#define OUTER	"060000000004 060000000003 "
#define MD1	"attr(17){attr(28){attr(1)=003f010300000a05,attr(2)=00112233445566778899aabbccddeeff}}"
#define MD2(bytes) "attr(17){attr(28){attr(1)=023f020300000a05,attr(3)=" bytes "}}"
#define NSH(np)	"0fc601" np "00000a05 00112233445566778899aabbccddeeff "

static const struct edit_row eth_rows[] = {
	{ 0, "pop_eth,1", MACS V4, IP UDP },
	{ ETH_P_IP, ETH2 ",1", IP UDP, OUTER V4 },
	{ 0, "pop_eth," ETH2 ",1", MACS V4, OUTER V4 },
	{ 0, "pop_eth," ETH2 ",push_vlan(0x8100,0x1005),1", MACS V4, OUTER "8100 0005" V4 },
	{ ETH_P_IP, ETH2 ",dst(9),1", IP UDP, "060000000009 060000000003" V4 },
	{ ETH_P_IP, "push_mpls(0x64140,0x8847)," ETH2 ",1", IP UDP,
	  OUTER "8847 00064140" IP UDP },
	{ 0, "add_mpls(0x64140,0x8847,0)," ETH2 ",1", MACS V4, OUTER "8847 00064140" MACS V4 },
	/* More of a link header than Ethernet. */
	{ 0, "pop_eth,1", MACS "0024 aaaa03 000000" V4, NULL },
	{ 0, "pop_vlan,pop_eth,1", MACS "88a8 0006 8100 0005" V4, NULL },
};

static const struct edit_row enclosed_rows[] = {
	{ 0, MD1 ",1", MACS V4, NSH("03") MACS V4 },
	{ ETH_P_IP, MD1 ",1", IP UDP, NSH("01") IP UDP },
	{ ETH_P_MPLS_UC, MD1 ",1", "00064140" IP UDP, NSH("05") "00064140" IP UDP },
	{ 0, MD1 "," MD1 ",1", MACS V4, NSH("04") NSH("03") MACS V4 },
	{ 0, MD1 "," ETH2 ",1", MACS V4, OUTER "894f" NSH("03") MACS V4 },
	{ 0, MD1 ",1", MACS "8100 0005" V4, NSH("03") MACS "8100 0005" V4 },
	{ 0, MD2("01020304") ",1", MACS V4, "2fc30203 00000a05 01020304" MACS V4 },
	/* Padded to whole words, which is what the header can say. */
	{ 0, MD2("0102030405") ",1", MACS V4, "2fc40203 00000a05 01020304 05000000" MACS V4 },
	{ ETH_P_NSH, "pop_nsh,1", NSH("03") MACS V4, MACS V4 },
	{ ETH_P_NSH, "pop_nsh,pop_vlan,1", NSH("03") MACS "8100 0005" V4, MACS V4 },
	{ ETH_P_NSH, "pop_nsh,1", NSH("01") IP UDP, IP UDP },
	{ 0, "pop_eth,pop_nsh,1", OUTER "894f" NSH("03") MACS V4, MACS V4 },
	{ 0, MD1 ",pop_nsh,1", MACS V4, MACS V4 },
	{ 0, MD1 ",pop_nsh," MD1 ",1", MACS V4, NSH("03") MACS V4 },
	{ ETH_P_NSH, "pop_nsh," MD1 ",1", NSH("01") IP UDP, NSH("01") IP UDP },
	/* No frame in it, though it says so. */
	{ ETH_P_NSH, "pop_nsh,1", NSH("03") "0200", NULL },
};

static void eth_bytes(struct kunit *test)
{
	edit_rows(test, eth_rows, ARRAY_SIZE(eth_rows));
}

static void nsh_bytes(struct kunit *test)
{
	edit_rows(test, enclosed_rows, ARRAY_SIZE(enclosed_rows));
}

enum key_kind {
	TCP,
	TAGGED,
	ARP,
	OTHER,
	L3,
	MPLS1,
	MPLS2,
	MPLS_ANY,
	L3_MPLS,
	NSH_FRAME,
	NSH_IP,
	NSH_ODD,
	ETH_NSH,
	L3_OTHER,
};

static const struct mf_key edit_keys[] = {
	[TCP] = { .eth_type = htons(ETH_P_IP), .ip_proto = IPPROTO_TCP, .blocks = 1 },
	[TAGGED] = { .eth_type = htons(ETH_P_IP), .vlan_tci = htons(0x1005), .blocks = 1 },
	[ARP] = { .eth_type = htons(ETH_P_ARP), .blocks = 1 },
	[OTHER] = { .eth_type = htons(0x1234), .blocks = 1 },
	[L3] = { .eth_type = htons(ETH_P_IP), .mac_proto = MF_MAC_NONE, .blocks = 1 },
	[MPLS1] = { .eth_type = htons(ETH_P_MPLS_UC), .mpls_present = 1,
		    .blocks = BIT(MF_BLOCK_BASE) | BIT(MF_BLOCK_MPLS) },
	[MPLS2] = { .eth_type = htons(ETH_P_MPLS_MC), .mpls_present = 3,
		    .blocks = BIT(MF_BLOCK_BASE) | BIT(MF_BLOCK_MPLS) },
	[MPLS_ANY] = { .eth_type = htons(ETH_P_MPLS_UC), .blocks = 1 },
	[L3_MPLS] = { .eth_type = htons(ETH_P_MPLS_UC), .mac_proto = MF_MAC_NONE,
		      .mpls_present = 1, .blocks = BIT(MF_BLOCK_BASE) | BIT(MF_BLOCK_MPLS) },
	[NSH_FRAME] = { .eth_type = htons(ETH_P_NSH), .mac_proto = MF_MAC_NONE, .nsh_np = 3,
			.blocks = BIT(MF_BLOCK_BASE) | BIT(MF_BLOCK_NSH) },
	[NSH_IP] = { .eth_type = htons(ETH_P_NSH), .mac_proto = MF_MAC_NONE, .nsh_np = 1,
		     .blocks = BIT(MF_BLOCK_BASE) | BIT(MF_BLOCK_NSH) },
	[NSH_ODD] = { .eth_type = htons(ETH_P_NSH), .mac_proto = MF_MAC_NONE, .nsh_np = 77,
		      .blocks = BIT(MF_BLOCK_BASE) | BIT(MF_BLOCK_NSH) },
	[ETH_NSH] = { .eth_type = htons(ETH_P_NSH), .nsh_np = 3,
		      .blocks = BIT(MF_BLOCK_BASE) | BIT(MF_BLOCK_NSH) },
	[L3_OTHER] = { .eth_type = htons(0x1234), .mac_proto = MF_MAC_NONE, .blocks = 1 },
};

static const struct listing_row {
	enum key_kind key;
	const char *text;
	const char *listing;
} listing_rows[] = {
	{ TCP, "push_mpls(0x64140,0x8847),1",
	  "   0 push_mpls lse=00064140 type=0x8847\n"
	  "   2 output 1 last\n"
	  "   3 end\n" },
	{ OTHER, "add_mpls(0,0x8847,0),1",
	  "   0 add_mpls lse=00000000 type=0x8847 l2\n"
	  "   2 output 1 last\n"
	  "   3 end\n" },
	{ MPLS1, "pop_mpls(0x0800),recirc(1)",
	  "settle hash\n"
	  "   0 pop_mpls type=0x0800\n"
	  "   1 recirc 0x1 last\n"
	  "   2 end\n" },
	{ MPLS1, "mpls(0x100,0x100),attr(3){attr(21)=01020304},1",
	  "   0 set mpls 00000100/00000100\n"
	  "   2 set mpls 01020304/ffffffff\n"
	  "   4 output 1 last\n"
	  "   5 end\n" },
	{ TCP, "pop_eth," ETH2 ",1",
	  "   0 pop_eth\n"
	  "   1 push_eth src=06:00:00:00:00:03 dst=06:00:00:00:00:04\n"
	  "   4 output 1 last\n"
	  "   5 end\n" },
	{ TCP, MD2("0102030405") ",pop_nsh,1",
	  "   0 push_nsh 2fc4020300000a050102030405000000\n"
	  "   3 pop_nsh\n"
	  "   4 output 1 last\n"
	  "   5 end\n" },
	/* A body that changes the packet has one of its own. */
	{ TCP, "clone{push_mpls(1,0x8847),1},2",
	  "   0 clone copy\n"
	  "   1   push_mpls lse=00000001 type=0x8847\n"
	  "   3   output 1 last\n"
	  "   4   end\n"
	  "   5 output 2 last\n"
	  "   6 end\n" },
	/* ... and the packet outside is as it was. */
	{ TCP, "clone{push_mpls(1,0x8847),1},tcp(80)",
	  "   0 clone copy\n"
	  "   1   push_mpls lse=00000001 type=0x8847\n"
	  "   3   output 1 last\n"
	  "   4   end\n"
	  "   5 set tcp dst=0050/ffff\n"
	  "   7 end\n" },
};

static void listings(struct kunit *test)
{
	char *buf = kunit_kzalloc(test, SZ_4K, GFP_KERNEL);
	const struct listing_row *row;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	for (row = listing_rows; row < listing_rows + ARRAY_SIZE(listing_rows); row++) {
		struct mf_program *prog = edit_compile(test, row->text, &edit_keys[row->key]);

		mf_program_disassemble(prog, buf, SZ_4K);
		KUNIT_EXPECT_STREQ_MSG(test, buf, row->listing, "%s", row->text);
		mf_program_free(prog);
	}
}

/* What compiles, or what it is refused with. */
static const struct refusal_row {
	enum key_kind key;
	const char *text;
	const char *words;
} refusal_rows[] = {
	{ ARP, "push_mpls(0,0x8847),1", NULL },
	{ MPLS2, "push_mpls(0,0x8847),1", NULL },
	{ MPLS2, "pop_mpls(0x8847),pop_mpls(0x0800),1", NULL },
	{ MPLS2, "push_mpls(0,0x8847),pop_mpls(0x8847),pop_mpls(0x8847),pop_mpls(0x0800)", NULL },
	{ L3_MPLS, "pop_mpls(0x6558),push_vlan(0x8100,0x1001),1", NULL },
	{ TAGGED, "pop_vlan,push_mpls(0,0x8847),1", NULL },
	{ TAGGED, "add_mpls(0,0x8847,0),1", NULL },
	{ MPLS_ANY, "mpls(0,0),pop_mpls(0x0800)", NULL },
	{ TCP, "push_mpls(0,0x0800)", "EtherType" },
	{ TCP, "push_mpls(0,0)", "EtherType" },
	{ TCP, "add_mpls(0,0x0800,0)", "EtherType" },
	{ TAGGED, "push_mpls(0,0x8847)", "VLAN" },
	{ TAGGED, "add_mpls(0,0x8847,1)", "VLAN" },
	{ TCP, "push_vlan(0x8100,0x1001),push_mpls(0,0x8847)", "VLAN" },
	{ OTHER, "push_mpls(0,0x8847)", "only in front" },
	{ OTHER, "add_mpls(0,0x8847,1)", "only in front" },
	{ TCP, "attr(9)=000000008847", "wrong length" },
	{ TCP, "attr(9)=0000000088470000ff", "wrong length" },
	{ TCP, "attr(22)=00000000884700", "wrong length" },
	{ MPLS1, "attr(10)=080000", "wrong length" },
	{ TCP, "pop_mpls(0x0800)", "no label" },
	{ MPLS1, "push_vlan(0x8100,0x1001),pop_mpls(0x0800)", "VLAN" },
	{ MPLS1, "pop_mpls(0x6558)", "behind another" },
	/* What is behind the last known label nobody knows. */
	{ MPLS1, "pop_mpls(0x0800),ttl(9)", "no such header" },
	{ MPLS1, "pop_mpls(0x0800),push_mpls(0,0x8847)", "only in front" },
	{ MPLS1, "pop_mpls(0x0800),pop_mpls(0x0800)", "no label" },
	{ MPLS_ANY, "pop_mpls(0x8847),pop_mpls(0x0800)", "no label" },
	{ MPLS2, "pop_mpls(0x8847),pop_mpls(0x8847),pop_mpls(0x0800)", "no label" },
	{ TCP, "push_mpls(0,0x8847),ttl(9)", "no such header" },
	{ TCP, "push_mpls(0,0x8847),tcp(9)", "no such header" },
	{ TCP, "add_mpls(0,0x8847,0),dst(9)", "no such header" },
	{ TCP, "add_mpls(0,0x8847,0),push_vlan(0x8100,0x1001)", "Ethernet" },
	{ TCP, "mpls(0,0)", "no such header" },
	{ MPLS1, "pop_mpls(0x0800),mpls(0,0)", "no such header" },
	{ MPLS1, "mpls(2,1)", "outside the mask" },
	{ TCP, "pop_eth,ttl(9)", NULL },
	{ L3, ETH2 ",dst(1),push_vlan(0x8100,0x1001)", NULL },
	{ NSH_FRAME, "pop_nsh,dst(9),push_vlan(0x8100,0x1001)", NULL },
	{ NSH_IP, "pop_nsh," ETH2, NULL },
	{ ETH_NSH, "pop_eth,pop_nsh", NULL },
	{ TCP, ETH2, "has an Ethernet header" },
	{ L3, "attr(14)=0600000000030600000000", "wrong length" },
	{ L3, "pop_eth", "no Ethernet" },
	{ TCP, "pop_eth,pop_eth", "no Ethernet" },
	{ TCP, "pop_eth,dst(1)", "no such header" },
	{ TAGGED, "pop_eth", "VLAN" },
	{ TCP, "attr(15)=00", "wrong length" },
	{ TCP, "pop_nsh", "no NSH" },
	{ ETH_NSH, "pop_nsh", "in front" },
	{ NSH_ODD, "pop_nsh", "does not know" },
	{ NSH_IP, "pop_nsh,ttl(9)", "no such header" },
	{ NSH_IP, "pop_nsh,pop_nsh", "no NSH" },
	{ TCP, "attr(18)=00", "wrong length" },
	{ TCP, MD1 ",ttl(9)", "no such header" },
	{ TCP, MD1 ",dst(9)", "no such header" },
	{ L3_OTHER, MD1, "enclose" },
	{ TCP, "attr(17)", "required" },
	{ TCP, "attr(17){attr(28)}", "required" },
	{ TCP, "attr(17){attr(28)=0000}", "left over" },
	{ TCP, "attr(17){attr(28){attr(1)=003f010300000a05}}", "context" },
	{ TCP, "attr(17){attr(28){attr(1)=003f0103,attr(2)=00}}", "wrong length" },
	{ TCP, "attr(17){attr(28){attr(1)=003f010300000a05,attr(2)=0011}}", "wrong length" },
	{ TCP, "attr(17){attr(28){attr(1)=003f010300000a05,attr(3)=0011}}", "context" },
	{ TCP, "attr(17){attr(28){attr(1)=003f030300000a05,attr(3)=0011}}", "context" },
	{ TCP, "attr(17){attr(28){attr(1)=003f020300000a05,attr(3)}}", "wrong length" },
	{ TCP, "attr(17){attr(28){attr(1)=003f020300000a05,attr(3)=00,attr(4)=00}}", "unknown" },
	{ TCP, "attr(17){attr(27){attr(1)=003f020300000a05,attr(3)=00}}", "unknown" },
	{ TCP, "attr(17){attr(28)=ffff0100}", "left over" },
	{ MPLS2, "attr(3){attr(21)}", "wrong length" },
	{ MPLS2, "attr(3){attr(21)=0000}", "wrong length" },
	{ MPLS2, "attr(3){attr(21)=0000000000000000}", "wrong length" },
	{ MPLS2, "attr(11){attr(21)=00000000}", "wrong length" },
	{ MPLS2, "attr(11){attr(21)=00000000000000000000000000000000}", "wrong length" },
};

static void refusals(struct kunit *test)
{
	const struct refusal_row *row;

	for (row = refusal_rows; row < refusal_rows + ARRAY_SIZE(refusal_rows); row++) {
		const struct nlattr *actions = text_to_actions(test, row->text);
		struct netlink_ext_ack extack = {};
		struct mf_program *prog;

		prog = mf_program_compile(&init_net, actions, &edit_keys[row->key], &extack);
		KUNIT_EXPECT_EQ_MSG(test, PTR_ERR_OR_ZERO(prog), row->words ? -EINVAL : 0,
				    "%s: %s", row->text, extack._msg);
		if (!IS_ERR(prog))
			mf_program_free(prog);
		else if (row->words && extack._msg)
			KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(extack._msg, row->words), "%s: %s",
						  row->text, extack._msg);
		KUNIT_EXPECT_EQ_MSG(test, !!extack._msg, !!row->words, "%s", row->text);
		KUNIT_EXPECT_EQ_MSG(test, !!extack.bad_attr, !!row->words, "%s", row->text);
	}
}

/* A lookup sees the packet as it is by then. */
static void refreshed(struct kunit *test)
{
	static const struct edit plain = {};
	u8 bytes[EDIT_FRAME_MAX];
	u32 len = edit_hex(test, MACS V4, bytes);

	edit_run(test, "push_mpls(0x64140,0x8847),push_mpls(0x65040,0x8848),mpls(3,0xff),recirc(1)",
		 edit_skb(test, &plain, bytes, len));
	KUNIT_EXPECT_EQ(test, ntohs(edited.key.eth_type), ETH_P_MPLS_MC);
	KUNIT_EXPECT_EQ(test, ntohl(edited.key.mpls_lse[0]), 0x65003u);
	KUNIT_EXPECT_EQ(test, ntohl(edited.key.mpls_lse[1]), 0x64140u);
	KUNIT_EXPECT_EQ(test, edited.key.mpls_present, 3u);
	kfree_skb(edited.out);

	/* Without a lookup in between, the set action keeps the key up to date. */
	len = edit_hex(test, MACS "8847 00064140" IP UDP, bytes);
	edit_run(test, "mpls(3,0xff),recirc(1)", edit_skb(test, &plain, bytes, len));
	KUNIT_EXPECT_EQ(test, ntohl(edited.key.mpls_lse[0]), 0x64103u);
	kfree_skb(edited.out);
	edit_run(test, "pop_mpls(0x0800),recirc(1)", edit_skb(test, &plain, bytes, len));
	KUNIT_EXPECT_EQ(test, ntohs(edited.key.eth_type), ETH_P_IP);
	KUNIT_EXPECT_EQ(test, ntohs(edited.key.tp_dst), 2000);
	kfree_skb(edited.out);
}

static int edit_init(struct kunit_suite *suite)
{
	static const struct mf_key key = { .blocks = 1 };
	u8 output[12] = { 12, 0, OVS_FLOW_ATTR_ACTIONS, 0, 8, 0, OVS_ACTION_ATTR_OUTPUT, 0, 9 };

	edit_next = mf_program_compile(&init_net, (struct nlattr *)output, &key, NULL);
	if (IS_ERR(edit_next))
		return PTR_ERR(edit_next);
	return mf_action_init();
}

static void edit_exit(struct kunit_suite *suite)
{
	mf_program_free(edit_next);
	mf_action_exit();
}

static struct kunit_case cases[] = {
	KUNIT_CASE(listings),
	KUNIT_CASE(refusals),
	KUNIT_CASE(mpls_bytes),
	KUNIT_CASE(eth_bytes),
	KUNIT_CASE(nsh_bytes),
	KUNIT_CASE(refreshed),
	{}
};

static struct kunit_suite suite = {
	.name = "action_edit",
	.suite_init = edit_init,
	.suite_exit = edit_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("Tests of putting headers on packets and taking them off");
MODULE_LICENSE("GPL");
