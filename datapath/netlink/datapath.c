// SPDX-License-Identifier: GPL-2.0-only
/*
 * Family ovs_datapath: requests about datapaths (abi.md section 1.2).
 */
#include <linux/netdevice.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "../dp.h"
#include "../limits.h"
#include "../netns.h"
#include "../port/table.h"
#include "../upcall_pid.h"
#include "family.h"
#include "pids.h"
#include "settings.h"

static const struct nla_policy dp_policy[OVS_DP_ATTR_MAX + 1] = {
	[OVS_DP_ATTR_NAME] = { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[OVS_DP_ATTR_UPCALL_PID] = { .type = NLA_U32 },
	[OVS_DP_ATTR_USER_FEATURES] = { .type = NLA_U32 },
	[OVS_DP_ATTR_MASKS_CACHE_SIZE] = NLA_POLICY_RANGE(NLA_U32, 0, MF_MASKS_CACHE_MAX),
	[OVS_DP_ATTR_IFINDEX] = NLA_POLICY_MIN(NLA_S32, 0),
};

static size_t dp_message_size(void)
{
	return NLMSG_ALIGN(sizeof(struct ovs_header)) +
	       nla_total_size(IFNAMSIZ) +
	       nla_total_size_64bit(sizeof(struct ovs_dp_stats)) +
	       nla_total_size_64bit(sizeof(struct ovs_dp_megaflow_stats)) +
	       nla_total_size(sizeof(u32)) +			/* USER_FEATURES */
	       nla_total_size(sizeof(u32)) +			/* MASKS_CACHE_SIZE */
	       nla_total_size(array_size(sizeof(u32), nr_cpu_ids));	/* PER_CPU_PIDS */
}

static int put_stats(struct sk_buff *msg, const struct mf_dp *dp)
{
	struct ovs_dp_megaflow_stats masks = {};
	struct ovs_dp_stats stats = {};
	struct mf_dp_totals totals;

	mf_dp_totals(dp, &totals);
	stats.n_hit = totals.hit;
	stats.n_missed = totals.missed;
	stats.n_lost = totals.lost;
	stats.n_flows = READ_ONCE(dp->table.n_flows);
	masks.n_mask_hit = totals.mask_hit;
	masks.n_masks = READ_ONCE(dp->table.n_masks);
	masks.n_cache_hit = totals.cache_hit;

	if (nla_put_64bit(msg, OVS_DP_ATTR_STATS, sizeof(stats), &stats, OVS_DP_ATTR_PAD) ||
	    nla_put_64bit(msg, OVS_DP_ATTR_MEGAFLOW_STATS, sizeof(masks), &masks,
			  OVS_DP_ATTR_PAD))
		return -EMSGSIZE;
	return 0;
}

static int put_cpu_pids(struct sk_buff *msg, const struct mf_dp *dp)
{
	const struct mf_cpu_pids *pids = rcu_dereference_rtnl(dp->cpu_pids);

	if (!(dp->features & OVS_DP_F_DISPATCH_UPCALL_PER_CPU) || !pids)
		return 0;
	return nla_put(msg, OVS_DP_ATTR_PER_CPU_PIDS,
		       min_t(u32, pids->n, nr_cpu_ids) * sizeof(u32), pids->pid);
}

static int dp_fill(struct sk_buff *msg, const struct mf_dp *dp, const struct mf_reply *reply)
{
	const struct mf_port *local = mf_dp_local(dp);
	void *header;

	if (!local)
		return -ENODEV;
	header = mf_reply_put(msg, &mf_datapath_family, reply, local->dev->ifindex);
	if (!header)
		return -EMSGSIZE;
	if (nla_put_string(msg, OVS_DP_ATTR_NAME, local->dev->name) ||
	    put_stats(msg, dp) ||
	    nla_put_u32(msg, OVS_DP_ATTR_USER_FEATURES, dp->features) ||
	    nla_put_u32(msg, OVS_DP_ATTR_MASKS_CACHE_SIZE, dp->masks_cache) ||
	    put_cpu_pids(msg, dp)) {
		genlmsg_cancel(msg, header);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, header);
	return 0;
}

/* The datapath of a request: by name where one is given, else by header. */
static struct mf_dp *dp_of_request(struct genl_info *info)
{
	const struct ovs_header *header = genl_info_userhdr(info);
	const struct nlattr *name = info->attrs[OVS_DP_ATTR_NAME];
	struct net *net = genl_info_net(info);
	struct mf_dp *dp;

	dp = name ? mf_dp_find_name_rcu(net, nla_data(name)) :
		    mf_dp_find_rcu(net, header->dp_ifindex);
	if (!dp)
		GENL_SET_ERR_MSG(info, "No such datapath");
	return dp;
}

/* User space of before feature negotiation finds its datapath without features. */
static void forget_features(struct genl_info *info)
{
	struct mf_dp *dp = dp_of_request(info);

	if (!dp)
		return;
	WRITE_ONCE(dp->features, 0);
	pr_warn("openvswitch: %s: user features reset by an old version of user space\n",
		mf_dp_local(dp)->dev->name);
}

static int dp_new_locked(struct genl_info *info, struct mf_dp *dp, struct sk_buff *msg)
{
	const struct mf_reply reply = mf_reply_to(info, OVS_DP_CMD_NEW);
	struct mf_port_params params = {
		.name = nla_data(info->attrs[OVS_DP_ATTR_NAME]),
		.type = OVS_VPORT_TYPE_INTERNAL,
		.port_no = OVSP_LOCAL,
		.extack = info->extack,
	};
	struct mf_port *local;

	if (info->attrs[OVS_DP_ATTR_IFINDEX])
		params.ifindex = nla_get_s32(info->attrs[OVS_DP_ATTR_IFINDEX]);
	params.pids = mf_pids_parse(info->attrs[OVS_DP_ATTR_UPCALL_PID], info->extack);
	if (IS_ERR(params.pids))
		return PTR_ERR(params.pids);

	local = mf_port_new(dp, &params);
	if (IS_ERR(local)) {
		int err = PTR_ERR(local);

		kfree(params.pids);
		if (err == -EBUSY)
			err = -EEXIST;
		if (err == -EEXIST && info->genlhdr->version < OVS_DP_VER_FEATURES)
			forget_features(info);
		return err;
	}
	mf_dp_publish(dp);
	return dp_fill(msg, dp, &reply);
}

static int dp_cmd_new(struct sk_buff *skb, struct genl_info *info)
{
	struct mf_dp_settings settings;
	struct sk_buff *msg;
	struct mf_dp *dp;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, OVS_DP_ATTR_NAME) ||
	    GENL_REQ_ATTR_CHECK(info, OVS_DP_ATTR_UPCALL_PID)) {
		GENL_SET_ERR_MSG(info, "A datapath needs a name and an upcall port id");
		return -EINVAL;
	}
	err = mf_settings_parse(&settings, info);
	if (err)
		return err;
	err = -ENOMEM;
	msg = genlmsg_new(dp_message_size(), GFP_KERNEL);
	if (!msg)
		goto err_settings;
	dp = mf_dp_new(genl_info_net(info), info->extack);
	if (IS_ERR(dp)) {
		err = PTR_ERR(dp);
		goto err_msg;
	}
	/* Before the LOCAL port, by which others may find the datapath. */
	mf_settings_commit(dp, &settings);

	rtnl_lock();
	err = dp_new_locked(info, dp, msg);
	if (err)
		mf_dp_destroy(dp);
	rtnl_unlock();
	if (err)
		goto err_msg;

	mf_reply_send(&mf_datapath_family, msg, info);
	return 0;

