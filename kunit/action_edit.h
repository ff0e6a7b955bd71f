/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frame in, frame out: the compiler, the executor and the parser at work on
 * frames written in hex.
 *
 * Every frame is tried with each kind of checksum and each layout of memory,
 * while somebody else holds a clone, which must stay as it was.
 */
#ifndef MF_KUNIT_ACTION_EDIT_H
#define MF_KUNIT_ACTION_EDIT_H

#include <kunit/test.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "packet_tail.h"

/* Instead of trace.h, whose events may exist in the system once. */
#define MF_TRACE_H
static inline bool trace_ovs_do_execute_action_enabled(void)
{
	return false;
}

#define trace_ovs_do_execute_action(...) do { } while (0)

#include "../datapath/action/branch.c"
#include "../datapath/action/compile.c"
#include "../datapath/action/compile_body.c"
#include "../datapath/action/compile_encap.c"
#include "../datapath/action/compile_nsh.c"
#include "../datapath/action/compile_psample.c"
#include "../datapath/action/compile_set.c"
#include "../datapath/action/compile_tunnel.c"
#include "../datapath/action/compile_userspace.c"
#include "../datapath/action/defer.c"
#include "../datapath/action/disasm.c"
#include "../datapath/action/eth.c"
#include "../datapath/action/execute.c"
#include "../datapath/action/hash.c"
#include "../datapath/action/mpls.c"
#include "../datapath/action/nsh.c"
#include "../datapath/action/output.c"
#include "../datapath/action/program.c"
#include "../datapath/action/psample.c"
#include "../datapath/action/set.c"
#include "../datapath/action/set_ip.c"
#include "../datapath/action/set_l4.c"
#include "../datapath/action/tunnel.c"
#include "../datapath/action/userspace.c"
#include "../datapath/action/vlan.c"
#include "../datapath/ct/key.c"
#include "../datapath/key/extract.c"
#include "../datapath/key/extract_full.c"
#include "../datapath/key/extract_ip.c"
#include "../datapath/key/extract_ipv6.c"
#include "../datapath/key/field.c"
#include "../datapath/key/key.c"
#include "../datapath/key/mpls.c"
#include "../datapath/key/nsh.c"
#include "../datapath/key/tunnel.c"
#include "../datapath/upcall.h"

#include "action_text.h"

#define EDIT_FRAME_MAX 512

/* What became of the last frame. */
static struct {
	struct sk_buff *out;
	u32 port_no;
	u8 mac_proto;
	enum mf_drop reason;
	struct mf_key key;
} edited;

struct mf_port *mf_port_find_rcu(const struct mf_dp *dp, u32 port_no)
{
	return NULL;
}

bool mf_meter_admit(struct mf_dp *dp, u32 id, u32 len)
{
	return true;
}

/* Connections are beyond the unit. */
int mf_compile_ct(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	return mf_compile_refuse(c, attr, -EOPNOTSUPP, "ct: not here");
}

int mf_exec_ct(struct act_exec *x, const struct mf_insn *insn)
{
	return -EOPNOTSUPP;
}

void mf_exec_ct_clear(struct act_exec *x)
{
}

void mf_drop(struct mf_dp *dp, struct sk_buff *skb, enum mf_drop reason)
{
	edited.reason = reason;
	kfree_skb(skb);
}

/* The last one counts. */
void mf_port_send(struct mf_dp *dp, struct sk_buff *skb, u32 port_no, u8 mac_proto)
{
	kfree_skb(edited.out);
	edited.out = skb;
	edited.port_no = port_no;
	edited.mac_proto = mac_proto;
}

int mf_upcall_send(struct mf_dp *dp, struct sk_buff *skb, const struct mf_key *key,
		   const struct mf_upcall *upcall)
{
	mf_key_copy(&edited.key, key);
	return 0;
}

static struct mf_program *edit_next;

/* Whatever is looked up, there is a flow for it: output to port 9. */
const struct mf_program *mf_ingress_lookup(struct mf_dp *dp, struct sk_buff *skb,
					   struct mf_key *key)
{
	mf_key_copy(&edited.key, key);
	return edit_next;
}

