// SPDX-License-Identifier: GPL-2.0-only
/*
 * Datapaths: made, found, destroyed, counted.
 */
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/slab.h>

#include "dp.h"
#include "limits.h"
#include "netns.h"
#include "port/internal.h"
#include "port/table.h"
#include "upcall_pid.h"

/* Freeing a flow table sleeps, and must come after the last packet. */
static struct workqueue_struct *dp_wq;

static void dp_free(struct mf_dp *dp)
{
	mf_cpu_pids_free(rcu_access_pointer(dp->cpu_pids));
	free_percpu(dp->stats);
	kvfree(dp->ports);
	mutex_destroy(&dp->lock);
	kfree(dp);
}

static void dp_free_work(struct work_struct *work)
{
	struct mf_dp *dp = container_of(to_rcu_work(work), struct mf_dp, free);

	mf_table_destroy(&dp->table);
	mf_meters_destroy(&dp->meters);
	dp_free(dp);
}

/**
 * mf_dp_new() - make a datapath without ports that nobody can find yet
 * @net: the namespace that it belongs to
 * @extack: told why it failed
 *
 * Context: process, may sleep.
 * Return: the datapath with one reference, which mf_dp_publish() hands to the
 * namespace and mf_dp_put() gives back; or an ERR_PTR.
 */
struct mf_dp *mf_dp_new(struct net *net, struct netlink_ext_ack *extack)
{
	struct mf_dp *dp;
	int err = -ENOMEM;
	int cpu;

	dp = kzalloc_obj(*dp);
	if (!dp)
		goto err_say;
	refcount_set(&dp->refs, 1);
	mutex_init(&dp->lock);
	INIT_RCU_WORK(&dp->free, dp_free_work);
	INIT_LIST_HEAD(&dp->node);
	dp->net = net;
	dp->masks_cache = MF_MASKS_CACHE_DEFAULT;
	mf_meters_init(&dp->meters);

	/* An array of empty list heads is an array of zeroes. */
	dp->ports = kvcalloc(MF_PORT_BUCKETS, sizeof(*dp->ports), GFP_KERNEL);
	dp->stats = alloc_percpu(struct mf_dp_stats);
	if (!dp->ports || !dp->stats)
		goto err_free;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(dp->stats, cpu)->sync);

	err = mf_table_init(&dp->table, &dp->lock);
	if (err)
		goto err_free;
	return dp;

err_free:
	dp_free(dp);
err_say:
	NL_SET_ERR_MSG(extack, "No memory for the datapath");
	return ERR_PTR(err);
}

/**
 * mf_dp_publish() - let others find a datapath
 * @dp: the datapath, with its LOCAL port; the caller's reference goes to the
 *	namespace
 *
 * Context: RTNL held.
 */
void mf_dp_publish(struct mf_dp *dp)
{
	ASSERT_RTNL();
	list_add_tail_rcu(&dp->node, &mf_netns(dp->net)->dps);
}

/**
 * mf_dp_destroy() - end a datapath: its ports, then its flows
 * @dp: the datapath; the namespace's reference is given back, if it is
 *	published, else the caller's own
 *
 * Context: RTNL held, may sleep.
 */
void mf_dp_destroy(struct mf_dp *dp)
{
	ASSERT_RTNL();

	if (!list_empty(&dp->node))
		list_del_rcu(&dp->node);
	mf_port_destroy_all(dp);

	mutex_lock(&dp->lock);
	mf_table_flush(&dp->table);
	dp->dead = true;
	mutex_unlock(&dp->lock);

	mf_dp_put(dp);
}

/**
 * mf_dp_put() - give back a reference
 * @dp: the datapath, dead if this is the last one
 *
 * Context: any.
 */
void mf_dp_put(struct mf_dp *dp)
{
	if (!refcount_dec_and_test(&dp->refs))
		return;
	queue_rcu_work(dp_wq, &dp->free);
}

static struct mf_dp *dp_of_device(const struct net_device *dev)
{
	struct mf_port *port;

	if (!dev)
		return NULL;
	port = mf_internal_port_rcu(dev);
	return port && port->port_no == OVSP_LOCAL ? port->dp : NULL;
}

/**
 * mf_dp_find_rcu() - find a datapath by the ifindex of its LOCAL device
 * @net: the namespace to look in
 * @ifindex: the header's dp_ifindex
 *
 * Context: RCU read lock or RTNL held.
 * Return: the datapath without a reference, or NULL.
 */
struct mf_dp *mf_dp_find_rcu(struct net *net, int ifindex)
{
	struct mf_dp *dp;

	/* The list of devices wants RCU even where RTNL is held. */
	rcu_read_lock();
	dp = dp_of_device(dev_get_by_index_rcu(net, ifindex));
	rcu_read_unlock();
	return dp;
}

