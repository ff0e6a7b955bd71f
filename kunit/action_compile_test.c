// SPDX-License-Identifier: GPL-2.0-only
/*
 * The compiler: text in, listing out; every refusal with its words.
 */
#include "../datapath/action/compile.c"
#include "../datapath/action/compile_body.c"
#include "../datapath/action/compile_encap.c"
#include "../datapath/action/compile_nsh.c"
#include "../datapath/action/compile_set.c"
#include "../datapath/action/compile_psample.c"
#include "../datapath/action/compile_tunnel.c"
#include "../datapath/action/compile_userspace.c"
#include "../datapath/action/disasm.c"
#include "../datapath/action/program.c"
#include "../datapath/key/field.c"
#include "../datapath/key/key.c"
#include "../datapath/key/tunnel.c"

#include "action_text.h"

/* Connections are beyond the unit. */
int mf_compile_ct(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	return mf_compile_refuse(c, attr, -EOPNOTSUPP, "ct: not here");
}

enum key_kind {
	TCP,
	UDP6,
	ANY_IP,
	LATER,
	ARP,
	L3_ONLY,
};

static const struct mf_key keys[] = {
	[TCP] = { .eth_type = htons(ETH_P_IP), .ip_proto = IPPROTO_TCP, .blocks = 1 },
	[UDP6] = { .eth_type = htons(ETH_P_IPV6), .ip_proto = IPPROTO_UDP, .blocks = 1 },
	[ANY_IP] = { .eth_type = htons(ETH_P_IP), .blocks = 1 },
	[LATER] = { .eth_type = htons(ETH_P_IP), .ip_proto = IPPROTO_TCP,
		    .ip_frag = OVS_FRAG_TYPE_LATER, .blocks = 1 },
	[ARP] = { .eth_type = htons(ETH_P_ARP), .blocks = 1 },
	[L3_ONLY] = { .eth_type = htons(ETH_P_IP), .ip_proto = IPPROTO_TCP,
		      .mac_proto = MF_MAC_NONE, .blocks = 1 },
};

static bool no_psample;

int mf_psample_get(void)
{
	return no_psample ? -EOPNOTSUPP : 0;
}

/* SET of TUNNEL, and the least that must be in it. */
#define TUNNEL(attrs)	"attr(3){attr(16){" attrs "}}"
#define TO		"attr(2)=0a000002,attr(4)=40,"
#define ID7		"attr(0)=0000000000000007,"
#define PORTS		"attr(9)=1000,attr(10)=12b5,"

