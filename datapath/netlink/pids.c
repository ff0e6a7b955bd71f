// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arrays of netlink port ids, by which user space receives a port's misses.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <net/netlink.h>

#include "../port/port.h"
#include "pids.h"

/**
 * mf_pids_parse() - read an UPCALL_PID attribute
 * @nla: the attribute, one or more 32-bit port ids
 * @extack: told why it is refused
 *
 * At most one port id for each possible CPU: more cannot be of use, and the
 * array has to fit into a reply.
 *
 * Context: process, may sleep.
 * Return: the array, which the caller owns, or an ERR_PTR.
 */
struct mf_upcall_pids *mf_pids_parse(const struct nlattr *nla, struct netlink_ext_ack *extack)
{
	struct mf_upcall_pids *pids;
	u32 n = nla_len(nla) / sizeof(u32);

	if (!n || nla_len(nla) % sizeof(u32)) {
		NL_SET_ERR_MSG_ATTR(extack, nla, "Not an array of port ids");
		return ERR_PTR(-EINVAL);
	}
	if (n > nr_cpu_ids) {
		NL_SET_ERR_MSG_ATTR(extack, nla, "More port ids than CPUs");
		return ERR_PTR(-EINVAL);
	}
	pids = kmalloc(struct_size(pids, pid, n), GFP_KERNEL);
	if (!pids)
		return ERR_PTR(-ENOMEM);
	pids->n = n;
	memcpy(pids->pid, nla_data(nla), n * sizeof(u32));
	return pids;
}
