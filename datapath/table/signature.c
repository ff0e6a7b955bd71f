// SPDX-License-Identifier: GPL-2.0-only
/*
 * The signature table: who goes where, and how it grows. The search itself is
 * in the header, to be inlined into the packet's path.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "signature.h"

/* Enough for a small switch; the table doubles from there. */
#define BUCKETS_MIN 64

/*
 * Buckets that an insert takes over. One would do: a table of twice the size
 * has room for four inserts for each bucket of before.
 */
#define TAKE_AT_ONCE 4

static struct mf_sig_buckets *buckets_new(u32 n)
{
	struct mf_sig_buckets *buckets;

	buckets = kvzalloc(struct_size(buckets, bucket, n), GFP_KERNEL);
	if (!buckets)
		return NULL;
	buckets->mask = n - 1;
	buckets->alone.now = buckets;
	buckets->growing.now = buckets;
	return buckets;
}

static u64 slots_of(const struct mf_sig_buckets *buckets)
{
	return (u64)(buckets->mask + 1) * MF_SIG_SLOTS;
}

/* There must be a free slot. */
static void buckets_insert(struct mf_sig_buckets *buckets, struct mf_sig_item *item)
{
	u32 b = item->hash & buckets->mask;
	int i;

	for (;; b = (b + 1) & buckets->mask) {
		struct mf_sig_bucket *bucket = &buckets->bucket[b];

		for (i = 0; i < MF_SIG_SLOTS; i++) {
			if (rcu_access_pointer(bucket->item[i]))
				continue;
			rcu_assign_pointer(bucket->item[i], item);
			WRITE_ONCE(bucket->sig[i], mf_sig(item->hash));
			buckets->count++;
			return;
		}
		/* Ahead of the item, so that no search ends before it. */
		WRITE_ONCE(bucket->spilled, bucket->spilled + 1);
	}
}

/* The item may be elsewhere. */
static void buckets_remove(struct mf_sig_buckets *buckets, const struct mf_sig_item *item)
{
	u32 home = item->hash & buckets->mask;
	u32 n;
	u32 i;

	for (n = 0; n <= buckets->mask; n++) {
		struct mf_sig_bucket *bucket = &buckets->bucket[(home + n) & buckets->mask];

		for (i = 0; i < MF_SIG_SLOTS; i++)
			if (rcu_access_pointer(bucket->item[i]) == item)
				goto found;
		if (!bucket->spilled)
			return;
	}
	return;

found:
	RCU_INIT_POINTER(buckets->bucket[(home + n) & buckets->mask].item[i], NULL);
	buckets->count--;
	while (n--) {
		struct mf_sig_bucket *bucket = &buckets->bucket[(home + n) & buckets->mask];

		WRITE_ONCE(bucket->spilled, bucket->spilled - 1);
	}
}

/**
 * mf_sigs_init() - make an empty table
 * @sigs: the table
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int mf_sigs_init(struct mf_sigs *sigs)
{
	struct mf_sig_buckets *buckets = buckets_new(BUCKETS_MIN);

	if (!buckets)
		return -ENOMEM;
	sigs->taken = 0;
	RCU_INIT_POINTER(sigs->view, &buckets->alone);
	return 0;
}

static void old_free(struct mf_sigs *sigs)
{
	const struct mf_sig_view *view = mf_sigs_view(sigs);
	struct mf_sig_buckets *old = view->old;

	if (!old)
		return;
	rcu_assign_pointer(sigs->view, &view->now->alone);
	kvfree_rcu(old, rcu);
}

/**
 * mf_sigs_clear() - end a table after its readers; its items are not touched
 * @sigs: the table, which nobody searches any more
 *
 * Context: process.
 */
void mf_sigs_clear(struct mf_sigs *sigs)
{
	struct mf_sig_buckets *now;

	if (!rcu_access_pointer(sigs->view))
		return;
	old_free(sigs);
	now = mf_sigs_view(sigs)->now;
	RCU_INIT_POINTER(sigs->view, NULL);
	kvfree_rcu(now, rcu);
}

/**
 * mf_sigs_reset() - make a table small that has become empty
 * @sigs: the table; stays as large as it is when there is no memory
 *
 * Context: the table's lock held, may sleep.
 */
void mf_sigs_reset(struct mf_sigs *sigs)
{
	struct mf_sig_buckets *now = mf_sigs_view(sigs)->now;
	struct mf_sig_buckets *buckets;

	old_free(sigs);
	if (now->mask + 1 == BUCKETS_MIN)
		return;
	buckets = buckets_new(BUCKETS_MIN);
	if (!buckets)
		return;
	rcu_assign_pointer(sigs->view, &buckets->alone);
	kvfree_rcu(now, rcu);
}

/* Take over some buckets of before, the last of which ends the search of them. */
static void take_over(struct mf_sigs *sigs)
{
	const struct mf_sig_view *view = mf_sigs_view(sigs);
	struct mf_sig_buckets *old = view->old;
	u32 n;
	u32 i;

	for (n = 0; n < TAKE_AT_ONCE && sigs->taken <= old->mask; n++, sigs->taken++) {
		struct mf_sig_bucket *bucket = &old->bucket[sigs->taken];

		for (i = 0; i < MF_SIG_SLOTS; i++) {
			struct mf_sig_item *item = rcu_dereference_protected(bucket->item[i], true);

			if (item)
				buckets_insert(view->now, item);
		}
	}
	if (sigs->taken > old->mask)
		old_free(sigs);
}

/* Seven of ten slots: from there on too much spills. */
static bool is_crowded(const struct mf_sig_buckets *buckets)
{
	return (u64)buckets->count * 10 >= slots_of(buckets) * 7;
}

/* A table that cannot grow is used to the brim. */
static void grow(struct mf_sigs *sigs)
{
	struct mf_sig_buckets *now = mf_sigs_view(sigs)->now;
	struct mf_sig_buckets *buckets = buckets_new((now->mask + 1) * 2);

	if (!buckets)
		return;
	sigs->taken = 0;
	buckets->growing.old = now;
	rcu_assign_pointer(sigs->view, &buckets->growing);
}

/**
 * mf_sigs_insert() - let readers find an item
 * @sigs: the table
 * @item: the item, complete: it may be found at once
 *
 * Context: the table's lock held, may sleep.
 * Return: 0, or -ENOSPC when every slot is taken and there is no memory.
 */
int mf_sigs_insert(struct mf_sigs *sigs, struct mf_sig_item *item)
{
	struct mf_sig_buckets *now;

	if (mf_sigs_view(sigs)->old)
		take_over(sigs);
	else if (is_crowded(mf_sigs_view(sigs)->now))
		grow(sigs);
	now = mf_sigs_view(sigs)->now;
	if (now->count == slots_of(now))
		return -ENOSPC;
	buckets_insert(now, item);
	return 0;
}

/**
 * mf_sigs_remove() - let no new reader find an item
 * @sigs: the table, which holds @item
 * @item: the item; it may be freed after a grace period
 *
 * Context: the table's lock held.
 */
void mf_sigs_remove(struct mf_sigs *sigs, const struct mf_sig_item *item)
{
	const struct mf_sig_view *view = mf_sigs_view(sigs);

	if (view->old)
		buckets_remove(view->old, item);
	buckets_remove(view->now, item);
}