static const struct listing_row {
	const char *text;
	const char *listing;
} listing_rows[] = {
	{ "",
	  "   0 end\n" },
	{ "1,2,3",
	  "   0 output 1\n"
	  "   1 output 2\n"
	  "   2 output 3 last\n"
	  "   3 end\n" },
	{ "65534",
	  "   0 output 65534 last\n"
	  "   1 end\n" },
	{ "1,user(7)",
	  "   0 output 1\n"
	  "   1 userspace pid=7\n"
	  "   4 end\n" },
	{ "user(4294967295,3),1",
	  "   0 userspace pid=4294967295 userdata[3]=000102\n"
	  "   3 output 1 last\n"
	  "   4 end\n" },
	{ "attr(2){attr(4),attr(3)=05000000,attr(1)=07000000,attr(2)}",
	  "   0 userspace pid=7 userdata[0]= tunnel_out_port=5 actions\n"
	  "   3 end\n" },
	{ "trunc(14),1",
	  "   0 trunc 14\n"
	  "   1 output 1 last\n"
	  "   2 end\n" },
	{ "drop(0)",
	  "   0 drop 0 last\n"
	  "   1 end\n" },
	{ "1,drop(42)",
	  "   0 output 1\n"
	  "   1 drop 42 last\n"
	  "   2 end\n" },
	{ "recirc(5),1",
	  "   0 recirc 0x5\n"
	  "   1 output 1 last\n"
	  "   2 end\n" },
	/* 32793 is 25 marked as nested. It is no change, so a body with it runs in place. */
	{ "clone{attr(32793){attr(1)=05000000,attr(2)=0102}},attr(32793){attr(1)=ffffffff}",
	  "   0 clone\n"
	  "   1   psample group=5 cookie[2]=0102\n"
	  "   5   end\n"
	  "   6 psample group=4294967295 cookie[0]=\n"
	  "  10 end\n" },
	/* A tunnel: what the device reads is put together at compile time. */
	{ TUNNEL(ID7 TO PORTS "attr(1)=0a000001,attr(3)=04,attr(5),attr(6),attr(7)") ",1",
	  "   0 set_tunnel id=0x7 10.0.0.1>10.0.0.2 tos=4 ttl=64 ports=4096>4789 flags=0x305 opts[0]=\n"
	  "   5 output 1 last\n"
	  "   6 end\n" },
	{ TUNNEL("attr(13)=fc000000000000000000000000000002,attr(4)=40"),
	  "   0 set_tunnel id=0x0 ::>fc00::2 tos=0 ttl=64 ports=0>0 flags=0x0 opts[0]=\n"
	  "   5 end\n" },
	{ TUNNEL(TO "attr(8)=0001000000020201aabbccdd"),
	  "   0 set_tunnel id=0x0 0.0.0.0>10.0.0.2 tos=0 ttl=64 ports=0>0 flags=0x800 opts[12]=0001000000020201aabbccdd\n"
	  "   5 end\n" },
	/* An option whose type has its highest bit set is critical, and the packet says so. */
	{ TUNNEL(TO "attr(8)=00018000"),
	  "   0 set_tunnel id=0x0 0.0.0.0>10.0.0.2 tos=0 ttl=64 ports=0>0 flags=0xc00 opts[4]=00018000\n"
	  "   5 end\n" },
	{ TUNNEL(TO "attr(11){attr(1)=03000000}"),
	  "   0 set_tunnel id=0x0 0.0.0.0>10.0.0.2 tos=0 ttl=64 ports=0>0 flags=0x1000 opts[4]=03000000\n"
	  "   5 end\n" },
	{ TUNNEL(TO "attr(15)=010000000700000000000000"),
	  "   0 set_tunnel id=0x0 0.0.0.0>10.0.0.2 tos=0 ttl=64 ports=0>0 flags=0x4000 opts[12]=010000000700000000000000\n"
	  "   5 end\n" },
	{ TUNNEL("attr(0)=0000000000000007,attr(16)"),
	  "   0 set_tunnel id=0x7 0.0.0.0>0.0.0.0 tos=0 ttl=0 ports=0>0 flags=0x4 opts[0]=\n"
	  "   5 end\n" },
	{ "1,meter(7),2",
	  "   0 output 1\n"
	  "   1 meter 7\n"
	  "   2 output 2 last\n"
	  "   3 end\n" },
	{ "clone{meter(4294967295)},1",
	  "   0 clone copy\n"
	  "   1   meter 4294967295\n"
	  "   2   end\n"
	  "   3 output 1 last\n"
	  "   4 end\n" },
	{ "push_vlan(0x8100,0x1005),pop_vlan,1",
	  "   0 push_vlan tpid=0x8100 tci=0x1005\n"
	  "   1 pop_vlan\n"
	  "   2 output 1 last\n"
	  "   3 end\n" },
	{ "mark(5),mark(0x10,0xf0),1",
	  "   0 set skb_mark 05000000/ffffffff\n"
	  "   2 set skb_mark 10000000/f0000000\n"
	  "   4 output 1 last\n"
	  "   5 end\n" },
	{ "ttl(9),dst(2),tcp(80),1",
	  "   0 set ipv4 ttl=09/ff\n"
	  "   4 set eth dst=000000000002/0000000000ff\n"
	  "   8 set tcp dst=0050/ffff\n"
	  "  10 output 1 last\n"
	  "  11 end\n" },
	/* SET of all of IPv4: proto and frag are as in the key, and not in the mask. */
	{ "attr(3){attr(7)=0a0000010a00000206014000}",
	  "   0 set ipv4 src=0a000001/ffffffff dst=0a000002/ffffffff tos=01/ff ttl=40/ff\n"
	  "   4 end\n" },
	/* The key is read at the byte order of the wire: PRIORITY is the host's. */
	{ "attr(3){attr(2)=01000000}",
	  "   0 set skb_priority 01000000/ffffffff\n"
	  "   2 end\n" },
	/* A hash before any change needs no settling; after one it does. */
	{ "hash(0,7),recirc(1)",
	  "   0 hash alg=0 basis=7\n"
	  "   2 recirc 0x1 last\n"
	  "   3 end\n" },
	{ "pop_vlan,hash(1,7),recirc(1)",
	  "settle hash\n"
	  "   0 pop_vlan\n"
	  "   1 hash alg=1 basis=7\n"
	  "   3 recirc 0x1 last\n"
	  "   4 end\n" },
	{ "clone{pop_vlan,1},user(1)",
	  "   0 clone copy\n"
	  "   1   pop_vlan\n"
	  "   2   output 1 last\n"
	  "   3   end\n"
	  "   4 userspace pid=1\n"
	  "   7 end\n" },
	{ "dst(1),sample(9){user(1)}",
	  "settle hash\n"
	  "   0 set eth dst=000000000001/0000000000ff\n"
	  "   4 sample 0x9 last\n"
	  "   5   userspace pid=1\n"
	  "   8   end\n"
	  "   9 end\n" },
	/* A last body owns the packet whatever it does. */
	{ "sample(4294967295){mark(1),1}",
	  "   0 sample 0xffffffff last\n"
	  "   1   set skb_mark 01000000/ffffffff\n"
	  "   3   output 1 last\n"
	  "   4   end\n"
	  "   5 end\n" },
	/* One that is not last and changes nothing runs in place and owns nothing. */
	{ "clone{1,2},3",
	  "   0 clone\n"
	  "   1   output 1\n"
	  "   2   output 2\n"
	  "   3   end\n"
	  "   4 output 3 last\n"
	  "   5 end\n" },
	{ "clone{1,sample(5){recirc(1)}},3",
	  "   0 clone\n"
	  "   1   output 1\n"
	  "   2   sample 0x5\n"
	  "   3     recirc 0x1\n"
	  "   4     end\n"
	  "   5   end\n"
	  "   6 output 3 last\n"
	  "   7 end\n" },
	/* Branches are bodies like others, two to an action. */
	{ "attr(21){attr(1)=6400,attr(2){1},attr(3){2}}",
	  "   0 check_pkt_len 100 last\n"
	  "   1   branch last\n"
	  "   2     output 1 last\n"
	  "   3     end\n"
	  "   4   branch last\n"
	  "   5     output 2 last\n"
	  "   6     end\n"
	  "   7   end\n"
	  "   8 end\n" },
	{ "clone{attr(21){attr(1)=6400,attr(3){1,2},attr(2){}}},3",
	  "   0 clone\n"
	  "   1   check_pkt_len 100\n"
	  "   2     branch\n"
	  "   3       end\n"
	  "   4     branch\n"
	  "   5       output 1\n"
	  "   6       output 2\n"
	  "   7       end\n"
	  "   8     end\n"
	  "   9   end\n"
	  "  10 output 3 last\n"
	  "  11 end\n" },
	{ "attr(21){attr(1)=6400,attr(2){mark(1)},attr(3){2}},3",
	  "   0 check_pkt_len 100\n"
	  "   1   branch copy\n"
	  "   2     set skb_mark 01000000/ffffffff\n"
	  "   4     end\n"
	  "   5   branch\n"
	  "   6     output 2\n"
	  "   7     end\n"
	  "   8   end\n"
	  "   9 output 3 last\n"
	  "  10 end\n" },
	/* A packet whose time has run out does not come back from its body. */
	{ "attr(23){attr(1){1}},2",
	  "   0 dec_ttl\n"
	  "   1   output 1 last\n"
	  "   2   end\n"
	  "   3 output 2 last\n"
	  "   4 end\n" },
	/* One that changes something gets a copy, and owns that. */
	{ "clone{mark(1),2},3",
	  "   0 clone copy\n"
	  "   1   set skb_mark 01000000/ffffffff\n"
	  "   3   output 2 last\n"
	  "   4   end\n"
	  "   5 output 3 last\n"
	  "   6 end\n" },
	/* What ends a packet needs one of its own to end. */
	{ "clone{drop(1)},3",
	  "   0 clone copy\n"
	  "   1   drop 1 last\n"
	  "   2   end\n"
	  "   3 output 3 last\n"
	  "   4 end\n" },
	/* An inner copy leaves the outer packet alone; an inner last does not. */
	{ "clone{clone{mark(1),2},3},4",
	  "   0 clone\n"
	  "   1   clone copy\n"
	  "   2     set skb_mark 01000000/ffffffff\n"
	  "   4     output 2 last\n"
	  "   5     end\n"
	  "   6   output 3\n"
	  "   7   end\n"
	  "   8 output 4 last\n"
	  "   9 end\n" },
	{ "clone{3,clone{mark(1),2}},4",
	  "   0 clone copy\n"
	  "   1   output 3\n"
	  "   2   clone last\n"
	  "   3     set skb_mark 01000000/ffffffff\n"
	  "   5     output 2 last\n"
	  "   6     end\n"
	  "   7   end\n"
	  "   8 output 4 last\n"
	  "   9 end\n" },
	{ "clone{},1",
	  "   0 clone\n"
	  "   1   end\n"
	  "   2 output 1 last\n"
	  "   3 end\n" },
};

