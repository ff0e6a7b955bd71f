// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages about flows (abi.md section 1.4).
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <net/genetlink.h>

#include "../action/program.h"
#include "../attr_put.h"
#include "../key/match.h"
#include "../key/ufid.h"
#include "../table/flow.h"
#include "family.h"
#include "flow_fill.h"

static const struct mf_program *program_of(const struct mf_flow *flow)
{
	/* RCU or the datapath's mutex: every caller holds one of them. */
	return rcu_dereference_check(flow->prog, true);
}

/**
 * mf_flow_message_size() - room that a message about a flow needs
 * @flow: the flow
 * @prog: the program that it will have, or NULL for the one that it has
 * @ufid_flags: OVS_UFID_F_*: what is left out
 *
 * Context: RCU read lock or the datapath's lock held.
 * Return: bytes for genlmsg_new().
 */
size_t mf_flow_message_size(const struct mf_flow *flow, const struct mf_program *prog,
			    u32 ufid_flags)
{
	size_t size = NLMSG_ALIGN(sizeof(struct ovs_header));

	if (flow->id_key)
		size += mf_key_attr_size();
	else
		size += nla_total_size(MF_UFID_MAX);
	if (!flow->id_key && !(ufid_flags & OVS_UFID_F_OMIT_KEY))
		size += mf_key_attr_size();
	if (!(ufid_flags & OVS_UFID_F_OMIT_MASK))
		size += mf_key_attr_size();
	if (!(ufid_flags & OVS_UFID_F_OMIT_ACTIONS))
		size += mf_program_attr_size(prog ?: program_of(flow));
	return size +
	       nla_total_size_64bit(sizeof(u64)) +			/* USED */
	       nla_total_size_64bit(sizeof(struct ovs_flow_stats)) +
	       nla_total_size(sizeof(u8));				/* TCP_FLAGS */
}

/* What names the flow, and then what it matches. */
static int put_match(struct sk_buff *msg, const struct mf_flow *flow, u32 ufid_flags,
		     struct mf_flow_scratch *scratch)
{
	bool omit_mask = ufid_flags & OVS_UFID_F_OMIT_MASK;
	bool omit_key = ufid_flags & OVS_UFID_F_OMIT_KEY;
	const struct mf_key *key = flow->id_key;
	int err;

	if (!key && (!omit_key || !omit_mask)) {
		mf_flow_expand(&scratch->key, flow);
		key = &scratch->key;
	}

	if (flow->id_key)
		err = mf_key_put(msg, OVS_FLOW_ATTR_KEY, key);
	else
		err = mf_ufid_put(msg, OVS_FLOW_ATTR_UFID, &flow->ufid);
	if (!err && !flow->id_key && !omit_key)
		err = mf_key_put(msg, OVS_FLOW_ATTR_KEY, key);
	if (!err && !omit_mask) {
		mf_mask_expand(&scratch->mask, flow->mask);
		err = mf_mask_put(msg, OVS_FLOW_ATTR_MASK, key, &scratch->mask);
	}
	return err;
}

/*
 * Milliseconds of the monotonic clock at a moment counted in jiffies, so the
 * clock need not be read more finely than it ticks, nor for each flow of a dump.
 */
static u64 used_ms(struct mf_flow_scratch *scratch, unsigned long used)
{
	unsigned long now = jiffies;

	if (!scratch->now_ms || scratch->now != now) {
		scratch->now = now;
		scratch->now_ms = ktime_get_coarse_ns() / NSEC_PER_MSEC;
	}
	return scratch->now_ms - jiffies_to_msecs(now - used);
}

static int put_stats(struct sk_buff *msg, const struct mf_flow *flow,
		     struct mf_flow_scratch *scratch)
{
	struct mf_flow_totals totals __uninitialized;

	mf_flow_totals(flow, &totals);
	if (totals.seen) {
		const struct ovs_flow_stats stats = {
			.n_packets = totals.packets,
			.n_bytes = totals.bytes,
		};
		u64 used = used_ms(scratch, totals.used);

		if (mf_attr_put_64bit(msg, OVS_FLOW_ATTR_USED, sizeof(used), &used,
				      OVS_FLOW_ATTR_PAD) ||
		    mf_attr_put_64bit(msg, OVS_FLOW_ATTR_STATS, sizeof(stats), &stats,
				      OVS_FLOW_ATTR_PAD))
			return -EMSGSIZE;
	}
	if (totals.tcp_flags)
		return mf_attr_put(msg, OVS_FLOW_ATTR_TCP_FLAGS, sizeof(totals.tcp_flags),
				   &totals.tcp_flags);
	return 0;
}

/**
 * mf_flow_fill() - put a message about a flow
 * @msg: the buffer
 * @flow: the flow
 * @reply: whom the message answers
 * @dp_ifindex: the datapath
 * @ufid_flags: OVS_UFID_F_*: what is left out
 * @scratch: overwritten; @scratch->now_ms zero before the first message
 *
 * A first message in its buffer goes without the actions if these do not fit:
 * user space then asks for the flow alone.
 *
 * Context: RCU read lock or the datapath's lock held.
 * Return: 0; -EMSGSIZE, with @msg as it was; or another negative errno.
 */
int mf_flow_fill(struct sk_buff *msg, const struct mf_flow *flow, const struct mf_reply *reply,
		 int dp_ifindex, u32 ufid_flags, struct mf_flow_scratch *scratch)
{
	bool first = !msg->len;
	void *header;
	int err;

	header = mf_reply_put(msg, &mf_flow_family, reply, dp_ifindex);
	if (!header)
		return -EMSGSIZE;
	err = put_match(msg, flow, ufid_flags, scratch);
	if (!err)
		err = put_stats(msg, flow, scratch);
	if (!err && !(ufid_flags & OVS_UFID_F_OMIT_ACTIONS)) {
		err = mf_program_put(msg, OVS_FLOW_ATTR_ACTIONS, program_of(flow));
		if (err == -EMSGSIZE && first)
			err = 0;
	}
	if (err) {
		genlmsg_cancel(msg, header);
		return err;
	}
	genlmsg_end(msg, header);
	return 0;
}
