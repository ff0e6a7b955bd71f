/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the flow table asks of the kernel, in user space and in one thread.
 *
 * Memory that the kernel would free after a grace period waits in a queue
 * until shim_grace(), so that a sanitizer sees what is used after it. Work
 * waits until shim_work(). Allocations fail as often as shim_fail_every says.
 */
#ifndef SHIM_H
#define SHIM_H

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <asm/types.h>
#include <linux/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s64 s64;
typedef unsigned int gfp_t;
typedef unsigned long ulong;

#define __rcu
#define __percpu
#define __uninitialized
#define __read_mostly
#ifndef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#endif
#define noinline __attribute__((__noinline__))
#define __packed __attribute__((__packed__))
#define ____cacheline_aligned __attribute__((__aligned__(64)))
#define SMP_CACHE_BYTES 64
#define PCPU_MIN_UNIT_SIZE 32768
#define GFP_KERNEL 0u
#define GFP_ATOMIC 0u
#define __GFP_NOWARN 0u
#define SLAB_HWCACHE_ALIGN 0u
#define U16_MAX 0xffffu
#define U32_MAX 0xffffffffu
#define U64_MAX (~0ull)

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define BIT(n) (1ul << (n))
#define BIT_ULL(n) (1ull << (n))
#define GENMASK(h, l) ((~0ul << (l)) & (~0ul >> (63 - (h))))
#define container_of(p, type, member) ((type *)((char *)(p) - offsetof(type, member)))
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) max((type)(a), (type)(b))
#define struct_size(p, member, n) (sizeof(*(p)) + (n) * sizeof((p)->member[0]))
#define struct_size_t(type, member, n) struct_size((type *)NULL, member, n)
#define size_add(a, b) ((a) + (b))
#define array_size(a, b) ((size_t)(a) * (b))
#define array3_size(a, b, c) ((size_t)(a) * (b) * (c))
#define prefetch(p) __builtin_prefetch(p)
#define IS_ENABLED(option) 0
#define cond_resched() ((void)0)
#define MODULE_PARM_DESC(name, text)
#define module_param_named(name, variable, type, mode)
#define module_param(name, type, mode)
#define pr_warn_ratelimited(...) fprintf(stderr, __VA_ARGS__)

#define READ_ONCE(x) (*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile typeof(x) *)&(x) = (v))
#define smp_load_acquire(p) __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, v) __atomic_store_n(p, v, __ATOMIC_RELEASE)
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_mb() __atomic_thread_fence(__ATOMIC_SEQ_CST)

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline long PTR_ERR(const void *p)
{
	return (long)p;
}

static inline bool IS_ERR(const void *p)
{
	return (unsigned long)p >= (unsigned long)-4095;
}

#define DECLARE_BITMAP(name, n) unsigned long name[((n) + 63) / 64]
#define __set_bit(i, bits) ((bits)[(i) / 64] |= 1ul << ((i) % 64))
#define for_each_set_bit(i, bits, n)    \
	for ((i) = 0; (i) < (n); (i)++) \
		if ((bits)[(i) / 64] >> ((i) % 64) & 1)

static inline unsigned int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

static inline unsigned long hweight64(u64 x)
{
	return __builtin_popcountll(x);
}

#define __ffs(x) ((unsigned int)__builtin_ctzl(x))
static inline unsigned int __ffs64(u64 x)
{
	return __builtin_ctzll(x);
}

static inline unsigned long roundup_pow_of_two(unsigned long x)
{
	return x < 2 ? 1 : 1ul << (64 - __builtin_clzl(x - 1));
}

/* Memory. */
extern u32 shim_fail_every;
void *shim_alloc(size_t size);
void *shim_alloc_line(size_t size);
void shim_free(const void *p);

#define kmalloc(size, gfp) shim_alloc(size)
#define kmalloc_obj(p) ((typeof(p) *)shim_alloc(sizeof(p)))
#define kzalloc_obj(p) ((typeof(p) *)shim_alloc(sizeof(p)))
#define kvzalloc_obj(p) ((typeof(p) *)shim_alloc_line(sizeof(p)))
#define __force
#define kzalloc(size, gfp) shim_alloc(size)
#define kcalloc(n, size, gfp) shim_alloc((n) * (size))
#define kvzalloc(size, gfp) shim_alloc_line(size)
#define kvmalloc(size, gfp) shim_alloc_line(size)
#define kvcalloc(n, size, gfp) shim_alloc_line((n) * (size))
#define kvzalloc_node(size, gfp, node) shim_alloc_line(size)
#define kfree(p) shim_free(p)
#define kvfree(p) shim_free(p)

