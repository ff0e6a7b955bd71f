// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flow table as its users see it: look up, find, insert, remove, walk.
 */
#include <linux/jhash.h>
#include <linux/lockdep.h>
#include <linux/random.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "registry.h"
#include "table.h"

/* Enough for a small switch; the table doubles from there. */
#define SIG_BUCKETS_MIN 64

/* What a flow is found by when a request names it. */
struct flow_id {
	const struct mf_ufid *ufid;
	const struct mf_key *key;
};

static u32 id_hash(const struct flow_id *id, u32 seed)
{
	if (id->ufid)
		return jhash(id->ufid->id, id->ufid->len, seed);
	return jhash2((const u32 *)id->key->words, 2 * MF_KEY_WORDS, seed);
}

static struct flow_id id_of(const struct mf_flow *flow)
{
	return (struct flow_id){
		.ufid = flow->id_key ? NULL : &flow->ufid,
		.key = flow->id_key,
	};
}

static u32 id_hashfn(const void *data, u32 len, u32 seed)
{
	return id_hash(data, seed);
}

static u32 id_obj_hashfn(const void *data, u32 len, u32 seed)
{
	struct flow_id id = id_of(data);

	return id_hash(&id, seed);
}

static int id_obj_cmpfn(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct flow_id *want = arg->key;
	struct flow_id have = id_of(obj);

	if (want->ufid)
		return !have.ufid || !mf_ufid_equal(want->ufid, have.ufid);
	return !have.key || memcmp(want->key->words, have.key->words, sizeof(have.key->words));
}

static const struct rhashtable_params id_params = {
	.head_offset = offsetof(struct mf_flow, id_node),
	.key_len = sizeof(struct flow_id),
	.hashfn = id_hashfn,
	.obj_hashfn = id_obj_hashfn,
	.obj_cmpfn = id_obj_cmpfn,
	.automatic_shrinking = true,
};

/* A pointer that only the holder of the table's lock changes. */
#define table_dereference(p, table) rcu_dereference_protected(p, lockdep_is_held((table)->lock))

/**
 * mf_table_init() - make an empty table
 * @table: the table
 * @lock: the mutex under which it will be changed
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno, with nothing left behind.
 */
int mf_table_init(struct mf_table *table, struct mutex *lock)
{
	struct mf_sig_table *sigs;
	int err;

	table->lock = lock;
	get_random_bytes(&table->secrets, sizeof(table->secrets));
	xa_init_flags(&table->flows, XA_FLAGS_ALLOC);

	sigs = mf_sig_new(SIG_BUCKETS_MIN);
	if (!sigs)
		return -ENOMEM;
	RCU_INIT_POINTER(table->sigs, sigs);

	err = rhashtable_init(&table->ids, &id_params);
	if (err)
		goto err_sigs;
	err = mf_registry_init(table);
	if (err)
		goto err_ids;
	return 0;

err_ids:
	rhashtable_destroy(&table->ids);
err_sigs:
	mf_sig_free(sigs);
	return err;
}

/**
 * mf_table_destroy() - free an empty table
 * @table: the table, flushed
 *
 * Context: process, may sleep, after a grace period that followed the last
 * packet.
 */
void mf_table_destroy(struct mf_table *table)
{
	rhashtable_destroy(&table->ids);
	mf_registry_destroy(table);
	mf_sig_free(rcu_access_pointer(table->sigs));
	xa_destroy(&table->flows);
}

static struct mf_flow *sig_search(const struct mf_sig_table *sigs, const struct mf_mask *mask,
				  const struct mf_key *key, u64 hash)
{
	u16 sig = mf_sig(hash);
	u32 n;

	for (n = 0; n <= sigs->mask; n++) {
		const struct mf_sig_bucket *bucket = &sigs->bucket[(hash + n) & sigs->mask];
		int i;

		for (i = 0; i < MF_SIG_SLOTS; i++) {
			struct mf_flow *flow;

			/* Pairs with mf_sig_insert(), which stores the flow first. */
			if (smp_load_acquire(&bucket->sig[i]) != sig)
				continue;
			flow = rcu_dereference(bucket->flow[i]);
			if (flow && flow->mask == mask && mf_mask_matches(mask, key, flow->key))
				return flow;
		}
		if (likely(!READ_ONCE(bucket->spilled)))
			break;
	}
	return NULL;
}

