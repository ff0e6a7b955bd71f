// SPDX-License-Identifier: GPL-2.0-only
/*
 * How to split a node of the tuple tree, if at all.
 *
 * A sample of the node's flows stands for all of them and for their packets.
 * For each field that masks see, the cost of a search is estimated as it would
 * be after a split by it.
 */
#include <linux/slab.h>

#include "plan.h"
#include "table.h"

#define SAMPLE_MAX 256
#define TESTS_MAX 32
#define GROUPS_MAX 512

/* Costs in instructions, roughly: of a sub, of a search for a child, of a child. */
#define COST_SUB 14
#define COST_EDGE 45
#define COST_CHILD 200

/* Bits of a sub's filter: as many children let half of all values through. */
#define FILTER_BITS 64

/* Flows that a child needs on average to be worth its memory, about 300 bytes. */
#define CHILD_FLOWS 4

/* The root is split by its first word if masks see that in so few ways. */
#define ROOT_SUBS 4

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
 * @flow_scale: flows for each in the sample
 * @mask_scale: masks for each in the sample
 * @flow: those
 * @bits: what each flow's mask sees of the word that is looked at
 * @value: what is there
 * @n_subs: different @bits, reduced to the field that is looked at
 * @sub: those
 * @sub_flows: flows that have each
 * @n_groups: groups in use
 * @group: the children that there would be, by hash
 * @member: masks in them, by hash
 */
struct study {
	u32 n;
	u32 flow_scale;
	u32 mask_scale;
	const struct mf_flow *flow[SAMPLE_MAX];
	u64 bits[SAMPLE_MAX];
	u64 value[SAMPLE_MAX];
	u32 n_subs;
	u64 sub[SAMPLE_MAX];
	u32 sub_flows[SAMPLE_MAX];
	u32 n_groups;
	struct group group[GROUPS_MAX];
	struct member member[GROUPS_MAX];
};

static void take_sample(struct study *study, const struct mf_node *node, u32 flows)
{
	struct mf_sampler sampler;
	const struct mf_flow *flow;

	study->n = 0;
	mf_sampler_init(&sampler, flows, SAMPLE_MAX);
	list_for_each_entry(flow, &node->flows, node_link)
		if (mf_sampler_takes(&sampler))
			study->flow[study->n++] = flow;
}

