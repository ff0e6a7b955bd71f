// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a lookup costs: measure SHAPE MASKS FLOWS CACHE [LOOKUPS]
 *
 * SHAPE is one of
 *   exact    one mask, every flow its own ports
 *   tenants  contexts of 16 masks each, told apart by the input port
 *   tse      one context, products of prefixes of address and ports that differ
 *            in their last bit from one rule (tuple space explosion)
 *   random   one context, any bits of addresses and ports
 *   cuts     MASKS contexts, each cut at random into prefixes of addresses and
 *            ports, a flow for each region; how many masks that makes is printed
 * CACHE is MASKS_CACHE_SIZE. Packets are of a flow each, chosen at random, what it
 * leaves open is random. Each answer must be a flow, and each shape but random
 * has exactly one. Prints nanoseconds of CPU time, the median of 11 batches with least and
 * most, and how many masks a lookup tried.
 */
#include <stdio.h>
#include <time.h>

#include "../../../datapath/table/table.h"

#define BATCHES 11

/* A flow as it was made: words 0, 3 and 4 of the key and of the mask. */
struct made {
	struct mf_flow *flow;
	u64 key[3];
	u64 mask[3];
};

static const u32 words[3] = {0, 3, 4};
static struct made *made;
static u32 n_made;
static u32 flows_max;
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

static u64 prefix(u32 len)
{
	u64 bits = 0;
	u32 i;

	for (i = 0; i < len; i++)
		bits |= BIT_ULL(i / 8 * 8 + 7 - i % 8);
	return bits;
}

/* Source address, destination address and ports, as they lie in words 3 and 4. */
static u64 addresses(u32 src, u32 dst)
{
	return __builtin_bswap32(src) | (u64)__builtin_bswap32(dst) << 32;
}

static u64 ports(u32 src, u32 dst)
{
	return __builtin_bswap16(src) | (u64)__builtin_bswap16(dst) << 16;
}

static void add(u32 context, u64 w3, u64 m3, u64 w4, u64 m4)
{
	struct mf_key key = {.blocks = BIT(MF_BLOCKS) - 1};
	struct mf_key bits = {.blocks = BIT(MF_BLOCKS) - 1};
	struct made *m = &made[n_made];
	struct mf_mask *mask;
	u32 i;

	assert(n_made < flows_max);
	*m = (struct made){
		.key = {(u64)context << 32 | 0x0008ull << 48, w3 & m3, w4 & m4},
		.mask = {U64_MAX, m3, m4},
	};
	for (i = 0; i < 3; i++) {
		key.words[words[i]] = m->key[i];
		bits.words[words[i]] = m->mask[i];
	}
	mask = mf_mask_new(&bits, GFP_KERNEL);
	m->flow = mf_flow_new(mask, &key);
	m->flow->ufid.len = sizeof(n_made);
	memcpy(m->flow->ufid.id, &n_made, sizeof(n_made));
	mutex_lock(&lock);
	if (mf_table_insert(&table, m->flow, mask))
		abort();
	mutex_unlock(&lock);
	n_made++;
	/* The worker is never far behind. */
	if (n_made % 64 == 0)
		shim_work();
	if (n_made % 1024 == 0)
		shim_grace();
}

static void make_exact(u32 masks, u32 flows)
{
	u32 i;

	(void)masks;
	for (i = 0; i < flows; i++)
		add(1, addresses(0x0a000001, 0x0a000002 + i / 60000), U64_MAX,
		    ports(1024 + i % 60000, 80), prefix(32));
}

static void make_tenants(u32 masks, u32 flows)
{
	u32 i;

	/* Each context's 16 masks: a prefix of its own of the source, 16 of the port. */
	for (i = 0; i < flows; i++) {
		u32 m = i % masks;
		u32 context = m / 16;
		u32 src_len = 1 + context % 32;
		u32 dst_len = 32 - context / 32 % 32;

		add(context, addresses(get_random_u32(), i / masks << 8),
		    prefix(src_len) | prefix(dst_len) << 32,
		    ports(get_random_u32(), 0x8000 >> (m % 16)), prefix(1 + m % 16) << 16);
	}
}

static void make_tse(u32 masks, u32 flows)
{
	u32 i;

	(void)flows;
	for (i = 0; i < masks; i++) {
		u32 a = 1 + i / 256 % 32;
		u32 b = 1 + i / 16 % 16;
		u32 c = 1 + i % 16;

		add(1, addresses(0x0a010203 ^ 1u << (32 - a), 0), prefix(a),
		    ports(0x1234 ^ 1u << (16 - b), 0x0050 ^ 1u << (16 - c)),
		    prefix(b) | prefix(c) << 16);
	}
}

