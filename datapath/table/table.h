/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flow table: from a key to the flow that matches it.
 *
 * It knows words and masks, not what a field means. Of several flows that
 * match, the oldest wins, so that a new flow never takes a packet from another:
 * the answer for a packet changes only when that very flow is removed. Changes
 * are made under one lock, the datapath's; packets search without any.
 */
#ifndef MF_TABLE_TABLE_H
#define MF_TABLE_TABLE_H

#include <linux/mutex.h>
#include <linux/rhashtable-types.h>

#include "cache.h"
#include "flow.h"
#include "mask.h"
#include "signature.h"
#include "slots.h"
#include "tree.h"

struct mf_ufid;

/**
 * struct mf_table - a flow table
 * @lock: the lock that changes need, for the checker
 * @sigs: where a hash leads to flows
 * @tree: which masks to try
 * @cache: what lookups remember, or NULL
 * @seen: what any mask sees of a packet: hashed, a packet's name in the cache
 * @seen_bits: the same, unpacked
 * @seen_stale: @seen lacks bits of @seen_bits, for want of memory
 * @registry: the masks by content
 * @ids: the flows by UFID or unmasked key
 * @slots: the flows by index, in which order they are dumped
 * @n_flows: their number
 * @n_masks: number of masks
 * @seq: what the next flow gets; all flows below it are in the table, or were
 * @changes: odd while flows come or go, another number afterwards
 * @secrets: of the hash
 */
struct mf_table {
	struct mutex *lock;
	struct mf_sigs sigs;
	struct mf_tree tree;
	struct mf_cache __rcu *cache;
	struct mf_mask __rcu *seen;
	struct mf_key seen_bits;
	bool seen_stale;
	struct rhashtable registry;
	struct rhashtable ids;
	struct mf_slots slots;
	u32 n_flows;
	u32 n_masks;
	u64 seq;
	u32 changes;
	struct mf_secrets secrets;
};

int mf_table_init(struct mf_table *table, struct mutex *lock);
void mf_table_destroy(struct mf_table *table);

struct mf_flow *mf_table_lookup(const struct mf_table *table, struct mf_key *key, u32 *probes);
struct mf_flow *mf_table_find_ufid(struct mf_table *table, const struct mf_ufid *ufid);
struct mf_flow *mf_table_find_exact(struct mf_table *table, const struct mf_key *key);

int mf_table_insert(struct mf_table *table, struct mf_flow *flow, struct mf_mask *mask);
void mf_table_remove(struct mf_table *table, struct mf_flow *flow);
void mf_table_flush(struct mf_table *table);
void mf_table_set_cache(struct mf_table *table, struct mf_cache *cache);

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
static inline struct mf_flow *mf_table_next(struct mf_table *table, unsigned long *cursor)
{
	return mf_slots_next(&table->slots, cursor);
}

#endif