static char *disassemble(struct kunit *test, const struct mf_program *prog)
{
	char *buf = kunit_kzalloc(test, SZ_4K, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	mf_program_disassemble(prog, buf, SZ_4K);
	return buf;
}

/* A dump is the list that was given, byte by byte. */
static void expect_dump(struct kunit *test, const struct mf_program *prog,
			const struct nlattr *actions)
{
	struct sk_buff *msg = alloc_skb(mf_program_attr_size(prog), GFP_KERNEL);
	const struct nlattr *dump;

	KUNIT_ASSERT_NOT_NULL(test, msg);
	KUNIT_EXPECT_EQ(test, mf_program_put(msg, OVS_FLOW_ATTR_ACTIONS, prog), 0);
	dump = (const struct nlattr *)msg->data;
	KUNIT_EXPECT_EQ(test, dump->nla_type, OVS_FLOW_ATTR_ACTIONS);
	KUNIT_ASSERT_EQ(test, dump->nla_len, actions->nla_len);
	KUNIT_EXPECT_EQ(test, memcmp(nla_data(dump), nla_data(actions), nla_len(actions)), 0);
	skb_put(msg, skb_tailroom(msg));
	KUNIT_EXPECT_EQ(test, mf_program_put(msg, OVS_FLOW_ATTR_ACTIONS, prog), -EMSGSIZE);
	kfree_skb(msg);
}

static void listings(struct kunit *test)
{
	const struct listing_row *row;

	for (row = listing_rows; row < listing_rows + ARRAY_SIZE(listing_rows); row++) {
		const struct nlattr *actions = text_to_actions(test, row->text);
		struct netlink_ext_ack extack = {};
		struct mf_program *prog;

		prog = mf_program_compile(&init_net, actions, &keys[TCP], &extack);
		KUNIT_EXPECT_FALSE_MSG(test, IS_ERR(prog), "%s: %s", row->text, extack._msg);
		if (IS_ERR(prog))
			continue;
		KUNIT_EXPECT_STREQ(test, disassemble(test, prog), row->listing);
		expect_dump(test, prog, actions);
		mf_program_free(prog);
	}
}

static const struct refusal_row {
	enum key_kind key;
	const char *text;
	const char *words;
} refusal_rows[] = {
	{ TCP, "attr(0)", "unknown action" },
	{ TCP, "attr(26)", "unknown action" },
	{ TCP, "attr(16383)", "unknown action" },
	{ TCP, "clone{attr(26)}", "unknown action" },
	{ TCP, "1,bytes=0000", "left over" },
	{ TCP, "1,bytes=08000100", "left over" },
	{ TCP, "bytes=03000100", "left over" },
	{ TCP, "clone{bytes=000000}", "left over" },
	{ TCP, "attr(1)=000000", "wrong length" },
	{ TCP, "attr(1)=0000000000", "wrong length" },
	{ TCP, "attr(1)=ffff0000", "output: port" },
	{ TCP, "4294967295", "output: port" },
	{ TCP, "drop(0),2", "nothing may follow" },
	{ TCP, "clone{drop(0),drop(0)}", "nothing may follow" },
	{ TCP, "attr(24)=00", "wrong length" },
	{ TCP, "attr(25){attr(1)=05000000}", "marked as nested" },
	{ TCP, "attr(32793)", "required" },
	{ TCP, "attr(32793){attr(2)=0102}", "required" },
	{ TCP, "attr(32793){attr(1)=0500}", "wrong length" },
	{ TCP, "attr(32793){attr(1)=05000000,attr(2)}", "wrong length" },
	{ TCP, "attr(32793){attr(1)=05000000,attr(3)=00}", "unknown attribute" },
	{ TCP, TUNNEL(""), "no address" },
	{ TCP, TUNNEL("attr(2)=0a000002"), "no TTL" },
	{ TCP, TUNNEL("attr(2)=00000000,attr(4)=40"), "no destination" },
	{ TCP, TUNNEL("attr(13)=00000000000000000000000000000000,attr(4)=40"), "no destination" },
	{ TCP, TUNNEL(TO "attr(13)=fc000000000000000000000000000002"), "mixed" },
	{ TCP, TUNNEL(TO "attr(17)=00"), "unknown attribute" },
	{ TCP, TUNNEL(TO "attr(3)=0000"), "wrong length" },
	{ TCP, TUNNEL(TO "attr(4)=40"), "twice" },
	{ TCP, TUNNEL(TO "attr(8)=0001000000"), "multiple of 4" },
	{ TCP, TUNNEL(TO "attr(8)=0001000200000000"), "longer than what is left" },
	{ TCP, TUNNEL(TO "attr(8)=0001001f"), "longer than what is left" },
	{ TCP, TUNNEL(TO "attr(8)=0001000000020001"), "longer than what is left" },
	{ TCP, TUNNEL(TO "attr(8)=00010000,attr(11){attr(1)=03000000}"), "more than one kind" },
	{ TCP, TUNNEL(TO "attr(15)=01000000"), "wrong length" },
	{ TCP, TUNNEL(TO "attr(6),attr(16)"), "an id only" },
	{ TCP, "attr(11){attr(16){" TO "}}", "cannot be set" },
	{ TCP, "attr(3){attr(16){" TO "},attr(16)}", "exactly one" },
	{ TCP, "trunc(13)", "trunc" },
	{ TCP, "trunc(1),1", "trunc" },
	{ TCP, "attr(13)=ff", "wrong length" },
	{ TCP, "attr(7)=0000", "wrong length" },
	{ TCP, "hash(2,0)", "hash: unknown" },
	{ TCP, "attr(8)=00000000", "wrong length" },
	{ TCP, "push_vlan(0x8101,0x1001)", "TPID" },
	{ TCP, "push_vlan(0x88a8,0x0001)", "TCI" },
	{ TCP, "attr(4)=8100", "wrong length" },
	{ TCP, "attr(5)=00", "wrong length" },
	{ L3_ONLY, "push_vlan(0x8100,0x1001)", "Ethernet" },
	{ L3_ONLY, "pop_vlan", "Ethernet" },
	/* Nests */
	{ TCP, "attr(6)", "required" },
	{ TCP, "attr(6){attr(1)=00000000}", "required" },
	{ TCP, "attr(6){attr(2)}", "required" },
	{ TCP, "attr(6){attr(1)=00000000,attr(2),attr(2)}", "twice" },
	{ TCP, "attr(6){attr(1)=00000000,attr(1)=00000000,attr(2)}", "twice" },
	{ TCP, "attr(6){attr(1)=00000000,attr(2),attr(3)}", "unknown attribute" },
	{ TCP, "attr(6){attr(1)=00000000,attr(2),attr(0)}", "unknown attribute" },
	{ TCP, "attr(6){attr(1)=0000,attr(2)}", "wrong length" },
	{ TCP, "attr(6){attr(1)=00000000,attr(2),bytes=00}", "left over" },
	{ TCP, "attr(2)", "required" },
	{ TCP, "attr(2){attr(2)=00}", "required" },
	{ TCP, "user(0)", "must not be 0" },
	{ TCP, "attr(2){attr(1)=01000000,attr(5)}", "unknown attribute" },
	{ TCP, "attr(2){attr(1)=01000000,attr(16000)}", "unknown attribute" },
	{ TCP, "attr(2){attr(1)=0100000000}", "wrong length" },
	{ TCP, "attr(2){attr(1)=01000000,attr(3)=0000}", "wrong length" },
	{ TCP, "attr(2){attr(1)=01000000,attr(4)=00}", "wrong length" },
	/* One attribute cut short after a sound one. */
	{ TCP, "attr(2){attr(1)=01000000,bytes=0c0002000000}", "left over" },
	/* SET and SET_MASKED: the inner attribute must fill the outer exactly. */
	{ TCP, "attr(3)", "exactly one" },
	{ TCP, "attr(3)=0000", "exactly one" },
	{ TCP, "attr(3)=03000f00", "exactly one" },
	{ TCP, "attr(3)=0c000f0000000000", "exactly one" },
	{ TCP, "attr(3)=ffff0f0000000000", "exactly one" },
	{ TCP, "attr(3){attr(15)=00000000,bytes=00}", "exactly one" },
	{ TCP, "attr(3){attr(15)=00000000,attr(15)=00000000}", "exactly one" },
	{ TCP, "attr(3){attr(15)=000000}", "wrong length" },
	{ TCP, "attr(3){attr(15)=0000000000000000}", "wrong length" },
	{ TCP, "attr(11){attr(15)=00000000}", "wrong length" },
	{ TCP, "attr(11){attr(15)=000000000000000000000000}", "wrong length" },
	{ TCP, "mark(2,1)", "outside the mask" },
	/* Attributes that nobody may set. */
	{ TCP, "attr(3){attr(0)=00000000}", "cannot be set" },
	{ TCP, "attr(3){attr(20)=00000000}", "cannot be set" },
	{ TCP, "attr(3){attr(22)=00000000}", "cannot be set" },
	{ TCP, "attr(3){attr(24)=00000000}", "cannot be set" },
	{ TCP, "attr(3){attr(28){attr(1)=0000000000000000}}", "cannot be set" },
	{ TCP, "attr(3){attr(21)=00000000}", "no such header" },
	{ TCP, "attr(21){attr(1)=0000,attr(2){},attr(3){}}", "no packet has length 0" },
	{ TCP, "attr(21){attr(1)=6400,attr(2){}}", "lacks a required" },
	{ TCP, "attr(21){attr(1)=6400,attr(2){},attr(3){attr(99)}}", "unknown action" },
	{ TCP, "attr(23){}", "no actions for packets" },
	{ TCP, "attr(3){attr(30)=00000000}", "cannot be set" },
	{ TCP, "attr(11){attr(30)=0000000000000000}", "cannot be set" },
	{ TCP, "attr(3){attr(6)=0800}", "cannot be set" },
	{ ARP, "attr(3){attr(13)=000000000000000000010000000000000000000000000000}",
	  "cannot be set" },
	{ TCP, "attr(3){attr(33)=00000000}", "cannot be set" },
	{ TCP, "attr(3){attr(16000)=00000000}", "cannot be set" },
	/* The header must be there. */
	{ L3_ONLY, "dst(1)", "no such header" },
	{ ARP, "ttl(1)", "no such header" },
	{ UDP6, "ttl(1)", "no such header" },
	{ UDP6, "tcp(1)", "no such header" },
	{ ANY_IP, "tcp(1)", "no such header" },
	{ TCP, "udp(1)", "no such header" },
	{ LATER, "tcp(1)", "no such header" },
	/* Fields that stay as they are. */
	{ TCP, "attr(3){attr(7)=0a0000010a00000211014000}", "read-only" },
	{ TCP, "attr(3){attr(7)=0a0000010a00000206014001}", "read-only" },
	{ TCP, "attr(11){attr(7)=000000000000000006000000000000000000000006000000}", "read-only" },
	{ TCP, "attr(11){attr(7)=000000000000000000000000000000000000000000000001}", "read-only" },
};

static void expect_refusal(struct kunit *test, enum key_kind key, const char *text, int err,
			   const char *words)
{
	const struct nlattr *actions = text_to_actions(test, text);
	struct netlink_ext_ack extack = {};
	struct mf_program *prog;

	prog = mf_program_compile(&init_net, actions, &keys[key], &extack);
	KUNIT_EXPECT_EQ_MSG(test, PTR_ERR_OR_ZERO(prog), err, "%s", text);
	if (!IS_ERR(prog)) {
		mf_program_free(prog);
		return;
	}
	KUNIT_ASSERT_NOT_NULL_MSG(test, extack._msg, "%s", text);
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(extack._msg, words), "%s: %s", text, extack._msg);
	KUNIT_EXPECT_TRUE_MSG(test, (u8 *)extack.bad_attr >= (u8 *)actions &&
			      (u8 *)extack.bad_attr < (u8 *)actions + actions->nla_len,
			      "%s: attribute not named", text);

	/* Nobody need listen. */
	prog = mf_program_compile(&init_net, actions, &keys[key], NULL);
	KUNIT_EXPECT_EQ_MSG(test, PTR_ERR_OR_ZERO(prog), err, "%s", text);
}

