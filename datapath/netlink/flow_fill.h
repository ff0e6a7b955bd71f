/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages about flows.
 */
#ifndef MF_NETLINK_FLOW_FILL_H
#define MF_NETLINK_FLOW_FILL_H

#include <linux/types.h>

#include "../key/key.h"

struct mf_dp;
struct mf_flow;
struct mf_program;
struct mf_reply;
struct netlink_callback;
struct sk_buff;

/**
 * struct mf_flow_scratch - where flows are unpacked for messages
 * @now: jiffies when the clock was read
 * @now_ms: milliseconds of the monotonic clock then; 0: it was not read yet
 * @key: a flow's masked key
 * @mask: its mask
 *
 * Large: never on the stack.
 */
struct mf_flow_scratch {
	unsigned long now;
	u64 now_ms;
	struct mf_key key;
	struct mf_key mask;
};

size_t mf_flow_message_size(const struct mf_flow *flow, const struct mf_program *prog,
			    u32 ufid_flags);
int mf_flow_fill(struct sk_buff *msg, const struct mf_flow *flow, const struct mf_reply *reply,
		 int dp_ifindex, u32 ufid_flags, struct mf_flow_scratch *scratch);

int mf_flow_dump(struct sk_buff *msg, struct netlink_callback *cb);
int mf_flow_dump_done(struct netlink_callback *cb);

#endif
