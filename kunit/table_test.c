// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flow table: its parts one by one, and the whole against brute force.
 */
#include <kunit/test.h>

#include "table_world.h"

static void mask_packs_and_expands(struct kunit *test)
{
	struct world *w = test->priv;
	struct mf_mask *mask;
	int round;

	for (round = 0; round < 200; round++) {
		u32 words = 0;
		u32 i;

		for (i = 0; i < MF_KEY_WORDS; i++) {
			w->mask.words[i] = prandom_u32_state(&w->rnd) % 4 ? 0 : rnd64(w);
			words += i < MF_BASE_WORDS || w->mask.words[i];
		}
		mask = mf_mask_new(&w->mask, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, mask);
		KUNIT_EXPECT_EQ(test, mask->n, words);
		mf_mask_expand(&w->back, mask);
		KUNIT_EXPECT_MEMEQ(test, w->back.words, w->mask.words, sizeof(w->mask.words));
		kfree(mask);
	}
}

/* A flow's hash, from packed words, is that of any packet that matches it. */
static void hash_of_flow_is_that_of_its_packets(struct kunit *test)
{
	struct world *w = test->priv;
	u32 n;

	for (n = 1; n <= 9; n++) {
		struct mf_flow *flow;
		u32 i;

		memset(w->mask.words, 0, sizeof(w->mask.words));
		for (i = 0; i < MF_KEY_WORDS; i++)
			w->key.words[i] = rnd64(w);
		for (i = 0; i < n; i++)
			w->mask.words[i * 3] = rnd64(w) | 1;
		flow = insert(test, n);
		for (i = 0; i < MF_KEY_WORDS; i++)
			w->key.words[i] ^= rnd64(w) & ~w->mask.words[i];
		KUNIT_EXPECT_EQ(test, flow->sig.hash,
				mf_mask_hash(flow->mask, &w->key, &w->table.secrets));
	}
}

/* What a packet does not have counts as zero, wherever it is looked at. */
static void absent_blocks_count_as_zero(struct kunit *test)
{
	const u32 tail = mf_key_blocks[MF_BLOCK_TUNNEL].first;
	struct world *w = test->priv;
	struct mf_flow *flow;
	u32 probes;
	u32 n;

	/* One flow of a mask is compared, more of them are hashed. */
	for (n = 1; n <= 3; n++) {
		w->mask.words[0] = U64_MAX;
		w->mask.words[tail] = U64_MAX;
		w->key.words[0] = n;
		w->key.words[tail] = 0;
		flow = insert(test, n);
		KUNIT_EXPECT_PTR_EQ(test, lookup(w, &probes), flow);
		w->key.words[tail] = 1;
		KUNIT_EXPECT_NULL(test, lookup(w, &probes));
		w->key.blocks = BIT(MF_BLOCK_BASE);
		KUNIT_EXPECT_PTR_EQ(test, lookup(w, &probes), flow);
		KUNIT_EXPECT_EQ(test, w->key.blocks, BIT(MF_BLOCK_BASE));
		KUNIT_EXPECT_EQ(test, flow->sig.hash,
				mf_mask_hash(flow->mask, &w->key, &w->table.secrets));
		w->key.blocks = GENMASK(MF_BLOCKS - 1, 0);
	}

	/* A flow that wants something there is not for a packet without. */
	w->key.words[0] = 4;
	flow = insert(test, 4);
	KUNIT_EXPECT_PTR_EQ(test, lookup(w, &probes), flow);
	w->key.blocks = BIT(MF_BLOCK_BASE);
	KUNIT_EXPECT_NULL(test, lookup(w, &probes));
	w->key.blocks = GENMASK(MF_BLOCKS - 1, 0);
}

static bool is_same(const struct mf_sig_item *item, const void *wanted)
{
	return item == wanted;
}

static bool has(const struct mf_sigs *sigs, const struct mf_sig_item *item)
{
	struct mf_sig_item *found;

	rcu_read_lock();
	found = mf_sigs_find(sigs, item->hash, is_same, item);
	rcu_read_unlock();
	return found;
}

