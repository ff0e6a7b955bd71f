// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flow table as its users see it: look up, find, insert, remove, walk.
 */
#include <linux/jhash.h>
#include <linux/lockdep.h>
#include <linux/random.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "limits.h"
#include "registry.h"
#include "shadow.h"
#include "table.h"

/* With so few masks a search costs no more than the cache. */
#define MASKS_UNCACHED 2

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
	struct mf_cache *cache;
	struct mf_mask *seen;
	int err;

	memset(table, 0, sizeof(*table));
	table->lock = lock;
	table->seq = 1;
	table->seen_bits.blocks = GENMASK(MF_BLOCKS - 1, 0);
	get_random_bytes(&table->secrets, sizeof(table->secrets));

	cache = mf_cache_new(MF_MASKS_CACHE_DEFAULT);
	if (!cache)
		return -ENOMEM;
	RCU_INIT_POINTER(table->cache, cache);
	err = -ENOMEM;
	seen = mf_mask_new(&table->seen_bits, GFP_KERNEL);
	if (!seen)
		goto err_cache;
	mf_mask_key(seen, &table->secrets);
	RCU_INIT_POINTER(table->seen, seen);
	err = mf_sigs_init(&table->sigs);
	if (err)
		goto err_seen;
	err = rhashtable_init(&table->ids, &id_params);
	if (err)
		goto err_sigs;
	err = mf_registry_init(table);
	if (err)
		goto err_ids;
	err = mf_tree_init(table);
	if (err)
		goto err_registry;
	return 0;

err_registry:
	mf_registry_destroy(table);
err_ids:
	rhashtable_destroy(&table->ids);
err_sigs:
	mf_sigs_clear(&table->sigs);
err_seen:
	kfree(seen);
err_cache:
	mf_cache_free(cache);
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
	mf_tree_destroy(table);
	rhashtable_destroy(&table->ids);
	mf_registry_destroy(table);
	mf_sigs_clear(&table->sigs);
	mf_slots_clear(&table->slots);
	kfree(rcu_access_pointer(table->seen));
	mf_cache_free(rcu_access_pointer(table->cache));
}

/* By the cache; a search only if that does not know. */
static struct mf_flow *lookup_cached(const struct mf_table *table, struct mf_cache *cache,
				     struct mf_key *key, u32 *probes)
{
	const struct mf_mask *seen;
	struct mf_flow *flow;
	u64 hash;
	u64 seq;

	/*
	 * In this order: @seen covers the masks of all flows below @seq, and the
	 * search comes across all that match. So if its answer is one of them,
	 * every packet of this hash has the same answer, for as long as that
	 * flow is there.
	 */
	seq = READ_ONCE(table->seq);
	/* All of the flows below it are found: pairs with the insert. */
	smp_rmb();
	seen = rcu_dereference(table->seen);
	hash = mf_mask_hash(seen, key, &table->secrets);

	flow = mf_cache_find(cache, &table->slots, hash);
	if (flow && likely(mf_flow_matches(flow, key))) {
		*probes = 0;
		return flow;
	}

	flow = mf_tree_search(table, key, probes);
	if (flow && flow->seq < seq)
		mf_cache_store(cache, flow, hash);
	return flow;
}

static __always_inline struct mf_flow *answer_of(const struct mf_table *table, struct mf_key *key,
						 u32 *probes)
{
	struct mf_cache *cache = NULL;

	if (READ_ONCE(table->n_masks) > MASKS_UNCACHED)
		cache = rcu_dereference(table->cache);
	if (cache)
		return lookup_cached(table, cache, key, probes);
	return mf_tree_search(table, key, probes);
}

/**
 * mf_table_lookup() - the flow that a packet matches, the oldest if several do
 * @table: the table
 * @key: the packet's key; blocks that a mask reads are made readable
 * @probes: set to the number of masks tried: 0, with a flow returned, if the
 *	CPU's cache had the answer
 *
 * Context: BH off, RCU read lock held.
 * Return: the flow, or NULL.
 */
struct mf_flow *mf_table_lookup(const struct mf_table *table, struct mf_key *key, u32 *probes)
{
	struct mf_flow *flow;
	u32 began;

