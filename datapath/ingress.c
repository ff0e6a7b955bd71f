// SPDX-License-Identifier: GPL-2.0-only
/*
 * The packet's story on one page.
 *
 * A port hands in a packet; its key is taken from its headers; the table finds
 * the flow; the flow's program decides the rest. What no flow matches goes to
 * user space.
 */
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "action/program.h"
#include "cb.h"
#include "dp.h"
#include "ingress.h"
#include "key/extract.h"
#include "limits.h"
#include "port/port.h"
#include "upcall.h"

static void count_lookup(struct mf_dp *dp, const struct mf_flow *flow, u32 probes)
{
	struct mf_dp_stats *stats = this_cpu_ptr(dp->stats);

	u64_stats_update_begin(&stats->sync);
	if (flow)
		u64_stats_inc(&stats->hit);
	else
		u64_stats_inc(&stats->missed);
	if (flow && !probes) {
		/* The cache knew: as good as a mask that was tried. */
		u64_stats_inc(&stats->cache_hit);
		probes = 1;
	}
	u64_stats_add(&stats->mask_hit, probes);
	u64_stats_update_end(&stats->sync);
}

static enum mf_drop drop_of(int err)
{
	switch (err) {
	case -ENOTCONN:
	case -ECONNREFUSED:
		return MF_DROP_UPCALL_NONE;
	case -EAGAIN:
		return MF_DROP_UPCALL_FULL;
	case -EBUSY:
		return MF_DROP_UPCALL_WAIT;
	case -ENOMEM:
		return MF_DROP_NOMEM;
	default:
		return MF_DROP_UPCALL;
	}
}

static void miss(struct mf_dp *dp, struct sk_buff *skb, const struct mf_key *key)
{
	const struct mf_upcall upcall = {
		.cmd = OVS_PACKET_CMD_MISS,
		.max_len = U32_MAX,
	};
	int err = mf_upcall_send(dp, skb, key, &upcall);

	if (err)
		mf_drop(dp, skb, drop_of(err));
	else
		consume_skb(skb);
}

/**
 * mf_ingress_lookup() - the program for a packet
 * @dp: the datapath
 * @skb: the packet; consumed when there is no flow for it
 * @key: its key
 *
 * Counts the packet for its flow, or sends it to user space.
 *
 * Context: BH off, RCU read lock held, which also keeps the program alive.
 * Return: the program, or NULL when @skb is gone.
 */
const struct mf_program *mf_ingress_lookup(struct mf_dp *dp, struct sk_buff *skb,
					   struct mf_key *key)
{
	struct mf_flow *flow;
	u32 probes;

	flow = mf_table_lookup(&dp->table, key, &probes);
	count_lookup(dp, flow, probes);
	if (unlikely(!flow)) {
		miss(dp, skb, key);
		return NULL;
	}
	mf_flow_count(flow, skb, (u8)ntohs(key->tcp_flags));
	return rcu_dereference(flow->prog);
}

/**
 * mf_ingress() - a packet enters a datapath
 * @port: the port it came in by
 * @skb: the packet, data at the link header; consumed
 *
 * Context: BH off, RCU read lock held.
 * Return: 0, or a negative errno when the packet's headers made no sense. What
 * became of the packet afterwards is not the sender's business.
 */
int mf_ingress(struct mf_port *port, struct sk_buff *skb)
{
	const struct mf_program *program;
	struct mf_dp *dp = port->dp;
	struct mf_key key __uninitialized;
	int err;

	*mf_cb(skb) = (struct mf_cb){ .in = port };

	/* Another namespace's packet brings its mark along, and nothing else. */
	if (unlikely(!net_eq(dev_net(port->dev), dp->net))) {
		u32 mark = skb->mark;

		skb_scrub_packet(skb, true);
		skb->mark = mark;
	}

	err = mf_key_extract(&key, skb, port->port_no);
	if (unlikely(err)) {
		mf_drop(dp, skb, MF_DROP_BAD_HEADER);
		return err;
	}
	program = mf_ingress_lookup(dp, skb, &key);
	if (program)
		mf_program_run(dp, skb, &key, program);
	return 0;
}
