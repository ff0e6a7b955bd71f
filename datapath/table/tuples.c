// SPDX-License-Identifier: GPL-2.0-only
/*
 * The masks of a node: come, go, and are replaced as a whole to grow.
 */
#include <linux/slab.h>

#include "flow.h"
#include "tree.h"

/* Holes that are not worth a new array. */
#define HOLES_MIN 8

/**
 * mf_tuples_new() - make an empty array
 * @size: places in it
 *
 * Context: process, may sleep.
 * Return: the array, or NULL when there is no memory.
 */
struct mf_tuples *mf_tuples_new(u32 size)
{
	struct mf_tuples *tuples;

	tuples = kvzalloc(struct_size(tuples, tuple, size), GFP_KERNEL);
	if (tuples)
		tuples->size = size;
	return tuples;
}

/**
 * mf_tuples_find() - the place of a mask
 * @tuples: the array
 * @mask: the mask
 *
 * Context: the table's lock held.
 * Return: its place, or NULL.
 */
struct mf_tuple *mf_tuples_find(struct mf_tuples *tuples, const struct mf_mask *mask)
{
	u32 i;

	for (i = 0; i < tuples->n; i++)
		if (rcu_access_pointer(tuples->tuple[i].mask) == mask)
			return &tuples->tuple[i];
	return NULL;
}

/* Replace a node's array by one of @size, without holes and in the same order. */
static int resize(struct mf_node *node, u32 size)
{
	struct mf_tuples *old = node->tuples;
	struct mf_tuples *tuples;
	u32 i;

	tuples = mf_tuples_new(size);
	if (!tuples)
		return -ENOMEM;
	for (i = 0; i < old->n; i++)
		if (rcu_access_pointer(old->tuple[i].mask))
			tuples->tuple[tuples->n++] = old->tuple[i];
	/* Complete before packets look: pairs with the search. */
	smp_store_release(&node->tuples, tuples);
	kvfree_rcu(old, rcu);
	return 0;
}

/**
 * mf_tuples_reserve() - make sure that mf_tuples_add() finds a place
 * @node: the node
 * @mask: the mask of the flow to be added
 *
 * Context: the table's lock held, may sleep.
 * Return: 0 or -ENOMEM.
 */
int mf_tuples_reserve(struct mf_node *node, const struct mf_mask *mask)
{
	const struct mf_tuples *tuples = node->tuples;

	if (tuples->holes || tuples->n < tuples->size || mf_tuples_find(node->tuples, mask))
		return 0;
	return resize(node, tuples->size * 2);
}

/**
 * mf_tuples_add() - count a flow
 * @tuples: the array, with a place for the flow's mask
 * @flow: the flow
 *
 * Context: the table's lock held.
 */
void mf_tuples_add(struct mf_tuples *tuples, const struct mf_flow *flow)
{
	struct mf_tuple *tuple = mf_tuples_find(tuples, flow->mask);
	u32 i;

	if (tuple) {
		/* It is older only where no packet looks yet: while a node is split. */
		if (flow->seq < tuple->oldest)
			tuple->oldest = flow->seq;
		tuple->refs++;
		return;
	}

	for (i = 0; i < tuples->n; i++)
		if (!rcu_access_pointer(tuples->tuple[i].mask))
			break;
	tuple = &tuples->tuple[i];
	tuple->refs = 1;
	WRITE_ONCE(tuple->oldest, flow->seq);
	/* Whoever sees the mask sees its age: pairs with the search. */
	rcu_assign_pointer(tuple->mask, flow->mask);
	if (i < tuples->n) {
		tuples->holes--;
		return;
	}
	/* Whoever sees the number sees the mask: pairs with the search. */
	smp_store_release(&tuples->n, i + 1);
}

/**
 * mf_tuples_remove() - no longer count a flow
 * @node: the node
 * @flow: a flow of it
 *
 * Context: the table's lock held, may sleep.
 */
void mf_tuples_remove(struct mf_node *node, const struct mf_flow *flow)
{
	struct mf_tuples *tuples = node->tuples;
	struct mf_tuple *tuple = mf_tuples_find(tuples, flow->mask);
	u32 n = tuples->n;

	if (--tuple->refs)
		return;
	RCU_INIT_POINTER(tuple->mask, NULL);
	tuples->holes++;
	while (n && !rcu_access_pointer(tuples->tuple[n - 1].mask)) {
		n--;
		tuples->holes--;
	}
	WRITE_ONCE(tuples->n, n);
	/* Without memory the holes stay, which readers step over. */
	if (tuples->holes > HOLES_MIN && tuples->holes > n / 2)
		resize(node, mf_tuples_live(tuples) + HOLES_MIN);
}
