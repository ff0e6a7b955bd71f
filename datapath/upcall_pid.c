// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who gets an upcall: the first of these that answers.
 *
 *	the port id that the EXECUTE request named for all of its upcalls
 *	the table by CPU, where user space asked for dispatch by CPU
 *	the port id of the USERSPACE action
 *	the input port's array, by the packet's hash
 */
#include <linux/jiffies.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "action/hash.h"
#include "cb.h"
#include "dp.h"
#include "port/port.h"
#include "upcall.h"
#include "upcall_fair.h"
#include "upcall_pid.h"

/**
 * mf_cpu_pids_new() - make a table by CPU
 * @pids: the netlink port ids
 * @n: their number, at least one
 *
 * Context: process, may sleep.
 * Return: the table, or NULL when there is no memory.
 */
struct mf_cpu_pids *mf_cpu_pids_new(const u32 *pids, u32 n)
{
	/* Ids that no CPU comes to need nothing. */
	u32 n_fair = min(n, nr_cpu_ids);
	struct mf_cpu_pids *table;
	u32 i;

	table = kvzalloc(struct_size(table, pid, n), GFP_KERNEL);
	if (!table)
		return NULL;
	table->fair = kvcalloc(n_fair, sizeof(*table->fair), GFP_KERNEL);
	if (!table->fair) {
		kvfree(table);
		return NULL;
	}
	for (i = 0; i < n_fair; i++)
		mf_fair_init(&table->fair[i], jiffies);
	table->n = n;
	memcpy(table->pid, pids, n * sizeof(*pids));
	return table;
}

/**
 * mf_cpu_pids_free() - free a table that no packet can find
 * @pids: the table, or NULL
 *
 * Context: any but hard interrupts.
 */
void mf_cpu_pids_free(struct mf_cpu_pids *pids)
{
	if (!pids)
		return;
	kvfree(pids->fair);
	kvfree(pids);
}

static void cpu_pids_free_rcu(struct rcu_head *rcu)
{
	mf_cpu_pids_free(container_of(rcu, struct mf_cpu_pids, rcu));
}

/**
 * mf_cpu_pids_free_rcu() - free a table after the packets that use it
 * @pids: the table, or NULL
 *
 * Context: any.
 */
void mf_cpu_pids_free_rcu(struct mf_cpu_pids *pids)
{
	if (pids)
		call_rcu(&pids->rcu, cpu_pids_free_rcu);
}

static struct mf_listener listener_of_cpu(const struct mf_dp *dp)
{
	const struct mf_cpu_pids *pids = rcu_dereference(dp->cpu_pids);
	unsigned int cpu = smp_processor_id();

	if (!pids)
		return (struct mf_listener){ 0 };
	/* User space counted the CPUs before one more came online. */
	if (unlikely(cpu >= pids->n))
		cpu %= pids->n;
	return (struct mf_listener){ .pid = pids->pid[cpu], .fair = &pids->fair[cpu] };
}

static u32 pid_of_port(struct sk_buff *skb, const struct mf_port *port)
{
	const struct mf_upcall_pids *pids = rcu_dereference(port->pids);

	if (pids->n == 1)
		return pids->pid[0];
	return pids->pid[mf_packet_hash(skb) % pids->n];
}

/**
 * mf_upcall_pid() - who gets an upcall
 * @dp: the datapath
 * @skb: the packet
 * @upcall: what the upcall is
 *
 * Context: BH off, RCU read lock held.
 * Return: the port id, 0 when nobody listens.
 */
struct mf_listener mf_upcall_pid(const struct mf_dp *dp, struct sk_buff *skb,
				 const struct mf_upcall *upcall)
{
	const struct mf_cb *cb = mf_cb(skb);
	struct mf_listener listener = { 0 };

	if (cb->upcall_pid)
		listener.pid = cb->upcall_pid;
	else if (READ_ONCE(dp->features) & OVS_DP_F_DISPATCH_UPCALL_PER_CPU)
		listener = listener_of_cpu(dp);
	else if (upcall->cmd == OVS_PACKET_CMD_ACTION)
		listener.pid = upcall->portid;
	else if (cb->in)
		listener.pid = pid_of_port(skb, cb->in);
	return listener;
}
