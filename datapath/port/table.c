// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ports of datapaths: made, found, destroyed.
 */
#include <linux/jhash.h>
#include <linux/slab.h>

#include "../dp.h"
#include "../limits.h"
#include "../netns.h"
#include "headroom.h"
#include "internal.h"
#include "netdev.h"
#include "table.h"

static const struct mf_port_ops *const port_types[] = {
	&mf_netdev_ops,
	&mf_internal_ops,
};

static const struct mf_port_ops *ops_of(u32 type)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(port_types); i++)
		if (port_types[i]->type == type)
			return port_types[i];
	return NULL;
}

static struct hlist_head *number_bucket(const struct mf_dp *dp, u32 port_no)
{
	return &dp->ports[port_no % MF_PORT_BUCKETS];
}

static struct hlist_head *name_bucket(const struct net *net, const char *name)
{
	return &mf_netns(net)->port_names[jhash(name, strlen(name), 0) % MF_NAME_BUCKETS];
}

/**
 * mf_port_find_rcu() - find a port by number
 * @dp: the datapath
 * @port_no: the number; any value
 *
 * Context: RCU read lock or RTNL held.
 * Return: the port, or NULL.
 */
struct mf_port *mf_port_find_rcu(const struct mf_dp *dp, u32 port_no)
{
	struct mf_port *port;

	hlist_for_each_entry_rcu(port, number_bucket(dp, port_no), no_node,
				 lockdep_rtnl_is_held())
		if (port->port_no == port_no)
			return port;
	return NULL;
}

/**
 * mf_port_find_name_rcu() - find a port by its device's present name
 * @net: the namespace whose datapaths to look in; the device may be elsewhere
 * @name: NUL-terminated device name
 *
 * Context: RCU read lock or RTNL held.
 * Return: the port, or NULL.
 */
struct mf_port *mf_port_find_name_rcu(struct net *net, const char *name)
{
	struct mf_port *port;

	hlist_for_each_entry_rcu(port, name_bucket(net, name), name_node,
				 lockdep_rtnl_is_held())
		if (!strcmp(port->dev->name, name))
			return port;
	return NULL;
}

/**
 * mf_port_free_number() - the lowest port number that is free
 * @dp: the datapath
 *
 * Context: RTNL held.
 * Return: the number, at least 1, or -EFBIG when all are taken.
 */
int mf_port_free_number(const struct mf_dp *dp)
{
	u32 port_no;

	ASSERT_RTNL();
	for (port_no = OVSP_LOCAL + 1; port_no < MF_PORTS_MAX; port_no++)
		if (!mf_port_find_rcu(dp, port_no))
			return port_no;
	return -EFBIG;
}

static void port_free(struct mf_port *port)
{
	free_percpu(port->upcalls);
	kfree(port);
}

static struct mf_port *port_alloc(struct mf_dp *dp, const struct mf_port_ops *ops, u16 port_no)
{
	struct mf_port *port;
	int cpu;

	port = kzalloc_obj(*port);
	if (!port)
		return NULL;
	port->upcalls = alloc_percpu(struct mf_upcall_stats);
	if (!port->upcalls) {
		kfree(port);
		return NULL;
	}
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(port->upcalls, cpu)->sync);
	port->dp = dp;
	port->ops = ops;
	port->port_no = port_no;
	return port;
}

/**
 * mf_port_new() - add a port to a datapath
 * @dp: the datapath
 * @params: what it is to be
 *
 * Context: RTNL held, may sleep.
 * Return: the port, which packets may use at once; or an ERR_PTR:
 * -EAFNOSUPPORT for a type that there is not, -ENOMEM, or what the type says.
 */
struct mf_port *mf_port_new(struct mf_dp *dp, const struct mf_port_params *params)
{
	const struct mf_port_ops *ops = ops_of(params->type);
	struct mf_port *port;
	int err;

	ASSERT_RTNL();
	if (!ops) {
		NL_SET_ERR_MSG(params->extack,
			       "Unknown port type; tunnels are added as network devices");
		return ERR_PTR(-EAFNOSUPPORT);
	}

	port = port_alloc(dp, ops, params->port_no);
	if (!port)
		return ERR_PTR(-ENOMEM);
	/* Complete before the device hands in its first packet. */
	RCU_INIT_POINTER(port->pids, params->pids);
	err = ops->attach(port, params);
	if (err) {
		port_free(port);
		return ERR_PTR(err);
	}

	hlist_add_head_rcu(&port->no_node, number_bucket(dp, port->port_no));
	hlist_add_head_rcu(&port->name_node, name_bucket(dp->net, port->dev->name));
	dp->n_ports++;
	mf_headroom_added(dp, port);
	return port;
}

static void port_free_rcu(struct rcu_head *rcu)
{
	struct mf_port *port = container_of(rcu, struct mf_port, rcu);

	netdev_put(port->dev, &port->tracker);
	kfree(rcu_access_pointer(port->pids));
	port_free(port);
}

/**
 * mf_port_destroy() - take a port out of its datapath
 * @port: the port; the device is let go of after a grace period
 *
 * Context: RTNL held, may sleep.
 */
void mf_port_destroy(struct mf_port *port)
{
	ASSERT_RTNL();

	hlist_del_rcu(&port->no_node);
	hlist_del_rcu(&port->name_node);
	port->dp->n_ports--;
	mf_headroom_removed(port->dp, port);
	port->ops->detach(port);
	/* Before RTNL is released: that waits for the last hold on a device. */
	call_rcu(&port->rcu, port_free_rcu);
}

/**
 * mf_port_destroy_all() - take all ports out of a datapath, LOCAL last
 * @dp: the datapath
 *
 * The others are linked to the LOCAL device, which therefore goes last.
 *
 * Context: RTNL held, may sleep.
 */
void mf_port_destroy_all(struct mf_dp *dp)
{
	struct hlist_node *next;
	struct mf_port *local;
	struct mf_port *port;
	int i;

	for (i = 0; i < MF_PORT_BUCKETS; i++)
		hlist_for_each_entry_safe(port, next, &dp->ports[i], no_node)
			if (port->port_no != OVSP_LOCAL)
				mf_port_destroy(port);

	local = mf_port_find_rcu(dp, OVSP_LOCAL);
	if (local)
		mf_port_destroy(local);
}

/**
 * mf_port_set_pids() - change where a port's misses go
 * @port: the port
 * @pids: the new array, which the port takes
 *
 * Context: RTNL held.
 */
void mf_port_set_pids(struct mf_port *port, struct mf_upcall_pids *pids)
{
	struct mf_upcall_pids *old = rtnl_dereference(port->pids);

	rcu_assign_pointer(port->pids, pids);
	kfree_rcu(old, rcu);
}

/**
 * mf_port_renamed() - a port's device may have a new name
 * @port: the port; nothing happens if it is not listed yet
 *
 * Context: RTNL held, may sleep.
 */
void mf_port_renamed(struct mf_port *port)
{
	if (hlist_unhashed(&port->name_node))
		return;
	hlist_del_rcu(&port->name_node);
	/* A reader on the old chain must not be led onto the new one. */
	synchronize_rcu();
	hlist_add_head_rcu(&port->name_node, name_bucket(port->dp->net, port->dev->name));
}
