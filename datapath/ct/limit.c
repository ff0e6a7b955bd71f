// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many connections a zone may have.
 *
 * A namespace has none of this until somebody sets a limit there, so that
 * others pay a pointer's test for a new connection. nf_conncount counts: it
 * keeps the tuples of what was committed, and forgets those that nf_conntrack
 * no longer knows.
 */
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/xarray.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_count.h>

#include "ct.h"
#include "limit.h"
#include "netns.h"

/* So many zones may commit at once. */
#define MF_CT_LIMIT_LOCKS 16

/**
 * struct mf_ct_limits - the limits of a namespace
 * @lock: taken by who changes or lists them
 * @zones: the limits of those zones that have one of their own, as values;
 *	read under RCU
 * @rest: the limit of all other zones, 0 for none
 * @counts: what they have, by zone
 * @commits: held from when a connection is counted until it can be found; one
 *	for some of the zones
 */
struct mf_ct_limits {
	struct mutex lock;
	struct xarray zones;
	u32 rest;
	struct nf_conncount_data *counts;
	spinlock_t commits[MF_CT_LIMIT_LOCKS];
};

static spinlock_t *commit_lock(struct mf_ct_limits *limits, u16 zone)
{
	return &limits->commits[zone % MF_CT_LIMIT_LOCKS];
}

static bool is_rest(const struct ovs_zone_limit *zone)
{
	return zone->zone_id == OVS_ZONE_LIMIT_DEFAULT_ZONE;
}

/* 0 is "as many as there are", for a zone of its own as for the rest. */
static u32 limit_of(struct mf_ct_limits *limits, u16 zone)
{
	void *own = xa_load(&limits->zones, zone);

	return own ? xa_to_value(own) : READ_ONCE(limits->rest);
}

/* Counts the connection of a packet, too. No memory left to do so is no room. */
static bool has_room(struct mf_ct_limits *limits, const struct mf_ct_run *run, u32 limit)
{
	const struct mf_ct *ct = run->ct;
	u32 key = ct->zone.id;
	unsigned int count;

	count = nf_conncount_count_skb(ct->net, run->skb, ct->family, limits->counts, &key);
	return count && count <= limit;
}

/* What was counted and is not in the table yet is soon forgotten: so both at once. */
static int confirm_one(struct mf_ct_limits *limits, struct mf_ct_run *run, u32 limit)
{
	spinlock_t *lock = commit_lock(limits, run->ct->zone.id);
	int err = -ENOMEM;

	spin_lock(lock);
	if (has_room(limits, run, limit))
		err = mf_ct_verdict(nf_conntrack_confirm(run->skb));
	else
		run->reason = MF_DROP_CT_LIMIT;
	spin_unlock(lock);
	return err;
}

/**
 * mf_ct_limit_confirm() - enter a packet's connection into the table
 * @run: the packet and the action
 *
 * Only new connections count, and only while their zone has a limit.
 *
 * Context: BH off, RCU read lock held.
 * Return: 0; -EINPROGRESS when the packet is somebody else's now; -ENOMEM when
 * the zone has as many connections as it may have; another negative errno when
 * the packet is to be dropped.
 */
int mf_ct_limit_confirm(struct mf_ct_run *run)
{
	const struct mf_ct *ct = run->ct;
	enum ip_conntrack_info info;
	struct mf_ct_limits *limits;
	u32 limit;

	limits = rcu_dereference(mf_netns(ct->net)->ct_limits);
	limit = limits ? limit_of(limits, ct->zone.id) : 0;
	if (limit && !nf_ct_is_confirmed(nf_ct_get(run->skb, &info)))
		return confirm_one(limits, run, limit);
	return mf_ct_verdict(nf_conntrack_confirm(run->skb));
}

static void limits_free(struct net *net, struct mf_ct_limits *limits)
{
	if (!limits)
		return;
	nf_conncount_destroy(net, limits->counts);
	xa_destroy(&limits->zones);
	mutex_destroy(&limits->lock);
	kfree(limits);
}