/* Items of one hash: the bucket spills, and all are found until they are removed. */
static void signatures_spill_and_come_back(struct kunit *test)
{
	struct mf_sig_item items[24];
	struct mf_sigs sigs;
	u32 b;
	int i;

	KUNIT_ASSERT_EQ(test, mf_sigs_init(&sigs), 0);
	for (i = 0; i < 24; i++) {
		items[i].hash = 0x1234000000000003ull;
		KUNIT_EXPECT_EQ(test, mf_sigs_insert(&sigs, &items[i]), 0);
	}
	KUNIT_EXPECT_EQ(test, mf_sigs_view(&sigs)->now->bucket[3].spilled, 18);
	KUNIT_EXPECT_EQ(test, mf_sigs_view(&sigs)->now->bucket[2].spilled, 0);

	for (i = 23; i >= 0; i--) {
		KUNIT_EXPECT_TRUE(test, has(&sigs, &items[(i * 7) % 24]));
		mf_sigs_remove(&sigs, &items[(i * 7) % 24]);
		KUNIT_EXPECT_FALSE(test, has(&sigs, &items[(i * 7) % 24]));
	}
	KUNIT_EXPECT_EQ(test, mf_sigs_view(&sigs)->now->count, 0);
	for (b = 0; b <= mf_sigs_view(&sigs)->now->mask; b++)
		KUNIT_EXPECT_EQ(test, mf_sigs_view(&sigs)->now->bucket[b].spilled, 0);
	mf_sigs_clear(&sigs);
}

/* Whatever moves, all that is in is found, and nothing else. */
static void signatures_grow_by_and_by(struct kunit *test)
{
	const u32 n = 3000;
	struct world *w = test->priv;
	struct mf_sig_item *items;
	struct mf_sigs sigs;
	u32 moving = 0;
	u32 i;
	u32 j;

	items = kunit_kcalloc(test, n, sizeof(*items), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, items);
	KUNIT_ASSERT_EQ(test, mf_sigs_init(&sigs), 0);
	for (i = 0; i < n; i++) {
		items[i].hash = rnd64(w);
		KUNIT_ASSERT_EQ(test, mf_sigs_insert(&sigs, &items[i]), 0);
		moving += !!mf_sigs_view(&sigs)->old;
		/* One of five goes again, at times while the table moves. */
		if (i % 5 == 4)
			mf_sigs_remove(&sigs, &items[i - 2]);
		if (i % 64)
			continue;
		for (j = 0; j < i; j++)
			KUNIT_ASSERT_EQ(test, has(&sigs, &items[j]), j % 5 != 2 || j + 2 > i);
	}
	KUNIT_EXPECT_GT(test, moving, 100);
	KUNIT_EXPECT_LT(test, moving, n / 2);
	for (i = 0; i < n; i++)
		if (i % 5 != 2)
			mf_sigs_remove(&sigs, &items[i]);
	KUNIT_EXPECT_EQ(test, mf_sigs_view(&sigs)->now->count, 0);
	mf_sigs_clear(&sigs);
}

static void masks_are_shared(struct kunit *test)
{
	struct world *w = test->priv;
	struct mf_flow *flows[40];
	u32 probes;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(flows); i++) {
		memset(w->mask.words, 0, sizeof(w->mask.words));
		w->mask.words[TEST_WORD_A] = BIT_ULL(i / 2) | BIT_ULL(63);
		w->key.words[TEST_WORD_A] = i % 2 ? w->mask.words[TEST_WORD_A] : BIT_ULL(63);
		flows[i] = insert(test, i);
	}
	KUNIT_EXPECT_EQ(test, w->table.n_masks, 20);
	KUNIT_EXPECT_EQ(test, w->table.n_flows, 40);
	KUNIT_EXPECT_PTR_EQ(test, flows[0]->mask, flows[1]->mask);

	w->key.words[TEST_WORD_A] = 0;
	KUNIT_EXPECT_NULL(test, lookup(w, &probes));
	for (i = 0; i < 20; i++)
		remove(test, flows[i]);
	KUNIT_EXPECT_EQ(test, w->table.n_masks, 10);
	KUNIT_EXPECT_NULL(test, lookup(w, &probes));
}