static void make_random(u32 masks, u32 flows)
{
	u64 *bits = malloc(masks * 2 * sizeof(*bits));
	u32 i;

	for (i = 0; i < 2 * masks; i++)
		bits[i] = i % 2 ? (u32)get_random_u64() : get_random_u64();
	for (i = 0; i < flows; i++)
		add(1, get_random_u64(), bits[2 * (i % masks)], get_random_u64(),
		    bits[2 * (i % masks) + 1]);
	free(bits);
}

/* A region: prefixes of two addresses and two ports. */
struct region {
	u32 value[4];
	u32 len[4];
};

static void cut(u32 context, struct region r, u32 flows)
{
	static const u32 width[4] = {32, 32, 16, 16};
	u32 left;
	u32 d;

	if (flows == 1) {
		add(context, addresses(r.value[0], r.value[1]),
		    prefix(r.len[0]) | prefix(r.len[1]) << 32,
		    ports(r.value[2], r.value[3]), prefix(r.len[2]) | prefix(r.len[3]) << 16);
		return;
	}
	do
		d = below(4);
	while (r.len[d] == width[d]);
	left = 1 + below(flows - 1);
	r.len[d]++;
	cut(context, r, left);
	r.value[d] |= 1u << (width[d] - r.len[d]);
	cut(context, r, flows - left);
}

static void make_cuts(u32 contexts, u32 flows)
{
	u32 i;

	for (i = 0; i < contexts; i++)
		cut(i, (struct region){0}, flows / contexts);
}

static const struct {
	const char *name;
	void (*make)(u32 masks, u32 flows);
	bool overlaps;
} shapes[] = {
	{"exact", make_exact, false}, {"tenants", make_tenants, false},
	{"tse", make_tse, false},     {"random", make_random, true},
	{"cuts", make_cuts, false},
};

/* One batch; the packets are made beforehand, some lines of cache each. */
static double batch(u32 lookups, bool overlaps, u64 *probes)
{
	struct mf_key *keys = malloc(lookups * sizeof(*keys));
	struct mf_flow **want = malloc(lookups * sizeof(struct mf_flow *));
	struct timespec begin;
	struct timespec end;
	u32 wrong = 0;
	u32 i;
	u32 w;

	for (i = 0; i < lookups; i++) {
		const struct made *m = &made[below(n_made)];

		memset(keys[i].words, 0, 64);
		keys[i].blocks = BIT(MF_BLOCK_BASE);
		for (w = 0; w < 3; w++)
			keys[i].words[words[w]] = m->key[w] | (get_random_u64() & ~m->mask[w]);
		want[i] = m->flow;
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	for (i = 0; i < lookups; i++) {
		struct mf_flow *flow;
		u32 tried;

		flow = mf_table_lookup(&table, &keys[i], &tried);
		*probes += tried;
		wrong += overlaps ? !flow || flow->seq > want[i]->seq : flow != want[i];
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	free(keys);
	free(want);
	if (wrong) {
		fprintf(stderr, "%u of %u answers are wrong\n", wrong, lookups);
		exit(1);
	}
	return ((end.tv_sec - begin.tv_sec) * 1e9 + (end.tv_nsec - begin.tv_nsec)) / lookups;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	u32 masks = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;
	u32 flows = argc > 3 ? strtoul(argv[3], NULL, 0) : 1;
	u32 cache = argc > 4 ? strtoul(argv[4], NULL, 0) : 256;
	u32 lookups = argc > 5 ? strtoul(argv[5], NULL, 0) : 20000;
	double ns[BATCHES];
	u64 probes = 0;
	size_t shape;
	u32 i;

	for (shape = 0; shape < ARRAY_SIZE(shapes); shape++)
		if (argc > 1 && !strcmp(argv[1], shapes[shape].name))
			break;
	if (shape == ARRAY_SIZE(shapes)) {
		fprintf(stderr, "usage: measure exact|tenants|tse|random|cuts MASKS FLOWS CACHE [LOOKUPS]\n");
		return 2;
	}
	mutex_init(&lock);
	flows_max = max(masks, flows);
	made = calloc(flows_max, sizeof(*made));
	if (!made || mf_flow_init() || mf_tree_module_init() || mf_table_init(&table, &lock))
		return 2;
	mf_table_set_cache(&table, cache ? mf_cache_new(cache) : NULL);
	shapes[shape].make(masks, flows);
	shim_work();
	shim_grace();

	batch(lookups, shapes[shape].overlaps, &probes);
	probes = 0;
	for (i = 0; i < BATCHES; i++)
		ns[i] = batch(lookups, shapes[shape].overlaps, &probes);
	qsort(ns, BATCHES, sizeof(ns[0]), by_size);
	printf("%-8s %6u masks %7u flows cache %4u: %8.1f ns (%.1f-%.1f), %7.2f masks tried, %u nodes\n",
	       shapes[shape].name, table.n_masks, table.n_flows, cache, ns[BATCHES / 2], ns[0],
	       ns[BATCHES - 1], (double)probes / lookups / BATCHES, table.tree.n_nodes);
	return 0;
}