static struct mf_ct_limits *limits_new(struct net *net)
{
	struct mf_ct_limits *limits = kzalloc_obj(*limits);
	int err;
	int i;

	if (!limits)
		return ERR_PTR(-ENOMEM);
	limits->counts = nf_conncount_init(net, sizeof(u32));
	if (IS_ERR(limits->counts)) {
		err = PTR_ERR(limits->counts);
		kfree(limits);
		return ERR_PTR(err);
	}
	mutex_init(&limits->lock);
	xa_init(&limits->zones);
	for (i = 0; i < MF_CT_LIMIT_LOCKS; i++)
		spin_lock_init(&limits->commits[i]);
	return limits;
}

/*
 * For a request, which keeps the namespace alive: only the end of either the
 * namespace or the module takes its limits away.
 */
static struct mf_ct_limits *limits_find(struct net *net)
{
	return rcu_dereference_protected(mf_netns(net)->ct_limits, true);
}

/* Of those who come first at once, one publishes what it made. */
static struct mf_ct_limits *limits_make(struct net *net)
{
	struct mf_ct_limits *limits = limits_find(net);
	struct mf_ct_limits *old;

	if (limits)
		return limits;
	limits = limits_new(net);
	if (IS_ERR(limits))
		return limits;
	old = unrcu_pointer(cmpxchg(&mf_netns(net)->ct_limits, NULL, RCU_INITIALIZER(limits)));
	if (!old)
		return limits;
	limits_free(net, limits);
	return old;
}

/* Room for all of them, or for none more than there was. */
static int reserve(struct mf_ct_limits *limits, const struct ovs_zone_limit *zones, size_t n)
{
	size_t i;
	int err;

	for (i = 0; i < n; i++) {
		if (is_rest(&zones[i]))
			continue;
		err = xa_reserve(&limits->zones, zones[i].zone_id, GFP_KERNEL_ACCOUNT);
		if (err)
			goto err_release;
	}
	return 0;

err_release:
	while (i--)
		if (!is_rest(&zones[i]))
			xa_release(&limits->zones, zones[i].zone_id);
	return err;
}

/**
 * mf_ct_limit_set() - give zones limits, all or none
 * @net: the namespace
 * @zones: zones, or OVS_ZONE_LIMIT_DEFAULT_ZONE, with their limits
 * @n: how many
 *
 * Context: process, while a request keeps @net alive.
 * Return: 0 or -ENOMEM.
 */
int mf_ct_limit_set(struct net *net, const struct ovs_zone_limit *zones, size_t n)
{
	struct mf_ct_limits *limits;
	unsigned long limit;
	size_t i;
	int err;

	limits = limits_make(net);
	if (IS_ERR(limits))
		return PTR_ERR(limits);
	mutex_lock(&limits->lock);
	err = reserve(limits, zones, n);
	for (i = 0; !err && i < n; i++) {
		if (is_rest(&zones[i])) {
			WRITE_ONCE(limits->rest, zones[i].limit);
			continue;
		}
		/* Values have a bit less than words; nothing counts that far. */
		limit = min_t(unsigned long, zones[i].limit, LONG_MAX);
		xa_store(&limits->zones, zones[i].zone_id, xa_mk_value(limit), GFP_KERNEL);
	}
	mutex_unlock(&limits->lock);
	return err;
}

/**
 * mf_ct_limit_del() - take limits away from zones
 * @net: the namespace
 * @zones: zones, which then have the default limit, or
 *	OVS_ZONE_LIMIT_DEFAULT_ZONE, after which there is no default
 * @n: how many
 *
 * Context: process, while a request keeps @net alive.
 */
void mf_ct_limit_del(struct net *net, const struct ovs_zone_limit *zones, size_t n)
{
	struct mf_ct_limits *limits = limits_find(net);
	size_t i;

	if (!limits)
		return;
	mutex_lock(&limits->lock);
	for (i = 0; i < n; i++) {
		if (is_rest(&zones[i]))
			WRITE_ONCE(limits->rest, 0);
		else
			xa_erase(&limits->zones, zones[i].zone_id);
	}
	mutex_unlock(&limits->lock);
}