static void identifiers_are_apart(struct kunit *test)
{
	struct world *w = test->priv;
	struct mf_ufid ufid = { .len = 4 };
	struct mf_flow *by_key;
	struct mf_flow *by_ufid;
	struct mf_mask *mask;

	w->mask.words[TEST_WORD_A] = U64_MAX;
	w->key.words[TEST_WORD_A] = 1;
	by_ufid = insert(test, 7);

	w->key.words[TEST_WORD_A] = 2;
	mask = mf_mask_new(&w->mask, GFP_KERNEL);
	by_key = mf_flow_new(mask, &w->key);
	by_key->id_key = kmemdup(&w->key, sizeof(w->key), GFP_KERNEL);
	mutex_lock(&w->lock);
	KUNIT_ASSERT_EQ(test, mf_table_insert(&w->table, by_key, mask), 0);
	mutex_unlock(&w->lock);

	rcu_read_lock();
	KUNIT_EXPECT_PTR_EQ(test, mf_table_find_exact(&w->table, &w->key), by_key);
	w->key.words[TEST_WORD_A] = 1;
	KUNIT_EXPECT_NULL(test, mf_table_find_exact(&w->table, &w->key));
	ufid.id[0] = 7;
	KUNIT_EXPECT_PTR_EQ(test, mf_table_find_ufid(&w->table, &ufid), by_ufid);
	ufid.id[0] = 8;
	KUNIT_EXPECT_NULL(test, mf_table_find_ufid(&w->table, &ufid));
	rcu_read_unlock();
}

#define BRUTE_FLOWS 600

static bool brute_matches(const struct world *w, const struct mf_key *mask,
			  const struct mf_key *want)
{
	u32 i;

	for (i = 0; i < MF_KEY_WORDS; i++)
		if ((w->key.words[i] ^ want->words[i]) & mask->words[i])
			return false;
	return true;
}

/* Few values of few bits, so that packets match often. */
static void random_key(struct world *w)
{
	w->key.words[TEST_WORD_A] = rnd64(w) & 0x0707;
	w->key.words[TEST_WORD_B] = rnd64(w) & 0x0303;
	w->key.words[TEST_WORD_C] = rnd64(w) & 0x0101;
}

static void random_mask(struct world *w)
{
	w->mask.words[TEST_WORD_A] = 0x0707;
	w->mask.words[TEST_WORD_B] = rnd64(w) & 0x0303;
	w->mask.words[TEST_WORD_C] = rnd64(w) & 0x0101;
}

/* The oldest of the flows that match, or NULL: what the table has to say. */
static struct mf_flow *brute_force(struct world *w, struct mf_flow **flows)
{
	struct mf_flow *oldest = NULL;
	u32 n;

	for (n = 0; n < BRUTE_FLOWS; n++) {
		if (!flows[n] || (oldest && flows[n]->seq > oldest->seq))
			continue;
		mf_flow_expand(&w->back, flows[n]);
		mf_mask_expand(&w->mask, flows[n]->mask);
		if (brute_matches(w, &w->mask, &w->back))
			oldest = flows[n];
	}
	return oldest;
}

/* Is there a flow of w->key and w->mask? */
static bool is_known(struct world *w, struct mf_flow **flows, struct mf_key *mask)
{
	u32 n;

	for (n = 0; n < BRUTE_FLOWS; n++) {
		if (!flows[n])
			continue;
		mf_mask_expand(mask, flows[n]->mask);
		if (memcmp(mask->words, w->mask.words, sizeof(mask->words)))
			continue;
		mf_flow_expand(&w->back, flows[n]);
		if (brute_matches(w, mask, &w->back))
			return true;
	}
	return false;
}

