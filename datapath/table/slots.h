/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flows by index: chunks of slots that never move.
 *
 * An index is what a cache may keep of a flow instead of a pointer, and what a
 * dump resumes at. It is used again when its flow is gone.
 */
#ifndef MF_TABLE_SLOTS_H
#define MF_TABLE_SLOTS_H

#include <linux/rcupdate.h>
#include <linux/types.h>

struct mf_flow;

#define MF_SLOT_SHIFT 8
#define MF_SLOTS_A_CHUNK 256u

static_assert(MF_SLOTS_A_CHUNK >> MF_SLOT_SHIFT == 1);

/**
 * struct mf_slot_chunk - some slots
 * @rcu: to free it after its readers
 * @flow: a flow each, or NULL
 * @next: of a free slot: the next free one's index plus one, or 0
 */
struct mf_slot_chunk {
	struct rcu_head rcu;
	struct mf_flow __rcu *flow[MF_SLOTS_A_CHUNK];
	u32 next[MF_SLOTS_A_CHUNK];
};

/**
 * struct mf_slot_dir - where the chunks are
 * @rcu: to free it after its readers
 * @n: chunks that there are; under the table's lock
 * @size: chunks that there is room for
 * @chunk: the chunks, and NULL where there is room
 */
struct mf_slot_dir {
	struct rcu_head rcu;
	u32 n;
	u32 size;
	struct mf_slot_chunk __rcu *chunk[];
};

/**
 * struct mf_slots - the flows by index
 * @dir: the chunks, or NULL before the first flow
 * @free: index of a free slot plus one, or 0; under the table's lock
 */
struct mf_slots {
	struct mf_slot_dir __rcu *dir;
	u32 free;
};

int mf_slots_take(struct mf_slots *slots, u32 *index);
void mf_slots_set(struct mf_slots *slots, u32 index, struct mf_flow *flow);
void mf_slots_put(struct mf_slots *slots, u32 index);
void mf_slots_clear(struct mf_slots *slots);

/**
 * mf_slots_get() - the flow of an index
 * @slots: the slots
 * @index: any number
 *
 * Context: RCU read lock held.
 * Return: the flow that has the index now, or NULL.
 */
static inline struct mf_flow *mf_slots_get(const struct mf_slots *slots, u32 index)
{
	const struct mf_slot_dir *dir = rcu_dereference(slots->dir);
	const struct mf_slot_chunk *chunk;

	if (unlikely(!dir || index >> MF_SLOT_SHIFT >= dir->size))
		return NULL;
	chunk = rcu_dereference(dir->chunk[index >> MF_SLOT_SHIFT]);
	if (unlikely(!chunk))
		return NULL;
	return rcu_dereference(chunk->flow[index % MF_SLOTS_A_CHUNK]);
}

/**
 * mf_slots_next() - walk the flows
 * @slots: the slots
 * @cursor: index to start at; set to that of the flow returned
 *
 * Context: RCU read lock or the table's lock held.
 * Return: the first flow from there on, or NULL at the end.
 */
static inline struct mf_flow *mf_slots_next(const struct mf_slots *slots, unsigned long *cursor)
{
	const struct mf_slot_dir *dir = rcu_dereference_check(slots->dir, true);
	u32 size = dir ? dir->size : 0;

	for (; *cursor >> MF_SLOT_SHIFT < size; ++*cursor) {
		const struct mf_slot_chunk *chunk;
		struct mf_flow *flow;

		chunk = rcu_dereference_check(dir->chunk[*cursor >> MF_SLOT_SHIFT], true);
		if (!chunk)
			return NULL;
		flow = rcu_dereference_check(chunk->flow[*cursor % MF_SLOTS_A_CHUNK], true);
		if (flow)
			return flow;
	}
	return NULL;
}

#endif
