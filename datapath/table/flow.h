/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A flow: masked words to compare, a program to run, counters.
 */
#ifndef MF_TABLE_FLOW_H
#define MF_TABLE_FLOW_H

#include <linux/if_ether.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include <linux/u64_stats_sync.h>

#include "../key/ufid.h"
#include "mask.h"
#include "signature.h"

struct mf_key;
struct mf_node;
struct mf_program;
struct sk_buff;

/**
 * struct mf_flow_stats - what one CPU counted for one flow
 * @sync: guards the counters on 32-bit machines
 * @packets: packets
 * @bytes: their bytes from the link header on, a tag beside the frame included
 * @used: jiffies of the last packet
 * @tcp_flags: all TCP flags seen, low byte
 */
struct mf_flow_stats {
	struct u64_stats_sync sync;
	u64_stats_t packets;
	u64_stats_t bytes;
	unsigned long used;
	u8 tcp_flags;
};

/**
 * struct mf_flow_totals - a flow's counters, all CPUs together
 * @packets: packets since the last clear
 * @bytes: bytes since the last clear
 * @used: jiffies of the last packet; meaningful if @seen
 * @tcp_flags: all TCP flags seen
 * @seen: there has been a packet since the last clear
 */
struct mf_flow_totals {
	u64 packets;
	u64 bytes;
	unsigned long used;
	u8 tcp_flags;
	bool seen;
};

/**
 * struct mf_flow - a flow; what a packet touches stands at the end
 * @id_node: link in the table of identifiers
 * @ufid: its UFID; empty if the unmasked key identifies it
 * @id_key: the unmasked key, if that identifies it, else NULL
 * @cleared: what @stats held when user space last cleared them; under the
 *	table's lock
 * @rcu: to free it after the packets that use it
 * @sig: in the signature table, with the hash of its masked words
 * @index: its place among the table's slots
 * @place: in the node's bit vectors plus one, or 0; under the table's lock
 * @node_link: among the flows of @node, under the table's lock
 * @node: where it lives in the tree, under the table's lock
 * @seq: counts up with every flow of the table; of two that match, the one of
 *	the lower number wins
 * @tail: the words of @key behind the base block, or-ed: 0 if a packet without
 *	these blocks agrees with them
 * @mask: its mask, counted in mask->refs
 * @prog: its program; changes under the table's lock
 * @stats: a pointer a CPU, each allocated by the CPU's first packet
 * @key: its masked words, one for each word of the mask
 */
struct mf_flow {
	struct rhash_head id_node;
	struct mf_ufid ufid;
	struct mf_key *id_key;
	struct mf_flow_totals cleared;
	struct rcu_head rcu;
	struct mf_sig_item sig;
	u32 index;
	u32 place;
	struct list_head node_link;
	struct mf_node *node;
	u64 seq;
	u64 tail;
	struct mf_mask *mask;
	struct mf_program __rcu *prog;
	struct mf_flow_stats __rcu **stats;
	u64 key[];
};

struct mf_flow *mf_flow_new(const struct mf_mask *mask, const struct mf_key *key);
void mf_flow_free(struct mf_flow *flow);
void mf_flow_free_rcu(struct mf_flow *flow);

void mf_flow_count(struct mf_flow *flow, const struct sk_buff *skb, u8 tcp_flags);
void mf_flow_totals(const struct mf_flow *flow, struct mf_flow_totals *totals);
void mf_flow_clear(struct mf_flow *flow);
void mf_flow_expand(struct mf_key *key, const struct mf_flow *flow);

u64 mf_flow_tail_differs(const struct mf_flow *flow, struct mf_key *key);

/**
 * mf_flow_matches() - does a packet match a flow?
 * @flow: the flow
 * @key: the packet's key; blocks that have to be read are made readable
 *
 * Context: RCU read lock or the table's lock held.
 * Return: true if it does.
 */
static __always_inline bool mf_flow_matches(const struct mf_flow *flow, struct mf_key *key)
{
	const struct mf_mask *mask = flow->mask;
	u64 diff = flow->tail;
	u32 i;

	if (unlikely(!mf_mask_is_tail_absent(mask, key)))
		diff = mf_flow_tail_differs(flow, key);
#pragma GCC unroll 8
	for (i = 0; i < MF_BASE_WORDS; i++)
		diff |= (key->words[i] & mask->word[i].bits) ^ flow->key[i];
	return !diff;
}

/**
 * mf_flow_word() - what a flow wants of a word of the key
 * @flow: the flow
 * @word: index of the word
 * @bits: set to what its mask sees of it, perhaps 0
 * @value: set to what has to be there
 *
 * Context: any.
 */
static inline void mf_flow_word(const struct mf_flow *flow, u32 word, u64 *bits, u64 *value)
{
	const struct mf_mask *mask = flow->mask;
	u32 i;

	*bits = 0;
	*value = 0;
	for (i = 0; i < mask->n; i++) {
		if (mask->word[i].index != word)
			continue;
		*bits = mask->word[i].bits;
		*value = flow->key[i];
		return;
	}
}

int mf_flow_init(void);
void mf_flow_exit(void);

#endif