/**
 * struct edit - one way to hand a frame in
 * @eth_type: 0 if the frame is Ethernet, else what the layer-3 packet is
 * @ip_summed: CHECKSUM_*
 * @linear: bytes of the linear part, 0 for all
 * @tail: where the others lie
 * @gso_size: payload of a segment of a super-packet, 0 if it is none
 */
struct edit {
	u16 eth_type;
	u8 ip_summed;
	u32 linear;
	enum packet_tail tail;
	u16 gso_size;
};

/* Hex, with spaces where they please. */
static u32 edit_hex(struct kunit *test, const char *text, u8 *bytes)
{
	u32 n = 0;

	for (; *text; text += 2) {
		while (*text == ' ')
			text++;
		if (!*text)
			break;
		KUNIT_ASSERT_LT(test, n, (u32)EDIT_FRAME_MAX);
		KUNIT_ASSERT_EQ_MSG(test, hex2bin(&bytes[n++], text, 1), 0, "%s", text);
	}
	return n;
}

/* Eight bytes from the end a sum is left to the device: any place will do. */
static void edit_sums(struct sk_buff *skb, u8 ip_summed)
{
	skb->ip_summed = ip_summed;
	if (ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_partial(skb->data, skb->len, 0);
	if (ip_summed == CHECKSUM_PARTIAL) {
		skb->csum_start = skb_tail_pointer(skb) - 8 - skb->head;
		skb->csum_offset = 2;
	}
}

/* Only its type is looked at. */
static struct net_device *edit_dev(struct kunit *test, bool ethernet)
{
	struct net_device *dev = kunit_kzalloc(test, sizeof(*dev), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, dev);
	dev->type = ethernet ? ARPHRD_ETHER : ARPHRD_NONE;
	dev->mpls_features = NETIF_F_SG;
	/* The flow dissector asks for its programs. */
	dev_net_set(dev, &init_net);
	return dev;
}

static struct sk_buff *edit_skb(struct kunit *test, const struct edit *edit, const u8 *bytes,
				u32 len)
{
	struct sk_buff *skb = alloc_skb(16 + len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	/* Little room in front: headers that are pushed must make their own. */
	skb_reserve(skb, 2);
	skb_put_data(skb, bytes, len);
	edit_sums(skb, edit->ip_summed);
	skb->protocol = htons(edit->eth_type);
	skb->dev = edit_dev(test, !edit->eth_type);
	*mf_cb(skb) = (struct mf_cb){};
	if (edit->linear && edit->linear < len)
		packet_split(test, skb, edit->linear, edit->tail);
	return skb;
}

static struct mf_program *edit_compile(struct kunit *test, const char *text,
				       const struct mf_key *key)
{
	struct netlink_ext_ack extack = {};
	struct nlattr *actions = text_to_actions(test, text);
	struct mf_program *prog = mf_program_compile(&init_net, actions, key, &extack);

	kunit_kfree(test, actions);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(prog), "%s: %s", text, extack._msg);
	return prog;
}

/* Runs a list on a packet. What leaves is in edited.out, which the caller frees. */
static int edit_run(struct kunit *test, const char *text, struct sk_buff *skb)
{
	struct mf_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	struct mf_program *prog;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, key);
	edited.out = NULL;
	edited.reason = MF_DROP_NONE;
	err = mf_key_extract(key, skb, 1);
	KUNIT_ASSERT_EQ_MSG(test, err, 0, "%s: frame", text);
	prog = edit_compile(test, text, key);
	local_bh_disable();
	rcu_read_lock();
	err = mf_program_run(NULL, skb, key, prog);
	rcu_read_unlock();
	local_bh_enable();
	mf_program_free(prog);
	kunit_kfree(test, key);
	return err;
}