static void refusals(struct kunit *test)
{
	const struct refusal_row *row;

	for (row = refusal_rows; row < refusal_rows + ARRAY_SIZE(refusal_rows); row++)
		expect_refusal(test, row->key, row->text, -EINVAL, row->words);
}

/* IPv6: the label has twenty bits, in the value and in the mask. */
static void ipv6_label(struct kunit *test)
{
	struct {
		struct ovs_key_ipv6 value;
		struct ovs_key_ipv6 mask;
	} set = {};
	struct netlink_ext_ack extack = {};
	struct text *t = text_new(test);
	struct mf_program *prog;
	int masked;
	int bits;

	for (masked = 0; masked < 2; masked++)
		for (bits = 20; bits <= 21; bits++) {
			set.mask.ipv6_label = htonl(BIT(bits) - 1);
			set.value.ipv6_label = masked ? 0 : set.mask.ipv6_label;
			set.value.ipv6_proto = masked ? 0 : IPPROTO_UDP;
			t->len = 0;
			text_open(t, OVS_FLOW_ATTR_ACTIONS);
			text_set(t, masked ? OVS_ACTION_ATTR_SET_MASKED : OVS_ACTION_ATTR_SET,
				 OVS_KEY_ATTR_IPV6, &set, sizeof(set) / (2 - masked));
			text_close(t);
			prog = mf_program_compile(&init_net, (struct nlattr *)t->buf, &keys[UDP6],
						  &extack);
			KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(prog), bits == 20 ? 0 : -EINVAL);
			if (!IS_ERR(prog))
				mf_program_free(prog);
		}
}

