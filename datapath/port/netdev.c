// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ports that are other people's network devices, tunnels among them.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>

#include "../dp.h"
#include "../ingress.h"
#include "internal.h"
#include "netdev.h"
#include "port.h"

static rx_handler_result_t netdev_receive(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct mf_port *port;

	if (unlikely(skb->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;

	port = rcu_dereference(skb->dev->rx_handler_data);
	if (unlikely(!port))
		goto drop;
	/* Merged packets cannot be sent on as they came in. */
	if (unlikely(skb_warn_if_lro(skb)))
		goto drop;
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;

	if (skb->dev->type == ARPHRD_ETHER) {
		skb_push(skb, ETH_HLEN);
		skb_postpush_rcsum(skb, skb->data, ETH_HLEN);
	}
	mf_ingress(port, skb);
	return RX_HANDLER_CONSUMED;

drop:
	kfree_skb(skb);
	return RX_HANDLER_CONSUMED;
}

/**
 * mf_netdev_port() - the port that a device is
 * @dev: any device
 *
 * Context: RTNL held.
 * Return: the port, or NULL when @dev is none or an internal one.
 */
struct mf_port *mf_netdev_port(const struct net_device *dev)
{
	if (rtnl_dereference(dev->rx_handler) != netdev_receive)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

static int suitable(const struct net_device *dev, const char *name,
		    struct netlink_ext_ack *extack)
{
	if (strcmp(dev->name, name)) {
		NL_SET_ERR_MSG(extack, "This is an alternative name; give the device's own");
		return -ENODEV;
	}
	if (dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack, "A loopback device cannot be a port");
		return -EINVAL;
	}
	if (dev->type != ARPHRD_ETHER && dev->type != ARPHRD_NONE) {
		NL_SET_ERR_MSG(extack, "Only Ethernet and bare IP devices can be ports");
		return -EINVAL;
	}
	if (mf_internal_dev(dev)) {
		NL_SET_ERR_MSG(extack, "The device is an internal port already");
		return -EINVAL;
	}
	if (dev->reg_state != NETREG_REGISTERED) {
		NL_SET_ERR_MSG(extack, "The device is being unregistered");
		return -ENODEV;
	}
	return 0;
}

/* Hook the device: its packets are ours from the last step on. */
static int hook(struct mf_port *port, struct netlink_ext_ack *extack)
{
	struct mf_port *local = mf_dp_local(port->dp);
	struct net_device *dev = port->dev;
	int err;

	if (!local) {
		NL_SET_ERR_MSG(extack, "The datapath is being destroyed");
		return -ENODEV;
	}
	err = netdev_master_upper_dev_link(dev, local->dev, NULL, NULL, extack);
	if (err == -EEXIST)
		NL_SET_ERR_MSG(extack, "The device is a port of this datapath already");
	else if (err == -EBUSY)
		NL_SET_ERR_MSG(extack, "The device belongs to a bridge, bond or other datapath");
	if (err)
		return err;
	err = netdev_rx_handler_register(dev, netdev_receive, port);
	if (err) {
		NL_SET_ERR_MSG(extack, "Something else receives the device's packets");
		netdev_upper_dev_unlink(dev, local->dev);
		return err;
	}
	dev_disable_lro(dev);
	dev_set_promiscuity(dev, 1);
	dev->priv_flags |= IFF_OVS_DATAPATH;
	return 0;
}

static int netdev_attach(struct mf_port *port, const struct mf_port_params *params)
{
	struct net_device *dev;
	int err;

	dev = __dev_get_by_name(port->dp->net, params->name);
	if (!dev) {
		NL_SET_ERR_MSG(params->extack, "No such network device");
		return -ENODEV;
	}
	err = suitable(dev, params->name, params->extack);
	if (err)
		return err;

	port->dev = dev;
	netdev_hold(dev, &port->tracker, GFP_KERNEL);
	err = hook(port, params->extack);
	if (err)
		netdev_put(dev, &port->tracker);
	return err;
}

static void netdev_detach(struct mf_port *port)
{
	struct net_device *upper = netdev_master_upper_dev_get(port->dev);
	struct net_device *dev = port->dev;

	dev->priv_flags &= ~IFF_OVS_DATAPATH;
	/* Returns when no packet is inside the handler any more. */
	netdev_rx_handler_unregister(dev);
	if (upper)
		netdev_upper_dev_unlink(dev, upper);
	dev_set_promiscuity(dev, -1);
}

static void netdev_send(struct mf_port *port, struct sk_buff *skb)
{
	skb->dev = port->dev;
	dev_queue_xmit(skb);
}

const struct mf_port_ops mf_netdev_ops = {
	.type = OVS_VPORT_TYPE_NETDEV,
	.attach = netdev_attach,
	.detach = netdev_detach,
	.send = netdev_send,
};