/* The packet as the wire would see it, its tag in place. */
static void edit_expect(struct kunit *test, const char *text, const struct edit *edit,
			const char *wanted)
{
	struct sk_buff *skb = edited.out;
	u8 bytes[EDIT_FRAME_MAX];
	u32 len = edit_hex(test, wanted, bytes);
	__sum16 sum;

	KUNIT_ASSERT_NOT_NULL_MSG(test, skb, "%s: drop reason %d", text, edited.reason);
	KUNIT_EXPECT_PTR_EQ_MSG(test, skb_mac_header(skb), skb->data, "%s", text);
	KUNIT_EXPECT_EQ_MSG(test, (int)skb->mac_len, skb_network_offset(skb), "%s", text);
	if (skb->ip_summed == CHECKSUM_COMPLETE) {
		/* 0 and ~0 are the same in one's complement. */
		sum = csum_fold(csum_sub(skb->csum, skb_checksum(skb, 0, skb->len, 0)));
		KUNIT_EXPECT_TRUE_MSG(test, !sum || sum == (__force __sum16)~0, "%s: sum", text);
	}
	if (edit->ip_summed == CHECKSUM_PARTIAL && !edit->linear)
		KUNIT_EXPECT_EQ_MSG(test, skb_tail_pointer(skb) - 8 - skb->head,
				    (long)skb->csum_start, "%s", text);
	KUNIT_ASSERT_EQ(test, skb_linearize(skb), 0);
	if (skb_vlan_tag_present(skb))
		KUNIT_ASSERT_EQ(test, mf_vlan_into_frame(skb), 0);
	KUNIT_EXPECT_EQ_MSG(test, skb->len, len, "%s", text);
	KUNIT_EXPECT_EQ_MSG(test, memcmp(skb->data, bytes, min(skb->len, len)), 0,
			    "%s: got %*phN", text, min(64, (int)skb->len), skb->data);
}

static void edit_once(struct kunit *test, const char *text, const struct edit *edit,
		      const char *in, const char *out)
{
	u8 bytes[EDIT_FRAME_MAX];
	u32 len = edit_hex(test, in, bytes);
	struct sk_buff *skb = edit_skb(test, edit, bytes, len);
	struct sk_buff *other;
	int err;

	/* An Ethernet frame's tag moves beside it on its way in: clone after that. */
	other = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, other);
	err = edit_run(test, text, skb);
	if (out) {
		KUNIT_EXPECT_EQ_MSG(test, err, 0, "%s", text);
		edit_expect(test, text, edit, out);
	} else {
		KUNIT_EXPECT_LT_MSG(test, err, 0, "%s", text);
		KUNIT_EXPECT_EQ_MSG(test, edited.reason, MF_DROP_ACTION_ERROR, "%s", text);
	}
	kfree_skb(edited.out);
	KUNIT_ASSERT_EQ(test, skb_linearize(other), 0);
	KUNIT_EXPECT_EQ_MSG(test, memcmp(other->data, bytes, len), 0, "%s: a clone changed", text);
	kfree_skb(other);
}

/**
 * struct edit_row - frame in, frame out
 * @eth_type: as in struct edit
 * @text: the actions
 * @in: the frame in hex
 * @out: ... as it leaves, or NULL if an error drops it
 */
struct edit_row {
	u16 eth_type;
	const char *text;
	const char *in;
	const char *out;
};

static void edit_rows(struct kunit *test, const struct edit_row *row, size_t n)
{
	static const u8 summeds[] = {
		CHECKSUM_NONE, CHECKSUM_UNNECESSARY, CHECKSUM_COMPLETE, CHECKSUM_PARTIAL,
	};
	static const u32 linears[] = { 0, ETH_HLEN, 1 };
	size_t sum, lin;

	for (; n--; row++)
		for (sum = 0; sum < ARRAY_SIZE(summeds); sum++)
			for (lin = 0; lin < ARRAY_SIZE(linears) * TAILS; lin++) {
				const struct edit edit = {
					.eth_type = row->eth_type,
					.ip_summed = summeds[sum],
					.linear = linears[lin / TAILS],
					.tail = lin % TAILS,
				};

				edit_once(test, row->text, &edit, row->in, row->out);
			}
}

#endif
