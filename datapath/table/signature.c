// SPDX-License-Identifier: GPL-2.0-only
/*
 * The signature table: who goes where. The search itself is in table.c, where
 * it is inlined into the packet's path.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "signature.h"

/**
 * mf_sig_new() - make an empty table
 * @buckets: their number, a power of two
 *
 * Context: process, may sleep.
 * Return: the table, or NULL when there is no memory.
 */
struct mf_sig_table *mf_sig_new(u32 buckets)
{
	struct mf_sig_table *table;

	table = kvzalloc(struct_size(table, bucket, buckets), GFP_KERNEL);
	if (table)
		table->mask = buckets - 1;
	return table;
}

/**
 * mf_sig_free() - free a table after its readers
 * @table: the table, or NULL; the flows in it are not touched
 *
 * Context: process.
 */
void mf_sig_free(struct mf_sig_table *table)
{
	if (table)
		kvfree_rcu(table, rcu);
}

/**
 * mf_sig_crowded() - is it time for a larger table?
 * @table: the table
 *
 * Context: the table's lock held.
 * Return: true when seven of ten slots are taken.
 */
bool mf_sig_crowded(const struct mf_sig_table *table)
{
	u64 slots = (u64)(table->mask + 1) * MF_SIG_SLOTS;

	return (u64)table->count * 10 >= slots * 7;
}

/**
 * mf_sig_insert() - let readers find a flow
 * @table: the table
 * @flow: the flow, complete: it may be found at once
 * @hash: its hash
 *
 * Context: the table's lock held.
 * Return: 0, or -ENOSPC when every slot is taken.
 */
int mf_sig_insert(struct mf_sig_table *table, struct mf_flow *flow, u64 hash)
{
	u32 home = hash & table->mask;
	u32 b = home;
	int i;

	if (table->count == (u64)(table->mask + 1) * MF_SIG_SLOTS)
		return -ENOSPC;

	for (;; b = (b + 1) & table->mask) {
		struct mf_sig_bucket *bucket = &table->bucket[b];

		for (i = 0; i < MF_SIG_SLOTS; i++) {
			if (rcu_access_pointer(bucket->flow[i]))
				continue;
			rcu_assign_pointer(bucket->flow[i], flow);
			/* Whoever sees the signature sees the flow: pairs with the search. */
			smp_store_release(&bucket->sig[i], mf_sig(hash));
			table->count++;
			return 0;
		}
		/* Ahead of the flow, so that no search ends before it. */
		WRITE_ONCE(bucket->spilled, bucket->spilled + 1);
	}
}

/**
 * mf_sig_remove() - let no new reader find a flow
 * @table: the table, which holds @flow
 * @flow: the flow; it may be freed after a grace period
 * @hash: its hash
 *
 * Context: the table's lock held.
 */
void mf_sig_remove(struct mf_sig_table *table, const struct mf_flow *flow, u64 hash)
{
	u32 home = hash & table->mask;
	u32 b = home;
	int i;

	for (;; b = (b + 1) & table->mask) {
		struct mf_sig_bucket *bucket = &table->bucket[b];

		for (i = 0; i < MF_SIG_SLOTS; i++) {
			if (rcu_access_pointer(bucket->flow[i]) != flow)
				continue;
			RCU_INIT_POINTER(bucket->flow[i], NULL);
			goto unspill;
		}
		if (!bucket->spilled)
			return;
	}

unspill:
	table->count--;
	for (; home != b; home = (home + 1) & table->mask)
		WRITE_ONCE(table->bucket[home].spilled, table->bucket[home].spilled - 1);
}
