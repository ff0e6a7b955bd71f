// SPDX-License-Identifier: GPL-2.0-only
/*
 * Family ovs_flow: requests about flows (abi.md section 1.4).
 *
 * A request is parsed, checked and compiled before any lock is taken. Under
 * the datapath's mutex it is found out whether it can be done, the reply is
 * prepared, and then it is done: nothing fails after that.
 */
#include <linux/net.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "../action/program.h"
#include "../dp.h"
#include "../key/match.h"
#include "../key/ufid.h"
#include "family.h"
#include "flow_fill.h"

static const struct nla_policy flow_policy[OVS_FLOW_ATTR_MAX + 1] = {
	[OVS_FLOW_ATTR_KEY] = { .type = NLA_NESTED },
	[OVS_FLOW_ATTR_MASK] = { .type = NLA_NESTED },
	[OVS_FLOW_ATTR_ACTIONS] = { .type = NLA_NESTED },
	[OVS_FLOW_ATTR_CLEAR] = { .type = NLA_FLAG },
	[OVS_FLOW_ATTR_PROBE] = { .type = NLA_FLAG },
	[OVS_FLOW_ATTR_UFID] = { .len = 1 },
	[OVS_FLOW_ATTR_UFID_FLAGS] = { .type = NLA_U32 },
};

/**
 * struct request - a request about a flow at work
 * @info: the request
 * @cmd: command of the reply
 * @dp: its datapath
 * @ufid: the UFID, empty if it has none
 * @ufid_flags: OVS_UFID_F_*: what the reply leaves out
 * @match: key and mask
 * @scratch: for the masked key, and for the reply
 * @flow: NEW: the flow that it asks for
 * @mask: NEW: its mask
 * @prog: the actions, compiled
 */
struct request {
	struct genl_info *info;
	u8 cmd;
	struct mf_dp *dp;
	struct mf_ufid ufid;
	u32 ufid_flags;
	struct mf_match match;
	struct mf_flow_scratch scratch;
	struct mf_flow *flow;
	struct mf_mask *mask;
	struct mf_program *prog;
};

static void request_free(struct request *req)
{
	mf_program_free(req->prog);
	mf_flow_free(req->flow);
	kfree(req->mask);
	if (req->dp)
		mf_dp_put(req->dp);
	kfree(req);
}

/*
 * What every request has: an identifier, and how to reply. Whoever names a flow by its key
 * may send a mask along; only who makes or changes one is held to it.
 */
static struct request *request_new(struct genl_info *info, u8 cmd)
{
	bool masked = cmd == OVS_FLOW_CMD_NEW || cmd == OVS_FLOW_CMD_SET;
	struct nlattr **attrs = info->attrs;
	struct request *req;
	int err = 0;

	req = kzalloc_obj(*req);
	if (!req)
		return ERR_PTR(-ENOMEM);
	req->info = info;
	req->cmd = cmd;
	if (attrs[OVS_FLOW_ATTR_UFID_FLAGS])
		req->ufid_flags = nla_get_u32(attrs[OVS_FLOW_ATTR_UFID_FLAGS]);
	if (attrs[OVS_FLOW_ATTR_UFID])
		err = mf_ufid_parse(&req->ufid, attrs[OVS_FLOW_ATTR_UFID], info->extack);
	if (!err && attrs[OVS_FLOW_ATTR_KEY])
		err = masked ? mf_match_parse(&req->match, attrs[OVS_FLOW_ATTR_KEY],
					      attrs[OVS_FLOW_ATTR_MASK], info->extack) :
			       mf_match_parse_key(&req->match, attrs[OVS_FLOW_ATTR_KEY],
						  info->extack);
	if (err) {
		request_free(req);
		return ERR_PTR(err);
	}
	return req;
}

static int request_compile(struct request *req)
{
	const struct nlattr *actions = req->info->attrs[OVS_FLOW_ATTR_ACTIONS];
	struct mf_program *prog;

	mf_key_mask(&req->scratch.key, &req->match.key, &req->match.mask);
	prog = mf_program_compile(genl_info_net(req->info), actions, &req->scratch.key,
				  req->info->extack);
	if (IS_ERR(prog)) {
		/* The extack says why; tools of long standing read this line instead. */
		if (!req->info->attrs[OVS_FLOW_ATTR_PROBE])
			net_warn_ratelimited("openvswitch: netlink: Flow actions may not be safe on all matching packets.\n");
		return PTR_ERR(prog);
	}
	req->prog = prog;
	return 0;
}

