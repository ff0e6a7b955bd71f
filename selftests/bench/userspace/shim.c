// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parts of the shim that are not one line.
 */
#include "shim.h"

#define RHASH_BUCKETS 16384

u32 shim_fail_every;
u64 shim_random_state = 1;

static struct rcu_head *deferred;
static struct work_struct *queued;

void *shim_alloc(size_t size)
{
	if (shim_fail_every && get_random_u32() % shim_fail_every == 0)
		return NULL;
	return calloc(1, size);
}

void *shim_alloc_line(size_t size)
{
	void *p;

	if (shim_fail_every && get_random_u32() % shim_fail_every == 0)
		return NULL;
	size = (size + 63) & ~63ul;
	p = aligned_alloc(64, size);
	if (p)
		memset(p, 0, size);
	return p;
}

void shim_free(const void *p)
{
	free((void *)p);
}

struct kmem_cache *shim_cache(size_t size)
{
	struct kmem_cache *cache = malloc(sizeof(*cache));

	assert(cache);
	cache->size = size;
	return cache;
}

void shim_defer(struct rcu_head *rcu, void (*func)(struct rcu_head *rcu), const void *memory)
{
	rcu->func = func;
	rcu->memory = memory;
	rcu->next = deferred;
	deferred = rcu;
}

void shim_grace(void)
{
	/* What a callback defers again waits for the next round of the loop. */
	while (deferred) {
		struct rcu_head *rcu = deferred;

		deferred = rcu->next;
		if (rcu->func)
			rcu->func(rcu);
		else
			free((void *)rcu->memory);
	}
}

bool shim_queue(struct work_struct *work)
{
	if (work->pending)
		return false;
	work->pending = true;
	work->next = queued;
	queued = work;
	return true;
}

bool shim_cancel(struct work_struct *work)
{
	struct work_struct **link;

	for (link = &queued; *link; link = &(*link)->next) {
		if (*link != work)
			continue;
		*link = work->next;
		work->pending = false;
		return true;
	}
	return false;
}

void shim_work(void)
{
	while (queued) {
		struct work_struct *work = queued;

		queued = work->next;
		work->pending = false;
		work->func(work);
	}
}

/* splitmix64 */
u64 get_random_u64(void)
{
	u64 x = shim_random_state += 0x9e3779b97f4a7c15ull;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

void get_random_bytes(void *to, size_t n)
{
	u8 *byte = to;

	while (n--)
		*byte++ = get_random_u64();
}

/* FNV-1a: nobody attacks it here. */
u32 jhash(const void *data, u32 len, u32 seed)
{
	const u8 *byte = data;
	u64 h = 0xcbf29ce484222325ull ^ seed;

	while (len--)
		h = (h ^ *byte++) * 0x100000001b3ull;
	return h ^ (h >> 32);
}

int rhashtable_init(struct rhashtable *table, const struct rhashtable_params *params)
{
	table->params = *params;
	table->bucket = shim_alloc(RHASH_BUCKETS * sizeof(*table->bucket));
	return table->bucket ? 0 : -ENOMEM;
}

void rhashtable_destroy(struct rhashtable *table)
{
	free(table->bucket);
}

static const void *object_of(const struct rhashtable *table, const struct rhash_head *head)
{
	return (const char *)head - table->params.head_offset;
}

static struct rhash_head **bucket_of(struct rhashtable *table, const struct rhash_head *head)
{
	u32 hash = table->params.obj_hashfn(object_of(table, head), 0, 0);

	return &table->bucket[hash % RHASH_BUCKETS];
}

void *rhashtable_lookup_fast(struct rhashtable *table, const void *key,
			     struct rhashtable_params params)
{
	struct rhashtable_compare_arg arg = {.key = key};
	struct rhash_head *head;

	head = table->bucket[params.hashfn(key, params.key_len, 0) % RHASH_BUCKETS];
	for (; head; head = head->next)
		if (!params.obj_cmpfn(&arg, object_of(table, head)))
			return (void *)object_of(table, head);
	return NULL;
}

int rhashtable_insert_fast(struct rhashtable *table, struct rhash_head *head,
			   struct rhashtable_params params)
{
	struct rhash_head **bucket = bucket_of(table, head);

	(void)params;
	head->next = *bucket;
	*bucket = head;
	return 0;
}

int rhashtable_remove_fast(struct rhashtable *table, struct rhash_head *head,
			   struct rhashtable_params params)
{
	struct rhash_head **link;

	(void)params;
	for (link = bucket_of(table, head); *link; link = &(*link)->next) {
		if (*link != head)
			continue;
		*link = head->next;
		return 0;
	}
	return -ENOENT;
}
