// SPDX-License-Identifier: GPL-2.0-only
/*
 * What shape a node of the tuple tree had better have: a list of masks, bit
 * vectors, or children. The new shape is built where no packet looks, then
 * shown at once.
 */
#include <linux/list.h>
#include <linux/slab.h>

#include "plan.h"
#include "table.h"

/*
 * A mask of more flows is tried, whatever the others are found by: in vectors
 * so many cost as much, and as children they would save one try each.
 */
#define HEAVY_FLOWS 256

/* Masks of many flows that may stay where a node is split. */
#define HEAVY_MASKS 4

/* More flows are not moved at one time: the table is locked meanwhile. */
#define MOVES_MAX 32768

/* Flows in vectors, for the same reason. */
#define VECTORS_MAX 131072

/* Flows of which digits are chosen. */
#define SAMPLE_MAX 256

static bool is_heavy(const struct mf_flow *flow)
{
	return flow->mask->tally > HEAVY_FLOWS;
}

static void take_census(struct mf_census *census, const struct mf_node *node)
{
	const struct mf_flow *flow;

	*census = (struct mf_census){ 0 };
	list_for_each_entry(flow, &node->flows, node_link)
		flow->mask->tally = 0;
	list_for_each_entry(flow, &node->flows, node_link) {
		u32 tally = ++flow->mask->tally;

		census->flows++;
		census->masks += tally == 1;
		census->heavy += tally == HEAVY_FLOWS + 1;
	}
	list_for_each_entry(flow, &node->flows, node_link)
		census->light += !is_heavy(flow);
}

/* Let packets see a node's new shape. Flows that are in no vectors now know it. */
static void show(struct mf_node *node, struct mf_shape *shape)
{
	struct mf_vectors *vectors = mf_node_vectors(node);
	struct mf_shape *old = mf_node_shape(node);

	rcu_assign_pointer(node->shape, shape);
	kvfree_rcu(old, rcu);
	if (vectors)
		kvfree_rcu(vectors, rcu);
}

/* All masks are tried. */
static bool make_list(struct mf_node *node, const struct mf_census *census)
{
	struct mf_shape *shape = mf_shape_new(census->masks + 1);
	struct mf_flow *flow;

	if (!shape)
		return false;
	list_for_each_entry(flow, &node->flows, node_link) {
		flow->place = 0;
		mf_shape_add(shape, flow);
		mf_shape_show(shape, flow);
	}
	show(node, shape);
	return true;
}

/* Some of a node's light flows. Returns how many. */
static u32 take_light(const struct mf_node *node, const struct mf_census *census,
		      const struct mf_flow *sample[SAMPLE_MAX])
{
	struct mf_sampler sampler;
	const struct mf_flow *flow;
	u32 n = 0;

	mf_sampler_init(&sampler, census->light, SAMPLE_MAX);
	list_for_each_entry(flow, &node->flows, node_link)
		if (!is_heavy(flow) && mf_sampler_takes(&sampler))
			sample[n++] = flow;
	return n;
}

static bool choose_digits(struct mf_digits *digits, const struct mf_node *node,
			  const struct mf_census *census)
{
	const struct mf_flow **sample;
	int err;

	sample = kcalloc(SAMPLE_MAX, sizeof(*sample), GFP_KERNEL);
	if (!sample)
		return false;
	err = mf_digits_choose(digits, sample, take_light(node, census, sample), census->light);
	kfree(sample);
	return !err && digits->n;
}

/* Light flows go to vectors; the masks of the others are tried. */
static bool make_vectors(struct mf_node *node, const struct mf_census *census)
{
	struct mf_vectors *vectors;
	struct mf_digits digits;
	struct mf_shape *shape;
	struct mf_flow *flow;

	if (!choose_digits(&digits, node, census))
		return false;
	vectors = mf_vectors_new(&digits, 2 * census->light);
	shape = mf_shape_new(census->heavy + 1);
	if (!vectors || !shape) {
		kvfree(vectors);
		kvfree(shape);
		return false;
	}
	list_for_each_entry(flow, &node->flows, node_link) {
		flow->place = 0;
		if (is_heavy(flow)) {
			mf_shape_add(shape, flow);
			continue;
		}
		mf_vectors_add(vectors, flow);
		mf_vectors_show(vectors, flow);
	}
	RCU_INIT_POINTER(shape->vectors, vectors);
	show(node, shape);
	return true;
}

