// SPDX-License-Identifier: GPL-2.0-only
/*
 * Family ovs_vport: requests about ports (abi.md section 1.3).
 */
#include <linux/netdevice.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "../dp.h"
#include "../limits.h"
#include "../port/table.h"
#include "family.h"
#include "pids.h"
#include "vport.h"

static const struct nla_policy vport_policy[OVS_VPORT_ATTR_MAX + 1] = {
	[OVS_VPORT_ATTR_PORT_NO] = { .type = NLA_U32 },
	[OVS_VPORT_ATTR_TYPE] = { .type = NLA_U32 },
	[OVS_VPORT_ATTR_NAME] = { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[OVS_VPORT_ATTR_OPTIONS] = { .type = NLA_NESTED },
	[OVS_VPORT_ATTR_IFINDEX] = NLA_POLICY_MIN(NLA_S32, 0),
};

static size_t vport_message_size(void)
{
	return NLMSG_ALIGN(sizeof(struct ovs_header)) +
	       nla_total_size(sizeof(u32)) +			/* PORT_NO */
	       nla_total_size(sizeof(u32)) +			/* TYPE */
	       nla_total_size(IFNAMSIZ) +
	       nla_total_size(sizeof(s32)) +			/* IFINDEX */
	       nla_total_size(sizeof(s32)) +			/* NETNSID */
	       nla_total_size_64bit(sizeof(struct ovs_vport_stats)) +
	       nla_total_size(2 * nla_total_size_64bit(sizeof(u64))) +	/* UPCALL_STATS */
	       nla_total_size(array_size(sizeof(u32), nr_cpu_ids));	/* UPCALL_PID */
}

static int put_stats(struct sk_buff *msg, const struct mf_port *port)
{
	struct rtnl_link_stats64 link = {};
	struct ovs_vport_stats stats = {};

	dev_get_stats(port->dev, &link);
	stats.rx_packets = link.rx_packets;
	stats.tx_packets = link.tx_packets;
	stats.rx_bytes = link.rx_bytes;
	stats.tx_bytes = link.tx_bytes;
	stats.rx_errors = link.rx_errors;
	stats.tx_errors = link.tx_errors;
	stats.rx_dropped = link.rx_dropped;
	stats.tx_dropped = link.tx_dropped;
	return nla_put_64bit(msg, OVS_VPORT_ATTR_STATS, sizeof(stats), &stats,
			     OVS_VPORT_ATTR_PAD);
}

static int put_upcall_stats(struct sk_buff *msg, const struct mf_port *port)
{
	struct nlattr *nest;
	u64 success = 0;
	u64 fail = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct mf_upcall_stats *stats = per_cpu_ptr(port->upcalls, cpu);
		unsigned int start;
		u64 s;
		u64 f;

		do {
			start = u64_stats_fetch_begin(&stats->sync);
			s = u64_stats_read(&stats->success);
			f = u64_stats_read(&stats->fail);
		} while (u64_stats_fetch_retry(&stats->sync, start));
		success += s;
		fail += f;
	}

	nest = nla_nest_start_noflag(msg, OVS_VPORT_ATTR_UPCALL_STATS);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u64_64bit(msg, OVS_VPORT_UPCALL_ATTR_SUCCESS, success, OVS_VPORT_ATTR_PAD) ||
	    nla_put_u64_64bit(msg, OVS_VPORT_UPCALL_ATTR_FAIL, fail, OVS_VPORT_ATTR_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_pids(struct sk_buff *msg, const struct mf_port *port)
{
	const struct mf_upcall_pids *pids = rcu_dereference_rtnl(port->pids);
	u32 n = READ_ONCE(port->dp->features) & OVS_DP_F_VPORT_PIDS ? pids->n : 1;

	return nla_put(msg, OVS_VPORT_ATTR_UPCALL_PID, n * sizeof(u32), pids->pid);
}

/* Where the device is, if not where the requester is. */
static int put_netnsid(struct sk_buff *msg, const struct mf_port *port, gfp_t gfp)
{
	struct net *net = dev_net(port->dev);

	if (net_eq(net, port->dp->net))
		return 0;
	return nla_put_s32(msg, OVS_VPORT_ATTR_NETNSID,
			   peernet2id_alloc(port->dp->net, net, gfp));
}

static int vport_fill(struct sk_buff *msg, const struct mf_port *port,
		      const struct mf_reply *reply, gfp_t gfp)
{
	void *header;

	header = mf_reply_put(msg, &mf_vport_family, reply, mf_dp_ifindex(port->dp));
	if (!header)
		return -EMSGSIZE;
	if (nla_put_u32(msg, OVS_VPORT_ATTR_PORT_NO, port->port_no) ||
	    nla_put_u32(msg, OVS_VPORT_ATTR_TYPE, port->ops->type) ||
	    nla_put_string(msg, OVS_VPORT_ATTR_NAME, port->dev->name) ||
	    nla_put_u32(msg, OVS_VPORT_ATTR_IFINDEX, port->dev->ifindex) ||
	    put_netnsid(msg, port, gfp) ||
	    put_stats(msg, port) ||
	    put_upcall_stats(msg, port) ||
	    put_pids(msg, port)) {
		genlmsg_cancel(msg, header);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, header);
	return 0;
}

/* The port of a request: by name, or by number in the header's datapath. */
static struct mf_port *port_of_request(struct genl_info *info)
{
	const struct ovs_header *header = genl_info_userhdr(info);
	struct nlattr **attrs = info->attrs;
	struct net *net = genl_info_net(info);
	struct mf_port *port;
	struct mf_dp *dp;

	if (attrs[OVS_VPORT_ATTR_IFINDEX]) {
		GENL_SET_ERR_MSG(info, "Ports are found by name or number, not by ifindex");
		return ERR_PTR(-EOPNOTSUPP);
	}
	if (attrs[OVS_VPORT_ATTR_NAME]) {
		port = mf_port_find_name_rcu(net, nla_data(attrs[OVS_VPORT_ATTR_NAME]));
		if (port && header->dp_ifindex && header->dp_ifindex != mf_dp_ifindex(port->dp))
			port = NULL;
	} else if (attrs[OVS_VPORT_ATTR_PORT_NO]) {
		u32 port_no = nla_get_u32(attrs[OVS_VPORT_ATTR_PORT_NO]);

		if (port_no >= MF_PORTS_MAX) {
			GENL_SET_ERR_MSG(info, "Port numbers end at 65534");
			return ERR_PTR(-EFBIG);
		}
		dp = mf_dp_find_rcu(net, header->dp_ifindex);
		port = dp ? mf_port_find_rcu(dp, port_no) : NULL;
	} else {
		GENL_SET_ERR_MSG(info, "Neither the name nor the number of a port is given");
		return ERR_PTR(-EINVAL);
	}
	if (!port) {
		GENL_SET_ERR_MSG(info, "No such port");
		return ERR_PTR(-ENODEV);
	}
	return port;
}

static int check_new(struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;

	if (!attrs[OVS_VPORT_ATTR_NAME] || !attrs[OVS_VPORT_ATTR_TYPE] ||
	    !attrs[OVS_VPORT_ATTR_UPCALL_PID]) {
		GENL_SET_ERR_MSG(info, "A port needs a name, a type and an upcall port id");
		return -EINVAL;
	}
	if (attrs[OVS_VPORT_ATTR_IFINDEX] &&
	    nla_get_u32(attrs[OVS_VPORT_ATTR_TYPE]) != OVS_VPORT_TYPE_INTERNAL) {
		GENL_SET_ERR_MSG(info, "Only internal ports can be given an ifindex");
		return -EOPNOTSUPP;
	}
	if (attrs[OVS_VPORT_ATTR_PORT_NO] &&
	    nla_get_u32(attrs[OVS_VPORT_ATTR_PORT_NO]) >= MF_PORTS_MAX) {
		GENL_SET_ERR_MSG(info, "Port numbers end at 65534");
		return -EFBIG;
	}
	return 0;
}

static int choose_number(const struct mf_dp *dp, struct genl_info *info)
{
	const struct nlattr *nla = info->attrs[OVS_VPORT_ATTR_PORT_NO];
	u32 wanted = nla ? nla_get_u32(nla) : 0;
	int port_no;

	if (!wanted) {
		port_no = mf_port_free_number(dp);
		if (port_no < 0)
			GENL_SET_ERR_MSG(info, "No port number is free");
		return port_no;
	}
	if (mf_port_find_rcu(dp, wanted)) {
		GENL_SET_ERR_MSG(info, "The port number is taken");
		return -EBUSY;
	}
	return wanted;
}

static int vport_new_locked(struct genl_info *info, struct mf_port_params *params,
			    struct sk_buff *msg)
{
	const struct mf_reply reply = mf_reply_to(info, OVS_VPORT_CMD_NEW);
	const struct ovs_header *header = genl_info_userhdr(info);
	struct mf_port *port;
	struct mf_dp *dp;
	int number;

	dp = mf_dp_find_rcu(genl_info_net(info), header->dp_ifindex);
	if (!dp) {
		GENL_SET_ERR_MSG(info, "No datapath has this interface index");
		return -ENODEV;
	}
	number = choose_number(dp, info);
	if (number < 0)
		return number;
	params->port_no = number;
	port = mf_port_new(dp, params);
	if (IS_ERR(port))
		return PTR_ERR(port);
	params->pids = NULL;
	return vport_fill(msg, port, &reply, GFP_KERNEL);
}

static int vport_cmd_new(struct sk_buff *skb, struct genl_info *info)
{
	struct mf_port_params params = { .extack = info->extack };
	struct sk_buff *msg;
	int err;

	err = check_new(info);
	if (err)
		return err;
	params.name = nla_data(info->attrs[OVS_VPORT_ATTR_NAME]);
	params.type = nla_get_u32(info->attrs[OVS_VPORT_ATTR_TYPE]);
	if (info->attrs[OVS_VPORT_ATTR_IFINDEX])
		params.ifindex = nla_get_s32(info->attrs[OVS_VPORT_ATTR_IFINDEX]);
	msg = genlmsg_new(vport_message_size(), GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	params.pids = mf_pids_parse(info->attrs[OVS_VPORT_ATTR_UPCALL_PID], info->extack);
	if (IS_ERR(params.pids)) {
		err = PTR_ERR(params.pids);
		goto err_msg;
	}

	rtnl_lock();
	err = vport_new_locked(info, &params, msg);
	rtnl_unlock();
	if (err)
		goto err_pids;
	mf_reply_send(&mf_vport_family, msg, info);
	return 0;

err_pids:
	kfree(params.pids);
err_msg:
	nlmsg_free(msg);
	return err;
}

static int check_set(struct genl_info *info, const struct mf_port *port)
{
	struct nlattr **attrs = info->attrs;

	if (attrs[OVS_VPORT_ATTR_TYPE] &&
	    nla_get_u32(attrs[OVS_VPORT_ATTR_TYPE]) != port->ops->type) {
		GENL_SET_ERR_MSG(info, "A port cannot change its type");
		return -EINVAL;
	}
	if (attrs[OVS_VPORT_ATTR_OPTIONS]) {
		GENL_SET_ERR_MSG(info, "Ports of this type have no options");
		return -EOPNOTSUPP;
	}
	return 0;
}

static int vport_cmd_set(struct sk_buff *skb, struct genl_info *info)
{
	const struct mf_reply reply = mf_reply_to(info, OVS_VPORT_CMD_SET);
	const struct nlattr *nla = info->attrs[OVS_VPORT_ATTR_UPCALL_PID];
	struct mf_upcall_pids *pids = NULL;
	struct mf_port *port;
	struct sk_buff *msg;
	int err;

	if (nla) {
		pids = mf_pids_parse(nla, info->extack);
		if (IS_ERR(pids))
			return PTR_ERR(pids);
	}
	err = -ENOMEM;
	msg = genlmsg_new(vport_message_size(), GFP_KERNEL);
	if (!msg)
		goto err_pids;

	rtnl_lock();
	port = port_of_request(info);
	err = PTR_ERR_OR_ZERO(port);
	if (!err)
		err = check_set(info, port);
	if (!err) {
		if (pids)
			mf_port_set_pids(port, pids);
		pids = NULL;
		err = vport_fill(msg, port, &reply, GFP_KERNEL);
	}
	rtnl_unlock();
	if (err)
		goto err_msg;
	mf_reply_send(&mf_vport_family, msg, info);
	return 0;

err_msg:
	nlmsg_free(msg);
err_pids:
	kfree(pids);
	return err;
}

static int vport_cmd_del(struct sk_buff *skb, struct genl_info *info)
{
	const struct mf_reply reply = mf_reply_to(info, OVS_VPORT_CMD_DEL);
	struct mf_port *port;
	struct sk_buff *msg;
	int err;

	msg = genlmsg_new(vport_message_size(), GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	rtnl_lock();
	port = port_of_request(info);
	err = PTR_ERR_OR_ZERO(port);
	if (!err && port->port_no == OVSP_LOCAL) {
		GENL_SET_ERR_MSG(info, "The local port goes with its datapath");
		err = -EINVAL;
	}
	if (!err)
		err = vport_fill(msg, port, &reply, GFP_KERNEL);
	if (!err)
		mf_port_destroy(port);
	rtnl_unlock();
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	mf_reply_send(&mf_vport_family, msg, info);
	return 0;
}

static int vport_cmd_get(struct sk_buff *skb, struct genl_info *info)
{
	const struct mf_reply reply = mf_reply_to(info, OVS_VPORT_CMD_GET);
	struct mf_port *port;
	struct sk_buff *msg;
	int err;

	msg = genlmsg_new(vport_message_size(), GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	rcu_read_lock();
	port = port_of_request(info);
	err = PTR_ERR_OR_ZERO(port);
	if (!err)
		err = vport_fill(msg, port, &reply, GFP_ATOMIC);
	rcu_read_unlock();
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

static int vport_cmd_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	const struct ovs_header *header = genlmsg_data(nlmsg_data(cb->nlh));
	const struct mf_reply reply = mf_reply_dump(cb, OVS_VPORT_CMD_GET);
	int bucket = cb->args[0];
	int skip = cb->args[1];
	struct mf_port *port;
	struct mf_dp *dp;
	int i;

	rcu_read_lock();
	dp = mf_dp_find_rcu(sock_net(msg->sk), header->dp_ifindex);
	if (!dp) {
		rcu_read_unlock();
		NL_SET_ERR_MSG(cb->extack, "No datapath has this interface index");
		return -ENODEV;
	}
	for (; bucket < MF_PORT_BUCKETS; bucket++, skip = 0) {
		i = 0;
		hlist_for_each_entry_rcu(port, &dp->ports[bucket], no_node) {
			if (i++ < skip)
				continue;
			if (vport_fill(msg, port, &reply, GFP_ATOMIC))
				goto full;
			skip++;
		}
	}
full:
	rcu_read_unlock();
	cb->args[0] = bucket;
	cb->args[1] = skip;
	return msg->len;
}

/**
 * mf_vport_tell_gone() - tell that a port's device vanished
 * @port: the port, not destroyed yet
 *
 * Context: RTNL held, may sleep.
 */
void mf_vport_tell_gone(struct mf_port *port)
{
	const struct mf_reply reply = { .cmd = OVS_VPORT_CMD_DEL };
	struct net *net = port->dp->net;
	struct sk_buff *msg;
	int err;

	msg = genlmsg_new(vport_message_size(), GFP_KERNEL);
	if (!msg) {
		genl_set_err(&mf_vport_family, net, 0, 0, -ENOBUFS);
		return;
	}
	err = vport_fill(msg, port, &reply, GFP_KERNEL);
	if (err) {
		nlmsg_free(msg);
		genl_set_err(&mf_vport_family, net, 0, 0, err);
		return;
	}
	genlmsg_multicast_netns(&mf_vport_family, net, msg, 0, 0, GFP_KERNEL);
}

static const struct genl_small_ops vport_ops[] = {
	{ .cmd = OVS_VPORT_CMD_NEW, .validate = MF_OP_LIBERAL, .flags = GENL_UNS_ADMIN_PERM,
	  .doit = vport_cmd_new },
	{ .cmd = OVS_VPORT_CMD_DEL, .validate = MF_OP_LIBERAL, .flags = GENL_UNS_ADMIN_PERM,
	  .doit = vport_cmd_del },
	{ .cmd = OVS_VPORT_CMD_GET, .validate = MF_OP_LIBERAL,
	  .doit = vport_cmd_get, .dumpit = vport_cmd_dump },
	{ .cmd = OVS_VPORT_CMD_SET, .validate = MF_OP_LIBERAL, .flags = GENL_UNS_ADMIN_PERM,
	  .doit = vport_cmd_set },
};

static const struct genl_multicast_group vport_group = { .name = OVS_VPORT_MCGROUP };

struct genl_family mf_vport_family __ro_after_init = {
	.hdrsize = sizeof(struct ovs_header),
	.name = OVS_VPORT_FAMILY,
	.version = OVS_VPORT_VERSION,
	.maxattr = OVS_VPORT_ATTR_MAX,
	.policy = vport_policy,
	.netnsok = true,
	.parallel_ops = true,
	.small_ops = vport_ops,
	.n_small_ops = ARRAY_SIZE(vport_ops),
	.resv_start_op = OVS_VPORT_CMD_SET + 1,
	.mcgrps = &vport_group,
	.n_mcgrps = 1,
	.module = THIS_MODULE,
};
