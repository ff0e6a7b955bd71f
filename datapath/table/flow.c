// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flows: made, counted, freed.
 */
#include <linux/if_vlan.h>
#include <linux/jiffies.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "../action/program.h"
#include "flow.h"

static struct kmem_cache *stats_cache;

/**
 * mf_flow_new() - make a flow that is in no table yet
 * @mask: its mask, whose reference the table takes when the flow is inserted
 * @key: the key to mask, every block valid
 *
 * Context: process, may sleep.
 * Return: the flow, to be freed with mf_flow_free() or handed to the table; or
 * NULL when there is no memory.
 */
struct mf_flow *mf_flow_new(const struct mf_mask *mask, const struct mf_key *key)
{
	size_t size = struct_size_t(struct mf_flow, key, mask->n);
	struct mf_flow *flow;
	u32 i;

	/* The per-CPU pointers stand behind the key, whose words align them. */
	flow = kzalloc(size_add(size, array_size(nr_cpu_ids, sizeof(*flow->stats))), GFP_KERNEL);
	if (!flow)
		return NULL;
	flow->stats = (struct mf_flow_stats __rcu **)&flow->key[mask->n];
	for (i = 0; i < mask->n; i++)
		flow->key[i] = key->words[mask->word[i].index] & mask->word[i].bits;
	for (i = MF_BASE_WORDS; i < mask->n; i++)
		flow->tail |= flow->key[i];
	return flow;
}

/**
 * mf_flow_free() - free a flow that no packet can find
 * @flow: the flow, or NULL; its program is freed too
 *
 * Context: any.
 */
void mf_flow_free(struct mf_flow *flow)
{
	unsigned int cpu;

	if (!flow)
		return;
	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		struct mf_flow_stats *stats = rcu_access_pointer(flow->stats[cpu]);

		if (stats)
			kmem_cache_free(stats_cache, stats);
	}
	mf_program_free(rcu_access_pointer(flow->prog));
	kfree(flow->id_key);
	kfree(flow);
}

static void flow_free_rcu(struct rcu_head *rcu)
{
	mf_flow_free(container_of(rcu, struct mf_flow, rcu));
}

/**
 * mf_flow_free_rcu() - free a flow after the packets that use it
 * @flow: the flow, no longer in the table
 *
 * Context: any.
 */
void mf_flow_free_rcu(struct mf_flow *flow)
{
	call_rcu(&flow->rcu, flow_free_rcu);
}

static struct mf_flow_stats *stats_new(struct mf_flow *flow, unsigned int cpu)
{
	struct mf_flow_stats *stats;

	stats = kmem_cache_zalloc(stats_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!stats)
		return NULL;
	u64_stats_init(&stats->sync);
	rcu_assign_pointer(flow->stats[cpu], stats);
	return stats;
}

/**
 * mf_flow_count() - count a packet for a flow
 * @flow: the flow
 * @skb: the packet, data at the link header
 * @tcp_flags: its TCP flags, low byte; 0 for other protocols
 *
 * Each CPU writes a record of its own, so there is no lock. A packet that
 * finds no memory for the record is forwarded, but not counted.
 *
 * Context: BH off, RCU read lock held.
 */
void mf_flow_count(struct mf_flow *flow, const struct sk_buff *skb, u8 tcp_flags)
{
	unsigned int cpu = smp_processor_id();
	struct mf_flow_stats *stats;

	stats = rcu_dereference(flow->stats[cpu]);
	if (unlikely(!stats)) {
		stats = stats_new(flow, cpu);
		if (!stats)
			return;
	}

	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->packets);
	u64_stats_add(&stats->bytes, skb->len + (skb_vlan_tag_present(skb) ? VLAN_HLEN : 0));
	u64_stats_update_end(&stats->sync);

	WRITE_ONCE(stats->used, jiffies);
	if (tcp_flags & ~stats->tcp_flags)
		WRITE_ONCE(stats->tcp_flags, stats->tcp_flags | tcp_flags);
}

