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
		n += bits->words[i] != 0;

	mask = kzalloc(struct_size(mask, word, n), gfp);
	if (!mask)
		return NULL;
	mask->seed = get_random_u64();

	for (b = 0; b < MF_BLOCKS; b++) {
		u32 end = mf_key_blocks[b].first + mf_key_blocks[b].n;

		for (i = mf_key_blocks[b].first; i < end; i++) {
			if (!bits->words[i])
				continue;
			mask->word[mask->n].index = i;
			mask->word[mask->n].bits = bits->words[i];
			mask->n++;
			mask->blocks |= BIT(b);
		}
	}
	return mask;
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
