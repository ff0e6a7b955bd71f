/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The signature table: from a hash to the items that may have it.
 *
 * Buckets of one cache line hold six items, each with sixteen bits of its
 * hash. A full bucket spills into the next one and counts what spilled, so a
 * search ends at the first bucket that never did. The table only proposes:
 * whoever asks compares the item itself, so a reader that sees a slot change
 * under it can only miss what came or went meanwhile. So slots are read
 * without barriers.
 *
 * A table that fills up is replaced by one of twice the size, into which each
 * insert takes over a few buckets. Until that is done, both are searched. What
 * was taken over stays in the old one, too, so whoever searches that one only
 * misses nothing that was there before. Which buckets to search hangs on one
 * pointer: whoever finds that there are no old ones any more finds, through
 * it, everything in the new ones.
 */
#ifndef MF_TABLE_SIGNATURE_H
#define MF_TABLE_SIGNATURE_H

#include <linux/cache.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#define MF_SIG_SLOTS 6

/**
 * struct mf_sig_item - what can be in a signature table: part of something
 * @hash: its hash, which must not change
 */
struct mf_sig_item {
	u64 hash;
};

/**
 * struct mf_sig_bucket - one cache line of the table
 * @sig: signature of each slot's item, 0 for a slot that never was used
 * @spilled: items that belong here or before and stand further on
 * @item: the items
 */
struct mf_sig_bucket {
	u16 sig[MF_SIG_SLOTS];
	u32 spilled;
	struct mf_sig_item __rcu *item[MF_SIG_SLOTS];
} ____cacheline_aligned;

static_assert(sizeof(struct mf_sig_bucket) == 64 || SMP_CACHE_BYTES != 64);

/**
 * struct mf_sig_view - what there is to search
 * @now: the buckets where new items go
 * @old: the buckets of before, which are being taken over, or NULL
 */
struct mf_sig_view {
	struct mf_sig_buckets *now;
	struct mf_sig_buckets *old;
};

/**
 * struct mf_sig_buckets - the buckets of one size of the table
 * @rcu: to free it after its readers
 * @mask: number of buckets less one; they are a power of two
 * @count: items in it; changes under the table's lock
 * @growing: while the buckets of before are being taken over
 * @alone: from then on
 * @bucket: the buckets
 */
struct mf_sig_buckets {
	struct rcu_head rcu;
	u32 mask;
	u32 count;
	struct mf_sig_view growing;
	struct mf_sig_view alone;
	struct mf_sig_bucket bucket[];
};

/**
 * struct mf_sigs - a signature table
 * @view: what there is to search
 * @taken: old buckets that were taken over
 */
struct mf_sigs {
	struct mf_sig_view __rcu *view;
	u32 taken;
};

/* What there is to search; under the table's lock. */
static inline const struct mf_sig_view *mf_sigs_view(const struct mf_sigs *sigs)
{
	return rcu_dereference_protected(sigs->view, true);
}

/* The signature of a hash; never 0. Bits that do not choose the bucket. */
static inline u16 mf_sig(u64 hash)
{
	return (hash >> 48) | 1;
}

int mf_sigs_init(struct mf_sigs *sigs);
void mf_sigs_clear(struct mf_sigs *sigs);
void mf_sigs_reset(struct mf_sigs *sigs);
int mf_sigs_insert(struct mf_sigs *sigs, struct mf_sig_item *item);
void mf_sigs_remove(struct mf_sigs *sigs, const struct mf_sig_item *item);

static __always_inline struct mf_sig_item *
mf_sig_search(const struct mf_sig_buckets *buckets, u64 hash,
	      bool (*is_it)(const struct mf_sig_item *item, const void *wanted), const void *wanted)
{
	u16 sig = mf_sig(hash);
	u32 n;

	for (n = 0; n <= buckets->mask; n++) {
		const struct mf_sig_bucket *bucket = &buckets->bucket[(hash + n) & buckets->mask];
		int i;

		for (i = 0; i < MF_SIG_SLOTS; i++) {
			struct mf_sig_item *item;

			if (READ_ONCE(bucket->sig[i]) != sig)
				continue;
			item = rcu_dereference_check(bucket->item[i], true);
			if (item && is_it(item, wanted))
				return item;
		}
		if (likely(!READ_ONCE(bucket->spilled)))
			break;
	}
	return NULL;
}

/**
 * mf_sigs_find() - the item of a hash
 * @sigs: the table
 * @hash: the hash
 * @is_it: says whether an item of perhaps that hash is the one; inlined
 * @wanted: handed to @is_it
 *
 * Context: RCU read lock or the table's lock held.
 * Return: the item, or NULL.
 */
static __always_inline struct mf_sig_item *
mf_sigs_find(const struct mf_sigs *sigs, u64 hash,
	     bool (*is_it)(const struct mf_sig_item *item, const void *wanted), const void *wanted)
{
	const struct mf_sig_view *view = rcu_dereference_check(sigs->view, true);
	const struct mf_sig_buckets *buckets = view->now;
	struct mf_sig_item *item;

	for (;;) {
		item = mf_sig_search(buckets, hash, is_it, wanted);
		if (item || likely(!view->old) || buckets == view->old)
			return item;
		buckets = view->old;
	}
}

#endif
