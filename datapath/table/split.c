// SPDX-License-Identifier: GPL-2.0-only
/*
 * When and how to split a node of the tuple tree.
 *
 * A sample of the node's flows stands for all of them and for their packets.
 * For each field that masks see, the cost of a search is estimated as it would
 * be after a split by it. A wrong guess costs time, never an answer.
 */
#include <linux/lockdep.h>
#include <linux/slab.h>

#include "table.h"

#define SAMPLE_MAX 256
#define TESTS_MAX 32
#define GROUPS_MAX 512

/* Costs in instructions, roughly: of trying a mask, of a sub, of a child. */
#define COST_MASK 80
#define COST_SUB 8
#define COST_CHILD 40

/* Masks of so many flows stay where they are, and how many masks may. */
#define HEAVY_FLOWS 256
#define HEAVY_MASKS 4

/* More flows are not moved at one time: the table is locked meanwhile. */
#define MOVES_MAX 32768

/* Parts of a word that may be fields: it is not known here what they mean. */
static const u64 parts[] = {
	U64_MAX,
	0x00000000ffffffffull,
	0xffffffff00000000ull,
	0x0000ffffffffffffull,
	0x000000000000ffffull,
	0x00000000ffff0000ull,
	0x0000ffff00000000ull,
	0xffff000000000000ull,
};

/**
 * struct group - flows of a sample that would become one child
 * @bits: of the field that their masks see
 * @value: what is there
 * @flows: flows, 0 where there is no group
 * @masks: different masks of those
 */
struct group {
	u64 bits;
	u64 value;
	u32 flows;
	u32 masks;
};

/* A mask in a group. */
struct member {
	const struct group *group;
	const struct mf_mask *mask;
};

/**
 * struct study - of a node
 * @n: flows in the sample
 * @flow: those
 * @bits: what each flow's mask sees of the word that is looked at
 * @value: what is there
 * @n_subs: different @bits, reduced to the field that is looked at
 * @sub: those
 * @group: the children that there would be, by hash
 * @member: masks in them, by hash
 */
struct study {
	u32 n;
	const struct mf_flow *flow[SAMPLE_MAX];
	u64 bits[SAMPLE_MAX];
	u64 value[SAMPLE_MAX];
	u32 n_subs;
	u64 sub[SAMPLE_MAX];
	struct group group[GROUPS_MAX];
	struct member member[GROUPS_MAX];
};

/**
 * struct plan - a way to split a node
 * @word: index of the word
 * @field: bits of it
 * @cost: of a search
 */
struct plan {
	u32 word;
	u64 field;
	u64 cost;
};

static void take_sample(struct study *study, const struct mf_node *node, u32 flows)
{
	u32 step = flows / SAMPLE_MAX + 1;
	const struct mf_flow *flow;
	u32 i = 0;

	study->n = 0;
	hlist_for_each_entry(flow, &node->flows, node_link) {
		if (i++ % step)
			continue;
		study->flow[study->n++] = flow;
		if (study->n == SAMPLE_MAX)
			return;
	}
}

/* What the sample has in a word. Returns all bits of it that any mask sees. */
static u64 take_word(struct study *study, u32 word)
{
	u64 all = 0;
	u32 n;
	u32 i;

	for (n = 0; n < study->n; n++) {
		const struct mf_flow *flow = study->flow[n];

		study->bits[n] = 0;
		study->value[n] = 0;
		for (i = 0; i < flow->mask->n; i++) {
			if (flow->mask->word[i].index != word)
				continue;
			study->bits[n] = flow->mask->word[i].bits;
			study->value[n] = flow->key[i];
		}
		all |= study->bits[n];
	}
	return all;
}

/* The group of some bits and value: there, or where it would be. */
static struct group *group_at(struct study *study, u64 bits, u64 value)
{
	u32 i = mf_nh_fold(mf_nh_pair(0, bits + 0x9e3779b97f4a7c15ull,
				      value + 0xc2b2ae3d27d4eb4full));

