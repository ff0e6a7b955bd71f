// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps of flows (abi.md section 1.4): by index, so that a flow that lives on
 * comes once.
 */
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "../dp.h"
#include "family.h"
#include "flow_fill.h"

/**
 * struct dump - a dump under way
 * @cursor: index of the next flow
 * @ufid_flags: OVS_UFID_F_*: what is left out
 * @scratch: to unpack flows
 */
struct dump {
	unsigned long cursor;
	u32 ufid_flags;
	struct mf_flow_scratch scratch;
};

/* Where it is kept between buffers. */
static struct dump *dump_of(const struct netlink_callback *cb)
{
	return (struct dump *)cb->args[0];
}

static int parse_flags(struct netlink_callback *cb, u32 *ufid_flags)
{
	struct nlattr **attrs;
	int err;

	attrs = kcalloc(OVS_FLOW_ATTR_MAX + 1, sizeof(*attrs), GFP_KERNEL);
	if (!attrs)
		return -ENOMEM;
	err = genlmsg_parse_deprecated(cb->nlh, &mf_flow_family, attrs, OVS_FLOW_ATTR_MAX,
				       mf_flow_family.policy, NULL);
	*ufid_flags = 0;
	if (!err && attrs[OVS_FLOW_ATTR_UFID_FLAGS])
		*ufid_flags = nla_get_u32(attrs[OVS_FLOW_ATTR_UFID_FLAGS]);
	kfree(attrs);
	return err;
}

/* Read the request, once. */
static int dump_begin(struct netlink_callback *cb)
{
	struct dump *dump;
	int err;

	dump = kmalloc_obj(*dump);
	if (!dump)
		return -ENOMEM;
	err = parse_flags(cb, &dump->ufid_flags);
	if (err) {
		kfree(dump);
		return err;
	}
	dump->cursor = 0;
	dump->scratch.now_ms = 0;
	cb->args[0] = (long)dump;
	return 0;
}

/* As many flows as fit. Returns true if there are no more. */
static bool dump_flows(struct sk_buff *msg, struct mf_dp *dp, const struct mf_reply *reply,
		       int dp_ifindex, struct dump *dump)
{
	struct mf_flow *flow;

	rcu_read_lock();
	while ((flow = mf_table_next(&dp->table, &dump->cursor))) {
		if (mf_flow_fill(msg, flow, reply, dp_ifindex, dump->ufid_flags, &dump->scratch))
			break;
		dump->cursor++;
	}
	rcu_read_unlock();
	return !flow;
}

/**
 * mf_flow_dump() - fill a buffer of a dump
 * @msg: the buffer
 * @cb: the dump
 *
 * Context: process, calls for one dump one after the other.
 * Return: bytes in @msg if there is more to come. 0 if not, so that netlink
 * puts the end of the dump into the same buffer. Or a negative errno, which it
 * puts there.
 */
int mf_flow_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	const struct ovs_header *header = genlmsg_data(nlmsg_data(cb->nlh));
	const struct mf_reply reply = mf_reply_dump(cb, OVS_FLOW_CMD_GET);
	struct mf_dp *dp;
	bool done;
	int err;

	if (!dump_of(cb)) {
		err = dump_begin(cb);
		if (err)
			return err;
	}
	dp = mf_dp_get(sock_net(msg->sk), header->dp_ifindex);
	if (!dp) {
		NL_SET_ERR_MSG(cb->extack, "No datapath has this interface index");
		return -ENODEV;
	}
	done = dump_flows(msg, dp, &reply, header->dp_ifindex, dump_of(cb));
	mf_dp_put(dp);
	return done ? 0 : msg->len;
}

/**
 * mf_flow_dump_done() - end a dump, whether all of it was read or not
 * @cb: the dump
 *
 * Context: process.
 * Return: 0.
 */
int mf_flow_dump_done(struct netlink_callback *cb)
{
	kfree(dump_of(cb));
	return 0;
}
