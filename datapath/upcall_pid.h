/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MF_UPCALL_PID_H
#define MF_UPCALL_PID_H

#include <linux/rcupdate.h>
#include <linux/types.h>

struct mf_dp;
struct mf_fair;
struct mf_upcall;
struct sk_buff;

/**
 * struct mf_cpu_pids - who gets the upcalls of which CPU
 * @rcu: to free it after its readers
 * @fair: who waits when one of them cannot keep up; for each CPU at most
 * @n: number of ids, at least one
 * @pid: netlink port ids
 */
struct mf_cpu_pids {
	struct rcu_head rcu;
	struct mf_fair *fair;
	u32 n;
	u32 pid[];
};

/**
 * struct mf_listener - who gets an upcall
 * @pid: netlink port id, or 0 when nobody listens
 * @fair: how ports share it, or NULL where each has its own
 */
struct mf_listener {
	u32 pid;
	struct mf_fair *fair;
};

struct mf_cpu_pids *mf_cpu_pids_new(const u32 *pids, u32 n);
void mf_cpu_pids_free(struct mf_cpu_pids *pids);
void mf_cpu_pids_free_rcu(struct mf_cpu_pids *pids);

struct mf_listener mf_upcall_pid(const struct mf_dp *dp, struct sk_buff *skb,
				 const struct mf_upcall *upcall);

#endif