/* Find and lock the datapath, when all else about the request is known good. */
static int request_lock(struct request *req)
{
	int err;

	err = mf_request_dp(req->info, &req->dp);
	if (err)
		return err;
	err = mf_dp_lock(req->dp);
	if (err)
		GENL_SET_ERR_MSG(req->info, "The datapath is being destroyed");
	return err;
}

/* The flow that the request names: by UFID, else by its unmasked key. */
static struct mf_flow *request_find(struct request *req)
{
	struct mf_flow *flow;

	flow = req->ufid.len ? mf_table_find_ufid(&req->dp->table, &req->ufid) :
			       mf_table_find_exact(&req->dp->table, &req->match.key);
	if (!flow)
		GENL_SET_ERR_MSG(req->info, "No such flow");
	return flow;
}

/*
 * Room for the reply, which is to show the request's program if it has one;
 * or NULL when nobody would read it.
 */
static int request_reply_new(const struct request *req, const struct mf_flow *flow,
			     struct sk_buff **msg)
{
	*msg = NULL;
	if (!mf_reply_wanted(&mf_flow_family, req->info))
		return 0;
	*msg = genlmsg_new(mf_flow_message_size(flow, req->prog, req->ufid_flags), GFP_KERNEL);
	return *msg ? 0 : -ENOMEM;
}

static void request_reply_fill(struct request *req, const struct mf_flow *flow,
			       struct sk_buff **msg)
{
	const struct mf_reply reply = mf_reply_to(req->info, req->cmd);
	int err;

	if (!*msg)
		return;
	err = mf_flow_fill(*msg, flow, &reply, mf_dp_ifindex(req->dp), req->ufid_flags,
			   &req->scratch);
	if (!err)
		return;
	/* The change stands; who listens learns that a message is missing. */
	nlmsg_free(*msg);
	*msg = NULL;
	genl_set_err(&mf_flow_family, genl_info_net(req->info), 0, 0, err);
}

static void request_reply_send(const struct request *req, struct sk_buff *msg)
{
	if (msg)
		mf_reply_send(&mf_flow_family, msg, req->info);
}

static void replace_program(struct request *req, struct mf_flow *flow)
{
	struct mf_program *old;

	old = rcu_replace_pointer(flow->prog, req->prog, lockdep_is_held(&req->dp->lock));
	req->prog = NULL;
	mf_program_free_rcu(old);
}

/* NEW: the flow as a whole, ready to be inserted. */
static int request_build(struct request *req)
{
	int err;

	err = request_compile(req);
	if (err)
		return err;
	req->mask = mf_mask_new(&req->match.mask, GFP_KERNEL);
	if (!req->mask)
		return -ENOMEM;
	req->flow = mf_flow_new(req->mask, &req->match.key);
	if (!req->flow)
		return -ENOMEM;
	req->flow->ufid = req->ufid;
	if (!req->ufid.len) {
		req->flow->id_key = kmemdup(&req->match.key, sizeof(req->match.key), GFP_KERNEL);
		if (!req->flow->id_key)
			return -ENOMEM;
	}
	return 0;
}

static int insert_locked(struct request *req, struct sk_buff **msg)
{
	struct mf_mask *mask = req->mask;
	struct mf_flow *flow = req->flow;
	int err;

	RCU_INIT_POINTER(flow->prog, req->prog);
	req->prog = NULL;
	err = request_reply_new(req, flow, msg);
	if (err)
		return err;
	req->mask = NULL;
	err = mf_table_insert(&req->dp->table, flow, mask);
	if (err)
		return err;
	req->flow = NULL;
	request_reply_fill(req, flow, msg);
	return 0;
}