/* Random inserts, removals and lookups, of flows that often overlap. */
static void agrees_with_brute_force(struct kunit *test)
{
	struct world *w = test->priv;
	struct mf_flow **flows;
	struct mf_key *mask;
	u32 hits = 0;
	u32 i;

	flows = kunit_kcalloc(test, BRUTE_FLOWS, sizeof(*flows), GFP_KERNEL);
	mask = kunit_kzalloc(test, sizeof(*mask), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flows);
	KUNIT_ASSERT_NOT_NULL(test, mask);

	for (i = 0; i < 20000; i++) {
		u32 slot = prandom_u32_state(&w->rnd) % BRUTE_FLOWS;
		struct mf_flow *flow;
		u32 probes;

		if (flows[slot]) {
			remove(test, flows[slot]);
			flows[slot] = NULL;
		} else if (prandom_u32_state(&w->rnd) % 2) {
			random_key(w);
			random_mask(w);
			if (!is_known(w, flows, mask))
				flows[slot] = insert(test, i);
		}

		random_key(w);
		/* A block that the packet does not have reads as zero. */
		if (prandom_u32_state(&w->rnd) % 4 == 0) {
			w->key.blocks = BIT(MF_BLOCK_BASE);
			flow = lookup(w, &probes);
			w->key.words[TEST_WORD_C] = 0;
			w->key.blocks = GENMASK(MF_BLOCKS - 1, 0);
		} else {
			flow = lookup(w, &probes);
		}
		hits += !!flow;
		KUNIT_ASSERT_PTR_EQ(test, flow, brute_force(w, flows));
	}
	/* A test that only ever missed would prove nothing. */
	KUNIT_EXPECT_GT(test, hits, 1000);
}

/* A new flow never takes a packet from another, whatever their masks. */
static void oldest_wins(struct kunit *test)
{
	static const u64 bits[] = { 0xff, 0, 0xffff, 0xf0 };
	struct world *w = test->priv;
	struct mf_flow *flows[ARRAY_SIZE(bits)];
	u32 probes;
	u32 i;

	w->key.words[TEST_WORD_A] = 0x1234;
	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		w->mask.words[TEST_WORD_A] = bits[i];
		flows[i] = insert(test, i);
		KUNIT_EXPECT_PTR_EQ(test, lookup(w, &probes), flows[0]);
	}
	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		KUNIT_EXPECT_PTR_EQ(test, lookup(w, &probes), flows[i]);
		remove(test, flows[i]);
	}
	KUNIT_EXPECT_NULL(test, lookup(w, &probes));
}

/* The cache answers again as it did, until that flow goes, whatever comes. */
static void cache_remembers(struct kunit *test)
{
	struct world *w = test->priv;
	struct mf_flow *flows[6];
	u32 probes;
	u32 i;

	w->key.words[TEST_WORD_A] = 0xffff;
	for (i = 0; i < 4; i++) {
		w->mask.words[TEST_WORD_A] = 0xff << i;
		flows[i] = insert(test, i);
	}
	KUNIT_EXPECT_PTR_EQ(test, lookup(w, &probes), flows[0]);
	KUNIT_EXPECT_GT(test, probes, 0);
	KUNIT_EXPECT_PTR_EQ(test, lookup(w, &probes), flows[0]);
	KUNIT_EXPECT_EQ(test, probes, 0);

	/* Of no bit that was not seen before: the entry stays good. */
	w->mask.words[TEST_WORD_A] = 0x3;
	flows[4] = insert(test, 4);
	KUNIT_EXPECT_PTR_EQ(test, lookup(w, &probes), flows[0]);
	KUNIT_EXPECT_EQ(test, probes, 0);
	/* Of a new bit: what was one microflow may be two now. */
	w->mask.words[TEST_WORD_B] = 0x1;
	flows[5] = insert(test, 5);
	KUNIT_EXPECT_PTR_EQ(test, lookup(w, &probes), flows[0]);
	KUNIT_EXPECT_GT(test, probes, 0);

	for (i = 0; i < 3; i++) {
		lookup(w, &probes);
		remove(test, flows[i]);
		KUNIT_EXPECT_PTR_EQ(test, lookup(w, &probes), flows[i + 1]);
		KUNIT_EXPECT_GT(test, probes, 0);
	}
	mf_table_set_cache(&w->table, NULL);
	lookup(w, &probes);
	KUNIT_EXPECT_PTR_EQ(test, lookup(w, &probes), flows[3]);
	KUNIT_EXPECT_GT(test, probes, 0);
}

