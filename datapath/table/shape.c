// SPDX-License-Identifier: GPL-2.0-only
/*
 * The shape of a node: masks come, go, and are replaced as a whole to grow.
 */
#include <linux/slab.h>

#include "flow.h"
#include "tree.h"

/* Holes that are not worth a new array. */
#define HOLES_MIN 8

/**
 * mf_shape_new() - make a shape without masks
 * @size: places for masks
 *
 * Context: process, may sleep.
 * Return: the shape, or NULL when there is no memory.
 */
struct mf_shape *mf_shape_new(u32 size)
{
	struct mf_shape *shape;

	shape = kvzalloc(struct_size(shape, tuple, size), GFP_KERNEL);
	if (shape)
		shape->size = size;
	return shape;
}

/**
 * mf_shape_find() - the place of a mask
 * @shape: the shape
 * @mask: the mask
 *
 * Context: the table's lock held.
 * Return: its place, or NULL.
 */
struct mf_tuple *mf_shape_find(struct mf_shape *shape, const struct mf_mask *mask)
{
	u32 i;

	for (i = 0; i < shape->n; i++)
		if (rcu_access_pointer(shape->tuple[i].mask) == mask)
			return &shape->tuple[i];
	return NULL;
}

/* Replace a node's shape by one for @size masks, without holes and in the same order. */
static int resize(struct mf_node *node, u32 size)
{
	struct mf_shape *old = mf_node_shape(node);
	struct mf_shape *shape;
	u32 i;

	shape = mf_shape_new(size);
	if (!shape)
		return -ENOMEM;
	shape->split = old->split;
	shape->vectors = old->vectors;
	for (i = 0; i < old->n; i++)
		if (rcu_access_pointer(old->tuple[i].mask))
			shape->tuple[shape->n++] = old->tuple[i];
	rcu_assign_pointer(node->shape, shape);
	kvfree_rcu(old, rcu);
	return 0;
}

/**
 * mf_shape_reserve() - make sure that mf_shape_add() finds a place
 * @node: the node
 * @mask: the mask of the flow to be added
 *
 * Context: the table's lock held, may sleep.
 * Return: 0 or -ENOMEM.
 */
int mf_shape_reserve(struct mf_node *node, const struct mf_mask *mask)
{
	struct mf_shape *shape = mf_node_shape(node);

	if (shape->holes || shape->n < shape->size || mf_shape_find(shape, mask))
		return 0;
	return resize(node, shape->size * 2);
}

/**
 * mf_shape_add() - count a flow
 * @shape: the shape, with a place for the flow's mask
 * @flow: the flow
 *
 * Context: the table's lock held.
 */
void mf_shape_add(struct mf_shape *shape, const struct mf_flow *flow)
{
	struct mf_tuple *tuple = mf_shape_find(shape, flow->mask);
	u32 i;

	if (tuple) {
		tuple->refs++;
		RCU_INIT_POINTER(tuple->only, NULL);
		return;
	}

	for (i = 0; i < shape->n; i++)
		if (!rcu_access_pointer(shape->tuple[i].mask))
			break;
	tuple = &shape->tuple[i];
	tuple->refs = 1;
	/* No lower than it was: a search that sees the mask may still see the age before. */
	WRITE_ONCE(tuple->oldest, flow->seq);
	rcu_assign_pointer(tuple->mask, flow->mask);
	if (i < shape->n) {
		shape->holes--;
		return;
	}
	WRITE_ONCE(shape->n, i + 1);
}

/**
 * mf_shape_show() - let searches find a flow by its mask's place
 * @shape: the shape, which counts the flow
 * @flow: the flow, which is in the table otherwise
 *
 * Of a list that is about to be thought about, nothing is said.
 *
 * Context: the table's lock held.
 */
void mf_shape_show(struct mf_shape *shape, struct mf_flow *flow)
{
	struct mf_tuple *tuple;

	if (shape->n > MF_MASKS_FEW)
		return;
	tuple = mf_shape_find(shape, flow->mask);
	if (tuple->refs == 1)
		rcu_assign_pointer(tuple->only, flow);
}

/**
 * mf_shape_hide() - let no new search find a flow by its mask's place
 * @shape: the shape, which counts the flow
 * @flow: the flow, shown or not
 *
 * Context: the table's lock held.
 */
void mf_shape_hide(struct mf_shape *shape, const struct mf_flow *flow)
{
	struct mf_tuple *tuple = mf_shape_find(shape, flow->mask);

	RCU_INIT_POINTER(tuple->only, NULL);
}

/**
 * mf_shape_remove() - no longer count a flow
 * @node: the node
 * @flow: a flow of one of its masks, hidden or never shown
 *
 * Context: the table's lock held, may sleep.
 */
void mf_shape_remove(struct mf_node *node, const struct mf_flow *flow)
{
	struct mf_shape *shape = mf_node_shape(node);
	struct mf_tuple *tuple = mf_shape_find(shape, flow->mask);
	u32 n = shape->n;

	if (--tuple->refs)
		return;
	RCU_INIT_POINTER(tuple->mask, NULL);
	shape->holes++;
	while (n && !rcu_access_pointer(shape->tuple[n - 1].mask)) {
		n--;
		shape->holes--;
	}
	WRITE_ONCE(shape->n, n);
	/* Without memory the holes stay, which readers step over. */
	if (shape->holes > HOLES_MIN && shape->holes > n / 2)
		resize(node, mf_shape_live(shape) + HOLES_MIN);
}
