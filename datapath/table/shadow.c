// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table's shadow: one of so many lookups is done again by looking at every
 * flow, and it is counted when that finds another one. Off by default; a bug
 * hunt or a test switches it on by a module parameter.
 */
#include <linux/atomic.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>

#include "shadow.h"
#include "table.h"

unsigned int mf_shadow_every;

/* Lookups on this CPU since one was checked. */
static DEFINE_PER_CPU(unsigned int, shadow_skipped);

static ulong shadow_checked;
static ulong shadow_wrong;

module_param_named(shadow, mf_shadow_every, uint, 0644);
MODULE_PARM_DESC(shadow, "Check one of so many lookups against every flow; 0 (default): none");
module_param(shadow_checked, ulong, 0444);
MODULE_PARM_DESC(shadow_checked, "Lookups that were checked");
module_param(shadow_wrong, ulong, 0444);
MODULE_PARM_DESC(shadow_wrong, "Lookups that had another answer than the oldest flow that matches");

/* Counts are for all CPUs and rare enough for one lock. */
static DEFINE_SPINLOCK(shadow_lock);

/**
 * mf_shadow_begin() - a lookup begins that may be checked
 * @table: the table
 *
 * Context: BH off, RCU read lock held.
 * Return: what mf_shadow_end() wants to know.
 */
u32 mf_shadow_begin(const struct mf_table *table)
{
	/* Pairs with the end of a change, after which its outcome is seen. */
	return smp_load_acquire(&table->changes);
}

/* The oldest flow that a key matches, by looking at all of them. */
static const struct mf_flow *look_at_all(const struct mf_table *table, struct mf_key *key)
{
	const struct mf_flow *oldest = NULL;
	const struct mf_flow *flow;
	unsigned long cursor = 0;

	for (; (flow = mf_slots_next(&table->slots, &cursor)); cursor++) {
		if (oldest && flow->seq > oldest->seq)
			continue;
		if (mf_flow_matches(flow, key))
			oldest = flow;
	}
	return oldest;
}

/**
 * mf_shadow_end() - check an answer, if it is its turn
 * @table: the table
 * @key: the packet's key
 * @flow: the answer: a flow or NULL
 * @began: what mf_shadow_begin() returned
 *
 * While flows come or go there may be two right answers, so a lookup during
 * which one did is not counted.
 *
 * Context: BH off, RCU read lock held.
 */
void mf_shadow_end(const struct mf_table *table, struct mf_key *key, const struct mf_flow *flow,
		   u32 began)
{
	const struct mf_flow *right;

	if (this_cpu_inc_return(shadow_skipped) < READ_ONCE(mf_shadow_every) || began % 2)
		return;
	this_cpu_write(shadow_skipped, 0);

	right = look_at_all(table, key);
	/* What was read so far is of the time before. */
	smp_rmb();
	if (READ_ONCE(table->changes) != began)
		return;
	spin_lock(&shadow_lock);
	shadow_checked++;
	if (right != flow) {
		shadow_wrong++;
		pr_warn_ratelimited("openvswitch: flow %lld instead of %lld\n",
				    flow ? (s64)flow->seq : -1, right ? (s64)right->seq : -1);
	}
	spin_unlock(&shadow_lock);
}
