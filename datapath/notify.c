// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that vanish or change their name under their ports.
 *
 * RTNL is held here already, so the job is finished at once: nothing is left
 * to a worker that might find the device, or the datapath, gone.
 */
#include <linux/netdevice.h>
#include <linux/notifier.h>

#include "dp.h"
#include "netlink/vport.h"
#include "notify.h"
#include "port/internal.h"
#include "port/netdev.h"
#include "port/table.h"

static void device_gone(struct net_device *dev)
{
	struct mf_port *port = mf_netdev_port(dev);

	if (port) {
		mf_vport_tell_gone(port);
		mf_port_destroy(port);
		return;
	}
	/*
	 * An internal device may move to another namespace and stays a port. It
	 * goes for good, other than by our own hand, when its namespace does.
	 */
	port = mf_internal_port_rcu(dev);
	/* One whose registration failed late is not listed, and freed by who tried. */
	if (port && !hlist_unhashed(&port->no_node) && dev->reg_state != NETREG_REGISTERED)
		mf_port_destroy(port);
}

static void device_renamed(struct net_device *dev)
{
	struct mf_port *port = mf_netdev_port(dev);

	if (!port)
		port = mf_internal_port_rcu(dev);
	if (port)
		mf_port_renamed(port);
}

static int device_event(struct notifier_block *nb, unsigned long event, void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);

	switch (event) {
	case NETDEV_UNREGISTER:
		device_gone(dev);
		break;
	case NETDEV_REGISTER:	/* in another namespace, maybe as another name */
	case NETDEV_CHANGENAME:
		device_renamed(dev);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block device_notifier = {
	.notifier_call = device_event,
};

/**
 * mf_notify_init() - watch the devices
 *
 * Context: module load.
 * Return: 0 or a negative errno.
 */
int mf_notify_init(void)
{
	return register_netdevice_notifier(&device_notifier);
}

/**
 * mf_notify_exit() - stop watching
 *
 * Context: module unload.
 */
void mf_notify_exit(void)
{
	unregister_netdevice_notifier(&device_notifier);
}