	for (;; i++) {
		struct group *group = &study->group[i % GROUPS_MAX];

		if (!group->flows || (group->bits == bits && group->value == value))
			return group;
	}
}

static void group_add(struct study *study, const struct mf_mask *mask, u64 bits, u64 value)
{
	struct group *group = group_at(study, bits, value);
	u32 i;

	group->bits = bits;
	group->value = value;
	group->flows++;
	for (i = hash_ptr(mask, 16) + hash_ptr(group, 16);; i++) {
		struct member *member = &study->member[i % GROUPS_MAX];

		if (member->mask == mask && member->group == group)
			return;
		if (member->mask)
			continue;
		member->mask = mask;
		member->group = group;
		group->masks++;
		return;
	}
}

static void sub_add(struct study *study, u64 bits)
{
	u32 i;

	for (i = 0; i < study->n_subs; i++)
		if (study->sub[i] == bits)
			return;
	study->sub[study->n_subs++] = bits;
}

/* The mean cost for packets that are made of two of the sample's flows each. */
static u64 cost_of(struct study *study, u64 field)
{
	u32 tests = min_t(u32, study->n, TESTS_MAX);
	u64 sum = 0;
	u32 t;
	u32 i;

	memset(study->group, 0, sizeof(study->group));
	memset(study->member, 0, sizeof(study->member));
	study->n_subs = 0;
	for (i = 0; i < study->n; i++) {
		sub_add(study, study->bits[i] & field);
		group_add(study, study->flow[i]->mask, study->bits[i] & field,
			  study->value[i] & field);
	}

	for (t = 0; t < tests; t++) {
		u32 one = t * study->n / tests;
		u32 other = (one + study->n / 2 + t) % study->n;
		u64 word = study->value[one] | (study->value[other] & ~study->bits[one]);

		for (i = 0; i < study->n_subs; i++) {
			const struct group *group;

			group = group_at(study, study->sub[i], word & study->sub[i]);
			if (group->flows)
				sum += COST_CHILD + group->masks * COST_MASK;
		}
	}
	return study->n_subs * COST_SUB + sum / tests;
}

static u32 masks_of(struct study *study)
{
	memset(study->bits, 0, sizeof(study->bits));
	memset(study->value, 0, sizeof(study->value));
	return (cost_of(study, 0) - COST_SUB - COST_CHILD) / COST_MASK;
}

/*
 * The root is split by the word that holds input port and recirculation, if
 * masks see it in few ways: so what comes in by one port never makes the
 * packets of another slower.
 */
static bool plan_root(struct study *study, const struct mf_node *node, struct plan *plan)
{
	if (node->depth)
		return false;
	take_word(study, 0);
	plan->word = 0;
	plan->field = U64_MAX;
	cost_of(study, U64_MAX);
	return study->n_subs <= HEAVY_MASKS;
}

/* The best way to split a node. Returns false if none is worth it. */
static bool plan_make(struct study *study, struct plan *plan)
{
	u64 now = (u64)masks_of(study) * COST_MASK;
	u32 word;
	u32 p;

	plan->cost = now * 4 / 5;
	plan->field = 0;
	for (word = 0; word < MF_KEY_WORDS; word++) {
		u64 all = take_word(study, word);

		for (p = 0; p < ARRAY_SIZE(parts); p++) {
			u64 cost;

			/* A part that holds all or nothing of the word was looked at. */
			if (!(all & parts[p]) || (p && !(all & ~parts[p])))
				continue;
			cost = cost_of(study, parts[p]);
			if (cost >= plan->cost)
				continue;
			plan->cost = cost;
			plan->word = word;
			plan->field = parts[p];
		}
	}
	return plan->field;
}

/**
 * struct move - of a node's flows to its children
 * @split: what leads to them
 * @tuples: masks of those that stay
 * @heavy: masks whose flows stay
 * @flows: flows of the node
 * @moves: those that are to move
 */
