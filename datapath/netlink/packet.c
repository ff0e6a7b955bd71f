// SPDX-License-Identifier: GPL-2.0-only
/*
 * Family ovs_packet: packets from user space (abi.md section 1.5). Those to
 * user space are upcall.c's.
 */
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "../action/program.h"
#include "../cb.h"
#include "../dp.h"
#include "../key/extract.h"
#include "../key/match.h"
#include "../port/table.h"
#include "family.h"

static const struct nla_policy packet_policy[OVS_PACKET_ATTR_MAX + 1] = {
	[OVS_PACKET_ATTR_PACKET] = { .len = ETH_HLEN },
	[OVS_PACKET_ATTR_KEY] = { .type = NLA_NESTED },
	[OVS_PACKET_ATTR_ACTIONS] = { .type = NLA_NESTED },
	[OVS_PACKET_ATTR_PROBE] = { .type = NLA_FLAG },
	[OVS_PACKET_ATTR_MRU] = { .type = NLA_U16 },
	[OVS_PACKET_ATTR_HASH] = { .type = NLA_U64 },
	[OVS_PACKET_ATTR_UPCALL_PID] = { .type = NLA_U32 },
};

/**
 * struct execute - an EXECUTE request at work
 * @skb: the packet
 * @prog: what to do with it
 * @key: its key
 */
struct execute {
	struct sk_buff *skb;
	struct mf_program *prog;
	struct mf_key key;
};

static struct sk_buff *packet_of_request(struct genl_info *info)
{
	const struct nlattr *nla = info->attrs[OVS_PACKET_ATTR_PACKET];
	struct nlattr **attrs = info->attrs;
	unsigned int len = nla_len(nla);
	struct sk_buff *skb;
	u64 hash;

	/* Room for headers that actions may put in front. */
	skb = __dev_alloc_skb(NET_IP_ALIGN + len, GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_reserve(skb, NET_IP_ALIGN);
	nla_memcpy(__skb_put(skb, len), nla, len);

	*mf_cb(skb) = (struct mf_cb){};
	if (attrs[OVS_PACKET_ATTR_MRU]) {
		mf_cb(skb)->mru = nla_get_u16(attrs[OVS_PACKET_ATTR_MRU]);
		skb->ignore_df = mf_cb(skb)->mru != 0;
	}
	if (attrs[OVS_PACKET_ATTR_HASH]) {
		hash = nla_get_u64(attrs[OVS_PACKET_ATTR_HASH]);
		__skb_set_hash(skb, (u32)hash, hash & BIT_ULL(32), hash & BIT_ULL(33));
	}
	if (attrs[OVS_PACKET_ATTR_UPCALL_PID])
		mf_cb(skb)->upcall_pid = nla_get_u32(attrs[OVS_PACKET_ATTR_UPCALL_PID]);
	return skb;
}

static int prepare(struct execute *x, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	int err;

	err = mf_key_parse_metadata(&x->key, attrs[OVS_PACKET_ATTR_KEY], info->extack);
	if (err)
		return err;
	x->skb = packet_of_request(info);
	if (!x->skb)
		return -ENOMEM;
	err = mf_key_extract_execute(&x->key, x->skb);
	if (err) {
		GENL_SET_ERR_MSG(info, "The packet's headers make no sense");
		return err;
	}
	x->prog = mf_program_compile(genl_info_net(info), attrs[OVS_PACKET_ATTR_ACTIONS], &x->key,
				     info->extack);
	if (IS_ERR(x->prog)) {
		err = PTR_ERR(x->prog);
		x->prog = NULL;
	}
	return err;
}

/* A packet is always from somewhere: LOCAL, if user space names no port. */
static int run(struct execute *x, struct mf_dp *dp)
{
	struct mf_port *in;
	int err;

	local_bh_disable();
	rcu_read_lock();
	in = mf_port_find_rcu(dp, x->key.in_port);
	if (!in)
		in = mf_dp_local(dp);
	if (!in) {
		err = -ENODEV;
		kfree_skb(x->skb);
	} else {
		mf_cb(x->skb)->in = in;
		x->skb->dev = in->dev;
		x->skb->priority = x->key.priority;
		x->skb->mark = x->key.skb_mark;
		err = mf_program_run(dp, x->skb, &x->key, x->prog);
	}
	rcu_read_unlock();
	local_bh_enable();
	x->skb = NULL;
	return err;
}

static int packet_cmd_execute(struct sk_buff *msg, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct execute *x;
	struct mf_dp *dp;
	int err;

	if (!attrs[OVS_PACKET_ATTR_PACKET] || !attrs[OVS_PACKET_ATTR_KEY] ||
	    !attrs[OVS_PACKET_ATTR_ACTIONS]) {
		GENL_SET_ERR_MSG(info, "A packet, its key and actions are needed");
		return -EINVAL;
	}
	x = kzalloc_obj(*x);
	if (!x)
		return -ENOMEM;
	err = prepare(x, info);
	if (err)
		goto out_free;
	err = mf_request_dp(info, &dp);
	if (err)
		goto out_free;
	err = run(x, dp);
	mf_dp_put(dp);

out_free:
	kfree_skb(x->skb);
	mf_program_free(x->prog);
	kfree(x);
	return err;
}

static const struct genl_small_ops packet_ops[] = {
	{ .cmd = OVS_PACKET_CMD_EXECUTE, .validate = MF_OP_LIBERAL, .flags = GENL_UNS_ADMIN_PERM,
	  .doit = packet_cmd_execute },
};

struct genl_family mf_packet_family __ro_after_init = {
	.hdrsize = sizeof(struct ovs_header),
	.name = OVS_PACKET_FAMILY,
	.version = OVS_PACKET_VERSION,
	.maxattr = OVS_PACKET_ATTR_MAX,
	.policy = packet_policy,
	.netnsok = true,
	.parallel_ops = true,
	.small_ops = packet_ops,
	.n_small_ops = ARRAY_SIZE(packet_ops),
	.resv_start_op = OVS_PACKET_CMD_EXECUTE + 1,
	.module = THIS_MODULE,
};