err_msg:
	nlmsg_free(msg);
err_settings:
	mf_settings_drop(&settings);
	return err;
}

/* DEL and SET: look up, change, tell, all under RTNL. */
static int dp_cmd_change(struct genl_info *info, u8 cmd,
			 void (*change)(struct mf_dp *dp, struct mf_dp_settings *settings),
			 bool fill_first, struct mf_dp_settings *settings)
{
	const struct mf_reply reply = mf_reply_to(info, cmd);
	struct sk_buff *msg;
	struct mf_dp *dp;
	int err = -ENODEV;

	msg = genlmsg_new(dp_message_size(), GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	rtnl_lock();
	dp = dp_of_request(info);
	if (!dp)
		goto err_unlock;
	if (fill_first) {
		err = dp_fill(msg, dp, &reply);
		if (err)
			goto err_unlock;
		change(dp, settings);
	} else {
		change(dp, settings);
		err = dp_fill(msg, dp, &reply);
		if (err)
			goto err_unlock;
	}
	rtnl_unlock();

	mf_reply_send(&mf_datapath_family, msg, info);
	return 0;

err_unlock:
	rtnl_unlock();
	nlmsg_free(msg);
	return err;
}

static void destroy(struct mf_dp *dp, struct mf_dp_settings *settings)
{
	mf_dp_destroy(dp);
}

static int dp_cmd_del(struct sk_buff *skb, struct genl_info *info)
{
	return dp_cmd_change(info, OVS_DP_CMD_DEL, destroy, true, NULL);
}

static int dp_cmd_set(struct sk_buff *skb, struct genl_info *info)
{
	struct mf_dp_settings settings;
	int err;

	err = mf_settings_parse(&settings, info);
	if (err)
		return err;
	err = dp_cmd_change(info, OVS_DP_CMD_SET, mf_settings_commit, false, &settings);
	mf_settings_drop(&settings);
	return err;
}

static int dp_cmd_get(struct sk_buff *skb, struct genl_info *info)
{
	const struct mf_reply reply = mf_reply_to(info, OVS_DP_CMD_GET);
	struct sk_buff *msg;
	struct mf_dp *dp;
	int err;

	msg = genlmsg_new(dp_message_size(), GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	rcu_read_lock();
	dp = dp_of_request(info);
	err = dp ? dp_fill(msg, dp, &reply) : -ENODEV;
	rcu_read_unlock();
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

static int dp_cmd_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	const struct mf_reply reply = mf_reply_dump(cb, OVS_DP_CMD_GET);
	const struct mf_netns *ns = mf_netns(sock_net(msg->sk));
	const struct mf_dp *dp;
	int skip = cb->args[0];
	int i = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(dp, &ns->dps, node) {
		if (i++ < skip)
			continue;
		if (dp_fill(msg, dp, &reply) == -EMSGSIZE) {
			i--;
			break;
		}
	}
	rcu_read_unlock();
	cb->args[0] = i;
	return msg->len;
}

static const struct genl_small_ops dp_ops[] = {
	{ .cmd = OVS_DP_CMD_NEW, .validate = MF_OP_LIBERAL, .flags = GENL_UNS_ADMIN_PERM,
	  .doit = dp_cmd_new },
	{ .cmd = OVS_DP_CMD_DEL, .validate = MF_OP_LIBERAL, .flags = GENL_UNS_ADMIN_PERM,
	  .doit = dp_cmd_del },
	{ .cmd = OVS_DP_CMD_GET, .validate = MF_OP_LIBERAL,
	  .doit = dp_cmd_get, .dumpit = dp_cmd_dump },
	{ .cmd = OVS_DP_CMD_SET, .validate = MF_OP_LIBERAL, .flags = GENL_UNS_ADMIN_PERM,
	  .doit = dp_cmd_set },
};

static const struct genl_multicast_group dp_group = { .name = OVS_DATAPATH_MCGROUP };

struct genl_family mf_datapath_family __ro_after_init = {
	.hdrsize = sizeof(struct ovs_header),
	.name = OVS_DATAPATH_FAMILY,
	.version = OVS_DATAPATH_VERSION,
	.maxattr = OVS_DP_ATTR_MAX,
	.policy = dp_policy,
	.netnsok = true,
	.parallel_ops = true,
	.small_ops = dp_ops,
	.n_small_ops = ARRAY_SIZE(dp_ops),
	.resv_start_op = OVS_DP_CMD_SET + 1,
	.mcgrps = &dp_group,
	.n_mcgrps = 1,
	.module = THIS_MODULE,
};
