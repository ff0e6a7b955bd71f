// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tuple tree: which flows a lookup is led to, as masks and flows come and go.
 */
#include <kunit/test.h>

#include "table_world.h"

/*
 * Many contexts, which the first word tells apart, with masks of their own: what
 * a lookup tries does not follow the number of masks, and nothing stays behind.
 */
static void contexts_are_apart(struct kunit *test)
{
	const u32 n = 2048;
	struct world *w = test->priv;
	struct mf_flow **flows;
	u32 probes;
	u32 i;

	flows = kunit_kcalloc(test, n, sizeof(*flows), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flows);
	mf_table_set_cache(&w->table, NULL);
	w->mask.words[0] = U64_MAX;
	for (i = 0; i < n; i++) {
		w->mask.words[TEST_WORD_A] = i + 1;
		w->key.words[0] = i / 8;
		w->key.words[TEST_WORD_A] = i + 1;
		flows[i] = insert(test, i);
	}
	flush_delayed_work(&w->table.tree.work);
	KUNIT_EXPECT_EQ(test, w->table.n_masks, n);
	KUNIT_EXPECT_NOT_NULL(test, mf_node_split(&w->table.tree.root));
	for (i = 0; i < n; i++) {
		w->key.words[0] = i / 8;
		w->key.words[TEST_WORD_A] = i + 1;
		KUNIT_EXPECT_NOT_NULL(test, lookup(w, &probes));
		KUNIT_EXPECT_LE(test, probes, 8);
	}
	w->key.words[0] = n;
	KUNIT_EXPECT_NULL(test, lookup(w, &probes));
	KUNIT_EXPECT_EQ(test, probes, 0);

	for (i = 0; i < n; i++)
		remove(test, flows[i]);
	KUNIT_EXPECT_EQ(test, w->table.tree.n_nodes, 0);
	KUNIT_EXPECT_NULL(test, mf_node_split(&w->table.tree.root));
	KUNIT_EXPECT_EQ(test, w->table.n_masks, 0);
}

/* Flows that a word or two of random bits tell apart, and no field does. */
static void insert_random(struct kunit *test, struct mf_flow **flows, u32 n)
{
	struct world *w = test->priv;
	u32 i;

	for (i = 0; i < n; i++) {
		w->mask.words[TEST_WORD_A] = rnd64(w);
		w->mask.words[TEST_WORD_C] = rnd64(w);
		w->key.words[TEST_WORD_A] = rnd64(w);
		w->key.words[TEST_WORD_C] = rnd64(w);
		flows[i] = insert(test, i);
	}
	flush_delayed_work(&w->table.tree.work);
}

/* A packet of a flow finds that flow. */
static void expect_found(struct kunit *test, struct mf_flow *flow, u32 most)
{
	struct world *w = test->priv;
	u32 probes;

	mf_flow_expand(&w->key, flow);
	KUNIT_EXPECT_PTR_EQ(test, lookup(w, &probes), flow);
	KUNIT_EXPECT_LE(test, probes, most);
}

/* As many masks as flows cost a few comparisons; what is gone is not found. */
static void vectors_lead_to_few_flows(struct kunit *test)
{
	const u32 n = 500;
	struct world *w = test->priv;
	struct mf_flow **flows;
	u32 placed = 0;
	u32 probes;
	u32 i;

	flows = kunit_kcalloc(test, n, sizeof(*flows), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flows);
	mf_table_set_cache(&w->table, NULL);
	insert_random(test, flows, n);
	KUNIT_EXPECT_EQ(test, w->table.n_masks, n);
	for (i = 0; i < n; i++)
		placed += flows[i]->place != 0;
	/* Those that came after the worker's last visit may be tried one by one. */
	KUNIT_EXPECT_GT(test, placed, n - 2 * MF_MASKS_FEW);
	for (i = 0; i < n; i++)
		expect_found(test, flows[i], 5 + 2 * MF_MASKS_FEW);

	for (i = 0; i < n; i += 2) {
		mf_flow_expand(&w->key, flows[i]);
		remove(test, flows[i]);
		KUNIT_EXPECT_NULL(test, lookup(w, &probes));
	}
	for (i = 1; i < n; i += 2)
		expect_found(test, flows[i], 5 + 2 * MF_MASKS_FEW);
}

/* Vectors that have become empty are made smaller, and in the end go. */
static void vectors_give_way(struct kunit *test)
{
	const u32 n = 300;
	struct world *w = test->priv;
	struct mf_flow **flows;
	u32 i;

	flows = kunit_kcalloc(test, n, sizeof(*flows), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flows);
	insert_random(test, flows, n);
	for (i = n - 1; i >= 5; i--) {
		remove(test, flows[i]);
		if (i % 16 == 0)
			flush_delayed_work(&w->table.tree.work);
	}
	flush_delayed_work(&w->table.tree.work);
	for (i = 0; i < 5; i++) {
		KUNIT_EXPECT_LE(test, flows[i]->place, 64);
		expect_found(test, flows[i], 5);
	}
	for (i = 0; i < 5; i++)
		remove(test, flows[i]);
	KUNIT_EXPECT_EQ(test, w->table.tree.n_nodes, 0);
	KUNIT_EXPECT_NULL(test, mf_node_vectors(&w->table.tree.root));
}