/* What all CPUs counted since the flow was made. */
static __always_inline void totals_ever(const struct mf_flow *flow, struct mf_flow_totals *totals)
{
	unsigned int cpu;

	memset(totals, 0, sizeof(*totals));
	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		const struct mf_flow_stats *stats = rcu_dereference_check(flow->stats[cpu], true);
		unsigned long used;
		unsigned int start;
		u64 packets;
		u64 bytes;

		if (!stats)
			continue;
		do {
			start = u64_stats_fetch_begin(&stats->sync);
			packets = u64_stats_read(&stats->packets);
			bytes = u64_stats_read(&stats->bytes);
		} while (u64_stats_fetch_retry(&stats->sync, start));
		used = READ_ONCE(stats->used);

		if (packets && (!totals->packets || time_after(used, totals->used)))
			totals->used = used;
		totals->packets += packets;
		totals->bytes += bytes;
		totals->tcp_flags |= READ_ONCE(stats->tcp_flags);
	}
	totals->seen = totals->packets != 0;
}

/**
 * mf_flow_totals() - add up a flow's counters
 * @flow: the flow
 * @totals: filled in
 *
 * Context: RCU read lock or the table's lock held.
 */
void mf_flow_totals(const struct mf_flow *flow, struct mf_flow_totals *totals)
{
	totals_ever(flow, totals);
	totals->packets -= flow->cleared.packets;
	totals->bytes -= flow->cleared.bytes;
	totals->seen = totals->packets != 0;
}

/**
 * mf_flow_clear() - start a flow's counters anew
 * @flow: the flow
 *
 * The packet path writes its records without a lock, so they are not zeroed:
 * what they hold now is subtracted from then on. Only the flags are reset in
 * place, where a packet at the same moment may keep an old one.
 *
 * Context: the table's lock held.
 */
void mf_flow_clear(struct mf_flow *flow)
{
	unsigned int cpu;

	totals_ever(flow, &flow->cleared);
	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		struct mf_flow_stats *stats = rcu_dereference_check(flow->stats[cpu], true);

		if (stats)
			WRITE_ONCE(stats->tcp_flags, 0);
	}
}

/**
 * mf_flow_tail_differs() - compare what a packet has behind the base block
 * @flow: the flow
 * @key: the packet's key; blocks that have to be read are made readable
 *
 * Context: RCU read lock or the table's lock held.
 * Return: 0 if all agree.
 */
u64 mf_flow_tail_differs(const struct mf_flow *flow, struct mf_key *key)
{
	const struct mf_mask *mask = flow->mask;
	u64 diff = 0;
	u32 i;

	mf_key_need(key, mask->blocks);
	for (i = MF_BASE_WORDS; i < mask->n; i++)
		diff |= (key->words[mask->word[i].index] & mask->word[i].bits) ^ flow->key[i];
	return diff;
}

/**
 * mf_flow_expand() - a flow's masked key in the layout of a key
 * @key: filled in, every block valid
 * @flow: the flow
 *
 * Context: RCU read lock or the table's lock held.
 */
void mf_flow_expand(struct mf_key *key, const struct mf_flow *flow)
{
	const struct mf_mask *mask = flow->mask;
	u32 i;

	memset(key->words, 0, sizeof(key->words));
	key->blocks = GENMASK(MF_BLOCKS - 1, 0);
	for (i = 0; i < mask->n; i++)
		key->words[mask->word[i].index] = flow->key[i];
}

/**
 * mf_flow_init() - get ready to count
 *
 * Context: module load.
 * Return: 0 or -ENOMEM.
 */
int mf_flow_init(void)
{
	stats_cache = KMEM_CACHE(mf_flow_stats, SLAB_HWCACHE_ALIGN);
	return stats_cache ? 0 : -ENOMEM;
}

/**
 * mf_flow_exit() - give back what mf_flow_init() took
 *
 * Context: module unload, after a grace period that followed the last flow.
 */
void mf_flow_exit(void)
{
	kmem_cache_destroy(stats_cache);
}