static void grows_and_walks_each_flow_once(struct kunit *test)
{
	struct world *w = test->priv;
	const u32 n = 5000;
	unsigned long *seen = kunit_kzalloc(test, BITS_TO_LONGS(n) * sizeof(long), GFP_KERNEL);
	unsigned long cursor = 0;
	struct mf_flow *flow;
	u32 probes;
	u32 met = 0;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, seen);
	w->mask.words[TEST_WORD_A] = U64_MAX;
	for (i = 0; i < n; i++) {
		w->key.words[TEST_WORD_A] = i;
		insert(test, i);
	}
	for (i = 0; i < n; i++) {
		w->key.words[TEST_WORD_A] = i;
		KUNIT_ASSERT_NOT_NULL(test, lookup(w, &probes));
		KUNIT_ASSERT_EQ(test, probes, 1);
	}

	rcu_read_lock();
	for (; (flow = mf_table_next(&w->table, &cursor)); cursor++) {
		memcpy(&i, flow->ufid.id, sizeof(i));
		KUNIT_EXPECT_FALSE(test, __test_and_set_bit(i, seen));
		met++;
	}
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, met, n);
}

static void counts_and_clears(struct kunit *test)
{
	struct world *w = test->priv;
	struct mf_flow_totals totals;
	struct mf_flow *flow;
	struct sk_buff *skb;

	w->mask.words[TEST_WORD_A] = U64_MAX;
	flow = insert(test, 1);
	mf_flow_totals(flow, &totals);
	KUNIT_EXPECT_FALSE(test, totals.seen);

	skb = alloc_skb(100, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_put(skb, 60);
	local_bh_disable();
	rcu_read_lock();
	mf_flow_count(flow, skb, 0x02);
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 5);
	mf_flow_count(flow, skb, 0x10);
	rcu_read_unlock();
	local_bh_enable();

	mf_flow_totals(flow, &totals);
	KUNIT_EXPECT_TRUE(test, totals.seen);
	KUNIT_EXPECT_EQ(test, totals.packets, 2);
	KUNIT_EXPECT_EQ(test, totals.bytes, 124);
	KUNIT_EXPECT_EQ(test, totals.tcp_flags, 0x12);

	mf_flow_clear(flow);
	mf_flow_totals(flow, &totals);
	KUNIT_EXPECT_FALSE(test, totals.seen);
	KUNIT_EXPECT_EQ(test, totals.packets, 0);
	KUNIT_EXPECT_EQ(test, totals.bytes, 0);
	KUNIT_EXPECT_EQ(test, totals.tcp_flags, 0);
	kfree_skb(skb);
}

static struct kunit_case table_cases[] = {
	KUNIT_CASE(mask_packs_and_expands),
	KUNIT_CASE(hash_of_flow_is_that_of_its_packets),
	KUNIT_CASE(absent_blocks_count_as_zero),
	KUNIT_CASE(signatures_spill_and_come_back),
	KUNIT_CASE(signatures_grow_by_and_by),
	KUNIT_CASE(masks_are_shared),
	KUNIT_CASE(identifiers_are_apart),
	KUNIT_CASE(agrees_with_brute_force),
	KUNIT_CASE(oldest_wins),
	KUNIT_CASE(cache_remembers),
	KUNIT_CASE(grows_and_walks_each_flow_once),
	KUNIT_CASE(counts_and_clears),
	{}
};

static struct kunit_suite table_suite = {
	.name = "mf_table",
	.init = world_init,
	.exit = world_exit,
	.test_cases = table_cases,
};

kunit_test_suite(table_suite);

MODULE_DESCRIPTION("Megaflow: unit tests of the flow table");
MODULE_LICENSE("GPL");