	if (!mf_shadow_wanted())
		return answer_of(table, key, probes);
	began = mf_shadow_begin(table);
	flow = answer_of(table, key, probes);
	mf_shadow_end(table, key, flow, began);
	return flow;
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

/* Make @table->seen what the masks' bits in @seen_bits say. */
static int seen_renew(struct mf_table *table)
{
	struct mf_mask *old = table_dereference(table->seen, table);
	struct mf_mask *seen;

	table->seen_stale = true;
	seen = mf_mask_new(&table->seen_bits, GFP_KERNEL);
	if (!seen)
		return -ENOMEM;
	mf_mask_key(seen, &table->secrets);
	rcu_assign_pointer(table->seen, seen);
	kfree_rcu(old, rcu);
	table->seen_stale = false;
	return 0;
}

/*
 * Packets that a mask will tell apart need different names in the cache. New
 * names come with a new seed, so entries under old ones are never met again.
 */
static int seen_add(struct mf_table *table, const struct mf_mask *mask)
{
	bool grows = table->seen_stale;
	u32 i;

	for (i = 0; i < mask->n; i++) {
		u64 *bits = &table->seen_bits.words[mask->word[i].index];

		if (!(mask->word[i].bits & ~*bits))
			continue;
		*bits |= mask->word[i].bits;
		grows = true;
	}
	return grows ? seen_renew(table) : 0;
}

/* What is between a begin and an end happens at once, for whoever checks. */
static void change_begin(struct mf_table *table)
{
	WRITE_ONCE(table->changes, table->changes + 1);
	/* Nothing of the change is seen before: pairs with the shadow. */
	smp_wmb();
}

static void change_end(struct mf_table *table)
{
	/* All of the change is seen after: pairs with the shadow. */
	smp_store_release(&table->changes, table->changes + 1);
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
	flow->mask = mf_registry_get(table, mask);
	if (IS_ERR(flow->mask))
		return PTR_ERR(flow->mask);
	err = seen_add(table, flow->mask);
	if (err)
		goto err_mask;

	flow->sig.hash = mf_mask_hash_words(flow->mask, flow->key, &table->secrets);
	err = mf_slots_take(&table->slots, &flow->index);
	if (err)
		goto err_mask;
	err = rhashtable_insert_fast(&table->ids, &flow->id_node, id_params);
	if (err)
		goto err_index;

	err = mf_tree_insert(table, flow);
	if (err)
		goto err_id;

	/* The last step that can fail is the first that shows it to packets. */
	change_begin(table);
	err = mf_sigs_insert(&table->sigs, &flow->sig);
	if (!err) {
		mf_tree_show(flow);
		mf_slots_set(&table->slots, flow->index, flow);
	}
	change_end(table);
	if (err)
		goto err_tree;
	table->n_flows++;
	/* Who sees the number sees the flow: pairs with the lookup. */
	smp_store_release(&table->seq, flow->seq + 1);
	return 0;

err_tree:
	mf_tree_remove(table, flow);
err_id:
	rhashtable_remove_fast(&table->ids, &flow->id_node, id_params);
err_index:
	mf_slots_put(&table->slots, flow->index);
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

	change_begin(table);
	mf_sigs_remove(&table->sigs, &flow->sig);
	mf_tree_hide(flow);
	mf_slots_put(&table->slots, flow->index);
	change_end(table);
	mf_tree_remove(table, flow);
	rhashtable_remove_fast(&table->ids, &flow->id_node, id_params);
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
	unsigned long cursor = 0;
	struct mf_flow *flow;

	for (; (flow = mf_slots_next(&table->slots, &cursor)); cursor++) {
		mf_table_remove(table, flow);
		mf_flow_free_rcu(flow);
		cond_resched();
	}
	mf_slots_clear(&table->slots);
	mf_tree_reset(table);
	mf_sigs_reset(&table->sigs);
	memset(table->seen_bits.words, 0, sizeof(table->seen_bits.words));
	/* Without memory they stay what they are: more bits than needed. */
	seen_renew(table);
}

/**
 * mf_table_set_cache() - let lookups remember as much as another cache holds
 * @table: the table
 * @cache: the cache, empty, which goes to the table; or NULL for none
 *
 * Context: process; calls for one table one after the other.
 */
void mf_table_set_cache(struct mf_table *table, struct mf_cache *cache)
{
	mf_cache_free_rcu(rcu_replace_pointer(table->cache, cache, true));
}
