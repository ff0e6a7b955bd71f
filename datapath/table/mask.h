/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mask: which words of the key a flow compares, and which bits of them.
 *
 * The words of the base block are always among them, whatever bits: a line of
 * code without a branch for eight words takes less than a loop for five.
 */
#ifndef MF_TABLE_MASK_H
#define MF_TABLE_MASK_H

#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>

#include "../key/key.h"
#include "hash.h"

/**
 * struct mf_secrets - what the hash is keyed with
 * @k: one for each word that a mask can touch, by its place in the mask
 * @odd: to pair an odd last word with
 */
struct mf_secrets {
	u64 k[MF_KEY_WORDS];
	u64 odd;
};

static_assert(MF_BASE_WORDS % 2 == 0);

/**
 * struct mf_mask_word - one word that a mask touches
 * @bits: ones where packets are compared; perhaps none in the base block
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
 * @absent: the seed and what the words behind the base block add to it where a
 *	packet has none of their blocks, low half first; set by mf_mask_key()
 * @blocks: blocks of the key that it reads
 * @n: number of words: those of the base block and what else it touches
 * @word: those words, in ascending order
 */
struct mf_mask {
	struct rcu_head rcu;
	struct rhash_head node;
	u32 refs;
	u32 tally;
	u64 seed;
	u64 absent[2];
	u32 blocks;
	u32 n;
	struct mf_mask_word word[];
};

struct mf_mask *mf_mask_new(const struct mf_key *bits, gfp_t gfp);
void mf_mask_key(struct mf_mask *mask, const struct mf_secrets *secrets);
u64 mf_mask_hash_words(const struct mf_mask *mask, const u64 *words,
		       const struct mf_secrets *secrets);
void mf_mask_expand(struct mf_key *bits, const struct mf_mask *mask);

/**
 * mf_mask_is_tail_absent() - has a packet nothing in the blocks behind the base block?
 * @mask: the mask
 * @key: the packet's key
 *
 * Most packets are in no tunnel, and most masks look for one. What is not there
 * counts as zero, and is neither zeroed nor read.
 *
 * Context: any.
 * Return: true if none of the mask's blocks but the base block is valid.
 */
static __always_inline bool mf_mask_is_tail_absent(const struct mf_mask *mask,
						   const struct mf_key *key)
{
	return !(mask->blocks & key->blocks & ~BIT(MF_BLOCK_BASE));
}

/* Add the words of the base block to a hash. */
static __always_inline __uint128_t mf_mask_add_base(__uint128_t sum, const struct mf_mask *mask,
						    const struct mf_key *key, const u64 *k)
{
	const struct mf_mask_word *w = mask->word;
	u32 i;

#pragma GCC unroll 4
	for (i = 0; i < MF_BASE_WORDS; i += 2)
		sum = mf_nh_pair(sum, (key->words[i] & w[i].bits) + k[i],
				 (key->words[i + 1] & w[i + 1].bits) + k[i + 1]);
	return sum;
}

__uint128_t mf_mask_add_tail(__uint128_t sum, const struct mf_mask *mask, const struct mf_key *key,
			     const struct mf_secrets *secrets);

/**
 * mf_mask_hash() - hash what a mask sees of a key
 * @mask: the mask, keyed
 * @key: the key; blocks that have to be read are made readable
 * @secrets: the table's
 *
 * Context: any.
 * Return: 64-bit hash.
 */
static __always_inline u64 mf_mask_hash(const struct mf_mask *mask, struct mf_key *key,
					const struct mf_secrets *secrets)
{
	__uint128_t sum;

	if (likely(mf_mask_is_tail_absent(mask, key))) {
		sum = (__uint128_t)mask->absent[1] << 64 | mask->absent[0];
	} else {
		mf_key_need(key, mask->blocks);
		sum = mf_mask_add_tail(mask->seed, mask, key, secrets);
	}
	return mf_nh_fold(mf_mask_add_base(sum, mask, key, secrets->k));
}

#endif