/* n levels of clone around a drop. */
static char *nested(struct kunit *test, int n, const char *core)
{
	char *text = kunit_kzalloc(test, SZ_1K, GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, text);
	for (i = 0; i < n; i++)
		strcat(text, i % 2 ? "sample(1){" : "clone{");
	strcat(text, core);
	for (i = 0; i < n; i++)
		strcat(text, "}");
	return text;
}

/* The one length that has an error of its own. */
static void long_cookie(struct kunit *test)
{
	expect_refusal(test, TCP,
		       "attr(32793){attr(1)=05000000,attr(2)=0102030405060708090a0b0c0d0e0f1011}",
		       -ERANGE, "too long");
}

static void without_psample(struct kunit *test)
{
	no_psample = true;
	expect_refusal(test, TCP, "attr(32793){attr(1)=05000000}", -EOPNOTSUPP, "this kernel");
	expect_refusal(test, TCP, "clone{attr(32793){attr(1)=05000000}}", -EOPNOTSUPP,
		       "this kernel");
	no_psample = false;
}

static void nesting(struct kunit *test)
{
	struct netlink_ext_ack extack = {};
	struct mf_program *prog;

	prog = mf_program_compile(&init_net, text_to_actions(test, nested(test, 16, "drop(0)")),
				  &keys[TCP],
				  &extack);
	KUNIT_ASSERT_FALSE(test, IS_ERR(prog));
	mf_program_free(prog);

	expect_refusal(test, TCP, nested(test, 17, "drop(0)"), -EOVERFLOW, "too deeply");
	expect_refusal(test, TCP, nested(test, 17, ""), -EOVERFLOW, "too deeply");
	expect_refusal(test, TCP, nested(test, 40, "1"), -EOVERFLOW, "too deeply");
}

