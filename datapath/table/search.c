// SPDX-License-Identifier: GPL-2.0-only
/*
 * The search of the tuple tree: depth first, with a place on each level.
 *
 * Places in arrays that are in use are counted without barriers: one that is
 * not filled yet, as far as this CPU knows, is zero and leads nowhere.
 */
#include "table.h"

/**
 * struct place - where a search is on a level
 * @node: a node that is split
 * @split: how
 * @next: the sub to look at next
 */
struct place {
	const struct mf_node *node;
	const struct mf_split *split;
	u32 next;
};

/**
 * struct search - a search under way
 * @table: where
 * @key: what for
 * @oldest: the oldest flow found so far, or NULL
 * @probes: masks tried
 * @depth: levels with a place
 * @place: the places
 */
struct search {
	const struct mf_table *table;
	struct mf_key *key;
	struct mf_flow *oldest;
	u32 probes;
	u32 depth;
	struct place place[MF_TREE_DEPTH_MAX];
};

/* What a flow must have to be the answer to a probe. */
struct probe {
	const struct mf_mask *mask;
	struct mf_key *key;
};

static __always_inline bool is_answer(const struct mf_sig_item *item, const void *wanted)
{
	const struct mf_flow *flow = container_of(item, struct mf_flow, sig);
	const struct probe *probe = wanted;

	return flow->mask == probe->mask && mf_flow_matches(flow, probe->key);
}

/* A flow that the key matches: the answer, if it is older than what was found. */
static __always_inline void found(struct search *s, struct mf_flow *flow)
{
	if (!s->oldest || flow->seq < s->oldest->seq)
		s->oldest = flow;
}

/* Look for a flow of a mask. Not inlined: it needs the registers. */
static noinline void try_mask(struct search *s, const struct mf_mask *mask)
{
	const struct probe probe = { .mask = mask, .key = s->key };
	u64 hash = mf_mask_hash(mask, s->key, &s->table->secrets);
	struct mf_sig_item *item;

	item = mf_sigs_find(&s->table->sigs, hash, is_answer, &probe);
	if (item)
		found(s, container_of(item, struct mf_flow, sig));
}

/* Try the masks that a node has. */
static __always_inline void try_tuples(struct search *s, const struct mf_shape *shape)
{
	u32 n = READ_ONCE(shape->n);
	u32 i;

	for (i = 0; i < n; i++) {
		const struct mf_tuple *tuple = &shape->tuple[i];
		const struct mf_mask *mask = rcu_dereference_check(tuple->mask, true);
		struct mf_flow *only = rcu_dereference_check(tuple->only, true);

		/*
		 * What is all younger than the answer so far cannot better it. The age may
		 * be that of the mask which was here before, which is lower.
		 */
		if (!mask || (s->oldest && READ_ONCE(tuple->oldest) > s->oldest->seq))
			continue;
		s->probes++;
		if (!only)
			try_mask(s, mask);
		else if (mf_flow_matches(only, s->key))
			found(s, only);
	}
}

/* Find the flow of a node's bit vectors, if it is older than what was found. */
static void try_vectors(struct search *s, const struct mf_vectors *vectors)
{
	struct mf_flow *flow;

	if (s->oldest && vectors->oldest > s->oldest->seq)
		return;
	flow = mf_vectors_find(vectors, s->key, &s->probes);
	if (flow)
		found(s, flow);
}

/* Try what lives in a node, and take a place there if it is split. */
static __always_inline void enter(struct search *s, const struct mf_node *node)
{
	const struct mf_vectors *vectors;
	const struct mf_shape *shape;
	const struct mf_split *split;

	shape = rcu_dereference_check(node->shape, true);
	try_tuples(s, shape);
	vectors = rcu_dereference_check(shape->vectors, true);
	if (vectors)
		try_vectors(s, vectors);
	split = rcu_dereference_check(shape->split, true);
	if (!split)
		return;
	mf_key_need(s->key, split->block);
	s->place[s->depth++] = (struct place){ .node = node, .split = split };
}

static const struct mf_node *find_child(const struct search *s, const struct place *place,
					const struct mf_sub *sub, u64 value)
{
	const struct mf_edge edge = {
		.parent = place->node,
		.bits = READ_ONCE(sub->bits),
		.value = value,
	};
	struct mf_sig_item *item;

	item = mf_sigs_find(&s->table->tree.edges,
			    mf_split_hash(place->split, &s->table->secrets, edge.bits, value),
			    mf_edge_is, &edge);
	return item ? container_of(item, struct mf_node, edge) : NULL;
}

/* The next child that the key leads to from the lowest place, or NULL. */
static __always_inline const struct mf_node *next_child(struct search *s)
{
	struct place *place = &s->place[s->depth - 1];
	const struct mf_split *split = place->split;
	u64 word = s->key->words[split->word];
	u32 n = READ_ONCE(split->n);

	while (place->next < n) {
		const struct mf_sub *sub = &split->sub[place->next++];
		u64 value = word & READ_ONCE(sub->bits);
		const struct mf_node *child;

		if (value == READ_ONCE(sub->value)) {
			child = rcu_dereference_check(sub->child, true);
			if (child && !(s->oldest && READ_ONCE(sub->oldest) > s->oldest->seq))
				return child;
		}
		if (!(READ_ONCE(sub->filter) & mf_split_filter(split, value)))
			continue;
		if (s->oldest && READ_ONCE(sub->oldest) > s->oldest->seq)
			continue;
		child = find_child(s, place, sub, value);
		if (child)
			return child;
	}
	return NULL;
}

/* The next node that the key leads to, or NULL. */
static __always_inline const struct mf_node *go_on(struct search *s)
{
	while (s->depth) {
		const struct mf_node *child = next_child(s);

		if (child)
			return child;
		s->depth--;
	}
	return NULL;
}

/**
 * mf_tree_search() - the flow that a key matches, the oldest if several do
 * @table: the table
 * @key: the key; blocks that a mask reads are made readable
 * @probes: set to the number of masks tried
 *
 * Context: RCU read lock or the table's lock held.
 * Return: the flow, or NULL.
 */
struct mf_flow *mf_tree_search(const struct mf_table *table, struct mf_key *key, u32 *probes)
{
	struct search s __uninitialized;
	const struct mf_node *node;

	s.table = table;
	s.key = key;
	s.oldest = NULL;
	s.probes = 0;
	s.depth = 0;
	for (node = &table->tree.root; node; node = go_on(&s))
		enter(&s, node);
	*probes = s.probes;
	return s.oldest;
}
