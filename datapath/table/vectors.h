/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bit vectors: from a key to the few flows of a node that can match it.
 *
 * Each flow has a place, the oldest the first. A digit is four bits of the key;
 * for each of its sixteen values there is a row, with a bit for each flow that
 * a packet of that value may match. Where the rows of a packet's digits all
 * have a bit, the flow is compared. So 64 flows cost a few instructions, of
 * whatever masks they are, and the first that matches is the oldest.
 *
 * Flows are only appended; a place is not used again. Vectors that are full,
 * or have become empty, are replaced as a whole.
 */
#ifndef MF_TABLE_VECTORS_H
#define MF_TABLE_VECTORS_H

#include <linux/rcupdate.h>
#include <linux/types.h>

#include "../key/key.h"

struct mf_flow;

/* Digits that are looked at, a few at a time: beyond it, comparing is cheaper. */
#define MF_DIGITS_MAX 12
#define MF_DIGITS_STEP 4
#define MF_DIGIT_VALUES 16

/**
 * struct mf_digit - four bits of the key
 * @word: index of the word
 * @shift: of the lowest bit
 */
struct mf_digit {
	u16 word;
	u16 shift;
};

/**
 * struct mf_digits - the digits that tell a node's flows apart
 * @n: their number, 0 if nothing does
 * @digit: the digits, the best first
 */
struct mf_digits {
	u32 n;
	struct mf_digit digit[MF_DIGITS_MAX];
};

/**
 * struct mf_vectors - bit vectors
 * @rcu: to free them after their readers
 * @digits: what is looked at
 * @blocks: of the key that the digits are in
 * @words: 64-bit words of a row
 * @n: places in use, or that were
 * @size: places that there are
 * @live: flows; under the table's lock
 * @oldest: no flow has a lower number
 * @flow: the flow of each place, or NULL; behind the rows
 * @row: the rows, sixteen a digit
 */
struct mf_vectors {
	struct rcu_head rcu;
	struct mf_digits digits;
	u32 blocks;
	u32 words;
	u32 n;
	u32 size;
	u32 live;
	u64 oldest;
	struct mf_flow __rcu **flow;
	u64 row[];
};

struct mf_vectors *mf_vectors_new(const struct mf_digits *digits, u32 size);
bool mf_vectors_add(struct mf_vectors *vectors, struct mf_flow *flow);
void mf_vectors_show(struct mf_vectors *vectors, struct mf_flow *flow);
void mf_vectors_hide(struct mf_vectors *vectors, const struct mf_flow *flow);
struct mf_flow *mf_vectors_find(const struct mf_vectors *vectors, struct mf_key *key, u32 *probes);

int mf_digits_choose(struct mf_digits *digits, const struct mf_flow *const *flow, u32 n, u32 flows);

/* The row of a digit for a value. */
static inline size_t mf_vectors_row(const struct mf_vectors *vectors, u32 digit, u32 value)
{
	return (size_t)(digit * MF_DIGIT_VALUES + value) * vectors->words;
}

#endif
