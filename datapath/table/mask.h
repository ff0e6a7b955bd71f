/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mask: which words of the key a flow compares, and which bits of them.
 */
#ifndef MF_TABLE_MASK_H
#define MF_TABLE_MASK_H

#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>

#include "../key/key.h"
#include "hash.h"

/* Secrets of the hash: one a word, and one to pair an odd last word with. */
struct mf_secrets {
	u64 k[MF_KEY_WORDS + 1];
};

/**
 * struct mf_mask_word - one word that a mask touches
 * @bits: ones where packets are compared
 * @index: of the word in the key
 */
struct mf_mask_word {
	u64 bits;
	u32 index;
};

/**
 * struct mf_mask - a mask, shared by the flows that have it
 * @rcu: to free it after the packets that use it
 * @node: link in the registry
 * @refs: flows that have it; under the table's lock
 * @tally: flows of one node that have it, while that is thought about; under
 *	the table's lock
 * @seed: start of the hash, so that equal words under two masks differ
 * @blocks: blocks of the key that it reads
 * @n: number of words that it touches
 * @word: those words, in ascending order
 */
struct mf_mask {
	struct rcu_head rcu;
	struct rhash_head node;
	u32 refs;
	u32 tally;
	u64 seed;
	u32 blocks;
	u32 n;
	struct mf_mask_word word[];
};

struct mf_mask *mf_mask_new(const struct mf_key *bits, gfp_t gfp);
void mf_mask_expand(struct mf_key *bits, const struct mf_mask *mask);

/**
 * mf_mask_take() - what a mask sees of a key
 * @mask: the mask
 * @key: the key; the mask's blocks must be readable
 * @seen: set to the masked words, one for each that the mask touches
 * @secrets: the table's
 *
 * Context: any.
 * Return: 64-bit hash of @seen.
 */
static __always_inline u64 mf_mask_take(const struct mf_mask *mask, const struct mf_key *key,
					u64 *seen, const struct mf_secrets *secrets)
{
	const struct mf_mask_word *w = mask->word;
	__uint128_t sum = mask->seed;
	u32 n = mask->n;
	u32 i;

	for (i = 0; i + 1 < n; i += 2, w += 2) {
		seen[i] = key->words[w[0].index] & w[0].bits;
		seen[i + 1] = key->words[w[1].index] & w[1].bits;
		sum = mf_nh_pair(sum, seen[i] + secrets->k[i], seen[i + 1] + secrets->k[i + 1]);
	}
	if (i < n) {
		seen[i] = key->words[w->index] & w->bits;
		sum = mf_nh_pair(sum, seen[i] + secrets->k[i], secrets->k[MF_KEY_WORDS]);
	}
	return mf_nh_fold(sum);
}

/**
 * mf_mask_hash() - hash what a mask sees of a key
 * @mask: the mask
 * @key: the key; the mask's blocks must be readable
 * @secrets: the table's
 *
 * Context: any.
 * Return: 64-bit hash, as mf_mask_take().
 */
static inline u64 mf_mask_hash(const struct mf_mask *mask, const struct mf_key *key,
			       const struct mf_secrets *secrets)
{
	u64 seen[MF_KEY_WORDS] __uninitialized;

	return mf_mask_take(mask, key, seen, secrets);
}

/**
 * mf_mask_matches() - compare a key with a flow's masked words
 * @mask: the mask
 * @key: the key; the mask's blocks must be readable
 * @want: the flow's words, one for each that the mask touches
 *
 * Context: any.
 * Return: true if all agree.
 */
static inline bool mf_mask_matches(const struct mf_mask *mask, const struct mf_key *key,
				   const u64 *want)
{
	u64 diff = 0;
	u32 i;

	for (i = 0; i < mask->n; i++)
		diff |= (key->words[mask->word[i].index] & mask->word[i].bits) ^ want[i];
	return !diff;
}

/**
 * mf_words_differ() - compare masked words
 * @seen: of a packet
 * @want: of a flow with the same mask
 * @n: their number
 *
 * Context: any.
 * Return: 0 if all agree.
 */
static __always_inline u64 mf_words_differ(const u64 *seen, const u64 *want, u32 n)
{
	u64 diff = 0;
	u32 i;

	for (i = 0; i < n; i++)
		diff |= seen[i] ^ want[i];
	return diff;
}

#endif
