// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which digits of the key tell a node's flows apart.
 *
 * A few packets are made, of two of the flows each, and held against a sample
 * of flows. The digit in which most pairs differ comes first; then, among the
 * pairs that do not differ in it, the next one. When hardly a pair is left, all
 * of them judge the digits that remain.
 */
#include <linux/bitops.h>
#include <linux/slab.h>

#include "flow.h"
#include "vectors.h"

#define FLOWS_MAX 64
#define PACKETS 16
#define PAIRS_MAX (FLOWS_MAX * PACKETS)
#define DIGITS_A_WORD 16

/* Pairs that are too few to judge by. */
#define PAIRS_FEW 32

/* Costs in instructions, roughly: of a digit, of a flow that is compared. */
#define COST_DIGIT 12
#define COST_FLOW 30

/* Flows are less than one in the end, so they are counted in such parts. */
#define PART_SHIFT 8

/**
 * struct trial - packets against flows
 * @n_words: words that any of the flows has
 * @word: their indices
 * @slot: where each of them stands in @word
 * @packet: the packet at hand
 * @pairs: pairs that were made
 * @alike: those that differ in no digit that was chosen
 * @apart: for each pair and slot, a bit for each digit in which the two differ,
 *	of those that were not chosen
 * @same: the pair is one of @alike
 * @count: of pairs that differ in each digit, of those that are @same
 */
struct trial {
	u32 n_words;
	u8 word[MF_KEY_WORDS];
	u8 slot[MF_KEY_WORDS];
	u64 packet[MF_KEY_WORDS];
	u32 pairs;
	u32 alike;
	u16 *apart;
	bool same[PAIRS_MAX];
	u16 count[MF_KEY_WORDS][DIGITS_A_WORD];
};

/* What is known of a pair. */
static u16 *apart_of(const struct trial *trial, u32 pair)
{
	return trial->apart + pair * trial->n_words;
}

/* The words that any of some flows has. */
static void take_words(struct trial *trial, const struct mf_flow *const *flow, u32 n)
{
	DECLARE_BITMAP(words, MF_KEY_WORDS) = { 0 };
	u32 w;
	u32 f;
	u32 i;

	for (f = 0; f < n; f++)
		for (i = 0; i < flow[f]->mask->n; i++)
			__set_bit(flow[f]->mask->word[i].index, words);
	trial->n_words = 0;
	for_each_set_bit(w, words, MF_KEY_WORDS) {
		trial->slot[w] = trial->n_words;
		trial->word[trial->n_words++] = w;
	}
}

/* A packet of one flow, which in what that leaves open is one of another. */
static void make_packet(struct trial *trial, const struct mf_flow *one,
			const struct mf_flow *other)
{
	u32 i;

	memset(trial->packet, 0, sizeof(trial->packet));
	for (i = 0; i < other->mask->n; i++)
		trial->packet[other->mask->word[i].index] = other->key[i];
	for (i = 0; i < one->mask->n; i++) {
		u64 *word = &trial->packet[one->mask->word[i].index];

		*word = (*word & ~one->mask->word[i].bits) | one->key[i];
	}
}

/* A bit for each digit of a word that is not 0. */
static u16 digits_of(u64 word)
{
	u16 digits = 0;

	while (word) {
		u32 d = __ffs64(word) / 4;

		digits |= BIT(d);
		word &= ~((u64)(MF_DIGIT_VALUES - 1) << (4 * d));
	}
	return digits;
}

/* Pairs that match would be compared anyway. */
static void add_pair(struct trial *trial, const struct mf_flow *flow)
{
	u16 *apart = apart_of(trial, trial->pairs);
	u32 any = 0;
	u32 i;

	memset(apart, 0, trial->n_words * sizeof(*apart));
	for (i = 0; i < flow->mask->n; i++) {
		const struct mf_mask_word *word = &flow->mask->word[i];
		u16 digits = digits_of((trial->packet[word->index] ^ flow->key[i]) & word->bits);

		apart[trial->slot[word->index]] = digits;
		any |= digits;
	}
	trial->pairs += any != 0;
}

