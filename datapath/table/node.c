// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nodes of the tuple tree: their children come and go.
 */
#include <linux/lockdep.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "table.h"

/*
 * Nodes that a table may have beyond one for two flows. A node takes about 300
 * bytes. Flows that get no node of their own stay further up.
 */
#define NODES_FREE 1024

/* Subs without children that are not worth a new array. */
#define DEAD_MIN 8

/* Places in bit vectors that are not worth being thought about. */
#define PLACES_FEW 64

/**
 * mf_node_init() - start a node without flows
 * @node: the node, zeroed
 * @shape: for its masks
 *
 * Context: the table's lock held, or nobody else knows the node.
 */
void mf_node_init(struct mf_node *node, struct mf_shape *shape)
{
	RCU_INIT_POINTER(node->shape, shape);
	node->review = MF_MASKS_FEW + 1;
	INIT_LIST_HEAD(&node->flows);
	INIT_LIST_HEAD(&node->todo);
}

/* Its shape may no longer be the best: let the worker think about it. */
static void reconsider(struct mf_table *table, struct mf_node *node)
{
	if (list_empty(&node->todo))
		list_add_tail(&node->todo, &table->tree.todo);
}

/* A place in the bit vectors, unless the flow's mask is tried anyway. */
static bool take_place(struct mf_node *node, struct mf_flow *flow)
{
	struct mf_vectors *vectors = mf_node_vectors(node);

	return vectors && !mf_shape_find(mf_node_shape(node), flow->mask) &&
	       mf_vectors_add(vectors, flow);
}

/**
 * mf_node_take() - let a flow live in a node
 * @table: the table
 * @node: the node
 * @flow: the flow, younger than all that live there
 *
 * Context: the table's lock held, may sleep.
 * Return: 0 or -ENOMEM.
 */
int mf_node_take(struct mf_table *table, struct mf_node *node, struct mf_flow *flow)
{
	struct mf_shape *shape;
	int err;

	flow->place = 0;
	if (!take_place(node, flow)) {
		err = mf_shape_reserve(node, flow->mask);
		if (err)
			return err;
		shape = mf_node_shape(node);
		mf_shape_add(shape, flow);
		if (mf_shape_live(shape) >= node->review && !mf_node_split(node) &&
		    node->depth < MF_TREE_DEPTH_MAX)
			reconsider(table, node);
	}
	list_add_tail(&flow->node_link, &node->flows);
	flow->node = node;
	return 0;
}

/**
 * mf_split_new() - make a split without subs
 * @word: index of the word
 * @field: bits of it
 * @size: room for subs
 *
 * Context: process, may sleep.
 * Return: the split, or NULL when there is no memory.
 */
struct mf_split *mf_split_new(u32 word, u64 field, u32 size)
{
	struct mf_split *split;

	split = kvzalloc(struct_size(split, sub, size), GFP_KERNEL);
	if (!split)
		return NULL;
	split->seed = get_random_u64();
	split->field = field;
	split->word = word;
	split->size = size;
	split->block = mf_key_block_of(word);
	return split;
}

static u32 live_subs(const struct mf_split *split)
{
	u32 live = 0;
	u32 i;

	for (i = 0; i < split->n; i++)
		live += split->sub[i].children != 0;
	return live;
}

/* As many subs and some room, without the dead; NULL when there is no memory. */
static struct mf_split *split_copy(const struct mf_split *old)
{
	struct mf_split *split;
	u32 i;

	split = mf_split_new(old->word, old->field, live_subs(old) * 2 + 2);
	if (!split)
		return NULL;
	split->seed = old->seed;
	for (i = 0; i < old->n; i++)
		if (old->sub[i].children)
			split->sub[split->n++] = old->sub[i];
	return split;
}

/* Put a copy in a split's place, which packets may know already. */
static void split_replace(struct mf_node *node, struct mf_split *old, struct mf_split *split)
{
	if (mf_node_split(node) != old) {
		kvfree(old);
		return;
	}
	rcu_assign_pointer(mf_node_shape(node)->split, split);
	kvfree_rcu(old, rcu);
}

static struct mf_sub *sub_find(struct mf_split *split, u64 bits)
{
	u32 i;

	for (i = 0; i < split->n; i++)
		if (split->sub[i].bits == bits)
			return &split->sub[i];
	return NULL;
}

/* The sub of some bits for a flow, made if it was not there; or NULL. */
static struct mf_sub *sub_get(struct mf_node *node, struct mf_split **split, u64 bits, u64 seq)
{
	struct mf_sub *sub = sub_find(*split, bits);

	if (sub)
		return sub;
	if ((*split)->n == (*split)->size) {
		struct mf_split *larger = split_copy(*split);

		if (!larger)
			return NULL;
		split_replace(node, *split, larger);
		*split = larger;
	}
	sub = &(*split)->sub[(*split)->n];
	WRITE_ONCE(sub->bits, bits);
	WRITE_ONCE(sub->oldest, seq);
	WRITE_ONCE((*split)->n, (*split)->n + 1);
	return sub;
}

static struct mf_node *child_find(const struct mf_table *table, const struct mf_node *node,
				  const struct mf_split *split, const struct mf_sub *sub, u64 value)
{
	const struct mf_edge edge = { .parent = node, .bits = sub->bits, .value = value };
	struct mf_node *child = rcu_dereference_protected(sub->child, true);
	struct mf_sig_item *item;

	if (child && sub->value == value)
		return child;
	item = mf_sigs_find(&table->tree.edges,
			    mf_split_hash(split, &table->secrets, edge.bits, value), mf_edge_is,
			    &edge);
	return item ? container_of(item, struct mf_node, edge) : NULL;
}

