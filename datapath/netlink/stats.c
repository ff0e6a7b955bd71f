// SPDX-License-Identifier: GPL-2.0-only
/*
 * Family megaflow: what the Open vSwitch ABI has no room for.
 */
#include <linux/megaflow.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "../dp.h"
#include "family.h"

struct drop_row {
	const char *name;
	const char *text;
};

static const struct drop_row drop_rows[MF_DROPS] = {
#define DROP_REASON(name, text) [MF_DROP_##name] = { #name, text },
#define DROP_PART(name, whole, text) [MF_DROP_##name] = { #name, text },
#define DROP_CORE(name, core, text) [MF_DROP_##name] = { #name, text },
#include <megaflow/drop.def>
};

static size_t drops_message_size(void)
{
	size_t size = NLMSG_ALIGN(sizeof(struct ovs_header));
	int i;

	for (i = MF_DROP_NONE + 1; i < MF_DROPS; i++)
		size += nla_total_size(nla_total_size(strlen(drop_rows[i].name) + 1) +
				       nla_total_size(strlen(drop_rows[i].text) + 1) +
				       nla_total_size_64bit(sizeof(u64)));
	return size;
}

static int put_drop(struct sk_buff *msg, const struct drop_row *row, u64 packets)
{
	struct nlattr *nest = nla_nest_start(msg, MEGAFLOW_ATTR_DROP);

	if (!nest ||
	    nla_put_string(msg, MEGAFLOW_DROP_ATTR_NAME, row->name) ||
	    nla_put_string(msg, MEGAFLOW_DROP_ATTR_TEXT, row->text) ||
	    nla_put_u64_64bit(msg, MEGAFLOW_DROP_ATTR_PACKETS, packets, MEGAFLOW_DROP_ATTR_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int drops_fill(struct sk_buff *msg, const struct mf_dp *dp, const struct mf_reply *reply)
{
	struct mf_dp_totals *totals;
	void *header;
	int err = 0;
	int i;

	totals = kmalloc_obj(*totals);
	if (!totals)
		return -ENOMEM;
	mf_dp_totals(dp, totals);

	header = mf_reply_put(msg, &mf_stats_family, reply, mf_dp_ifindex(dp));
	if (!header)
		err = -EMSGSIZE;
	for (i = MF_DROP_NONE + 1; !err && i < MF_DROPS; i++)
		err = put_drop(msg, &drop_rows[i], totals->drops[i]);
	if (!err)
		genlmsg_end(msg, header);
	kfree(totals);
	return err;
}

static int stats_cmd_drops(struct sk_buff *skb, struct genl_info *info)
{
	const struct mf_reply reply = mf_reply_to(info, MEGAFLOW_CMD_DROPS);
	struct sk_buff *msg;
	struct mf_dp *dp;
	int err;

	err = mf_request_dp(info, &dp);
	if (err)
		return err;
	err = -ENOMEM;
	msg = genlmsg_new(drops_message_size(), GFP_KERNEL);
	if (msg)
		err = drops_fill(msg, dp, &reply);
	mf_dp_put(dp);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

static const struct genl_small_ops stats_ops[] = {
	{ .cmd = MEGAFLOW_CMD_DROPS, .doit = stats_cmd_drops },
};

struct genl_family mf_stats_family __ro_after_init = {
	.hdrsize = sizeof(struct ovs_header),
	.name = MEGAFLOW_FAMILY,
	.version = MEGAFLOW_VERSION,
	.maxattr = 0,
	.netnsok = true,
	.parallel_ops = true,
	.small_ops = stats_ops,
	.n_small_ops = ARRAY_SIZE(stats_ops),
	.resv_start_op = MEGAFLOW_CMD_DROPS + 1,
	.module = THIS_MODULE,
};