static void all_alike(struct trial *trial)
{
	memset(trial->same, true, trial->pairs);
	trial->alike = trial->pairs;
}

static void count_pairs(struct trial *trial)
{
	unsigned long digits;
	u32 p;
	u32 w;
	u32 d;

	memset(trial->count, 0, trial->n_words * sizeof(trial->count[0]));
	for (p = 0; p < trial->pairs; p++) {
		if (!trial->same[p])
			continue;
		for (w = 0; w < trial->n_words; w++) {
			digits = apart_of(trial, p)[w];
			for_each_set_bit(d, &digits, DIGITS_A_WORD)
				trial->count[w][d]++;
		}
	}
}

/* The digit in which most pairs differ of those alike. Returns how many. */
static u32 best_digit(struct trial *trial, struct mf_digit *digit)
{
	u32 best = 0;
	u32 w;
	u32 d;

	count_pairs(trial);
	for (w = 0; w < trial->n_words; w++) {
		for (d = 0; d < DIGITS_A_WORD; d++) {
			if (trial->count[w][d] <= best)
				continue;
			best = trial->count[w][d];
			*digit = (struct mf_digit){ .word = trial->word[w], .shift = 4 * d };
		}
	}
	return best;
}

static void tell_apart(struct trial *trial, const struct mf_digit *digit)
{
	u16 bit = BIT(digit->shift / 4);
	u32 p;

	for (p = 0; p < trial->pairs; p++) {
		u16 *apart = apart_of(trial, p) + trial->slot[digit->word];

		if (!(*apart & bit))
			continue;
		*apart &= ~bit;
		trial->alike -= trial->same[p];
		trial->same[p] = false;
	}
}

static void choose(struct trial *trial, struct mf_digits *digits, u32 flows)
{
	u64 parts = (u64)flows << PART_SHIFT;

	all_alike(trial);
	while (digits->n < MF_DIGITS_MAX) {
		struct mf_digit digit;
		u64 spared;

		if (trial->alike < PAIRS_FEW)
			all_alike(trial);
		spared = best_digit(trial, &digit);
		/* As many flows need no longer be compared: is it worth the digit? */
		if (parts * spared * COST_FLOW <= ((u64)trial->alike * COST_DIGIT) << PART_SHIFT)
			break;
		/* That it spares all of few pairs does not say that it spares all. */
		parts -= parts * spared / (trial->alike + 1);
		digits->digit[digits->n++] = digit;
		tell_apart(trial, &digit);
	}
}

/**
 * mf_digits_choose() - choose the digits that tell flows apart
 * @digits: set to what was chosen, perhaps nothing
 * @flow: flows, one at least
 * @n: their number
 * @flows: how many flows there are, of which @flow may be a sample
 *
 * Context: the table's lock held, may sleep.
 * Return: 0 or -ENOMEM.
 */
int mf_digits_choose(struct mf_digits *digits, const struct mf_flow *const *flow, u32 n, u32 flows)
{
	u32 sample = min_t(u32, n, FLOWS_MAX);
	struct trial *trial;
	u32 p;
	u32 f;

	digits->n = 0;
	trial = kmalloc_obj(*trial);
	if (!trial)
		return -ENOMEM;
	trial->pairs = 0;
	take_words(trial, flow, n);
	/* And room for one that turns out to match. */
	trial->apart = kvmalloc(array3_size(sample * PACKETS + 1, trial->n_words, sizeof(u16)),
				GFP_KERNEL);
	if (!trial->apart) {
		kfree(trial);
		return -ENOMEM;
	}
	for (p = 0; p < PACKETS; p++) {
		make_packet(trial, flow[p * n / PACKETS], flow[(p * n / PACKETS + n / 2 + p) % n]);
		for (f = 0; f < sample; f++)
			add_pair(trial, flow[f * n / sample]);
	}
	choose(trial, digits, flows);
	kvfree(trial->apart);
	kfree(trial);
	return 0;
}
