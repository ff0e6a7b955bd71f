/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The signature table: from a hash to the items that may have it.
 *
 * Buckets of one cache line hold six items, each with sixteen bits of its
 * hash. A full bucket spills into the next one and counts what spilled, so a
 * search ends at the first bucket that never did. The table only proposes:
 * whoever asks compares the item itself, so a reader that sees a slot change
 * under it can only miss what came or went meanwhile.
 *
 * A table that fills up is replaced by one of twice the size, into which each
 * insert takes over a few buckets. Until that is done, both are searched. What
 * was taken over stays in the old one, too, so whoever searches that one only
 * misses nothing that was there before.
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
 * struct mf_sig_buckets - the buckets of one size of the table
 * @rcu: to free it after its readers
 * @mask: number of buckets less one; they are a power of two
 * @count: items in it; changes under the table's lock
 * @bucket: the buckets
 */
struct mf_sig_buckets {
	struct rcu_head rcu;
	u32 mask;
	u32 count;
	struct mf_sig_bucket bucket[];
};

/**
 * struct mf_sigs - a signature table
 * @now: where new items go; read with acquire, so not marked as of RCU
 * @old: the buckets of before, which are being taken over, or NULL
 * @taken: buckets of @old that were taken over
 */
struct mf_sigs {
	struct mf_sig_buckets *now;
	struct mf_sig_buckets *old;
	u32 taken;
};

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

			/* Pairs with the insert, which stores the item first. */
			if (smp_load_acquire(&bucket->sig[i]) != sig)
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
	const struct mf_sig_buckets *now;
	const struct mf_sig_buckets *old;
	struct mf_sig_item *item;

	/*
	 * In this order: who finds that there are no old ones any more finds
	 * everything in the new ones. Pairs with the insert.
	 */
	now = smp_load_acquire(&sigs->now);
	/* Pairs with the end of taking over. */
	old = smp_load_acquire(&sigs->old);
	item = mf_sig_search(now, hash, is_it, wanted);
	if (unlikely(old) && !item)
		item = mf_sig_search(old, hash, is_it, wanted);
	return item;
}

#endif