static void describe(struct net *net, struct mf_ct_limits *limits, struct ovs_zone_limit *zone)
{
	u32 key = zone->zone_id;
	spinlock_t *lock;

	zone->count = 0;
	if (is_rest(zone)) {
		zone->limit = limits ? READ_ONCE(limits->rest) : 0;
		return;
	}
	zone->limit = limits ? limit_of(limits, zone->zone_id) : 0;
	if (!limits)
		return;
	/* Asking forgets what cannot be found. */
	lock = commit_lock(limits, zone->zone_id);
	rcu_read_lock();
	spin_lock_bh(lock);
	zone->count = nf_conncount_count_skb(net, NULL, NFPROTO_UNSPEC, limits->counts, &key);
	spin_unlock_bh(lock);
	rcu_read_unlock();
}

/**
 * mf_ct_limit_get() - the limits and counts of zones
 * @net: the namespace
 * @zones: zones, or OVS_ZONE_LIMIT_DEFAULT_ZONE; the rest of each is filled in
 * @n: how many
 *
 * Context: process, while a request keeps @net alive.
 */
void mf_ct_limit_get(struct net *net, struct ovs_zone_limit *zones, size_t n)
{
	struct mf_ct_limits *limits = limits_find(net);
	size_t i;

	for (i = 0; i < n; i++)
		describe(net, limits, &zones[i]);
}

static size_t count_zones(struct mf_ct_limits *limits)
{
	unsigned long zone;
	size_t n = 0;
	void *own;

	xa_for_each(&limits->zones, zone, own)
		n++;
	return n;
}

static void list_zones(struct net *net, struct mf_ct_limits *limits, struct ovs_zone_limit *zones)
{
	unsigned long zone;
	void *own;

	xa_for_each(&limits->zones, zone, own) {
		zones->zone_id = zone;
		describe(net, limits, zones++);
	}
}

/**
 * mf_ct_limit_all() - the default, and all zones that have a limit of their own
 * @net: the namespace
 * @max: how many there may be
 * @n: set to how many there are
 *
 * Context: process, while a request keeps @net alive.
 * Return: an array to be freed with kvfree(), the default first, then the zones
 * by number; ERR_PTR() of -EMSGSIZE or -ENOMEM.
 */
struct ovs_zone_limit *mf_ct_limit_all(struct net *net, size_t max, size_t *n)
{
	struct mf_ct_limits *limits = limits_find(net);
	struct ovs_zone_limit *zones = ERR_PTR(-EMSGSIZE);

	*n = 1;
	if (limits) {
		mutex_lock(&limits->lock);
		*n += count_zones(limits);
	}
	if (*n <= max)
		zones = kvcalloc(*n, sizeof(*zones), GFP_KERNEL) ?: ERR_PTR(-ENOMEM);
	if (!IS_ERR(zones)) {
		zones->zone_id = OVS_ZONE_LIMIT_DEFAULT_ZONE;
		describe(net, limits, zones);
		if (limits)
			list_zones(net, limits, zones + 1);
	}
	if (limits)
		mutex_unlock(&limits->lock);
	return zones;
}

/**
 * mf_ct_limit_detach() - let no more packets find a namespace's limits
 * @net: the namespace, which is about to end
 *
 * Those that have found them may use them until a grace period is over.
 *
 * Context: process, when no request can come any more.
 */
void mf_ct_limit_detach(struct net *net)
{
	struct mf_netns *ns = mf_netns(net);

	ns->ct_limits_gone = rcu_replace_pointer(ns->ct_limits, NULL, true);
}

/**
 * mf_ct_limit_free() - free what was detached
 * @net: the namespace
 *
 * Context: process, a grace period after mf_ct_limit_detach().
 */
void mf_ct_limit_free(struct net *net)
{
	limits_free(net, mf_netns(net)->ct_limits_gone);
}