struct move {
	struct mf_split *split;
	struct mf_tuples *tuples;
	const struct mf_mask *heavy[HEAVY_MASKS];
	u32 flows;
	u32 moves;
};

static bool is_heavy(const struct move *move, const struct mf_mask *mask)
{
	u32 i;

	for (i = 0; i < HEAVY_MASKS; i++)
		if (move->heavy[i] == mask)
			return true;
	return false;
}

static void count_flows(struct move *move, const struct mf_tuples *tuples)
{
	u32 i;

	for (i = 0; i < tuples->n; i++)
		if (rcu_access_pointer(tuples->tuple[i].mask))
			move->flows += tuples->tuple[i].refs;
	move->moves = move->flows;
}

/* Masks of many flows stay: they would make many children and save one try each. */
static void let_stay(struct move *move, const struct mf_tuples *tuples)
{
	u32 n = 0;
	u32 i;

	for (i = 0; i < tuples->n && n < HEAVY_MASKS; i++) {
		const struct mf_tuple *tuple = &tuples->tuple[i];
		const struct mf_mask *mask = rcu_dereference_protected(tuple->mask, true);

		if (!mask || tuple->refs <= HEAVY_FLOWS)
			continue;
		move->heavy[n++] = mask;
		move->moves -= tuple->refs;
	}
}

/* Where a flow lives from now on. */
static void move_flow(struct mf_table *table, struct mf_node *node, struct move *move,
		      struct mf_flow *flow)
{
	struct mf_node *child = NULL;

	if (!is_heavy(move, flow->mask))
		child = mf_node_child(table, node, &move->split, flow);
	/* A child just made has a place, so none stays empty. */
	if (!child || mf_tuples_reserve(child, flow->mask)) {
		mf_tuples_add(move->tuples, flow);
		return;
	}
	hlist_del_init(&flow->node_link);
	mf_node_add(table, child, flow);
}

/* Build all of it where no packet looks, then show it at once. */
static void split_node(struct mf_table *table, struct mf_node *node, struct move *move,
		       const struct plan *plan)
{
	struct mf_tuples *old = node->tuples;
	struct hlist_node *next;
	struct mf_flow *flow;

	move->tuples = mf_tuples_new(mf_tuples_live(old));
	move->split = mf_split_new(plan->word, plan->field, HEAVY_MASKS);
	if (!move->tuples || !move->split)
		goto err;
	hlist_for_each_entry_safe(flow, next, &node->flows, node_link)
		move_flow(table, node, move, flow);
	if (!node->n_children)
		goto err;

	/* In this order: who finds masks gone finds where. Pairs with the search. */
	rcu_assign_pointer(node->split, move->split);
	/* This is what pairs. */
	smp_store_release(&node->tuples, move->tuples);
	kvfree_rcu(old, rcu);
	return;

err:
	kvfree(move->tuples);
	kvfree(move->split);
}

/**
 * mf_split_review() - split a node, if that pays
 * @table: the table
 * @node: a node of it
 *
 * Context: the table's lock held, may sleep.
 */
void mf_split_review(struct mf_table *table, struct mf_node *node)
{
	u32 live = mf_tuples_live(node->tuples);
	struct move move = { 0 };
	struct study *study;
	struct plan plan;
	bool root;

	if (rcu_access_pointer(node->split) || live < node->review)
		return;
	/* Next time when there are twice as many, whatever becomes of it now. */
	node->review = live * 2;

	study = kvzalloc_obj(*study);
	if (!study)
		return;
	count_flows(&move, node->tuples);
	/* Not at the root, so that one port's masks cost only its packets. */
	if (node->depth || move.flows > MOVES_MAX)
		let_stay(&move, node->tuples);
	take_sample(study, node, move.flows);
	root = plan_root(study, node, &plan);
	if (move.moves <= MOVES_MAX && (root || plan_make(study, &plan)))
		split_node(table, node, &move, &plan);
	kvfree(study);
}
