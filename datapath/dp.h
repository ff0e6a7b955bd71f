/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A datapath: a switch with ports, a flow table and one mutex for it.
 */
#ifndef MF_DP_H
#define MF_DP_H

#include <linux/mutex.h>
#include <linux/openvswitch.h>
#include <linux/refcount.h>
#include <linux/u64_stats_sync.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include "drop.h"
#include "lock.h"
#include "meter/meter.h"
#include "table/table.h"

#define MF_PORT_BUCKETS 1024

struct mf_port;
struct netlink_ext_ack;

/**
 * struct mf_dp_stats - a datapath's counters on one CPU
 * @sync: guards the counters on 32-bit machines
 * @hit: packets that found a flow
 * @missed: packets that found none
 * @lost: upcalls that user space did not take
 * @mask_hit: masks that were tried for all of them
 * @cache_hit: packets that the per-CPU cache answered
 * @drops: dropped packets by enum mf_drop
 */
struct mf_dp_stats {
	struct u64_stats_sync sync;
	u64_stats_t hit;
	u64_stats_t missed;
	u64_stats_t lost;
	u64_stats_t mask_hit;
	u64_stats_t cache_hit;
	u64_stats_t drops[MF_DROPS];
};

/**
 * struct mf_dp - a datapath
 * @free: frees it after the packets in it, where sleeping is allowed
 * @refs: one for the namespace's list, one for each request at work
 * @node: link in the namespace's list, under RTNL; read under RCU
 * @net: the namespace it belongs to, which outlives it
 * @lock: guards the flows and meters
 * @dead: destroyed; who waited for @lock finds it so. Under @lock
 * @ports: hash of its ports by number; changed under RTNL
 * @n_ports: their number; under RTNL
 * @headroom: largest headroom that one of the ports' devices asks for; under
 *	RTNL
 * @table: its flows
 * @meters: its meters
 * @stats: counters
 * @features: OVS_DP_F_* that user space asked for; changed under RTNL
 * @masks_cache: MASKS_CACHE_SIZE as user space set it, entries a CPU; changed
 *	under RTNL
 * @cpu_pids: PER_CPU_PIDS, or NULL; changed under RTNL
 */
struct mf_dp {
	struct rcu_work free;
	refcount_t refs;
	struct list_head node;
	struct net *net;
	struct mutex lock;
	bool dead;
	struct hlist_head *ports;
	u32 n_ports;
	u16 headroom;
	struct mf_table table;
	struct mf_meters meters;
	struct mf_dp_stats __percpu *stats;
	u32 features;
	u32 masks_cache;
	struct mf_cpu_pids __rcu *cpu_pids;
};

/**
 * struct mf_dp_totals - a datapath's counters, all CPUs together
 * @hit: packets that found a flow
 * @missed: packets that found none
 * @lost: upcalls that user space did not take
 * @mask_hit: masks that were tried
 * @cache_hit: packets that the per-CPU cache answered
 * @drops: dropped packets by enum mf_drop
 */
struct mf_dp_totals {
	u64 hit;
	u64 missed;
	u64 lost;
	u64 mask_hit;
	u64 cache_hit;
	u64 drops[MF_DROPS];
};

struct mf_dp *mf_dp_new(struct net *net, struct netlink_ext_ack *extack);
void mf_dp_publish(struct mf_dp *dp);
void mf_dp_destroy(struct mf_dp *dp);
void mf_dp_put(struct mf_dp *dp);

struct mf_dp *mf_dp_find_rcu(struct net *net, int ifindex);
struct mf_dp *mf_dp_find_name_rcu(struct net *net, const char *name);
struct mf_dp *mf_dp_get(struct net *net, int ifindex);

int mf_dp_lock(struct mf_dp *dp);
void mf_dp_unlock(struct mf_dp *dp);

int mf_dp_ifindex(const struct mf_dp *dp);
struct mf_port *mf_dp_local(const struct mf_dp *dp);
void mf_dp_totals(const struct mf_dp *dp, struct mf_dp_totals *totals);

int mf_dp_init(void);
void mf_dp_exit(void);

#endif
