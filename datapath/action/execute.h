/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside the executor: what one run of a program knows.
 */
#ifndef MF_ACTION_EXECUTE_H
#define MF_ACTION_EXECUTE_H

#include <linux/local_lock.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "action.h"
#include "key/extract.h"
#include "key/key.h"
#include "limits.h"

/* struct act_exec, max_len: no TRUNC is waiting for an output. */
#define MF_LEN_ALL	U32_MAX

/**
 * struct act_frame - where to go on when a body ends
 * @skb: the packet that goes on; NULL if the body runs on that very packet
 * @key: its key; as @skb
 * @prog: the program that goes on
 * @insn: its next instruction
 * @probability: as in struct act_exec
 * @max_len: as in struct act_exec
 * @stale: as in struct act_exec; as @skb
 * @isolated: what runs above has left its list for another flow's: if it
 *	fails, this frame goes on
 */
struct act_frame {
	struct sk_buff *skb;
	struct mf_key *key;
	const struct mf_program *prog;
	const struct mf_insn *insn;
	u32 probability;
	u32 max_len;
	bool stale;
	bool isolated;
};

/**
 * struct act_exec - a packet and the program that it runs
 * @dp: the datapath
 * @skb: the packet, which the run owns; NULL once it is handed on
 * @key: its key, which set actions keep up to date
 * @prog: the program
 * @insn: the next instruction
 * @frames: MF_FRAMES_MAX places for frames
 * @lookups: lookups of all packets of the outermost run on this CPU
 * @depth: frames in use
 * @probability: of the innermost SAMPLE around, 0 outside of any
 * @max_len: bytes that the next output keeps, MF_LEN_ALL for all
 * @stale: the headers have changed in a way that @key does not know
 * @recirculated: below all frames runs another flow's list than the caller's
 */
struct act_exec {
	struct mf_dp *dp;
	struct sk_buff *skb;
	struct mf_key *key;
	const struct mf_program *prog;
	const struct mf_insn *insn;
	struct act_frame *frames;
	u32 *lookups;
	u32 depth;
	u32 probability;
	u32 max_len;
	bool stale;
	bool recirculated;
};

/**
 * struct act_deferred - a packet on its way to a lookup that was put off
 * @dp: its datapath
 * @skb: the packet
 * @key: its key, from the cache of keys
 * @probability: as in struct act_exec
 * @max_len: as in struct act_exec
 */
struct act_deferred {
	struct mf_dp *dp;
	struct sk_buff *skb;
	struct mf_key *key;
	u32 probability;
	u32 max_len;
};

/**
 * struct act_cpu - what the executor keeps on each CPU
 * @lock: on PREEMPT_RT, keeps other tasks out; elsewhere BH does
 * @owner: task that holds @lock
 * @level: runs inside each other, through devices
 * @lookups: lookups since the outermost run began
 * @n_deferred: packets in @deferred
 * @first_deferred: index of the one that was put off first
 * @deferred: a ring
 * @frames: frames of the run on each level
 */
struct act_cpu {
	local_lock_t lock;
	struct task_struct *owner;
	u32 level;
	u32 lookups;
	u32 n_deferred;
	u32 first_deferred;
	struct act_deferred deferred[MF_DEFERRED_MAX];
	struct act_frame frames[MF_ENTER_MAX][MF_FRAMES_MAX];
};

extern struct act_cpu __percpu *mf_act_cpus;

/**
 * mf_act_cpu_enter() - begin a run of the executor
 *
 * With PREEMPT_RT, BH off does not keep another task from running here. The
 * lock does, and a task that comes back through a device has it already.
 *
 * Context: BH off.
 * Return: this CPU's record, until mf_act_cpu_leave(); NULL if there are too
 * many runs inside each other.
 */
static inline struct act_cpu *mf_act_cpu_enter(void)
{
	struct act_cpu *cpu = this_cpu_ptr(mf_act_cpus);

	if (IS_ENABLED(CONFIG_PREEMPT_RT) && cpu->owner != current) {
		local_lock_nested_bh(&mf_act_cpus->lock);
		cpu->owner = current;
	}
	if (unlikely(cpu->level >= MF_ENTER_MAX))
		return NULL;
	if (!cpu->level++)
		cpu->lookups = 0;
	return cpu;
}

/**
 * mf_act_cpu_leave() - end a run of the executor
 * @cpu: what mf_act_cpu_enter() returned
 *
 * Context: BH off since then.
 */
static inline void mf_act_cpu_leave(struct act_cpu *cpu)
{
	if (--cpu->level || !IS_ENABLED(CONFIG_PREEMPT_RT))
		return;
	cpu->owner = NULL;
	local_unlock_nested_bh(&mf_act_cpus->lock);
}

/**
 * mf_exec_refresh() - have the key describe the packet again
 * @x: the run
 *
 * For actions that read the key; most only change it.
 *
 * Context: BH off.
 * Return: 0, or a negative errno when the packet's headers make no sense.
 */
static inline int mf_exec_refresh(struct act_exec *x)
{
	int err = x->stale ? mf_key_refresh(x->key, x->skb) : 0;

	if (!err)
		x->stale = false;
	return err;
}

int mf_act_defer(const struct act_exec *x, struct sk_buff *skb);
bool mf_act_undefer(struct act_cpu *cpu, struct act_deferred *deferred);

struct mf_key *mf_act_key_new(const struct mf_key *from);
void mf_act_key_free(struct mf_key *key);

void mf_exec_output(struct act_exec *x, const struct mf_insn *insn);
void mf_exec_userspace(struct act_exec *x, const struct mf_insn *insn);
const struct mf_insn *mf_exec_branch(const struct act_exec *x, const struct mf_insn *insn);
int mf_exec_dec_ttl(struct act_exec *x);
void mf_exec_tunnel(struct act_exec *x, const struct mf_insn *insn);
void mf_exec_psample(struct act_exec *x, const struct mf_insn *insn);
int mf_exec_set(struct act_exec *x, const struct mf_insn *insn);
int mf_exec_push_vlan(struct act_exec *x, const struct mf_insn *insn);
int mf_exec_pop_vlan(struct act_exec *x);
int mf_exec_ct(struct act_exec *x, const struct mf_insn *insn);
void mf_exec_ct_clear(struct act_exec *x);
void mf_exec_hash(struct act_exec *x, const struct mf_insn *insn);

#endif