struct kmem_cache {
	size_t size;
};

struct kmem_cache *shim_cache(size_t size);
#define KMEM_CACHE(type, flags) shim_cache(sizeof(struct type))
#define kmem_cache_zalloc(cache, gfp) shim_alloc_line((cache)->size)
#define kmem_cache_alloc(cache, gfp) shim_alloc_line((cache)->size)
#define kmem_cache_free(cache, p) shim_free(p)
#define kmem_cache_destroy(cache) shim_free(cache)

#define alloc_percpu(type) ((type *)shim_alloc_line(sizeof(type)))
#define free_percpu(p) shim_free(p)
#define this_cpu_ptr(p) (p)
#define per_cpu_ptr(p, cpu) (p)
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < 1; (cpu)++)
#define cpu_to_node(cpu) 0
#define nr_cpu_ids 1u
#define smp_processor_id() 0
#define DEFINE_PER_CPU(type, name) type name
#define this_cpu_inc_return(p) (++(p))
#define this_cpu_write(p, v) ((p) = (v))

/* RCU: what is freed waits for shim_grace(). */
struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *rcu);
	const void *memory;
};

void shim_defer(struct rcu_head *rcu, void (*func)(struct rcu_head *rcu), const void *memory);
void shim_grace(void);

#define call_rcu(head, function) shim_defer(head, function, NULL)
#define kfree_rcu(p, member) shim_defer(&(p)->member, NULL, p)
#define kvfree_rcu(p, member) shim_defer(&(p)->member, NULL, p)
#define rcu_barrier() shim_grace()
#define rcu_read_lock() ((void)0)
#define rcu_read_unlock() ((void)0)
#define local_bh_disable() ((void)0)
#define local_bh_enable() ((void)0)
#define rcu_dereference(p) READ_ONCE(p)
#define rcu_dereference_check(p, c) READ_ONCE(p)
#define rcu_dereference_protected(p, c) (p)
#define rcu_dereference_raw(p) READ_ONCE(p)
#define rcu_access_pointer(p) READ_ONCE(p)
#define rcu_assign_pointer(p, v) smp_store_release(&(p), v)
#define RCU_INIT_POINTER(p, v) WRITE_ONCE(p, v)
#define rcu_replace_pointer(p, v, c)         \
	({                                   \
		typeof(p) shim_old = (p);    \
		rcu_assign_pointer(p, v);    \
		shim_old;                    \
	})

/* Locks: there is one thread. */
struct mutex {
	int held;
};

#define mutex_init(lock) ((lock)->held = 0)
#define mutex_lock(lock) ((void)((lock)->held++))
#define mutex_unlock(lock) ((void)((lock)->held--))
#define lockdep_is_held(lock) ((void)(lock), 1)
#define lockdep_assert_held(lock) assert((lock)->held)

typedef struct {
	int none;
} spinlock_t;

#define DEFINE_SPINLOCK(lock) spinlock_t lock
#define spin_lock(lock) ((void)(lock))
#define spin_unlock(lock) ((void)(lock))

typedef struct {
	int none;
} local_lock_t;

#define local_lock_init(lock) ((void)(lock))
#define local_lock_nested_bh(lock) ((void)(lock))
#define local_unlock_nested_bh(lock) ((void)(lock))

/* Work: done when shim_work() is called. */
struct work_struct {
	void (*func)(struct work_struct *work);
	struct work_struct *next;
	bool pending;
};

/* No time passes: what is put off is done as soon as shim_work() is called. */
struct delayed_work {
	struct work_struct work;
};

#define HZ 100
#define INIT_DELAYED_WORK(dwork, function) \
	((dwork)->work = (struct work_struct){.func = (function)})
struct workqueue_struct {
	int none;
};

