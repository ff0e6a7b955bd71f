// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys as words: copy, mask, and the blocks that hold values.
 */
#include <linux/bitops.h>

#include "key.h"
#include "match.h"

#define KEY_WORD(member)	(offsetof(struct mf_key, member) / sizeof(u64))

/* A block lies between its first member and that of the next one. */
#define BLOCK(begin, end) {			\
		.first = KEY_WORD(begin),	\
		.n = KEY_WORD(end) - KEY_WORD(begin), \
	}

const struct mf_key_block mf_key_blocks[MF_BLOCKS] = {
	[MF_BLOCK_BASE]		= BLOCK(words, cvlan_tci),
	[MF_BLOCK_CVLAN]	= BLOCK(cvlan_tci, ipv6_src),
	[MF_BLOCK_IPV6]		= BLOCK(ipv6_src, arp_sip),
	[MF_BLOCK_ARP]		= BLOCK(arp_sip, nd_target),
	[MF_BLOCK_ND]		= BLOCK(nd_target, ct4_src),
	[MF_BLOCK_CT4]		= BLOCK(ct4_src, ct6_src),
	[MF_BLOCK_CT6]		= BLOCK(ct6_src, ct_labels),
	[MF_BLOCK_LABELS]	= BLOCK(ct_labels, mpls_lse),
	[MF_BLOCK_MPLS]		= BLOCK(mpls_lse, nsh_flags),
	[MF_BLOCK_NSH]		= BLOCK(nsh_flags, tun_id),
	[MF_BLOCK_TUNNEL]	= BLOCK(tun_id, tun_opts),
	[MF_BLOCK_TUN_OPTS]	= BLOCK(tun_opts, blocks),
};

#define STARTS_A_WORD(member) static_assert(offsetof(struct mf_key, member) % sizeof(u64) == 0)

STARTS_A_WORD(ipv6_src);
STARTS_A_WORD(arp_sip);
STARTS_A_WORD(nd_target);
STARTS_A_WORD(ct4_src);
STARTS_A_WORD(ct6_src);
STARTS_A_WORD(ct_labels);
STARTS_A_WORD(mpls_lse);
STARTS_A_WORD(nsh_flags);
STARTS_A_WORD(tun_id);
STARTS_A_WORD(tun_opts);
/* One cache line, and nothing the compiler put between the members. */
static_assert(offsetof(struct mf_key, cvlan_tci) == 64 && MF_BASE_WORDS == 8);
static_assert(offsetof(struct mf_key, blocks) == sizeof(struct mf_key_fields));
static_assert(MF_KEY_WORDS == 8 + 1 + 5 + 3 + 4 + 2 + 5 + 2 + 2 + 3 + 8 + 32);

/**
 * mf_key_block_of() - the block that a word is in
 * @word: index of the word
 *
 * Context: any.
 * Return: a bit, as in &struct mf_key.blocks.
 */
u32 mf_key_block_of(u32 word)
{
	u32 b = 0;

	while (word >= (u32)mf_key_blocks[b].first + mf_key_blocks[b].n)
		b++;
	return BIT(b);
}

/**
 * mf_key_zero_blocks() - zero blocks and make them valid
 * @key: the key
 * @missing: bitmap of the blocks, at least one
 *
 * Context: any.
 */
void mf_key_zero_blocks(struct mf_key *key, u32 missing)
{
	u32 todo;

	for (todo = missing; todo; todo &= todo - 1) {
		const struct mf_key_block *block = &mf_key_blocks[__ffs(todo)];

		mf_words_zero(&key->words[block->first], block->n);
	}
	key->blocks |= missing;
}

/**
 * mf_key_copy() - copy the valid blocks of a key
 * @to: the copy, wholly overwritten
 * @from: the original
 *
 * Context: any.
 */
void mf_key_copy(struct mf_key *to, const struct mf_key *from)
{
	unsigned long todo = from->blocks & ~BIT(MF_BLOCK_BASE);
	unsigned int i;

	memcpy(to->words, from->words, 64);
	to->blocks = from->blocks;
	for_each_set_bit(i, &todo, MF_BLOCKS)
		memcpy(&to->words[mf_key_blocks[i].first], &from->words[mf_key_blocks[i].first],
		       mf_key_blocks[i].n * sizeof(u64));
}

/**
 * mf_key_mask() - reduce a key to what a mask compares
 * @masked: the result; may be @key. A block that either input lacks is not
 *	valid in it.
 * @key: the key
 * @mask: the mask
 *
 * Context: any.
 */
void mf_key_mask(struct mf_key *masked, const struct mf_key *key, const struct mf_key *mask)
{
	unsigned long todo = key->blocks & mask->blocks;
	unsigned int i;
	unsigned int w;

	masked->blocks = todo;
	for_each_set_bit(i, &todo, MF_BLOCKS) {
		const struct mf_key_block *block = &mf_key_blocks[i];

		for (w = block->first; w < block->first + block->n; w++)
			masked->words[w] = key->words[w] & mask->words[w];
	}
}
