/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tuple tree: from a key to the few masks that can match it.
 *
 * A node has tuples, the masks of the flows that live in it, and may be split
 * by a field of the key: into subs, one for each way in which masks see that
 * field, and below each sub into children, one for each value seen. A search
 * tries a node's tuples and goes down to one child a sub at most. So a flow
 * only costs packets that agree with it in the fields on the way to it. Where
 * no field tells many masks apart, a node has bit vectors instead.
 *
 * The tree only proposes masks, and the bit vectors flows; the signature table
 * and the flow's own words decide. The one thing that must hold: each flow in
 * the table is in the vectors of a node that every packet matching the flow
 * comes by, or its mask is among the tuples of one. It is wherever the flow
 * lives on its way down, which is why a node that gets no memory for a child or
 * for vectors, or may not have them, keeps the flow's mask: at worst the tree
 * is a list of masks.
 *
 * Readers hold the RCU read lock. Arrays are changed in place only by
 * appending, by filling a hole and by making one; to grow, they are replaced.
 * What flows move between hangs on one pointer, the node's shape, so a reader
 * finds each of them on one side or the other.
 */
#ifndef MF_TABLE_TREE_H
#define MF_TABLE_TREE_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "mask.h"
#include "signature.h"
#include "vectors.h"

struct mf_flow;
struct mf_table;

/* Levels below the root. A search keeps a place on each. */
#define MF_TREE_DEPTH_MAX 8

/* Masks in a node that are few enough to be tried one by one. */
#define MF_MASKS_FEW 8

/**
 * struct mf_tuple - a mask that flows of a node have
 * @mask: the mask, or NULL in a hole
 * @only: the flow, if it is known that there is just one: that is compared, and
 *	nothing is hashed
 * @oldest: no flow of it in the node has a lower number
 * @refs: flows of it in the node; under the table's lock
 */
struct mf_tuple {
	struct mf_mask __rcu *mask;
	struct mf_flow __rcu *only;
	u64 oldest;
	u32 refs;
};

/**
 * struct mf_sub - one way in which masks see a node's field
 * @bits: the bits of the field that they see
 * @value: of @child
 * @child: a child that is found without a search, or NULL
 * @filter: a bit for the value of each other child
 * @oldest: no flow below has a lower number
 * @children: their number; under the table's lock
 */
struct mf_sub {
	u64 bits;
	u64 value;
	struct mf_node __rcu *child;
	u64 filter;
	u64 oldest;
	u32 children;
};

/**
 * struct mf_split - how a node is split
 * @rcu: to free it after its readers
 * @seed: of the hash that leads to children
 * @field: the bits of the word that make the field
 * @word: index of the word in the key
 * @block: the block of the key that the word is in, as a bit
 * @n: subs in use
 * @size: subs that there are
 * @sub: the subs
 */
struct mf_split {
	struct rcu_head rcu;
	u64 seed;
	u64 field;
	u32 word;
	u32 block;
	u32 n;
	u32 size;
	struct mf_sub sub[];
};

/**
 * struct mf_shape - what a search finds in a node
 * @rcu: to free it after its readers
 * @split: how the node is split, or NULL
 * @vectors: flows whose masks are not tried, or NULL
 * @n: places for masks that may be in use
 * @size: places that there are
 * @holes: those before @n that are not in use; under the table's lock
 * @tuple: the masks
 */
struct mf_shape {
	struct rcu_head rcu;
	struct mf_split __rcu *split;
	struct mf_vectors __rcu *vectors;
	u32 n;
	u32 size;
	u32 holes;
	struct mf_tuple tuple[];
};

/**
 * struct mf_node - a node
 * @shape: what a search finds
 * @edge: in the table of edges, with the hash of what follows
 * @parent: the node above, NULL for the root
 * @bits: the parent's sub that it belongs to
 * @value: what the parent's field holds there
 * @flows: that live here, the oldest first; this and the rest is under the
 *	table's lock
 * @n_children: nodes right below
 * @depth: levels above
 * @review: number of tuples at which to think about the shape
 * @todo: link in the list of nodes to think about
 * @rcu: to free it after its readers
 */
