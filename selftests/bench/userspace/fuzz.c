// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flow table against brute force: fuzz SEED LOOKUPS
 *
 * Rounds of random inserts, deletes and lookups, each with words, kinds of
 * masks and values of its own, few enough for flows to overlap. Brute force
 * walks all flows in the order of their installation; the first that matches
 * is the only right answer. Prints `N lookups, M mismatches`; status 1 if M is
 * not 0, or if what was tried proves nothing.
 */
#include <stdio.h>

#include "../../../datapath/table/shadow.h"
#include "../../../datapath/table/table.h"

#define WORDS_MAX 6
#define POOL_MAX 64
#define FLOWS_MAX 8000

/* How a word is masked. */
enum kind {
	KIND_EXACT,
	KIND_FEW,	/* one of three masks */
	KIND_PREFIX_A,	/* a prefix of the address in the low half */
	KIND_PREFIX_B,	/* one of that in the high half */
	KIND_PREFIX_AB,
	KIND_PORTS,	/* prefixes of two ports */
	KIND_BITS,	/* any bits */
	KINDS,
};

/* What brute force knows of a flow. */
struct known {
	struct mf_flow *flow;
	u64 key[WORDS_MAX];
	u64 mask[WORDS_MAX];
	u32 name;
};

/* A round's choices. */
struct round {
	u32 n_words;
	u32 word[WORDS_MAX];
	enum kind kind[WORDS_MAX];
	u32 wild[WORDS_MAX];	/* of 8 masks, how many leave the word out */
	u64 few[WORDS_MAX][3];
	u32 pool_size;
	u64 pool[WORDS_MAX][POOL_MAX];
	u32 flows;
	u32 lookups;
};

struct counts {
	u64 lookups;
	u64 mismatches;
	u64 hits;
	u64 overlaps;
	u64 inserts;
	u64 refused;
	u64 deletes;
	u64 probes;
	u64 cached;
	u64 nodes;
	u64 in_vectors;
	u64 in_children;
};

static struct known known[FLOWS_MAX];
static u32 n_known;
static u32 next_name;
static struct counts counts;
static struct mutex lock;
static struct mf_table table;

/* Programs are another unit's: here a flow has none. */
void mf_program_free(struct mf_program *prog)
{
	assert(!prog);
}

static u32 below(u32 n)
{
	return (u64)get_random_u32() * n >> 32;
}

/* The first @len bits of @width bits in network byte order, as a word's low bits. */
static u64 prefix(u32 len, u32 width)
{
	u64 bits = 0;
	u32 i;

	for (i = 0; i < len; i++)
		bits |= BIT_ULL(i / 8 * 8 + 7 - i % 8);
	return len > width ? 0 : bits;
}

static u64 mask_of(const struct round *r, u32 i)
{
	if (below(8) < r->wild[i])
		return 0;
	switch (r->kind[i]) {
	case KIND_EXACT:
		return U64_MAX;
	case KIND_FEW:
		return r->few[i][below(3)];
	case KIND_PREFIX_A:
		return prefix(below(33), 32);
	case KIND_PREFIX_B:
		return prefix(below(33), 32) << 32;
	case KIND_PREFIX_AB:
		return prefix(below(33), 32) | prefix(below(33), 32) << 32;
	case KIND_PORTS:
		return prefix(below(17), 16) | prefix(below(17), 16) << 16;
	default:
		return get_random_u64() & get_random_u64();
	}
}

/* Mostly a value of the pool, at times one that differs from it by a bit. */
static u64 value_of(const struct round *r, u32 i)
{
	u64 v = r->pool[i][below(r->pool_size)];

	return below(3) ? v : v ^ BIT_ULL(below(64));
}

/* Packets come again, when flows have come and gone: the cache may know them. */
static struct {
	struct mf_key key;
	u64 seen[WORDS_MAX];
} recent[64];

/*
 * Many flows that three words tell apart, and few masks of the rest: worth nodes
 * below nodes, where bit vectors would be long.
 */
static void round_deepen(struct round *r)
{
	u32 i;

	r->flows = FLOWS_MAX;
	r->pool_size = POOL_MAX;
	for (i = 0; i < r->n_words; i++) {
		r->kind[i] = i < 3 ? KIND_EXACT : KIND_FEW;
		r->wild[i] = i < 3 ? 0 : 4;
	}
}

