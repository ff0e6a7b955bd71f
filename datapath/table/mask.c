// SPDX-License-Identifier: GPL-2.0-only
/*
 * Masks: packed from a full-size mask, and unpacked again for a dump.
 */
#include <linux/random.h>
#include <linux/slab.h>

#include "mask.h"

/**
 * mf_mask_new() - pack a full-size mask into the words that it touches
 * @bits: the mask, every block valid
 * @gfp: how to allocate
 *
 * Context: as @gfp says.
 * Return: a mask without references, or NULL when there is no memory.
 */
struct mf_mask *mf_mask_new(const struct mf_key *bits, gfp_t gfp)
{
	struct mf_mask *mask;
	u32 n = 0;
	u32 b;
	u32 i;

	for (i = 0; i < MF_KEY_WORDS; i++)
		n += i < MF_BASE_WORDS || bits->words[i];

	mask = kzalloc(struct_size(mask, word, n), gfp);
	if (!mask)
		return NULL;
	mask->seed = get_random_u64();

	for (b = 0; b < MF_BLOCKS; b++) {
		u32 end = mf_key_blocks[b].first + mf_key_blocks[b].n;

		for (i = mf_key_blocks[b].first; i < end; i++) {
			if (i >= MF_BASE_WORDS && !bits->words[i])
				continue;
			mask->word[mask->n].index = i;
			mask->word[mask->n].bits = bits->words[i];
			mask->n++;
			mask->blocks |= BIT(b);
		}
	}
	return mask;
}

/* Add words to a hash; without @words they are all zero. */
static __uint128_t add_words(__uint128_t sum, const u64 *words, u32 i, u32 end,
			     const struct mf_secrets *secrets)
{
	const u64 *k = secrets->k;

	for (; i < end; i += 2) {
		u64 a = words ? words[i] : 0;
		u64 b = words && i + 1 < end ? words[i + 1] : 0;

		sum = mf_nh_pair(sum, a + k[i], i + 1 < end ? b + k[i + 1] : secrets->odd);
	}
	return sum;
}

/**
 * mf_mask_add_tail() - add the words behind the base block to a hash
 * @sum: the hash so far
 * @mask: the mask
 * @key: the key; the mask's blocks must be readable
 * @secrets: the table's
 *
 * Context: any.
 * Return: the hash with them.
 */
__uint128_t mf_mask_add_tail(__uint128_t sum, const struct mf_mask *mask, const struct mf_key *key,
			     const struct mf_secrets *secrets)
{
	const u64 *k = secrets->k;
	u32 i;

	for (i = MF_BASE_WORDS; i < mask->n; i += 2) {
		const struct mf_mask_word *w = &mask->word[i];
		u64 a = (key->words[w[0].index] & w[0].bits) + k[i];
		u64 b = secrets->odd;

		if (i + 1 < mask->n)
			b = (key->words[w[1].index] & w[1].bits) + k[i + 1];
		sum = mf_nh_pair(sum, a, b);
	}
	return sum;
}

/**
 * mf_mask_key() - get a mask ready for the hash of a table
 * @mask: the mask
 * @secrets: the table's
 *
 * Context: any; nobody looks up by the mask yet.
 */
void mf_mask_key(struct mf_mask *mask, const struct mf_secrets *secrets)
{
	__uint128_t sum = add_words(mask->seed, NULL, MF_BASE_WORDS, mask->n, secrets);

	mask->absent[0] = (u64)sum;
	mask->absent[1] = (u64)(sum >> 64);
}

/**
 * mf_mask_hash_words() - hash words that a mask has seen
 * @mask: the mask
 * @words: masked words, one for each of the mask
 * @secrets: the table's
 *
 * Context: any.
 * Return: 64-bit hash, as mf_mask_hash() of a key with these words.
 */
u64 mf_mask_hash_words(const struct mf_mask *mask, const u64 *words,
		       const struct mf_secrets *secrets)
{
	return mf_nh_fold(add_words(mask->seed, words, 0, mask->n, secrets));
}

/**
 * mf_mask_expand() - unpack a mask into the layout of a key
 * @bits: filled in, every block valid
 * @mask: the mask
 *
 * Context: any.
 */
void mf_mask_expand(struct mf_key *bits, const struct mf_mask *mask)
{
	u32 i;

	memset(bits->words, 0, sizeof(bits->words));
	bits->blocks = GENMASK(MF_BLOCKS - 1, 0);
	for (i = 0; i < mask->n; i++)
		bits->words[mask->word[i].index] = mask->word[i].bits;
}