struct mf_node {
	struct mf_shape __rcu *shape;
	struct mf_sig_item edge;
	struct mf_node *parent;
	u64 bits;
	u64 value;
	struct list_head flows;
	u32 n_children;
	u16 depth;
	u32 review;
	struct list_head todo;
	struct rcu_head rcu;
};

/**
 * struct mf_tree - a table's tree
 * @root: where searches start
 * @edges: from a parent, sub and value to the child
 * @todo: nodes that may want another shape
 * @work: thinks about them
 * @n_nodes: nodes below the root
 */
struct mf_tree {
	struct mf_node root;
	struct mf_sigs edges;
	struct list_head todo;
	struct delayed_work work;
	u32 n_nodes;
};

int mf_tree_init(struct mf_table *table);
void mf_tree_destroy(struct mf_table *table);
int mf_tree_insert(struct mf_table *table, struct mf_flow *flow);
void mf_tree_remove(struct mf_table *table, struct mf_flow *flow);
void mf_tree_reset(struct mf_table *table);
void mf_tree_show(struct mf_flow *flow);
void mf_tree_hide(const struct mf_flow *flow);
struct mf_flow *mf_tree_search(const struct mf_table *table, struct mf_key *key, u32 *probes);

void mf_node_init(struct mf_node *node, struct mf_shape *shape);
int mf_node_take(struct mf_table *table, struct mf_node *node, struct mf_flow *flow);
void mf_node_drop(struct mf_table *table, struct mf_flow *flow);
struct mf_node *mf_node_child(struct mf_table *table, struct mf_node *node,
			      struct mf_split **split, const struct mf_flow *flow);

struct mf_shape *mf_shape_new(u32 size);
struct mf_tuple *mf_shape_find(struct mf_shape *shape, const struct mf_mask *mask);
int mf_shape_reserve(struct mf_node *node, const struct mf_mask *mask);
void mf_shape_add(struct mf_shape *shape, const struct mf_flow *flow);
void mf_shape_show(struct mf_shape *shape, struct mf_flow *flow);
void mf_shape_hide(struct mf_shape *shape, const struct mf_flow *flow);
void mf_shape_remove(struct mf_node *node, const struct mf_flow *flow);

struct mf_split *mf_split_new(u32 word, u64 field, u32 size);
void mf_review(struct mf_table *table, struct mf_node *node);

/* What searches find in a node; under the table's lock. */
static inline struct mf_shape *mf_node_shape(const struct mf_node *node)
{
	return rcu_dereference_protected(node->shape, true);
}

/* How a node is split; under the table's lock. */
static inline struct mf_split *mf_node_split(const struct mf_node *node)
{
	return rcu_dereference_protected(mf_node_shape(node)->split, true);
}

/* A node's bit vectors; under the table's lock. */
static inline struct mf_vectors *mf_node_vectors(const struct mf_node *node)
{
	return rcu_dereference_protected(mf_node_shape(node)->vectors, true);
}

/* The masks of a shape; under the table's lock. */
static inline u32 mf_shape_live(const struct mf_shape *shape)
{
	return shape->n - shape->holes;
}

/* The bit of a sub's filter for a value. */
static inline u64 mf_split_filter(const struct mf_split *split, u64 value)
{
	return 1ull << (value * (split->seed | 1) >> 58);
}

/* The hash that leads to a child. */
static inline u64 mf_split_hash(const struct mf_split *split, const struct mf_secrets *secrets,
				u64 bits, u64 value)
{
	return mf_nh_fold(mf_nh_pair(split->seed, value + secrets->k[0], bits + secrets->k[1]));
}

/* What is asked for in the table of edges. */
struct mf_edge {
	const struct mf_node *parent;
	u64 bits;
	u64 value;
};

static __always_inline bool mf_edge_is(const struct mf_sig_item *item, const void *wanted)
{
	const struct mf_node *node = container_of(item, struct mf_node, edge);
	const struct mf_edge *edge = wanted;

	return node->parent == edge->parent && node->bits == edge->bits &&
	       node->value == edge->value;
}

int mf_tree_module_init(void);
void mf_tree_module_exit(void);

#endif
