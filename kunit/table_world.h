/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table of its own for each test, and flows that come and go in it.
 */
#ifndef MF_KUNIT_TABLE_WORLD_H
#define MF_KUNIT_TABLE_WORLD_H

#include <kunit/test.h>
#include <linux/prandom.h>

#include "table_unit.h"

/* Words that the tests' masks and keys use: two of the base, one of a block. */
#define TEST_WORD_A 3
#define TEST_WORD_B 4
#define TEST_WORD_C 9

struct world {
	struct mutex lock;
	struct mf_table table;
	struct rnd_state rnd;
	struct mf_key key;
	struct mf_key mask;
	struct mf_key back;
};

static u64 rnd64(struct world *w)
{
	return (u64)prandom_u32_state(&w->rnd) << 32 | prandom_u32_state(&w->rnd);
}

static int world_init(struct kunit *test)
{
	struct world *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	mutex_init(&w->lock);
	prandom_seed_state(&w->rnd, 20261122);
	KUNIT_ASSERT_EQ(test, mf_flow_init(), 0);
	KUNIT_ASSERT_EQ(test, mf_tree_module_init(), 0);
	KUNIT_ASSERT_EQ(test, mf_table_init(&w->table, &w->lock), 0);
	w->key.blocks = GENMASK(MF_BLOCKS - 1, 0);
	w->mask.blocks = GENMASK(MF_BLOCKS - 1, 0);
	test->priv = w;
	return 0;
}

static void world_exit(struct kunit *test)
{
	struct world *w = test->priv;

	mutex_lock(&w->lock);
	mf_table_flush(&w->table);
	mutex_unlock(&w->lock);
	rcu_barrier();
	mf_table_destroy(&w->table);
	rcu_barrier();
	mf_tree_module_exit();
	mf_flow_exit();
}

/* Insert a flow for w->key and w->mask, named by a number. */
static struct mf_flow *insert(struct kunit *test, u32 name)
{
	struct world *w = test->priv;
	struct mf_flow *flow;
	struct mf_mask *mask;

	mask = mf_mask_new(&w->mask, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, mask);
	flow = mf_flow_new(mask, &w->key);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	flow->ufid.len = sizeof(name);
	memcpy(flow->ufid.id, &name, sizeof(name));
	mutex_lock(&w->lock);
	KUNIT_ASSERT_EQ(test, mf_table_insert(&w->table, flow, mask), 0);
	mutex_unlock(&w->lock);
	return flow;
}

static void remove(struct kunit *test, struct mf_flow *flow)
{
	struct world *w = test->priv;

	mutex_lock(&w->lock);
	mf_table_remove(&w->table, flow);
	mutex_unlock(&w->lock);
	mf_flow_free_rcu(flow);
}

static struct mf_flow *lookup(struct world *w, u32 *probes)
{
	struct mf_flow *flow;

	local_bh_disable();
	rcu_read_lock();
	flow = mf_table_lookup(&w->table, &w->key, probes);
	rcu_read_unlock();
	local_bh_enable();
	return flow;
}

#endif