/**
 * mf_dp_find_name_rcu() - find a datapath by the name of its LOCAL device
 * @net: the namespace to look in
 * @name: NUL-terminated device name
 *
 * Context: RCU read lock or RTNL held.
 * Return: the datapath without a reference, or NULL.
 */
struct mf_dp *mf_dp_find_name_rcu(struct net *net, const char *name)
{
	struct mf_dp *dp;

	rcu_read_lock();
	dp = dp_of_device(dev_get_by_name_rcu(net, name));
	rcu_read_unlock();
	return dp;
}

/**
 * mf_dp_get() - find a datapath and take a reference
 * @net: the namespace to look in
 * @ifindex: the header's dp_ifindex
 *
 * Context: any.
 * Return: the datapath, to be given back with mf_dp_put(), or NULL.
 */
struct mf_dp *mf_dp_get(struct net *net, int ifindex)
{
	struct mf_dp *dp;

	rcu_read_lock();
	dp = mf_dp_find_rcu(net, ifindex);
	if (dp && !refcount_inc_not_zero(&dp->refs))
		dp = NULL;
	rcu_read_unlock();
	return dp;
}

/**
 * mf_dp_lock() - take a datapath's mutex, unless it was destroyed meanwhile
 * @dp: the datapath, referenced
 *
 * Context: process, may sleep.
 * Return: 0 with dp->lock held, or -ENODEV without.
 */
int mf_dp_lock(struct mf_dp *dp)
{
	mutex_lock(&dp->lock);
	if (!dp->dead)
		return 0;
	mutex_unlock(&dp->lock);
	return -ENODEV;
}

/**
 * mf_dp_unlock() - release a datapath's mutex
 * @dp: the datapath
 *
 * Context: dp->lock held.
 */
void mf_dp_unlock(struct mf_dp *dp)
{
	mutex_unlock(&dp->lock);
}

/**
 * mf_dp_local() - a datapath's LOCAL port
 * @dp: the datapath
 *
 * Context: RCU read lock or RTNL held.
 * Return: the port, or NULL while the datapath is being destroyed.
 */
struct mf_port *mf_dp_local(const struct mf_dp *dp)
{
	return mf_port_find_rcu(dp, OVSP_LOCAL);
}

/**
 * mf_dp_ifindex() - the number by which requests name a datapath
 * @dp: the datapath
 *
 * Context: any.
 * Return: the LOCAL device's ifindex, or 0 while the datapath is being
 * destroyed.
 */
int mf_dp_ifindex(const struct mf_dp *dp)
{
	const struct mf_port *local;
	int ifindex;

	rcu_read_lock();
	local = mf_dp_local(dp);
	ifindex = local ? local->dev->ifindex : 0;
	rcu_read_unlock();
	return ifindex;
}

/**
 * mf_dp_totals() - add up a datapath's counters
 * @dp: the datapath
 * @totals: filled in
 *
 * Context: any.
 */
void mf_dp_totals(const struct mf_dp *dp, struct mf_dp_totals *totals)
{
	struct mf_dp_totals one;
	unsigned int start;
	int cpu;
	int i;

	memset(totals, 0, sizeof(*totals));
	for_each_possible_cpu(cpu) {
		const struct mf_dp_stats *s = per_cpu_ptr(dp->stats, cpu);

		do {
			start = u64_stats_fetch_begin(&s->sync);
			one.hit = u64_stats_read(&s->hit);
			one.missed = u64_stats_read(&s->missed);
			one.lost = u64_stats_read(&s->lost);
			one.mask_hit = u64_stats_read(&s->mask_hit);
			one.cache_hit = u64_stats_read(&s->cache_hit);
			for (i = 0; i < MF_DROPS; i++)
				one.drops[i] = u64_stats_read(&s->drops[i]);
		} while (u64_stats_fetch_retry(&s->sync, start));

		totals->hit += one.hit;
		totals->missed += one.missed;
		totals->lost += one.lost;
		totals->mask_hit += one.mask_hit;
		totals->cache_hit += one.cache_hit;
		for (i = 0; i < MF_DROPS; i++)
			totals->drops[i] += one.drops[i];
	}
}

/**
 * mf_dp_init() - get ready to make datapaths
 *
 * Context: module load.
 * Return: 0 or -ENOMEM.
 */
int mf_dp_init(void)
{
	dp_wq = alloc_workqueue("megaflow", WQ_UNBOUND, 0);
	return dp_wq ? 0 : -ENOMEM;
}

/**
 * mf_dp_exit() - wait until the last datapath is freed
 *
 * Context: module unload, when no datapath is left.
 */
void mf_dp_exit(void)
{
	/* Grace periods first: their callbacks queue the work. */
	rcu_barrier();
	destroy_workqueue(dp_wq);
}