/* Of an overlapping flow: the one that the request means, or NULL. */
static struct mf_flow *same_flow(struct request *req, struct mf_flow *overlap)
{
	if (overlap->id_key)
		return mf_table_find_exact(&req->dp->table, &req->match.key);
	mf_flow_expand(&req->scratch.key, overlap);
	return memcmp(req->scratch.key.words, req->match.key.words,
		      sizeof(req->match.key.words)) ? NULL : overlap;
}

static int new_locked(struct request *req, struct sk_buff **msg)
{
	struct mf_table *table = &req->dp->table;
	struct mf_flow *flow = NULL;
	u32 probes;
	int err;

	if (req->ufid.len)
		flow = mf_table_find_ufid(table, &req->ufid);
	if (!flow) {
		/* What it finds stays: the datapath's mutex is held. */
		rcu_read_lock();
		flow = mf_tree_search(table, &req->match.key, &probes);
		rcu_read_unlock();
	}
	if (!flow)
		return insert_locked(req, msg);

	if (req->info->nlhdr->nlmsg_flags & (NLM_F_CREATE | NLM_F_EXCL)) {
		GENL_SET_ERR_MSG(req->info, "A flow of this UFID, or one that matches, exists");
		return -EEXIST;
	}
	flow = same_flow(req, flow);
	if (!flow) {
		GENL_SET_ERR_MSG(req->info, "Another flow matches this key");
		return -ENOENT;
	}
	err = request_reply_new(req, flow, msg);
	if (err)
		return err;
	replace_program(req, flow);
	request_reply_fill(req, flow, msg);
	return 0;
}

/* Do what was prepared, under the datapath's mutex, and tell of it. */
static int request_commit(struct request *req,
			  int (*locked)(struct request *req, struct sk_buff **msg))
{
	struct sk_buff *msg = NULL;
	int err;

	err = request_lock(req);
	if (err)
		return err;
	err = locked(req, &msg);
	mf_dp_unlock(req->dp);
	if (!err)
		request_reply_send(req, msg);
	else
		nlmsg_free(msg);
	return err;
}

static int flow_cmd_new(struct sk_buff *skb, struct genl_info *info)
{
	struct request *req;
	int err;

	if (!info->attrs[OVS_FLOW_ATTR_KEY] || !info->attrs[OVS_FLOW_ATTR_ACTIONS]) {
		GENL_SET_ERR_MSG(info, "A flow needs a key and actions");
		return -EINVAL;
	}
	req = request_new(info, OVS_FLOW_CMD_NEW);
	if (IS_ERR(req))
		return PTR_ERR(req);
	err = request_build(req);
	if (!err)
		err = request_commit(req, new_locked);
	request_free(req);
	return err;
}

static int check_identifier(struct genl_info *info)
{
	if (info->attrs[OVS_FLOW_ATTR_KEY] || info->attrs[OVS_FLOW_ATTR_UFID])
		return 0;
	GENL_SET_ERR_MSG(info, "Neither a key nor a UFID names the flow");
	return -EINVAL;
}

static int set_locked(struct request *req, struct sk_buff **msg)
{
	struct mf_flow *flow = request_find(req);
	int err;

	if (!flow)
		return -ENOENT;
	err = request_reply_new(req, flow, msg);
	if (err)
		return err;
	if (req->prog)
		replace_program(req, flow);
	request_reply_fill(req, flow, msg);
	if (req->info->attrs[OVS_FLOW_ATTR_CLEAR])
		mf_flow_clear(flow);
	return 0;
}

static int flow_cmd_set(struct sk_buff *skb, struct genl_info *info)
{
	struct request *req;
	int err;

	err = check_identifier(info);
	if (err)
		return err;
	if (info->attrs[OVS_FLOW_ATTR_ACTIONS] && !info->attrs[OVS_FLOW_ATTR_KEY]) {
		GENL_SET_ERR_MSG(info, "Actions are checked against a key; none is given");
		return -EINVAL;
	}
	req = request_new(info, OVS_FLOW_CMD_SET);
	if (IS_ERR(req))
		return PTR_ERR(req);
	if (info->attrs[OVS_FLOW_ATTR_ACTIONS])
		err = request_compile(req);
	if (!err)
		err = request_commit(req, set_locked);
	request_free(req);
	return err;
}

