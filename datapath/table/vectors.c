// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bit vectors: flows come, go, and are found.
 */
#include <linux/bitops.h>
#include <linux/slab.h>

#include "flow.h"
#include "vectors.h"

/**
 * mf_vectors_new() - make vectors without flows
 * @digits: what to look at, at least one
 * @size: places for flows, at least
 *
 * Context: process, may sleep.
 * Return: the vectors, to be freed with kvfree(); or NULL when there is no
 * memory.
 */
struct mf_vectors *mf_vectors_new(const struct mf_digits *digits, u32 size)
{
	/* A search looks at two words of each row at a time. */
	u32 words = DIV_ROUND_UP(size, 2 * 64) * 2;
	size_t rows = array_size(digits->n * MF_DIGIT_VALUES, words);
	struct mf_vectors *vectors;
	u32 d;

	/* A place's pointer is as long as a word of a row, or shorter. */
	size = words * 64;
	vectors = kvzalloc(struct_size(vectors, row, size_add(rows, size)), GFP_KERNEL);
	if (!vectors)
		return NULL;
	vectors->digits = *digits;
	vectors->words = words;
	vectors->size = size;
	vectors->oldest = U64_MAX;
	vectors->flow = (struct mf_flow __rcu **)&vectors->row[rows];
	for (d = 0; d < digits->n; d++)
		vectors->blocks |= mf_key_block_of(digits->digit[d].word);
	return vectors;
}

/* Set a flow's bit in the rows of those of a digit's values that it may match. */
static void set_bits(struct mf_vectors *vectors, u32 d, const struct mf_flow *flow)
{
	const struct mf_digit *digit = &vectors->digits.digit[d];
	u32 w = vectors->n / 64;
	u32 value;
	u64 bits;
	u64 want;

	mf_flow_word(flow, digit->word, &bits, &want);
	bits >>= digit->shift;
	want >>= digit->shift;
	for (value = 0; value < MF_DIGIT_VALUES; value++) {
		u64 *word = &vectors->row[mf_vectors_row(vectors, d, value) + w];

		if (!((value ^ want) & bits & (MF_DIGIT_VALUES - 1)))
			WRITE_ONCE(*word, *word | BIT_ULL(vectors->n % 64));
	}
}

/**
 * mf_vectors_add() - give a flow a place
 * @vectors: the vectors
 * @flow: the flow, younger than all that are there. Nobody finds it before
 *	mf_vectors_show().
 *
 * Context: the table's lock held.
 * Return: false if they are full.
 */
bool mf_vectors_add(struct mf_vectors *vectors, struct mf_flow *flow)
{
	u32 d;

	if (vectors->n == vectors->size)
		return false;
	for (d = 0; d < vectors->digits.n; d++)
		set_bits(vectors, d, flow);
	vectors->oldest = min(vectors->oldest, flow->seq);
	vectors->live++;
	flow->place = vectors->n + 1;
	WRITE_ONCE(vectors->n, flow->place);
	return true;
}

/**
 * mf_vectors_show() - let packets find a flow
 * @vectors: the vectors
 * @flow: a flow with a place
 *
 * Context: the table's lock held.
 */
void mf_vectors_show(struct mf_vectors *vectors, struct mf_flow *flow)
{
	rcu_assign_pointer(vectors->flow[flow->place - 1], flow);
}

/**
 * mf_vectors_hide() - let no new packet find a flow
 * @vectors: the vectors
 * @flow: a flow with a place; it keeps it
 *
 * Context: the table's lock held.
 */
void mf_vectors_hide(struct mf_vectors *vectors, const struct mf_flow *flow)
{
	RCU_INIT_POINTER(vectors->flow[flow->place - 1], NULL);
}

/* The rows of a key. Past the last digit the first stands in, to fill a step. */
static __always_inline u32 take_rows(const struct mf_vectors *vectors, const struct mf_key *key,
				     const u64 *row[MF_DIGITS_MAX])
{
	u32 d;

	for (d = 0; d < vectors->digits.n; d++) {
		const struct mf_digit *digit = &vectors->digits.digit[d];
		u32 value = key->words[digit->word] >> digit->shift & (MF_DIGIT_VALUES - 1);

		row[d] = &vectors->row[mf_vectors_row(vectors, d, value)];
	}
	for (; d % MF_DIGITS_STEP; d++)
		row[d] = row[0];
	return d;
}

/*
 * The bits that two words have in all rows. To find out where a row is takes as
 * long as to read a word of it, so it is done once for two.
 */
static __always_inline bool and_rows(const u64 *const row[MF_DIGITS_MAX], u32 n, size_t w,
				     u64 bits[2])
{
	const u64 *const *end = row + n;

	bits[0] = U64_MAX;
	bits[1] = U64_MAX;
	for (; (bits[0] | bits[1]) && row < end; row += MF_DIGITS_STEP) {
		u32 d;

#pragma GCC unroll 4
		for (d = 0; d < MF_DIGITS_STEP; d++) {
			bits[0] &= READ_ONCE(row[d][w]);
			bits[1] &= READ_ONCE(row[d][w + 1]);
		}
	}
	return bits[0] | bits[1];
}

/* The oldest flow that a key matches, of those in a word's places that have a bit. */
static struct mf_flow *find_flow(const struct mf_vectors *vectors, u32 w, u64 bits,
				 struct mf_key *key, u32 *probes)
{
	for (; bits; bits &= bits - 1) {
		struct mf_flow *flow;

		flow = rcu_dereference_check(vectors->flow[w * 64 + __ffs64(bits)], true);
		if (!flow)
			continue;
		++*probes;
		if (mf_flow_matches(flow, key))
			return flow;
	}
	return NULL;
}

/**
 * mf_vectors_find() - the oldest flow that a key matches
 * @vectors: the vectors
 * @key: the key; blocks that are needed are made readable
 * @probes: the number of flows compared is added
 *
 * Context: RCU read lock or the table's lock held.
 * Return: the flow, or NULL.
 */
struct mf_flow *mf_vectors_find(const struct mf_vectors *vectors, struct mf_key *key, u32 *probes)
{
	const u64 *row[MF_DIGITS_MAX] __uninitialized;
	u32 n = READ_ONCE(vectors->n);
	u32 rows;
	u32 w;

	mf_key_need(key, vectors->blocks);
	rows = take_rows(vectors, key, row);
	for (w = 0; w * 64 < n; w += 2) {
		struct mf_flow *flow;
		u64 bits[2];

		if (!and_rows(row, rows, w, bits))
			continue;
		flow = find_flow(vectors, w, bits[0], key, probes) ?:
		       find_flow(vectors, w + 1, bits[1], key, probes);
		if (flow)
			return flow;
	}
	return NULL;
}
