/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What shapes of a node would cost a search. In instructions, roughly: a wrong
 * guess costs time, never an answer.
 */
#ifndef MF_TABLE_PLAN_H
#define MF_TABLE_PLAN_H

#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/types.h>

struct mf_node;

/* Of trying a mask, of bit vectors, and of 64 places in them. */
#define MF_COST_MASK 80
#define MF_COST_VECTORS 140
#define MF_COST_PLACES 16

/**
 * struct mf_census - who lives in a node
 * @flows: flows
 * @masks: masks that they have
 * @heavy: those of many flows each
 * @light: flows of the other masks
 */
struct mf_census {
	u32 flows;
	u32 masks;
	u32 heavy;
	u32 light;
};

/**
 * struct mf_plan - a way to split a node
 * @word: index of the word
 * @field: bits of it
 * @cost: of a search
 */
struct mf_plan {
	u32 word;
	u64 field;
	u64 cost;
};

/* What bit vectors of some flows cost. */
static inline u64 mf_cost_vectors(u64 flows)
{
	return MF_COST_VECTORS + (flows + 63) / 64 * MF_COST_PLACES;
}

/**
 * struct mf_sampler - takes one of each so many, at random
 * @step: one of so many
 * @met: how many were met
 * @next: the one to take next
 *
 * Even steps would fall in with the order in which flows were made.
 */
struct mf_sampler {
	u32 step;
	u32 met;
	u32 next;
};

/* Take at most @n of @all. */
static inline void mf_sampler_init(struct mf_sampler *sampler, u32 all, u32 n)
{
	sampler->step = DIV_ROUND_UP(all, n);
	sampler->met = 0;
	sampler->next = reciprocal_scale(get_random_u32(), sampler->step);
}

static inline bool mf_sampler_takes(struct mf_sampler *sampler)
{
	bool takes = sampler->met++ == sampler->next;

	if (sampler->met % sampler->step == 0)
		sampler->next = sampler->met +
				reciprocal_scale(get_random_u32(), sampler->step);
	return takes;
}

bool mf_plan_make(const struct mf_node *node, const struct mf_census *census, u64 limit,
		  struct mf_plan *plan);

#endif
