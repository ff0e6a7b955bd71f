// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who gets an upcall: the first of these that answers.
 *
 *	the port id that the EXECUTE request named for all of its upcalls
 *	the table by CPU, where user space asked for dispatch by CPU
 *	the port id of the USERSPACE action
 *	the input port's array, by the packet's hash
 */
#include <linux/skbuff.h>

#include "action/hash.h"
#include "cb.h"
#include "dp.h"
#include "port/port.h"
#include "upcall.h"
#include "upcall_pid.h"

static u32 pid_of_cpu(const struct mf_dp *dp)
{
	const struct mf_cpu_pids *pids = rcu_dereference(dp->cpu_pids);
	unsigned int cpu = smp_processor_id();

	if (!pids)
		return 0;
	/* User space counted the CPUs before one more came online. */
	if (unlikely(cpu >= pids->n))
		return pids->pid[cpu % pids->n];
	return pids->pid[cpu];
}

static u32 pid_of_port(struct sk_buff *skb, const struct mf_port *port)
{
	const struct mf_upcall_pids *pids = rcu_dereference(port->pids);

	if (pids->n == 1)
		return pids->pid[0];
	return pids->pid[mf_packet_hash(skb) % pids->n];
}

/**
 * mf_upcall_pid() - the netlink port id for an upcall
 * @dp: the datapath
 * @skb: the packet
 * @upcall: what the upcall is
 *
 * Context: BH off, RCU read lock held.
 * Return: the port id, or 0 when nobody listens.
 */
u32 mf_upcall_pid(const struct mf_dp *dp, struct sk_buff *skb, const struct mf_upcall *upcall)
{
	const struct mf_cb *cb = mf_cb(skb);

	if (cb->upcall_pid)
		return cb->upcall_pid;
	if (READ_ONCE(dp->features) & OVS_DP_F_DISPATCH_UPCALL_PER_CPU)
		return pid_of_cpu(dp);
	if (upcall->cmd == OVS_PACKET_CMD_ACTION)
		return upcall->portid;
	return cb->in ? pid_of_port(skb, cb->in) : 0;
}