static int flow_cmd_get(struct sk_buff *skb, struct genl_info *info)
{
	const struct mf_reply reply = mf_reply_to(info, OVS_FLOW_CMD_GET);
	struct sk_buff *msg = NULL;
	struct mf_flow *flow;
	struct request *req;
	int err;

	err = check_identifier(info);
	if (err)
		return err;
	req = request_new(info, OVS_FLOW_CMD_GET);
	if (IS_ERR(req))
		return PTR_ERR(req);
	err = request_lock(req);
	if (err)
		goto out_free;

	err = -ENOENT;
	flow = request_find(req);
	if (!flow)
		goto out_unlock;
	err = -ENOMEM;
	msg = genlmsg_new(mf_flow_message_size(flow, NULL, req->ufid_flags), GFP_KERNEL);
	if (msg)
		err = mf_flow_fill(msg, flow, &reply, mf_dp_ifindex(req->dp), req->ufid_flags,
				   &req->scratch);
out_unlock:
	mf_dp_unlock(req->dp);
	if (!err)
		err = genlmsg_reply(msg, info);
	else
		nlmsg_free(msg);
out_free:
	request_free(req);
	return err;
}

static int flush(struct request *req)
{
	int err = request_lock(req);

	if (err)
		return err;
	mf_table_flush(&req->dp->table);
	mf_dp_unlock(req->dp);
	return 0;
}

/* Said while the flow and its mask are there, sent when they are not. */
static int del_locked(struct request *req, struct sk_buff **msg)
{
	struct mf_flow *flow = request_find(req);

	if (!flow)
		return -ENOENT;
	if (request_reply_new(req, flow, msg))
		genl_set_err(&mf_flow_family, genl_info_net(req->info), 0, 0, -ENOBUFS);
	request_reply_fill(req, flow, msg);
	mf_table_remove(&req->dp->table, flow);
	mf_flow_free_rcu(flow);
	return 0;
}

static int flow_cmd_del(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg = NULL;
	struct request *req;
	int err;

	req = request_new(info, OVS_FLOW_CMD_DEL);
	if (IS_ERR(req))
		return PTR_ERR(req);
	if (!info->attrs[OVS_FLOW_ATTR_KEY] && !info->attrs[OVS_FLOW_ATTR_UFID]) {
		err = flush(req);
		goto out_free;
	}
	err = request_lock(req);
	if (err)
		goto out_free;
	err = del_locked(req, &msg);
	mf_dp_unlock(req->dp);
	request_reply_send(req, msg);
out_free:
	request_free(req);
	return err;
}

static const struct genl_ops flow_ops[] = {
	{ .cmd = OVS_FLOW_CMD_NEW, .validate = MF_OP_LIBERAL, .flags = GENL_UNS_ADMIN_PERM,
	  .doit = flow_cmd_new },
	{ .cmd = OVS_FLOW_CMD_DEL, .validate = MF_OP_LIBERAL, .flags = GENL_UNS_ADMIN_PERM,
	  .doit = flow_cmd_del },
	{ .cmd = OVS_FLOW_CMD_GET, .validate = MF_OP_LIBERAL,
	  .doit = flow_cmd_get, .dumpit = mf_flow_dump, .done = mf_flow_dump_done },
	{ .cmd = OVS_FLOW_CMD_SET, .validate = MF_OP_LIBERAL, .flags = GENL_UNS_ADMIN_PERM,
	  .doit = flow_cmd_set },
};

static const struct genl_multicast_group flow_group = { .name = OVS_FLOW_MCGROUP };

struct genl_family mf_flow_family __ro_after_init = {
	.hdrsize = sizeof(struct ovs_header),
	.name = OVS_FLOW_FAMILY,
	.version = OVS_FLOW_VERSION,
	.maxattr = OVS_FLOW_ATTR_MAX,
	.policy = flow_policy,
	.netnsok = true,
	.parallel_ops = true,
	.ops = flow_ops,
	.n_ops = ARRAY_SIZE(flow_ops),
	.resv_start_op = OVS_FLOW_CMD_SET + 1,
	.mcgrps = &flow_group,
	.n_mcgrps = 1,
	.module = THIS_MODULE,
};