/**
 * mf_table_lookup() - the flow that a packet matches, the oldest if several do
 * @table: the table
 * @key: the packet's key; blocks that a mask reads are made readable
 * @probes: set to the number of masks tried
 *
 * Context: RCU read lock held, or the table's lock.
 * Return: the flow, or NULL.
 */
struct mf_flow *mf_table_lookup(const struct mf_table *table, struct mf_key *key, u32 *probes)
{
	const struct mf_sig_table *sigs;
	const struct mf_mask_array *masks;
	struct mf_flow *oldest = NULL;
	u32 tried = 0;
	u32 n;
	u32 i;

	sigs = rcu_dereference_check(table->sigs, lockdep_is_held(table->lock));
	masks = rcu_dereference_check(table->masks, lockdep_is_held(table->lock));
	/* Pairs with the registry, which stores the mask first. */
	n = smp_load_acquire(&masks->n);
	for (i = 0; i < n; i++) {
		const struct mf_mask *mask;
		struct mf_flow *flow;

		mask = rcu_dereference_check(masks->mask[i], lockdep_is_held(table->lock));
		if (unlikely(!mask) || (oldest && mask->oldest > oldest->seq))
			continue;
		tried++;
		mf_key_need(key, mask->blocks);
		flow = sig_search(sigs, mask, key, mf_mask_hash(mask, key, &table->secrets));
		if (flow && (!oldest || flow->seq < oldest->seq))
			oldest = flow;
	}
	*probes = tried;
	return oldest;
}

/**
 * mf_table_find_ufid() - the flow that has a UFID
 * @table: the table
 * @ufid: the UFID, not empty
 *
 * Context: RCU read lock or the table's lock held.
 * Return: the flow, or NULL.
 */
struct mf_flow *mf_table_find_ufid(struct mf_table *table, const struct mf_ufid *ufid)
{
	struct flow_id id = { .ufid = ufid };

	return rhashtable_lookup_fast(&table->ids, &id, id_params);
}

/**
 * mf_table_find_exact() - the flow that an unmasked key identifies
 * @table: the table
 * @key: the key, every block valid
 *
 * Flows that have a UFID are not found by their key.
 *
 * Context: RCU read lock or the table's lock held.
 * Return: the flow, or NULL.
 */
struct mf_flow *mf_table_find_exact(struct mf_table *table, const struct mf_key *key)
{
	struct flow_id id = { .key = key };

	return rhashtable_lookup_fast(&table->ids, &id, id_params);
}

/**
 * mf_table_next() - walk the flows
 * @table: the table
 * @cursor: index to start at, 0 at first; set to that of the flow returned,
 *	so add one to go on
 *
 * A flow that lives through the walk is met exactly once.
 *
 * Context: RCU read lock or the table's lock held.
 * Return: the next flow, or NULL at the end.
 */
struct mf_flow *mf_table_next(struct mf_table *table, unsigned long *cursor)
{
	return xa_find(&table->flows, cursor, UINT_MAX, XA_PRESENT);
}

static void sigs_replace(struct mf_table *table, struct mf_sig_table *sigs)
{
	struct mf_sig_table *old = table_dereference(table->sigs, table);

	rcu_assign_pointer(table->sigs, sigs);
	mf_sig_free(old);
}

/*
 * Make room for @newcomer, which has an index already but is not to be found
 * yet. A table that cannot grow is used to the brim.
 */
