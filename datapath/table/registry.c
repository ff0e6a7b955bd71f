// SPDX-License-Identifier: GPL-2.0-only
/*
 * Masks of a table, found by content.
 */
#include <linux/jhash.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "registry.h"
#include "table.h"

static size_t word_bytes(const struct mf_mask *mask)
{
	return array_size(mask->n, sizeof(mask->word[0]));
}

static u32 mask_hashfn(const void *data, u32 len, u32 seed)
{
	const struct mf_mask *mask = data;

	return jhash(mask->word, word_bytes(mask), seed);
}

static int mask_cmpfn(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct mf_mask *want = arg->key;
	const struct mf_mask *have = obj;

	return want->n != have->n || memcmp(want->word, have->word, word_bytes(want));
}

static const struct rhashtable_params registry_params = {
	.head_offset = offsetof(struct mf_mask, node),
	.key_len = sizeof(struct mf_mask),
	.hashfn = mask_hashfn,
	.obj_hashfn = mask_hashfn,
	.obj_cmpfn = mask_cmpfn,
	.automatic_shrinking = true,
};

/**
 * mf_registry_init() - start without masks
 * @table: the table that the masks belong to
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno, with nothing left behind.
 */
int mf_registry_init(struct mf_table *table)
{
	return rhashtable_init(&table->registry, &registry_params);
}

/**
 * mf_registry_destroy() - end a registry without masks
 * @table: the table
 *
 * Context: process, may sleep, after the last packet's grace period.
 */
void mf_registry_destroy(struct mf_table *table)
{
	rhashtable_destroy(&table->registry);
}

/**
 * mf_registry_get() - the table's mask of some content, counted once more
 * @table: the table
 * @mask: a mask of that content without references; taken, or freed
 *
 * Context: the table's lock held, may sleep.
 * Return: @mask or the one that the table had, or an ERR_PTR.
 */
struct mf_mask *mf_registry_get(struct mf_table *table, struct mf_mask *mask)
{
	struct mf_mask *have;
	int err;

	have = rhashtable_lookup_fast(&table->registry, mask, registry_params);
	if (have) {
		kfree(mask);
		have->refs++;
		return have;
	}

	mf_mask_key(mask, &table->secrets);
	err = rhashtable_insert_fast(&table->registry, &mask->node, registry_params);
	if (err) {
		kfree(mask);
		return ERR_PTR(err);
	}
	mask->refs = 1;
	table->n_masks++;
	return mask;
}

/**
 * mf_registry_put() - a flow no longer has a mask
 * @table: the table
 * @mask: its mask; freed after a grace period when this was the last flow
 *
 * Context: the table's lock held.
 */
void mf_registry_put(struct mf_table *table, struct mf_mask *mask)
{
	if (--mask->refs)
		return;
	rhashtable_remove_fast(&table->registry, &mask->node, registry_params);
	table->n_masks--;
	kfree_rcu(mask, rcu);
}
