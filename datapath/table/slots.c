// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flows by index: slots taken, given back and walked.
 */
#include <linux/slab.h>

#include "slots.h"

#define DIR_SIZE_MIN 4

/* Changes are made under the table's lock, which this file does not know. */
static struct mf_slot_dir *dir_of(const struct mf_slots *slots)
{
	return rcu_dereference_protected(slots->dir, true);
}

/* A directory with room for another chunk; readers of the old one go on with it. */
static struct mf_slot_dir *dir_grow(struct mf_slots *slots)
{
	struct mf_slot_dir *old = dir_of(slots);
	u32 size = old ? old->size * 2 : DIR_SIZE_MIN;
	struct mf_slot_dir *dir;
	u32 i;

	if (old && old->n < old->size)
		return old;
	dir = kvzalloc(struct_size(dir, chunk, size), GFP_KERNEL);
	if (!dir)
		return NULL;
	dir->size = size;
	dir->n = old ? old->n : 0;
	for (i = 0; i < dir->n; i++)
		dir->chunk[i] = old->chunk[i];
	rcu_assign_pointer(slots->dir, dir);
	if (old)
		kvfree_rcu(old, rcu);
	return dir;
}

static int chunk_add(struct mf_slots *slots)
{
	struct mf_slot_chunk *chunk;
	struct mf_slot_dir *dir;
	u32 first;
	u32 i;

	dir = dir_grow(slots);
	if (!dir)
		return -ENOMEM;
	chunk = kzalloc_obj(*chunk);
	if (!chunk)
		return -ENOMEM;

	first = dir->n << MF_SLOT_SHIFT;
	for (i = 0; i + 1 < MF_SLOTS_A_CHUNK; i++)
		chunk->next[i] = first + i + 2;
	slots->free = first + 1;
	rcu_assign_pointer(dir->chunk[dir->n], chunk);
	dir->n++;
	return 0;
}

static struct mf_slot_chunk *chunk_of(const struct mf_slots *slots, u32 index)
{
	return rcu_dereference_protected(dir_of(slots)->chunk[index >> MF_SLOT_SHIFT], true);
}

/**
 * mf_slots_take() - take a free index
 * @slots: the slots
 * @index: set to it; leads nowhere yet
 *
 * Context: the table's lock held, may sleep.
 * Return: 0 or -ENOMEM.
 */
int mf_slots_take(struct mf_slots *slots, u32 *index)
{
	int err;

	if (!slots->free) {
		err = chunk_add(slots);
		if (err)
			return err;
	}
	*index = slots->free - 1;
	slots->free = chunk_of(slots, *index)->next[*index % MF_SLOTS_A_CHUNK];
	return 0;
}

/**
 * mf_slots_set() - let an index lead to a flow
 * @slots: the slots
 * @index: the index, taken
 * @flow: the flow, complete: it may be found at once
 *
 * Context: the table's lock held.
 */
void mf_slots_set(struct mf_slots *slots, u32 index, struct mf_flow *flow)
{
	rcu_assign_pointer(chunk_of(slots, index)->flow[index % MF_SLOTS_A_CHUNK], flow);
}

/**
 * mf_slots_put() - give an index back
 * @slots: the slots
 * @index: the index, taken; leads nowhere from now on
 *
 * Context: the table's lock held.
 */
void mf_slots_put(struct mf_slots *slots, u32 index)
{
	struct mf_slot_chunk *chunk = chunk_of(slots, index);

	RCU_INIT_POINTER(chunk->flow[index % MF_SLOTS_A_CHUNK], NULL);
	chunk->next[index % MF_SLOTS_A_CHUNK] = slots->free;
	slots->free = index + 1;
}

/**
 * mf_slots_clear() - free the chunks after their readers
 * @slots: the slots, without a flow
 *
 * Context: the table's lock held, or nobody else knows the table.
 */
void mf_slots_clear(struct mf_slots *slots)
{
	struct mf_slot_dir *dir = dir_of(slots);
	u32 i;

	if (!dir)
		return;
	RCU_INIT_POINTER(slots->dir, NULL);
	slots->free = 0;
	for (i = 0; i < dir->n; i++) {
		struct mf_slot_chunk *chunk = rcu_dereference_protected(dir->chunk[i], true);

		kfree_rcu(chunk, rcu);
	}
	kvfree_rcu(dir, rcu);
}