static void sigs_grow(struct mf_table *table, const struct mf_flow *newcomer)
{
	struct mf_sig_table *old = table_dereference(table->sigs, table);
	struct mf_sig_table *sigs;
	struct mf_flow *flow;
	unsigned long index;

	if (!mf_sig_crowded(old))
		return;
	sigs = mf_sig_new((old->mask + 1) * 2);
	if (!sigs)
		return;
	xa_for_each(&table->flows, index, flow) {
		if (flow != newcomer)
			mf_sig_insert(sigs, flow, flow->hash);
	}
	sigs_replace(table, sigs);
}

/* As mf_mask_hash(), of words that are masked and packed already. */
static u64 flow_hash(const struct mf_table *table, const struct mf_flow *flow)
{
	const struct mf_mask *mask = flow->mask;
	__uint128_t sum = mask->seed;
	u32 i;

	for (i = 0; i + 1 < mask->n; i += 2)
		sum = mf_nh_pair(sum, flow->key[i] + table->secrets.k[i],
				 flow->key[i + 1] + table->secrets.k[i + 1]);
	if (i < mask->n)
		sum = mf_nh_pair(sum, flow->key[i] + table->secrets.k[i],
				 table->secrets.k[MF_KEY_WORDS]);
	return mf_nh_fold(sum);
}

/**
 * mf_table_insert() - let packets find a flow
 * @table: the table, without a flow of the same identifier, and without one of
 *	the same mask and masked key
 * @flow: the flow, complete but for @flow->mask
 * @mask: the mask that it was made with. The table takes it, or frees it when
 *	it has an equal one, or on error.
 *
 * Context: the table's lock held, may sleep.
 * Return: 0, and the table owns @flow; or a negative errno, and the caller
 * still does.
 */
int mf_table_insert(struct mf_table *table, struct mf_flow *flow, struct mf_mask *mask)
{
	int err;

	lockdep_assert_held(table->lock);

	flow->seq = table->seq;
	flow->mask = mf_registry_get(table, mask, flow->seq);
	if (IS_ERR(flow->mask))
		return PTR_ERR(flow->mask);

	flow->hash = flow_hash(table, flow);
	err = xa_alloc(&table->flows, &flow->index, flow, xa_limit_32b, GFP_KERNEL);
	if (err)
		goto err_mask;
	err = rhashtable_insert_fast(&table->ids, &flow->id_node, id_params);
	if (err)
		goto err_index;

	sigs_grow(table, flow);
	err = mf_sig_insert(table_dereference(table->sigs, table), flow, flow->hash);
	if (err)
		goto err_id;
	table->n_flows++;
	table->seq++;
	return 0;

err_id:
	rhashtable_remove_fast(&table->ids, &flow->id_node, id_params);
err_index:
	xa_erase(&table->flows, flow->index);
err_mask:
	mf_registry_put(table, flow->mask);
	return err;
}

/**
 * mf_table_remove() - let no new packet find a flow
 * @table: the table
 * @flow: a flow of it; the caller owns it now and frees it with
 *	mf_flow_free_rcu(). Its mask goes with it: what is to be said of the
 *	flow must be said before.
 *
 * Context: the table's lock held.
 */
void mf_table_remove(struct mf_table *table, struct mf_flow *flow)
{
	lockdep_assert_held(table->lock);

	mf_sig_remove(table_dereference(table->sigs, table), flow, flow->hash);
	rhashtable_remove_fast(&table->ids, &flow->id_node, id_params);
	xa_erase(&table->flows, flow->index);
	mf_registry_put(table, flow->mask);
	table->n_flows--;
}

/**
 * mf_table_flush() - remove and free every flow
 * @table: the table
 *
 * Context: the table's lock held, may sleep.
 */
void mf_table_flush(struct mf_table *table)
{
	struct mf_sig_table *sigs;
	struct mf_flow *flow;
	unsigned long index;

	xa_for_each(&table->flows, index, flow) {
		mf_table_remove(table, flow);
		mf_flow_free_rcu(flow);
		cond_resched();
	}
	sigs = mf_sig_new(SIG_BUCKETS_MIN);
	if (sigs)
		sigs_replace(table, sigs);
}