static struct mf_node *child_new(struct mf_table *table, struct mf_node *parent,
				 const struct mf_split *split, u64 bits, u64 value)
{
	struct mf_shape *shape;
	struct mf_node *node;

	if (table->tree.n_nodes >= NODES_FREE + table->n_flows / 2)
		return NULL;
	node = kzalloc_obj(*node);
	shape = mf_shape_new(1);
	if (!node || !shape) {
		kfree(node);
		kvfree(shape);
		return NULL;
	}
	mf_node_init(node, shape);
	node->parent = parent;
	node->depth = parent->depth + 1;
	node->bits = bits;
	node->value = value;
	node->edge.hash = mf_split_hash(split, &table->secrets, bits, value);
	return node;
}

/* Let packets go down to a child: from the sub itself, or by the table of edges. */
static int child_link(struct mf_table *table, const struct mf_split *split, struct mf_sub *sub,
		      struct mf_node *child)
{
	int err;

	if (!rcu_access_pointer(sub->child)) {
		WRITE_ONCE(sub->value, child->value);
		rcu_assign_pointer(sub->child, child);
	} else {
		err = mf_sigs_insert(&table->tree.edges, &child->edge);
		if (err)
			return err;
		WRITE_ONCE(sub->filter, sub->filter | mf_split_filter(split, child->value));
	}
	sub->children++;
	return 0;
}

/* Its vectors are gone already, as are its flows. */
static void node_free_rcu(struct mf_node *node)
{
	struct mf_shape *shape = mf_node_shape(node);

	kvfree_rcu(shape, rcu);
	kfree_rcu(node, rcu);
}

/**
 * mf_node_child() - the child that a flow's packets go down to
 * @table: the table
 * @node: the node
 * @split: how it is or will be split; may be replaced by a larger one
 * @flow: the flow
 *
 * Context: the table's lock held, may sleep.
 * Return: the child, made if it was not there; or NULL when it may not or
 * cannot be made.
 */
struct mf_node *mf_node_child(struct mf_table *table, struct mf_node *node,
			      struct mf_split **split, const struct mf_flow *flow)
{
	struct mf_node *child;
	struct mf_sub *sub;
	u64 value;
	u64 bits;

	mf_flow_word(flow, (*split)->word, &bits, &value);
	bits &= (*split)->field;
	value &= (*split)->field;
	sub = sub_get(node, split, bits, flow->seq);
	if (!sub)
		return NULL;
	child = child_find(table, node, *split, sub, value);
	if (child)
		return child;

	child = child_new(table, node, *split, bits, value);
	if (!child)
		return NULL;
	if (child_link(table, *split, sub, child)) {
		node_free_rcu(child);
		return NULL;
	}
	node->n_children++;
	table->tree.n_nodes++;
	return child;
}

/* Nobody goes down to a node any more that nobody lives in or below. */
static void child_unlink(struct mf_table *table, struct mf_node *child)
{
	struct mf_node *node = child->parent;
	struct mf_split *split = mf_node_split(node);
	struct mf_sub *sub = sub_find(split, child->bits);

	if (rcu_access_pointer(sub->child) == child)
		RCU_INIT_POINTER(sub->child, NULL);
	else
		mf_sigs_remove(&table->tree.edges, &child->edge);
	node->n_children--;
	table->tree.n_nodes--;
	list_del_init(&child->todo);
	node_free_rcu(child);

	if (!node->n_children) {
		RCU_INIT_POINTER(mf_node_shape(node)->split, NULL);
		kvfree_rcu(split, rcu);
		node->review = MF_MASKS_FEW + 1;
		return;
	}
	if (--sub->children)
		return;
	WRITE_ONCE(sub->filter, 0);
	if (split->n > DEAD_MIN && live_subs(split) < split->n / 2) {
		struct mf_split *smaller = split_copy(split);

		/* Without memory the dead stay, which readers step over. */
		if (smaller)
			split_replace(node, split, smaller);
	}
}

/* Remove a node that has become empty, and so on upwards. */
static void shrink(struct mf_table *table, struct mf_node *node)
{
	while (node->parent && list_empty(&node->flows) && !node->n_children) {
		struct mf_node *parent = node->parent;

		child_unlink(table, node);
		node = parent;
	}
}

/* A flow leaves bit vectors, which go when they are empty. */
static void leave_place(struct mf_table *table, struct mf_node *node)
{
	struct mf_vectors *vectors = mf_node_vectors(node);

	if (--vectors->live) {
		if (vectors->n > PLACES_FEW && vectors->live < vectors->n / 4)
			reconsider(table, node);
		return;
	}
	RCU_INIT_POINTER(mf_node_shape(node)->vectors, NULL);
	kvfree_rcu(vectors, rcu);
	node->review = MF_MASKS_FEW + 1;
}

/**
 * mf_node_drop() - a flow no longer lives in its node
 * @table: the table
 * @flow: the flow
 *
 * Context: the table's lock held, may sleep.
 */
void mf_node_drop(struct mf_table *table, struct mf_flow *flow)
{
	struct mf_node *node = flow->node;

	list_del_init(&flow->node_link);
	if (flow->place)
		leave_place(table, node);
	else
		mf_shape_remove(node, flow);
	shrink(table, node);
}
