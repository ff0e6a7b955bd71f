// SPDX-License-Identifier: GPL-2.0-only
/*
 * Masks of a table: found by content, tried in an array by packets.
 */
#include <linux/jhash.h>
#include <linux/lockdep.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "registry.h"
#include "table.h"

#define ARRAY_SIZE_MIN 16

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

static struct mf_mask_array *array_of(struct mf_table *table)
{
	return rcu_dereference_protected(table->masks, lockdep_is_held(table->lock));
}

static struct mf_mask_array *array_new(u32 size)
{
	struct mf_mask_array *array;

	array = kvzalloc(struct_size(array, mask, size), GFP_KERNEL);
	if (array)
		array->size = size;
	return array;
}

/**
 * mf_registry_init() - start without masks
 * @table: the table that the masks belong to
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno, with nothing left behind.
 */
int mf_registry_init(struct mf_table *table)
{
	struct mf_mask_array *array;
	int err;

	array = array_new(ARRAY_SIZE_MIN);
	if (!array)
		return -ENOMEM;
	err = rhashtable_init(&table->registry, &registry_params);
	if (err) {
		kvfree(array);
		return err;
	}
	RCU_INIT_POINTER(table->masks, array);
	return 0;
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
	kvfree(rcu_access_pointer(table->masks));
}

/* An array of twice the size; readers of the old one go on with it. */
static struct mf_mask_array *array_grow(struct mf_table *table)
{
	struct mf_mask_array *old = array_of(table);
	struct mf_mask_array *array;
	u32 i;

	array = array_new(old->size * 2);
	if (!array)
		return NULL;
	for (i = 0; i < old->n; i++)
		RCU_INIT_POINTER(array->mask[i], rcu_access_pointer(old->mask[i]));
	array->n = old->n;
	rcu_assign_pointer(table->masks, array);
	kvfree_rcu(old, rcu);
	return array;
}

static int array_add(struct mf_table *table, struct mf_mask *mask)
{
	struct mf_mask_array *array = array_of(table);
	u32 slot = array->n;

	if (table->free_slots) {
		for (slot = 0; rcu_access_pointer(array->mask[slot]); slot++)
			;
		table->free_slots--;
	} else if (slot == array->size) {
		array = array_grow(table);
		if (!array)
			return -ENOMEM;
	}

	mask->slot = slot;
	rcu_assign_pointer(array->mask[slot], mask);
	if (slot == array->n)
		/* Whoever sees the length sees the mask: pairs with the lookup. */
		smp_store_release(&array->n, slot + 1);
	return 0;
}

/* The array's end moves back over holes, so that nobody searches them. */
static void array_remove(struct mf_table *table, const struct mf_mask *mask)
{
	struct mf_mask_array *array = array_of(table);
	u32 n = array->n;

	RCU_INIT_POINTER(array->mask[mask->slot], NULL);
	table->free_slots++;
	while (n && !rcu_access_pointer(array->mask[n - 1])) {
		n--;
		table->free_slots--;
	}
	WRITE_ONCE(array->n, n);
}

/**
 * mf_registry_get() - the table's mask of some content, counted once more
 * @table: the table
 * @mask: a mask of that content without references; taken, or freed
 * @seq: of the flow that counts it, higher than that of any other
 *
 * Context: the table's lock held, may sleep.
 * Return: @mask or the one that the table had, or an ERR_PTR.
 */
struct mf_mask *mf_registry_get(struct mf_table *table, struct mf_mask *mask, u64 seq)
{
	struct mf_mask *have;
	int err;

	have = rhashtable_lookup_fast(&table->registry, mask, registry_params);
	if (have) {
		kfree(mask);
		have->refs++;
		return have;
	}

	mask->oldest = seq;
	err = rhashtable_insert_fast(&table->registry, &mask->node, registry_params);
	if (err)
		goto err_free;
	err = array_add(table, mask);
	if (err)
		goto err_remove;
	mask->refs = 1;
	table->n_masks++;
	return mask;

err_remove:
	rhashtable_remove_fast(&table->registry, &mask->node, registry_params);
err_free:
	kfree_rcu(mask, rcu);
	return ERR_PTR(err);
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
	array_remove(table, mask);
	rhashtable_remove_fast(&table->registry, &mask->node, registry_params);
	table->n_masks--;
	kfree_rcu(mask, rcu);
}
