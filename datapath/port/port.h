/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A port: the only part of the datapath that touches a net_device.
 */
#ifndef MF_PORT_PORT_H
#define MF_PORT_PORT_H

#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <linux/rculist.h>
#include <linux/u64_stats_sync.h>

struct mf_dp;
struct mf_port;
struct sk_buff;

/**
 * struct mf_upcall_pids - netlink port ids that a port's misses are spread over
 * @rcu: to free it after its readers
 * @n: number of ids, at least one
 * @pid: the ids; 0 means that nobody listens
 */
struct mf_upcall_pids {
	struct rcu_head rcu;
	u32 n;
	u32 pid[];
};

/**
 * struct mf_upcall_stats - upcalls of one port on one CPU
 * @sync: guards the two counters on 32-bit machines
 * @success: packets that user space took
 * @fail: packets that it did not take
 */
struct mf_upcall_stats {
	struct u64_stats_sync sync;
	u64_stats_t success;
	u64_stats_t fail;
};

/**
 * struct mf_port_params - what a new port is to be
 * @name: of the device, to find or to give
 * @type: OVS_VPORT_TYPE_*
 * @port_no: number in the datapath, free
 * @ifindex: for the new device, 0 for any
 * @pids: where its misses go; the port takes it on success
 * @extack: told why it failed
 */
struct mf_port_params {
	const char *name;
	u32 type;
	u16 port_no;
	s32 ifindex;
	struct mf_upcall_pids *pids;
	struct netlink_ext_ack *extack;
};

/**
 * struct mf_port_ops - how a type of port is linked to its device
 * @type: OVS_VPORT_TYPE_*
 * @attach: find or make the device, link it to the port and hold it as
 *	port->dev. RTNL held. Undoes all of itself on error.
 * @detach: stop packets in both directions and unlink the device; the hold
 *	stays. RTNL held.
 * @send: transmit one packet; consumes it. BH off, RCU read lock held.
 */
struct mf_port_ops {
	u32 type;
	int (*attach)(struct mf_port *port, const struct mf_port_params *params);
	void (*detach)(struct mf_port *port);
	void (*send)(struct mf_port *port, struct sk_buff *skb);
};

/**
 * struct mf_port - one port of a datapath
 * @dev: its device, held
 * @dp: its datapath; the port holds no reference, the datapath outlives it
 * @ops: what its type does
 * @pids: where its misses go; never NULL once the port can be found
 * @upcalls: upcall counters, one record a CPU
 * @rcu: to free it after the packets that use it
 * @tracker: follows the hold on @dev
 * @no_node: link in the datapath's table by number
 * @name_node: link in the namespace's table by device name
 * @port_no: number in its datapath
 */
struct mf_port {
	struct net_device *dev;
	struct mf_dp *dp;
	const struct mf_port_ops *ops;
	struct mf_upcall_pids __rcu *pids;
	struct mf_upcall_stats __percpu *upcalls;
	struct rcu_head rcu;
	netdevice_tracker tracker;
	struct hlist_node no_node;
	struct hlist_node name_node;
	u16 port_no;
};

void mf_port_send(struct mf_dp *dp, struct sk_buff *skb, u32 port_no, u8 mac_proto);

#endif
