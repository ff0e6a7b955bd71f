/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flow table: from a key to the flow that matches it.
 *
 * It knows words and masks, not what a field means. Of several flows that
 * match, the oldest wins, so that a new flow never takes a packet from another:
 * the answer for a packet changes only when that very flow is removed. Changes are made under
 * one lock, the datapath's; packets search without any.
 */
#ifndef MF_TABLE_TABLE_H
#define MF_TABLE_TABLE_H

#include <linux/mutex.h>
#include <linux/rhashtable-types.h>
#include <linux/xarray.h>

#include "flow.h"
#include "mask.h"
#include "signature.h"

struct mf_ufid;

/**
 * struct mf_mask_array - the masks in the order in which they are tried
 * @rcu: to free it after its readers
 * @n: slots that may be in use
 * @size: slots that there are
 * @mask: the masks; NULL where one was removed
 */
struct mf_mask_array {
	struct rcu_head rcu;
	u32 n;
	u32 size;
	struct mf_mask __rcu *mask[];
};

/**
 * struct mf_table - a flow table
 * @lock: the lock that changes need, for the checker
 * @sigs: where a hash leads to flows
 * @masks: the masks to try
 * @registry: the masks by content
 * @ids: the flows by UFID or unmasked key
 * @flows: the flows by index, in which order they are dumped
 * @n_flows: their number
 * @seq: what the next flow gets
 * @n_masks: number of masks
 * @free_slots: holes in @masks
 * @secrets: of the hash
 */
struct mf_table {
	struct mutex *lock;
	struct mf_sig_table __rcu *sigs;
	struct mf_mask_array __rcu *masks;
	struct rhashtable registry;
	struct rhashtable ids;
	struct xarray flows;
	u32 n_flows;
	u64 seq;
	u32 n_masks;
	u32 free_slots;
	struct mf_secrets secrets;
};

int mf_table_init(struct mf_table *table, struct mutex *lock);
void mf_table_destroy(struct mf_table *table);

struct mf_flow *mf_table_lookup(const struct mf_table *table, struct mf_key *key, u32 *probes);
struct mf_flow *mf_table_find_ufid(struct mf_table *table, const struct mf_ufid *ufid);
struct mf_flow *mf_table_find_exact(struct mf_table *table, const struct mf_key *key);
struct mf_flow *mf_table_next(struct mf_table *table, unsigned long *cursor);

int mf_table_insert(struct mf_table *table, struct mf_flow *flow, struct mf_mask *mask);
void mf_table_remove(struct mf_table *table, struct mf_flow *flow);
void mf_table_flush(struct mf_table *table);

#endif