/* Flows that one mask finds at once take no places from those that need them. */
static void heavy_masks_are_tried(struct kunit *test)
{
	const u32 many = 600;
	const u32 n = 100;
	struct world *w = test->priv;
	struct mf_flow **flows;
	u32 i;

	flows = kunit_kcalloc(test, many + n, sizeof(*flows), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flows);
	mf_table_set_cache(&w->table, NULL);
	w->mask.words[TEST_WORD_B] = U64_MAX;
	for (i = 0; i < many; i++) {
		w->key.words[TEST_WORD_B] = i + 1;
		flows[n + i] = insert(test, n + i);
	}
	w->mask.words[TEST_WORD_B] = 0;
	w->key.words[TEST_WORD_B] = 0;
	insert_random(test, flows, n);
	for (i = 0; i < many; i++) {
		KUNIT_EXPECT_EQ(test, flows[n + i]->place, 0);
		expect_found(test, flows[n + i], 3 + 2 * MF_MASKS_FEW);
	}
	KUNIT_EXPECT_NE(test, flows[0]->place, 0);
	for (i = 0; i < n; i++)
		expect_found(test, flows[i], 5 + 2 * MF_MASKS_FEW);
}

/* What tells flows apart is looked at, and nothing else. */
static void digits_are_those_that_differ(struct kunit *test)
{
	const struct mf_flow *flows[MF_DIGIT_VALUES];
	struct world *w = test->priv;
	struct mf_digits digits;
	u32 i;

	w->mask.words[TEST_WORD_A] = U64_MAX;
	w->mask.words[TEST_WORD_C] = U64_MAX;
	for (i = 0; i < ARRAY_SIZE(flows); i++) {
		w->key.words[TEST_WORD_C] = (u64)i << 20;
		flows[i] = insert(test, i);
	}
	KUNIT_ASSERT_EQ(test, mf_digits_choose(&digits, flows, ARRAY_SIZE(flows), 1000), 0);
	KUNIT_ASSERT_EQ(test, digits.n, 1);
	KUNIT_EXPECT_EQ(test, digits.digit[0].word, TEST_WORD_C);
	KUNIT_EXPECT_EQ(test, digits.digit[0].shift, 20);

	KUNIT_ASSERT_EQ(test, mf_digits_choose(&digits, flows, 1, 1), 0);
	KUNIT_EXPECT_EQ(test, digits.n, 0);
}

/* Of all that match the oldest is found, in whichever word of the rows its bit is. */
static void vectors_find_the_oldest(struct kunit *test)
{
	const struct mf_digits digits = { .n = 1, .digit = { { .word = TEST_WORD_A } } };
	struct world *w = test->priv;
	struct mf_vectors *vectors;
	struct mf_flow **flows;
	struct mf_mask *mask;
	u32 probes = 0;
	u32 n;
	u32 i;

	vectors = mf_vectors_new(&digits, 300);
	mask = mf_mask_new(&w->mask, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, vectors);
	KUNIT_ASSERT_NOT_NULL(test, mask);
	n = vectors->size;
	KUNIT_EXPECT_GE(test, n, 300);
	flows = kunit_kcalloc(test, n, sizeof(*flows), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flows);
	for (i = 0; i < n; i++) {
		flows[i] = mf_flow_new(mask, &w->key);
		KUNIT_ASSERT_NOT_NULL(test, flows[i]);
		flows[i]->mask = mask;
		flows[i]->seq = i;
		KUNIT_EXPECT_TRUE(test, mf_vectors_add(vectors, flows[i]));
		mf_vectors_show(vectors, flows[i]);
	}
	KUNIT_EXPECT_FALSE(test, mf_vectors_add(vectors, flows[0]));
	for (i = 0; i < n; i++) {
		KUNIT_EXPECT_PTR_EQ(test, mf_vectors_find(vectors, &w->key, &probes), flows[i]);
		mf_vectors_hide(vectors, flows[i]);
	}
	KUNIT_EXPECT_NULL(test, mf_vectors_find(vectors, &w->key, &probes));
	KUNIT_EXPECT_EQ(test, probes, n);

	for (i = 0; i < n; i++)
		mf_flow_free(flows[i]);
	kfree(mask);
	kvfree(vectors);
}

static struct kunit_case tree_cases[] = {
	KUNIT_CASE(contexts_are_apart),
	KUNIT_CASE(vectors_lead_to_few_flows),
	KUNIT_CASE(vectors_find_the_oldest),
	KUNIT_CASE(vectors_give_way),
	KUNIT_CASE(heavy_masks_are_tried),
	KUNIT_CASE(digits_are_those_that_differ),
	{}
};

static struct kunit_suite tree_suite = {
	.name = "mf_table_tree",
	.init = world_init,
	.exit = world_exit,
	.test_cases = tree_cases,
};

kunit_test_suite(tree_suite);

MODULE_DESCRIPTION("Megaflow: unit tests of the tuple tree");
MODULE_LICENSE("GPL");
