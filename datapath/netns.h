/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Megaflow keeps per network namespace.
 */
#ifndef MF_NETNS_H
#define MF_NETNS_H

#include <linux/list.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#define MF_NAME_BUCKETS 256

struct mf_ct_limits;

/**
 * struct mf_netns - one namespace's datapaths and ports
 * @dps: its datapaths; changed under RTNL, read under RCU
 * @has_labels: connections of the namespace have room for labels
 * @ct_limits: limits of zones, or NULL; published by the first request that
 *	sets one, read under RCU
 * @ct_limits_gone: the same while the namespace ends, for packets that found
 *	them before
 * @port_names: ports of its datapaths by their device's present name; changed
 *	under RTNL, read under RCU
 */
struct mf_netns {
	struct list_head dps;
	bool has_labels;
	struct mf_ct_limits __rcu *ct_limits;
	struct mf_ct_limits *ct_limits_gone;
	struct hlist_head port_names[MF_NAME_BUCKETS];
};

/* Pernet ids are unsigned: a signed one once became a wild index. */
extern unsigned int mf_netns_id;

/**
 * mf_netns() - Megaflow's part of a namespace
 * @net: the namespace
 *
 * Context: any.
 * Return: never NULL while @net lives.
 */
static inline struct mf_netns *mf_netns(const struct net *net)
{
	return net_generic(net, mf_netns_id);
}

int mf_netns_init(void);
void mf_netns_exit(void);

#endif