static void round_choose(struct round *r)
{
	/* Base, then blocks that a packet may lack; no block follows another's kind. */
	static const u32 words[] = {0, 1, 3, 4, 5, 7, 8, 9, 11, 17, 36, 50};
	static const u32 sizes[] = {3, 20, 100, 400, 1500, FLOWS_MAX};
	static u32 rounds;
	bool deep = rounds++ % 8 == 3;
	bool taken[ARRAY_SIZE(words)] = {false};
	u32 i;
	u32 j;

	memset(r, 0, sizeof(*r));
	memset(recent, 0, sizeof(recent));
	r->n_words = deep ? WORDS_MAX : 1 + below(WORDS_MAX);
	r->pool_size = below(2) ? 5 : POOL_MAX;
	for (i = 0; i < r->n_words; i++) {
		do
			j = below(i ? ARRAY_SIZE(words) : 4);
		while (taken[j]);
		taken[j] = true;
		r->word[i] = words[j];
		r->kind[i] = below(KINDS);
		r->wild[i] = below(3) ? 0 : below(8);
		for (j = 0; j < 3; j++)
			r->few[i][j] = get_random_u64() | get_random_u64();
		for (j = 0; j < POOL_MAX; j++)
			r->pool[i][j] = get_random_u64();
	}
	r->flows = sizes[below(ARRAY_SIZE(sizes))];
	if (deep)
		round_deepen(r);
	r->lookups = 1000 + below(4000);
	mf_table_set_cache(&table, below(4) ? mf_cache_new(1u << below(9)) : NULL);
	shim_fail_every = below(6) ? 0 : 20 + below(200);
}

/* No two flows have both mask and masked key in common: the caller's part. */
static bool is_known(const struct known *k)
{
	u32 n;

	for (n = 0; n < n_known; n++)
		if (!memcmp(k->key, known[n].key, sizeof(k->key)) &&
		    !memcmp(k->mask, known[n].mask, sizeof(k->mask)))
			return true;
	return false;
}

static void insert(const struct round *r)
{
	struct mf_key key = {.blocks = BIT(MF_BLOCKS) - 1};
	struct mf_key bits = {.blocks = BIT(MF_BLOCKS) - 1};
	struct known *k = &known[n_known];
	struct mf_mask *mask;
	struct mf_flow *flow;
	u32 i;

	memset(k, 0, sizeof(*k));
	for (i = 0; i < r->n_words; i++) {
		k->mask[i] = mask_of(r, i);
		k->key[i] = value_of(r, i) & k->mask[i];
		bits.words[r->word[i]] = k->mask[i];
		key.words[r->word[i]] = k->key[i];
	}
	if (is_known(k))
		return;
	mask = mf_mask_new(&bits, GFP_KERNEL);
	flow = mask ? mf_flow_new(mask, &key) : NULL;
	if (!flow) {
		kfree(mask);
		counts.refused++;
		return;
	}
	k->name = ++next_name;
	flow->ufid.len = sizeof(k->name);
	memcpy(flow->ufid.id, &k->name, sizeof(k->name));
	mutex_lock(&lock);
	if (mf_table_insert(&table, flow, mask)) {
		mf_flow_free(flow);
		counts.refused++;
	} else {
		k->flow = flow;
		n_known++;
		counts.inserts++;
	}
	mutex_unlock(&lock);
}

static void delete(u32 i)
{
	struct mf_flow *flow = known[i].flow;

	mutex_lock(&lock);
	mf_table_remove(&table, flow);
	mutex_unlock(&lock);
	mf_flow_free_rcu(flow);
	memmove(&known[i], &known[i + 1], (--n_known - i) * sizeof(known[0]));
	counts.deletes++;
}

/* A packet's words: those of some flow, or of none, with what is wild filled in. */
static void packet(const struct round *r, struct mf_key *key, u64 *seen)
{
	const struct known *like = n_known && below(8) ? &known[below(n_known)] : NULL;
	u32 i;
	u32 b;

	/* What a packet does not have holds nothing that may be read. */
	for (i = 0; i < MF_KEY_WORDS; i++)
		key->words[i] = get_random_u64();
	key->blocks = BIT(MF_BLOCK_BASE);
	for (b = 1; b < MF_BLOCKS; b++)
		key->blocks |= below(4) ? BIT(b) : 0;

	for (i = 0; i < r->n_words; i++) {
		u32 w = r->word[i];

		seen[i] = value_of(r, i);
		if (like)
			seen[i] = (seen[i] & ~like->mask[i]) | like->key[i];
		key->words[w] = seen[i];
		for (b = 0; b < MF_BLOCKS; b++)
			if (w >= mf_key_blocks[b].first &&
			    w < (u32)mf_key_blocks[b].first + mf_key_blocks[b].n &&
			    !(key->blocks & BIT(b)))
				seen[i] = 0;
	}
}

static const struct known *brute_force(const struct round *r, const u64 *seen)
{
	const struct known *first = NULL;
	u32 n;
	u32 i;

	for (n = 0; n < n_known; n++) {
		u64 diff = 0;

		for (i = 0; i < r->n_words; i++)
			diff |= (seen[i] & known[n].mask[i]) ^ known[n].key[i];
		if (diff)
			continue;
		if (first) {
			counts.overlaps++;
			break;
		}
		first = &known[n];
	}
	return first;
}

