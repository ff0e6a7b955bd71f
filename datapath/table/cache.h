/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cache of a CPU: which flow a packet's like got.
 *
 * An entry holds a hash of all that any mask can see of a packet, and a flow's
 * index with the low half of its number. It holds no pointer, so nothing is
 * flushed when a flow goes: the index then leads nowhere, or to a flow of
 * another number. And nothing is flushed when a flow comes: the oldest wins,
 * so it does not take a packet from the flow that the cache remembers.
 */
#ifndef MF_TABLE_CACHE_H
#define MF_TABLE_CACHE_H

#include <linux/cache.h>
#include <linux/local_lock.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct mf_flow;
struct mf_slots;

#define MF_CACHE_WAYS 4

/**
 * struct mf_cache_entry - what is remembered of a packet
 * @hash: of what masks can see of it
 * @index: of its flow
 * @seq: low half of its flow's number
 */
struct mf_cache_entry {
	u64 hash;
	u32 index;
	u32 seq;
};

/**
 * struct mf_cache_bucket - the entries whose hashes begin alike: a cache line
 * @way: the entries
 */
struct mf_cache_bucket {
	struct mf_cache_entry way[MF_CACHE_WAYS];
} ____cacheline_aligned;

/**
 * struct mf_cache_cpu - a CPU's cache
 * @lock: keeps other softirqs of the CPU off it, on kernels that let them run
 * @bucket: the entries
 * @stores: answers that were offered, which also says where the next goes
 * @tries: lookups in this period
 * @misses: those of them that found nothing
 * @sparing: the last period mostly missed, so that few answers are kept
 */
struct mf_cache_cpu {
	local_lock_t lock;
	struct mf_cache_bucket *bucket;
	u32 stores;
	u16 tries;
	u16 misses;
	bool sparing;
};

/**
 * struct mf_cache - the caches of all CPUs
 * @rcu: to free it after its readers
 * @mask: number of buckets a CPU less one; they are a power of two
 * @cpu: a CPU's each
 */
struct mf_cache {
	struct rcu_head rcu;
	u32 mask;
	struct mf_cache_cpu __percpu *cpu;
};

struct mf_cache *mf_cache_new(u32 size);
void mf_cache_free(struct mf_cache *cache);
void mf_cache_free_rcu(struct mf_cache *cache);

struct mf_flow *mf_cache_find(struct mf_cache *cache, const struct mf_slots *slots, u64 hash);
void mf_cache_store(struct mf_cache *cache, const struct mf_flow *flow, u64 hash);

#endif