#define WQ_UNBOUND 0
#define alloc_workqueue(name, flags, n) \
	((struct workqueue_struct *)malloc(sizeof(struct workqueue_struct)))
#define destroy_workqueue(wq) free(wq)
#define queue_delayed_work(queue, dwork, delay) shim_queue(&(dwork)->work)
#define cancel_delayed_work_sync(dwork) shim_cancel(&(dwork)->work)
bool shim_queue(struct work_struct *work);
bool shim_cancel(struct work_struct *work);
void shim_work(void);

/* Lists, as much of them as is used. */
struct list_head {
	struct list_head *next, *prev;
};

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline bool list_empty(const struct list_head *list)
{
	return list->next == list;
}

static inline void list_add_tail(struct list_head *n, struct list_head *list)
{
	n->next = list;
	n->prev = list->prev;
	list->prev->next = n;
	list->prev = n;
}

static inline void list_del_init(struct list_head *n)
{
	n->prev->next = n->next;
	n->next->prev = n->prev;
	INIT_LIST_HEAD(n);
}

#define list_first_entry_or_null(list, type, member) \
	(list_empty(list) ? NULL : container_of((list)->next, type, member))
#define list_first_entry(list, type, member) container_of((list)->next, type, member)
#define list_for_each_entry(pos, list, member)                             \
	for (pos = list_first_entry(list, typeof(*pos), member);           \
	     &pos->member != (list);                                       \
	     pos = container_of(pos->member.next, typeof(*pos), member))

/* Random numbers: the same ones in each run of one seed. */
extern u64 shim_random_state;
u64 get_random_u64(void);
void get_random_bytes(void *to, size_t n);

static inline u32 hash_ptr(const void *p, unsigned int bits)
{
	return (u64)(uintptr_t)p * 0x61c8864680b583ebull >> (64 - bits);
}

static inline u32 get_random_u32(void)
{
	return get_random_u64() >> 32;
}

static inline u32 reciprocal_scale(u32 value, u32 below)
{
	return (u64)value * below >> 32;
}

u32 jhash(const void *data, u32 len, u32 seed);
#define jhash2(words, n, seed) jhash(words, 4 * (n), seed)

/* Counters. */
struct u64_stats_sync {
	int none;
};

typedef struct {
	u64 v;
} u64_stats_t;

#define u64_stats_init(sync) ((void)(sync))
#define u64_stats_update_begin(sync) ((void)(sync))
#define u64_stats_update_end(sync) ((void)(sync))
#define u64_stats_fetch_begin(sync) ((void)(sync), 0u)
#define u64_stats_fetch_retry(sync, start) ((void)(sync), (void)(start), false)
#define u64_stats_inc(p) ((p)->v++)
#define u64_stats_add(p, n) ((p)->v += (n))
#define u64_stats_read(p) ((p)->v)

#define jiffies 0ul
#define time_after(a, b) ((long)((b) - (a)) < 0)

/* Packets: what counting one looks at. */
struct sk_buff {
	u32 len;
};

struct netlink_ext_ack;
struct net;
#define VLAN_HLEN 4
#define skb_vlan_tag_present(skb) ((void)(skb), false)

/* A hash table of chains: enough to stand in for the kernel's. */
struct rhash_head {
	struct rhash_head *next;
};

struct rhashtable_compare_arg {
	const void *key;
};

struct rhashtable_params {
	size_t head_offset;
	size_t key_len;
	u32 (*hashfn)(const void *key, u32 len, u32 seed);
	u32 (*obj_hashfn)(const void *object, u32 len, u32 seed);
	int (*obj_cmpfn)(struct rhashtable_compare_arg *arg, const void *object);
	bool automatic_shrinking;
};

struct rhashtable {
	struct rhash_head **bucket;
	struct rhashtable_params params;
};

int rhashtable_init(struct rhashtable *table, const struct rhashtable_params *params);
void rhashtable_destroy(struct rhashtable *table);
void *rhashtable_lookup_fast(struct rhashtable *table, const void *key,
			     struct rhashtable_params params);
int rhashtable_insert_fast(struct rhashtable *table, struct rhash_head *head,
			   struct rhashtable_params params);
int rhashtable_remove_fast(struct rhashtable *table, struct rhash_head *head,
			   struct rhashtable_params params);

#endif