/**
 * struct move - of a node's flows to its children
 * @split: what leads to them
 * @shape: what packets will see
 * @heavy: masks whose flows stay
 * @n_heavy: their number
 * @moves: flows that are to move
 */
struct move {
	struct mf_split *split;
	struct mf_shape *shape;
	const struct mf_mask *heavy[HEAVY_MASKS];
	u32 n_heavy;
	u32 moves;
};

static bool stays(const struct move *move, const struct mf_mask *mask)
{
	u32 i;

	for (i = 0; i < move->n_heavy; i++)
		if (move->heavy[i] == mask)
			return true;
	return false;
}

/* A few masks of many flows stay: not at the root, so that each port has its own. */
static void let_stay(struct move *move, const struct mf_node *node)
{
	const struct mf_flow *flow;

	if (!node->depth && move->moves <= MOVES_MAX)
		return;
	list_for_each_entry(flow, &node->flows, node_link) {
		if (move->n_heavy == HEAVY_MASKS)
			return;
		if (!is_heavy(flow) || stays(move, flow->mask))
			continue;
		move->heavy[move->n_heavy++] = flow->mask;
		move->moves -= flow->mask->tally;
	}
}

/* Where a flow lives from now on. */
static void move_flow(struct mf_table *table, struct mf_node *node, struct move *move,
		      struct mf_flow *flow)
{
	struct mf_node *child = NULL;

	if (!stays(move, flow->mask))
		child = mf_node_child(table, node, &move->split, flow);
	list_del_init(&flow->node_link);
	/* A child just made has a place, so none stays empty. */
	if (child && !mf_node_take(table, child, flow)) {
		mf_tree_show(flow);
		return;
	}
	list_add_tail(&flow->node_link, &node->flows);
	flow->place = 0;
	mf_shape_add(move->shape, flow);
	mf_shape_show(move->shape, flow);
}

/* Flows go to children, as far as there is memory for them. */
static bool make_children(struct mf_table *table, struct mf_node *node,
			  const struct mf_census *census, const struct mf_plan *plan)
{
	struct move move = { .moves = census->flows };
	struct mf_flow *flow;
	u32 n;

	let_stay(&move, node);
	if (move.moves > MOVES_MAX)
		return false;
	move.shape = mf_shape_new(census->masks + 1);
	move.split = mf_split_new(plan->word, plan->field, HEAVY_MASKS);
	if (!move.shape || !move.split) {
		kvfree(move.shape);
		kvfree(move.split);
		return false;
	}
	/* As many as there were: those that stay go to the list's end, in order. */
	for (n = 0; n < census->flows; n++) {
		flow = list_first_entry(&node->flows, struct mf_flow, node_link);
		move_flow(table, node, &move, flow);
	}
	if (node->n_children)
		RCU_INIT_POINTER(move.shape->split, move.split);
	else
		kvfree(move.split);
	show(node, move.shape);
	return true;
}

/**
 * mf_review() - give a node the shape that makes searches cheapest
 * @table: the table
 * @node: a node of it
 *
 * Context: the table's lock held, may sleep.
 */
void mf_review(struct mf_table *table, struct mf_node *node)
{
	struct mf_census census;
	struct mf_plan plan;
	u64 vectors;
	u64 list;
	bool done;

	if (mf_node_split(node))
		return;
	take_census(&census, node);
	list = (u64)census.masks * MF_COST_MASK;
	vectors = (u64)census.heavy * MF_COST_MASK + mf_cost_vectors(census.light);

	if (census.masks <= MF_MASKS_FEW)
		done = !mf_node_vectors(node) || make_list(node, &census);
	else
		done = (node->depth < MF_TREE_DEPTH_MAX &&
			mf_plan_make(node, &census, min(list, vectors) * 4 / 5, &plan) &&
			make_children(table, node, &census, &plan)) ||
		       (vectors < list && census.light <= VECTORS_MAX &&
			make_vectors(node, &census));

	/* Again when there is as much that is new, whatever became of it now. */
	node->review = mf_shape_live(mf_node_shape(node)) + MF_MASKS_FEW + 1;
	if (!done || !mf_node_vectors(node))
		node->review = max(node->review, 2 * census.masks);
}