static void lookup(const struct round *r)
{
	u32 which = below(ARRAY_SIZE(recent));
	const struct known *want;
	struct mf_flow *flow;
	struct mf_key key;
	u32 probes;
	u32 again;

	if (!recent[which].key.blocks || below(3))
		packet(r, &recent[which].key, recent[which].seen);
	want = brute_force(r, recent[which].seen);
	for (again = below(2); again < 2; again++) {
		key = recent[which].key;
		flow = mf_table_lookup(&table, &key, &probes);
		counts.lookups++;
		counts.probes += probes;
		counts.hits += flow != NULL;
		counts.cached += flow && !probes;
		counts.in_vectors += flow && flow->place;
		counts.in_children += flow && flow->node->depth > 1;
		if (flow == (want ? want->flow : NULL))
			continue;
		if (!counts.mismatches++)
			fprintf(stderr, "lookup %llu: flow %p, brute force says %p (%u flows)\n",
				counts.lookups, (void *)flow, want ? (void *)want->flow : NULL,
				n_known);
	}
}

/* A walk meets every flow once, and each is found by its name. */
static void walk(void)
{
	unsigned long cursor = 0;
	struct mf_flow *flow;
	u32 met = 0;
	u32 n;

	for (; (flow = mf_table_next(&table, &cursor)); cursor++)
		met++;
	counts.mismatches += met != n_known;
	for (n = 0; n < n_known; n++) {
		struct mf_ufid ufid = {.len = sizeof(u32)};

		memcpy(ufid.id, &known[n].name, sizeof(u32));
		counts.mismatches += mf_table_find_ufid(&table, &ufid) != known[n].flow;
	}
}

static void round_play(const struct round *r)
{
	u64 end = counts.lookups + r->lookups;
	u32 n;

	/* Large tables would hardly come about by and by. */
	for (n = below(2) ? r->flows : 0; n; n--)
		insert(r);
	shim_work();
	while (counts.lookups < end) {
		u32 i;

		/* Towards the round's size, then about it. */
		for (i = below(8); i && n_known < r->flows; i--)
			insert(r);
		if (n_known && (n_known == r->flows || !below(4)))
			for (i = below(6); i && n_known; i--)
				delete(below(n_known));
		if (!below(200))
			while (n_known > r->flows / 8)
				delete(below(n_known));
		if (!below(8))
			shim_work();
		if (!below(8))
			shim_grace();
		for (i = 0; i < 6; i++)
			lookup(r);
	}
	walk();
	counts.nodes += table.tree.n_nodes;
	if (below(2)) {
		while (n_known)
			delete(below(n_known));
		counts.mismatches += table.n_masks != 0;
	}
	mutex_lock(&lock);
	mf_table_flush(&table);
	mutex_unlock(&lock);
	n_known = 0;
	counts.mismatches += table.n_flows != 0 || table.n_masks != 0 || table.tree.n_nodes != 0;
}

int main(int argc, char **argv)
{
	u64 lookups = argc > 2 ? strtoull(argv[2], NULL, 0) : 100000;
	struct round r;

	shim_random_state = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
	/* The shadow warns of what is counted here as well. */
	mf_shadow_every = 16;
	mutex_init(&lock);
	if (mf_flow_init() || mf_tree_module_init() || mf_table_init(&table, &lock))
		return 2;
	while (counts.lookups < lookups) {
		round_choose(&r);
		round_play(&r);
	}
	shim_fail_every = 0;
	shim_grace();
	mf_table_destroy(&table);
	shim_grace();
	mf_tree_module_exit();
	mf_flow_exit();

	printf("%llu hits, %llu by the cache, %llu times another flow matches, too; %llu inserts, %llu deletes, %llu inserts without memory, %.1f masks tried a lookup\n",
	       counts.hits, counts.cached, counts.overlaps, counts.inserts, counts.deletes, counts.refused,
	       (double)counts.probes / counts.lookups);
	printf("%llu nodes at the ends of the rounds, %llu answers lived in bit vectors, %llu two nodes or more below the root\n",
	       counts.nodes, counts.in_vectors, counts.in_children);
	printf("%llu lookups, %llu mismatches\n", counts.lookups, counts.mismatches);
	/* Lookups that never hit, flows that never overlap or move would prove nothing. */
	if (counts.hits < counts.lookups / 8 || counts.overlaps < counts.hits / 8 ||
	    counts.in_vectors < counts.hits / 16 || counts.in_children < counts.hits / 128)
		return 2;
	return counts.mismatches != 0;
}