/* What the sample has in a word. Returns all bits of it that any mask sees. */
static u64 take_word(struct study *study, u32 word)
{
	u64 all = 0;
	u32 n;

	for (n = 0; n < study->n; n++) {
		mf_flow_word(study->flow[n], word, &study->bits[n], &study->value[n]);
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

	study->n_groups += !group->flows;
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
			break;
	if (i == study->n_subs) {
		study->sub[study->n_subs++] = bits;
		study->sub_flows[i] = 0;
	}
	study->sub_flows[i]++;
}

/* The subs and groups that a split by a field would make. */
static void take_field(struct study *study, u64 field)
{
	u32 i;

	memset(study->group, 0, sizeof(study->group));
	memset(study->member, 0, sizeof(study->member));
	study->n_subs = 0;
	study->n_groups = 0;
	for (i = 0; i < study->n; i++) {
		sub_add(study, study->bits[i] & field);
		group_add(study, study->flow[i]->mask, study->bits[i] & field,
			  study->value[i] & field);
	}
}

/* Where a sample has two flows, there are more; one may well be the only one. */
static u64 cost_of_group(const struct study *study, const struct group *group)
{
	u64 flows = group->flows;
	u64 masks = group->masks;

	if (!flows)
		return 0;
	if (flows > 1) {
		flows *= study->flow_scale;
		masks = min(masks * study->mask_scale, flows);
	}
	return COST_CHILD + min(masks * MF_COST_MASK, mf_cost_vectors(flows));
}

/* How many kinds a sample has missed, by those seen once and twice (Chao's estimate). */
static u64 missed(u64 once, u64 twice)
{
	return once * (once - 1) / (2 * (twice + 1));
}

static u64 count_subs(const struct study *study)
{
	u32 seen[3] = { 0 };
	u32 i;

	if (study->flow_scale == 1)
		return study->n_subs;
	for (i = 0; i < study->n_subs; i++)
		seen[min(study->sub_flows[i], 3u) - 1]++;
	return study->n_subs + (seen[0] ? missed(seen[0], seen[1]) : 0);
}

static u64 count_groups(const struct study *study)
{
	u32 seen[4] = { 0 };
	u32 i;

	if (study->flow_scale == 1)
		return study->n_groups;
	for (i = 0; i < GROUPS_MAX; i++)
		seen[min(study->group[i].flows, 3u)]++;
	return study->n_groups + (seen[1] ? missed(seen[1], seen[2]) : 0);
}

/* What all subs cost, not what is below them. */
static u64 cost_of_subs(const struct study *study)
{
	u64 subs = min_t(u64, count_subs(study), (u64)study->n * study->mask_scale);
	u64 groups = min_t(u64, count_groups(study), (u64)study->n * study->flow_scale);
	/* Beyond the one that each sub finds without a search. */
	u64 edges = groups > subs ? (groups - subs) / subs : 0;

	return subs * (COST_SUB + COST_EDGE * edges / (edges + FILTER_BITS));
}

/* The mean cost for packets that are made of two of the sample's flows each. */
static u64 cost_of(struct study *study, u64 field)
{
	u32 tests = min_t(u32, study->n, TESTS_MAX);
	u64 sum = 0;
	u32 t;
	u32 i;

	take_field(study, field);
	for (t = 0; t < tests; t++) {
		u32 one = t * study->n / tests;
		u32 other = (one + study->n / 2 + t) % study->n;
		u64 word = study->value[one] | (study->value[other] & ~study->bits[one]);

		for (i = 0; i < study->n_subs; i++)
			sum += cost_of_group(study, group_at(study, study->sub[i],
							     word & study->sub[i]));
	}
	return cost_of_subs(study) + sum / tests;
}

static u32 masks_of(struct study *study)
{
	memset(study->bits, 0, sizeof(study->bits));
	memset(study->value, 0, sizeof(study->value));
	take_field(study, 0);
	return group_at(study, 0, 0)->masks;
}

/*
 * The root is split by the word that holds input port and recirculation, if
 * masks see it in few ways: so what comes in by one port never makes the
 * packets of another slower.
 */
static bool plan_root(struct study *study, const struct mf_node *node, struct mf_plan *plan)
{
	if (node->depth)
		return false;
	take_word(study, 0);
	take_field(study, U64_MAX);
	plan->word = 0;
	plan->field = U64_MAX;
	return study->n_subs <= ROOT_SUBS;
}

/* The best way to split a node. Returns false if none is worth it. */
static bool plan_best(struct study *study, const struct mf_census *census, struct mf_plan *plan)
{
	u32 word;
	u32 p;

	plan->field = 0;
	for (word = 0; word < MF_KEY_WORDS; word++) {
		u64 all = take_word(study, word);

		for (p = 0; p < ARRAY_SIZE(parts); p++) {
			u64 cost;

			/* A part that holds all or nothing of the word was looked at. */
			if (!(all & parts[p]) || (p && !(all & ~parts[p])))
				continue;
			cost = cost_of(study, parts[p]);
			if (cost >= plan->cost || count_groups(study) * CHILD_FLOWS > census->flows)
				continue;
			plan->cost = cost;
			plan->word = word;
			plan->field = parts[p];
		}
	}
	return plan->field;
}

/**
 * mf_plan_make() - think of a way to split a node
 * @node: the node
 * @census: who lives there, somebody at least
 * @limit: what a search may cost at most for it to be worth a split
 * @plan: set to the best way
 *
 * Context: the table's lock held, may sleep.
 * Return: false if none is worth it, or there is no memory to think.
 */
bool mf_plan_make(const struct mf_node *node, const struct mf_census *census, u64 limit,
		  struct mf_plan *plan)
{
	struct study *study;
	bool worth;

	/* Nothing is cheaper than a sub, a child and a mask there. */
	if (node->depth && limit <= COST_SUB + COST_CHILD + MF_COST_MASK)
		return false;
	study = kvzalloc_obj(*study);
	if (!study)
		return false;
	plan->cost = limit;
	take_sample(study, node, census->flows);
	study->flow_scale = DIV_ROUND_UP(census->flows, study->n);
	study->mask_scale = DIV_ROUND_UP(census->masks, masks_of(study));
	worth = plan_root(study, node, plan) || plan_best(study, census, plan);
	kvfree(study);
	return worth;
}