/* The largest list that an attribute can hold, of the action that @len bytes encode. */
static void fill(struct kunit *test, const u8 *action, size_t len, u32 words_each)
{
	u8 *buf = kunit_kzalloc(test, TEXT_BYTES, GFP_KERNEL);
	struct nlattr *actions = (struct nlattr *)buf;
	size_t n = MF_ACTIONS_LEN_MAX / len;
	struct mf_program *prog;
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	actions->nla_len = NLA_HDRLEN + n * len;
	for (i = 0; i < n; i++)
		memcpy(buf + NLA_HDRLEN + i * len, action, len);

	prog = mf_program_compile(&init_net, actions, &keys[TCP], NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(prog));
	KUNIT_EXPECT_EQ(test, (size_t)prog->n_words, n * words_each + 1);
	expect_dump(test, prog, actions);
	mf_program_free(prog);
}

static void longest(struct kunit *test)
{
	static const u8 output[8] = { 8, 0, OVS_ACTION_ATTR_OUTPUT, 0, 1 };
	static const u8 pop_vlan[4] = { 4, 0, OVS_ACTION_ATTR_POP_VLAN, 0 };
	static const u8 clone[4] = { 4, 0, OVS_ACTION_ATTR_CLONE, 0 };
	static const u8 mark[12] = { 12, 0, OVS_ACTION_ATTR_SET, 0, 8, 0, OVS_KEY_ATTR_SKB_MARK };
	static const u8 user[12] = { 12, 0, OVS_ACTION_ATTR_USERSPACE, 0,
				     8, 0, OVS_USERSPACE_ATTR_PID, 0, 1 };

	fill(test, output, sizeof(output), 1);
	fill(test, pop_vlan, sizeof(pop_vlan), 1);
	fill(test, clone, sizeof(clone), 2);
	fill(test, mark, sizeof(mark), 2);
	fill(test, user, sizeof(user), 3);
}

