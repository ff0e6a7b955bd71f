// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cache of a CPU: find an answer, keep one.
 */
#include <linux/percpu.h>
#include <linux/slab.h>

#include "cache.h"
#include "flow.h"
#include "limits.h"
#include "slots.h"

/* Lookups after which it is decided anew whether answers are kept sparingly. */
#define PERIOD 1024

/* Of the answers in a period that is sparing, one of so many is kept. */
#define SPARING 4

/**
 * mf_cache_new() - make an empty cache
 * @size: MASKS_CACHE_SIZE, a power of two
 *
 * Context: process, may sleep.
 * Return: the cache, or NULL when there is no memory.
 */
struct mf_cache *mf_cache_new(u32 size)
{
	u32 buckets = min_t(u32, size, MF_CACHE_ENTRIES_MAX / MF_CACHE_SCALE) * MF_CACHE_SCALE /
		      MF_CACHE_WAYS;
	struct mf_cache *cache;
	int cpu;

	cache = kzalloc_obj(*cache);
	if (!cache)
		return NULL;
	cache->mask = buckets - 1;
	cache->cpu = alloc_percpu(struct mf_cache_cpu);
	if (!cache->cpu)
		goto err;
	for_each_possible_cpu(cpu) {
		struct mf_cache_cpu *own = per_cpu_ptr(cache->cpu, cpu);

		local_lock_init(&own->lock);
		own->bucket = kvzalloc_node(array_size(buckets, sizeof(*own->bucket)),
					    GFP_KERNEL, cpu_to_node(cpu));
		if (!own->bucket)
			goto err;
	}
	return cache;

err:
	mf_cache_free(cache);
	return NULL;
}

/**
 * mf_cache_free() - free a cache that no packet can find
 * @cache: the cache, or NULL
 *
 * Context: process or softirq.
 */
void mf_cache_free(struct mf_cache *cache)
{
	int cpu;

	if (!cache)
		return;
	if (cache->cpu) {
		for_each_possible_cpu(cpu)
			kvfree(per_cpu_ptr(cache->cpu, cpu)->bucket);
		free_percpu(cache->cpu);
	}
	kfree(cache);
}

static void cache_free_rcu(struct rcu_head *rcu)
{
	mf_cache_free(container_of(rcu, struct mf_cache, rcu));
}

/**
 * mf_cache_free_rcu() - free a cache after the packets that use it
 * @cache: the cache, or NULL
 *
 * Context: any.
 */
void mf_cache_free_rcu(struct mf_cache *cache)
{
	if (cache)
		call_rcu(&cache->rcu, cache_free_rcu);
}

static struct mf_flow *bucket_find(const struct mf_cache_bucket *bucket,
				   const struct mf_slots *slots, u64 hash)
{
	int i;

	for (i = 0; i < MF_CACHE_WAYS; i++) {
		const struct mf_cache_entry *entry = &bucket->way[i];
		struct mf_flow *flow;

		if (entry->hash != hash)
			continue;
		flow = mf_slots_get(slots, entry->index);
		/* Another flow may have the index by now. */
		if (flow && (u32)flow->seq == entry->seq)
			return flow;
	}
	return NULL;
}

/* A scan, whose packets never come back, must not push out what others use. */
static void count_try(struct mf_cache_cpu *own, bool missed)
{
	own->misses += missed;
	if (++own->tries < PERIOD)
		return;
	own->sparing = own->misses > PERIOD / 2;
	own->tries = 0;
	own->misses = 0;
}

/**
 * mf_cache_find() - the flow that a packet's like got
 * @cache: the cache
 * @slots: the table's flows by index
 * @hash: of what the table's masks can see of the packet
 *
 * Context: BH off, RCU read lock held.
 * Return: the flow, which is in the table, or NULL.
 */
struct mf_flow *mf_cache_find(struct mf_cache *cache, const struct mf_slots *slots, u64 hash)
{
	struct mf_cache_cpu *own;
	struct mf_flow *flow;

	local_lock_nested_bh(&cache->cpu->lock);
	own = this_cpu_ptr(cache->cpu);
	flow = bucket_find(&own->bucket[hash & cache->mask], slots, hash);
	count_try(own, !flow);
	local_unlock_nested_bh(&cache->cpu->lock);
	return flow;
}

/**
 * mf_cache_store() - keep an answer, or not
 * @cache: the cache
 * @flow: the flow that the packet got. The search that found it began when
 *	the flow was in the table already, so that no older one was overlooked.
 * @hash: of what the table's masks could see of the packet at that time
 *
 * Context: BH off, RCU read lock held.
 */
void mf_cache_store(struct mf_cache *cache, const struct mf_flow *flow, u64 hash)
{
	struct mf_cache_bucket *bucket;
	struct mf_cache_cpu *own;
	u32 way;
	u32 i;

	local_lock_nested_bh(&cache->cpu->lock);
	own = this_cpu_ptr(cache->cpu);
	own->stores++;
	if (own->sparing && own->stores % SPARING)
		goto unlock;

	bucket = &own->bucket[hash & cache->mask];
	way = own->stores / SPARING % MF_CACHE_WAYS;
	for (i = 0; i < MF_CACHE_WAYS; i++)
		if (bucket->way[i].hash == hash || !bucket->way[i].seq)
			way = i;
	bucket->way[way] = (struct mf_cache_entry){
		.hash = hash,
		.index = flow->index,
		.seq = flow->seq,
	};
unlock:
	local_unlock_nested_bh(&cache->cpu->lock);
}
