/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The signature table: from a hash to the flows that may have it.
 *
 * Buckets of one cache line hold six flows, each with sixteen bits of its
 * hash. A full bucket spills into the next one and counts what spilled, so a
 * search ends at the first bucket that never did. The table only proposes:
 * whoever asks compares the flow itself, so a reader that sees a slot change
 * under it can only miss.
 */
#ifndef MF_TABLE_SIGNATURE_H
#define MF_TABLE_SIGNATURE_H

#include <linux/cache.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct mf_flow;

#define MF_SIG_SLOTS 6

/**
 * struct mf_sig_bucket - one cache line of the table
 * @sig: signature of each slot's flow, 0 for a slot that never was used
 * @spilled: flows that belong here or before and stand further on
 * @flow: the flows
 */
struct mf_sig_bucket {
	u16 sig[MF_SIG_SLOTS];
	u32 spilled;
	struct mf_flow __rcu *flow[MF_SIG_SLOTS];
} ____cacheline_aligned;

static_assert(sizeof(struct mf_sig_bucket) == 64 || SMP_CACHE_BYTES != 64);

/**
 * struct mf_sig_table - the buckets
 * @rcu: to free it after its readers
 * @mask: number of buckets less one; they are a power of two
 * @count: flows in it; changes under the table's lock
 * @bucket: the buckets
 */
struct mf_sig_table {
	struct rcu_head rcu;
	u32 mask;
	u32 count;
	struct mf_sig_bucket bucket[];
};

/* The signature of a hash; never 0. Bits that do not choose the bucket. */
static inline u16 mf_sig(u64 hash)
{
	return (hash >> 48) | 1;
}

struct mf_sig_table *mf_sig_new(u32 buckets);
void mf_sig_free(struct mf_sig_table *table);
bool mf_sig_crowded(const struct mf_sig_table *table);
int mf_sig_insert(struct mf_sig_table *table, struct mf_flow *flow, u64 hash);
void mf_sig_remove(struct mf_sig_table *table, const struct mf_flow *flow, u64 hash);

#endif