/* A body that does not fit a 16-bit skip would wrap: none can be that long. */
static void longest_userdata(struct kunit *test)
{
	const size_t len = MF_ACTIONS_LEN_MAX - 4 - 8 - 4;
	u8 *bytes = kunit_kzalloc(test, len, GFP_KERNEL);
	const struct mf_insn_userspace *userspace;
	struct text *t = text_new(test);
	struct mf_program *prog;

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	t->args[0] = 9;
	memset(bytes, 0x5a, len);
	text_open(t, OVS_FLOW_ATTR_ACTIONS);
	text_open(t, OVS_ACTION_ATTR_USERSPACE);
	text_u32(t, OVS_USERSPACE_ATTR_PID);
	text_attr(t, OVS_USERSPACE_ATTR_USERDATA, bytes, len & ~3);
	text_close(t);
	text_close(t);

	prog = mf_program_compile(&init_net, (struct nlattr *)t->buf, &keys[TCP], NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(prog));
	userspace = mf_insn_payload(mf_program_start(prog));
	KUNIT_EXPECT_EQ(test, (size_t)userspace->userdata_len, len & ~3);
	KUNIT_EXPECT_EQ(test, memcmp(userspace->userdata, bytes, len & ~3), 0);
	mf_program_free(prog);
}

/* A listing longer than the buffer is cut, not written past. */
static void short_buffer(struct kunit *test)
{
	struct mf_program *prog;
	char buf[24];
	int n;

	prog = mf_program_compile(&init_net, text_to_actions(test, "1,2,3,ttl(4)"), &keys[TCP],
				  NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(prog));
	memset(buf, 'x', sizeof(buf));
	n = mf_program_disassemble(prog, buf, 20);
	KUNIT_EXPECT_EQ(test, n, 19);
	KUNIT_EXPECT_EQ(test, buf[19], '\0');
	KUNIT_EXPECT_EQ(test, buf[20], 'x');
	mf_program_free(prog);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(listings),
	KUNIT_CASE(refusals),
	KUNIT_CASE(ipv6_label),
	KUNIT_CASE(long_cookie),
	KUNIT_CASE(without_psample),
	KUNIT_CASE(nesting),
	KUNIT_CASE(longest),
	KUNIT_CASE(longest_userdata),
	KUNIT_CASE(short_buffer),
	{}
};

static struct kunit_suite suite = {
	.name = "action_compile",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("Tests of the compiler of actions");
MODULE_LICENSE("GPL");
