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

#include "action_listings.h"
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
