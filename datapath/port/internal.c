// SPDX-License-Identifier: GPL-2.0-only
/*
 * Internal ports: devices of our own, by which the host takes part in a
 * datapath. What the host sends comes in by the port, what the datapath sends
 * to the port the host receives.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <net/rtnetlink.h>

#include <megaflow_compat.h>

#include "../dp.h"
#include "../ingress.h"
#include "internal.h"
#include "port.h"

/**
 * struct internal - private part of an internal device
 * @port: the port, NULL once it is detached; changed under RTNL
 */
struct internal {
	struct mf_port __rcu *port;
};

static netdev_tx_t internal_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct internal *internal = netdev_priv(dev);
	unsigned int len = skb->len;
	struct mf_port *port;

	rcu_read_lock();
	port = rcu_dereference(internal->port);
	if (unlikely(!port)) {
		rcu_read_unlock();
		kfree_skb(skb);
		DEV_STATS_INC(dev, tx_dropped);
		return NETDEV_TX_OK;
	}
	if (likely(!mf_ingress(port, skb)))
		dev_sw_netstats_tx_add(dev, 1, len);
	else
		DEV_STATS_INC(dev, tx_errors);
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

static int internal_open(struct net_device *dev)
{
	netif_start_queue(dev);
	return 0;
}

static int internal_stop(struct net_device *dev)
{
	netif_stop_queue(dev);
	return 0;
}

static const struct net_device_ops internal_netdev_ops = {
	.ndo_open = internal_open,
	.ndo_stop = internal_stop,
	.ndo_start_xmit = internal_xmit,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_get_stats64 = dev_get_tstats64,
};

static void internal_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "openvswitch", sizeof(info->driver));
}

static const struct ethtool_ops internal_ethtool_ops = {
	.get_drvinfo = internal_drvinfo,
	.get_link = ethtool_op_get_link,
};

/* Without setup and dellink, so that only datapaths make and unmake them. */
static struct rtnl_link_ops internal_link_ops __read_mostly = {
	.kind = "openvswitch",
};

static void internal_setup(struct net_device *dev)
{
	ether_setup(dev);

	dev->max_mtu = ETH_MAX_MTU;
	dev->netdev_ops = &internal_netdev_ops;
	dev->ethtool_ops = &internal_ethtool_ops;
	dev->rtnl_link_ops = &internal_link_ops;
	dev->needs_free_netdev = true;
	dev->tx_queue_len = 0;
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
	/* Packets are edited in place, so the sender must not keep them. */
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_OPENVSWITCH | IFF_NO_QUEUE;

	dev->features = NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA | NETIF_F_HW_CSUM |
			NETIF_F_GSO_SOFTWARE | NETIF_F_GSO_ENCAP_ALL;
	dev->vlan_features = dev->features;
	dev->hw_enc_features = dev->features;
	dev->features |= NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX;
	dev->hw_features = dev->features;
	/* A feature on some kernels, but none that a user may turn off. */
	mf_netdev_set_lltx(dev);
	eth_hw_addr_random(dev);
}

/**
 * mf_internal_dev() - is a device an internal port's?
 * @dev: any device
 *
 * Context: any.
 * Return: true if it is, attached or not.
 */
bool mf_internal_dev(const struct net_device *dev)
{
	return dev->netdev_ops == &internal_netdev_ops;
}

/**
 * mf_internal_port_rcu() - the port of an internal device
 * @dev: any device
 *
 * Context: RCU read lock or RTNL held.
 * Return: the port, or NULL when @dev is not internal, or detached.
 */
struct mf_port *mf_internal_port_rcu(const struct net_device *dev)
{
	const struct internal *internal = netdev_priv(dev);

	return mf_internal_dev(dev) ? rcu_dereference_rtnl(internal->port) : NULL;
}

static int internal_attach(struct mf_port *port, const struct mf_port_params *params)
{
	struct internal *internal;
	struct net_device *dev;
	int err;

	dev = alloc_netdev(sizeof(struct internal), params->name, NET_NAME_USER, internal_setup);
	if (!dev)
		return -ENOMEM;
	dev_net_set(dev, port->dp->net);
	dev->ifindex = params->ifindex;
	if (port->port_no == OVSP_LOCAL)
		mf_netdev_set_netns_immutable(dev);

	internal = netdev_priv(dev);
	port->dev = dev;
	rcu_assign_pointer(internal->port, port);
	err = register_netdevice(dev);
	if (err) {
		NL_SET_ERR_MSG(params->extack,
			       "The device cannot be registered: its name or ifindex is taken");
		RCU_INIT_POINTER(internal->port, NULL);
		/* Where it failed late, others may have found the device meanwhile. */
		if (dev->reg_state != NETREG_UNINITIALIZED)
			synchronize_net();
		free_netdev(dev);
		return err;
	}
	netdev_hold(dev, &port->tracker, GFP_KERNEL);
	dev_set_promiscuity(dev, 1);
	netif_start_queue(dev);
	return 0;
}

static void internal_detach(struct mf_port *port)
{
	struct internal *internal = netdev_priv(port->dev);

	netif_stop_queue(port->dev);
	dev_set_promiscuity(port->dev, -1);
	RCU_INIT_POINTER(internal->port, NULL);
	/* Gone already where the core unregisters it with its namespace. */
	if (port->dev->reg_state == NETREG_REGISTERED)
		unregister_netdevice(port->dev);
}

static void internal_send(struct mf_port *port, struct sk_buff *skb)
{
	struct net_device *dev = port->dev;

	if (unlikely(!(dev->flags & IFF_UP))) {
		DEV_STATS_INC(dev, rx_dropped);
		kfree_skb(skb);
		return;
	}

	/* The host starts afresh with it, as if it came from a wire. */
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	skb->pkt_type = PACKET_HOST;
	skb->protocol = eth_type_trans(skb, dev);
	skb_postpull_rcsum(skb, eth_hdr(skb), ETH_HLEN);
	dev_sw_netstats_rx_add(dev, skb->len);
	netif_rx(skb);
}

const struct mf_port_ops mf_internal_ops = {
	.type = OVS_VPORT_TYPE_INTERNAL,
	.attach = internal_attach,
	.detach = internal_detach,
	.send = internal_send,
};

/**
 * mf_internal_init() - let the kernel know the kind of device
 *
 * Context: module load.
 * Return: 0 or a negative errno.
 */
int mf_internal_init(void)
{
	return rtnl_link_register(&internal_link_ops);
}

/**
 * mf_internal_exit() - take the kind of device back
 *
 * Context: module unload, when no datapath is left.
 */
void mf_internal_exit(void)
{
	rtnl_link_unregister(&internal_link_ops);
}
