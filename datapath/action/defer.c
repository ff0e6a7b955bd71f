// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the executor keeps on each CPU: how deep it is in itself, return
 * points, and packets that are put off. None of it is on the kernel stack, so
 * nothing that user space installs makes the stack grow.
 */
#include <linux/percpu.h>
#include <linux/slab.h>

#include "cb.h"
#include "drop.h"
#include "execute.h"
#include "psample.h"

struct act_cpu __percpu *mf_act_cpus;
static struct kmem_cache *keys;

/**
 * mf_act_defer() - put off a packet's lookup until the outermost run ends
 * @x: the run
 * @skb: the packet, @x's own or a clone of it; consumed
 *
 * Context: BH off, inside a run.
 * Return: 0 if it waits or if too many wait already, or -ENOMEM.
 */
int mf_act_defer(const struct act_exec *x, struct sk_buff *skb)
{
	struct act_cpu *cpu = this_cpu_ptr(mf_act_cpus);
	struct mf_key *key;
	u32 place;

	if (cpu->n_deferred == MF_DEFERRED_MAX) {
		mf_drop(x->dp, skb, MF_DROP_DEFERRED_LIMIT);
		return 0;
	}
	key = mf_act_key_new(x->key);
	if (!key) {
		mf_drop(x->dp, skb, MF_DROP_NOMEM);
		return -ENOMEM;
	}
	place = (cpu->first_deferred + cpu->n_deferred++) % MF_DEFERRED_MAX;
	cpu->deferred[place] = (struct act_deferred){
		.dp = x->dp,
		.skb = skb,
		.key = key,
		.probability = x->probability,
		.max_len = x->max_len,
	};
	return 0;
}

/**
 * mf_act_undefer() - take the packet that has waited longest
 * @cpu: this CPU's record
 * @deferred: filled; the caller owns the packet and the key then
 *
 * Context: BH off, inside a run.
 * Return: false if none waits.
 */
bool mf_act_undefer(struct act_cpu *cpu, struct act_deferred *deferred)
{
	if (likely(!cpu->n_deferred))
		return false;
	*deferred = cpu->deferred[cpu->first_deferred];
	cpu->first_deferred = (cpu->first_deferred + 1) % MF_DEFERRED_MAX;
	cpu->n_deferred--;
	return true;
}

/**
 * mf_act_key_new() - copy a key
 * @from: the key
 *
 * Context: any.
 * Return: the copy, or NULL.
 */
struct mf_key *mf_act_key_new(const struct mf_key *from)
{
	struct mf_key *key = kmem_cache_alloc(keys, GFP_ATOMIC);

	if (likely(key))
		mf_key_copy(key, from);
	return key;
}

/**
 * mf_act_key_free() - free a copy of a key
 * @key: what mf_act_key_new() returned
 *
 * Context: any.
 */
void mf_act_key_free(struct mf_key *key)
{
	kmem_cache_free(keys, key);
}

/**
 * mf_action_init() - prepare the executor
 *
 * Context: module load.
 * Return: 0, or -ENOMEM.
 */
int mf_action_init(void)
{
	int cpu;

	keys = kmem_cache_create("mf_key", sizeof(struct mf_key), 0, 0, NULL);
	if (!keys)
		return -ENOMEM;
	mf_act_cpus = alloc_percpu(struct act_cpu);
	if (!mf_act_cpus) {
		kmem_cache_destroy(keys);
		return -ENOMEM;
	}
	for_each_possible_cpu(cpu)
		local_lock_init(&per_cpu_ptr(mf_act_cpus, cpu)->lock);
	return 0;
}

/**
 * mf_action_exit() - undo mf_action_init()
 *
 * Context: module unload, when no packet can run a program any more and all
 * programs are freed.
 */
void mf_action_exit(void)
{
	mf_psample_exit();
	free_percpu(mf_act_cpus);
	kmem_cache_destroy(keys);
}
