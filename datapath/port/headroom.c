// SPDX-License-Identifier: GPL-2.0-only
/*
 * Headroom: what one port's device needs in front of a packet, all the others
 * leave free when they receive one, so that a tunnel does not copy headers.
 */
#include <linux/netdevice.h>

#include "../dp.h"
#include "headroom.h"
#include "port.h"

static u16 headroom_wanted(const struct mf_dp *dp)
{
	const struct mf_port *port;
	u16 most = 0;
	int i;

	for (i = 0; i < MF_PORT_BUCKETS; i++)
		hlist_for_each_entry_rcu(port, &dp->ports[i], no_node, lockdep_rtnl_is_held())
			most = max_t(u16, most, netdev_get_fwd_headroom(port->dev));
	return most;
}

static void headroom_set(struct mf_dp *dp, u16 headroom)
{
	struct mf_port *port;
	int i;

	dp->headroom = headroom;
	for (i = 0; i < MF_PORT_BUCKETS; i++)
		hlist_for_each_entry_rcu(port, &dp->ports[i], no_node, lockdep_rtnl_is_held())
			netdev_set_rx_headroom(port->dev, headroom);
}

/**
 * mf_headroom_added() - a port is new: it leaves what the others need
 * @dp: its datapath
 * @port: the port, which the datapath lists already
 *
 * Context: RTNL held.
 */
void mf_headroom_added(struct mf_dp *dp, struct mf_port *port)
{
	u16 wanted = netdev_get_fwd_headroom(port->dev);

	if (wanted > dp->headroom)
		headroom_set(dp, wanted);
	else
		netdev_set_rx_headroom(port->dev, dp->headroom);
}

/**
 * mf_headroom_removed() - a port is gone: the others may need less
 * @dp: its datapath
 * @port: the port, which the datapath does not list any more
 *
 * Context: RTNL held.
 */
void mf_headroom_removed(struct mf_dp *dp, struct mf_port *port)
{
	netdev_reset_rx_headroom(port->dev);
	if (netdev_get_fwd_headroom(port->dev) == dp->headroom) {
		u16 wanted = headroom_wanted(dp);

		if (wanted != dp->headroom)
			headroom_set(dp, wanted);
	}
}
