// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tuple tree: flows come and go, and nodes are thought about.
 */
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "table.h"

/* Flows come many at a time: to wait for the rest saves thinking twice. */
#define THINK_AFTER (HZ / 100 ?: 1)

/* Unbound: to split a large node takes milliseconds. */
static struct workqueue_struct *tree_wq;

/* Thinks about nodes that have got too many masks, and what comes of them. */
static void tree_work(struct work_struct *work)
{
	struct mf_table *table = container_of(work, struct mf_table, tree.work.work);
	struct mf_tree *tree = &table->tree;
	struct mf_node *node;
	bool more;

	do {
		mutex_lock(table->lock);
		node = list_first_entry_or_null(&tree->todo, struct mf_node, todo);
		if (node) {
			list_del_init(&node->todo);
			mf_review(table, node);
		}
		more = !list_empty(&tree->todo);
		mutex_unlock(table->lock);
		cond_resched();
	} while (more);
}

/**
 * mf_tree_init() - start with an empty root
 * @table: the table that the tree is part of, zeroed
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM, with nothing left behind.
 */
int mf_tree_init(struct mf_table *table)
{
	struct mf_tree *tree = &table->tree;
	struct mf_shape *shape;
	int err;

	err = mf_sigs_init(&tree->edges);
	if (err)
		return err;
	shape = mf_shape_new(1);
	if (!shape) {
		mf_sigs_clear(&tree->edges);
		return -ENOMEM;
	}
	mf_node_init(&tree->root, shape);
	INIT_LIST_HEAD(&tree->todo);
	INIT_DELAYED_WORK(&tree->work, tree_work);
	return 0;
}

/**
 * mf_tree_destroy() - end a tree without flows
 * @table: the table
 *
 * Context: process, may sleep, after the last packet's grace period; the
 * table's lock not held.
 */
void mf_tree_destroy(struct mf_table *table)
{
	cancel_delayed_work_sync(&table->tree.work);
	mf_sigs_clear(&table->tree.edges);
	kvfree(mf_node_shape(&table->tree.root));
}

/* Somebody may have found that a node's shape is not the best any more. */
static void think(struct mf_tree *tree)
{
	if (!list_empty(&tree->todo))
		queue_delayed_work(tree_wq, &tree->work, THINK_AFTER);
}

/**
 * mf_tree_insert() - give a flow its place in the tree
 * @table: the table
 * @flow: the flow, with mask and number. Nobody finds it before mf_tree_show().
 *
 * Context: the table's lock held, may sleep.
 * Return: 0 or -ENOMEM.
 */
int mf_tree_insert(struct mf_table *table, struct mf_flow *flow)
{
	struct mf_node *node = &table->tree.root;
	struct mf_split *split;
	int err;

	/* It stays where its mask is at home, else goes down as far as it can. */
	while ((split = mf_node_split(node)) && !mf_shape_find(mf_node_shape(node), flow->mask)) {
		struct mf_node *child = mf_node_child(table, node, &split, flow);

		if (!child)
			break;
		node = child;
	}
	/* A node just made has a place, so an error leaves no empty one behind. */
	err = mf_node_take(table, node, flow);
	if (err)
		return err;
	think(&table->tree);
	return 0;
}

/**
 * mf_tree_show() - let searches find a flow, which is in the table otherwise
 * @flow: the flow
 *
 * Context: the table's lock held.
 */
void mf_tree_show(struct mf_flow *flow)
{
	if (flow->place)
		mf_vectors_show(mf_node_vectors(flow->node), flow);
	else
		mf_shape_show(mf_node_shape(flow->node), flow);
}

/**
 * mf_tree_hide() - let no new search find a flow, which leaves the table
 * @flow: the flow
 *
 * Context: the table's lock held.
 */
void mf_tree_hide(const struct mf_flow *flow)
{
	if (flow->place)
		mf_vectors_hide(mf_node_vectors(flow->node), flow);
	else
		mf_shape_hide(mf_node_shape(flow->node), flow);
}

/**
 * mf_tree_remove() - a flow no longer has a place in the tree
 * @table: the table
 * @flow: the flow, hidden or never shown
 *
 * Context: the table's lock held, may sleep.
 */
void mf_tree_remove(struct mf_table *table, struct mf_flow *flow)
{
	mf_node_drop(table, flow);
	think(&table->tree);
}

/**
 * mf_tree_reset() - give back what an empty tree does not need
 * @table: the table, flushed
 *
 * Context: the table's lock held, may sleep.
 */
void mf_tree_reset(struct mf_table *table)
{
	mf_sigs_reset(&table->tree.edges);
}

/**
 * mf_tree_module_init() - get ready to work on trees
 *
 * Context: module load.
 * Return: 0 or -ENOMEM.
 */
int mf_tree_module_init(void)
{
	tree_wq = alloc_workqueue("mf_tree", WQ_UNBOUND, 0);
	return tree_wq ? 0 : -ENOMEM;
}

/**
 * mf_tree_module_exit() - give back what mf_tree_module_init() took
 *
 * Context: module unload, after the last table.
 */
void mf_tree_module_exit(void)
{
	destroy_workqueue(tree_wq);
}
