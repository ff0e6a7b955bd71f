// SPDX-License-Identifier: GPL-2.0-only
/*
 * Out by a port: may this packet leave by this device?
 */
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "../cb.h"
#include "../dp.h"
#include "../key/key.h"
#include "frag.h"
#include "port.h"
#include "table.h"

/* What the MTU limits: the frame without link header and one VLAN tag. */
static unsigned int payload_length(const struct sk_buff *skb, const struct net_device *dev)
{
	unsigned int length = skb->len - dev->hard_header_len;

	if (!skb_vlan_tag_present(skb) && eth_type_vlan(skb->protocol))
		length -= VLAN_HLEN;
	return length;
}

static bool fits(struct sk_buff *skb, struct net_device *dev)
{
	unsigned int mtu = READ_ONCE(dev->mtu);

	if (skb->len <= dev->hard_header_len + mtu || skb_is_gso(skb))
		return true;
	if (payload_length(skb, dev) <= mtu)
		return true;

	DEV_STATS_INC(dev, tx_errors);
	if (dev->flags & IFF_UP)
		net_warn_ratelimited("%s: dropped packet of %u bytes, MTU is %u\n",
				     netdev_name(dev), payload_length(skb, dev), mtu);
	return false;
}

/* Does the device send such packets: with a link header, or without? */
static bool suits(const struct net_device *dev, u8 mac_proto)
{
	if (dev->type == ARPHRD_ETHER)
		return mac_proto == MF_MAC_ETHERNET;
	return dev->type == ARPHRD_NONE;
}

/* To a device without link header, a frame is payload. */
static void wrap(struct sk_buff *skb)
{
	skb_reset_network_header(skb);
	skb_reset_mac_len(skb);
	skb->protocol = htons(ETH_P_TEB);
}

static void transmit(struct mf_port *port, struct sk_buff *skb, u8 mac_proto)
{
	if (port->dev->type == ARPHRD_NONE && mac_proto == MF_MAC_ETHERNET)
		wrap(skb);
	if (unlikely(!fits(skb, port->dev))) {
		mf_drop(port->dp, skb, MF_DROP_PKT_TOO_BIG);
		return;
	}
	/* A receive time must not be taken for a time to send. */
	skb_clear_tstamp(skb);
	port->ops->send(port, skb);
}

/* Nobody asked for fragments smaller than those that came in. */
static void transmit_fragments(struct mf_port *port, struct sk_buff *skb, u8 mac_proto)
{
	if (mf_cb(skb)->mru > READ_ONCE(port->dev->mtu))
		mf_drop(port->dp, skb, MF_DROP_PKT_TOO_BIG);
	else
		mf_frag_send(port, skb, mac_proto, transmit);
}

static bool leaves_in_fragments(const struct sk_buff *skb, const struct net_device *dev)
{
	u16 mru = mf_cb(skb)->mru;

	return unlikely(mru) && skb->len > mru + dev->hard_header_len && !skb_is_gso(skb);
}

/**
 * mf_port_send() - transmit a packet by port number
 * @dp: the datapath
 * @skb: the packet, its data at the link header; consumed
 * @port_no: number of the port
 * @mac_proto: enum mf_mac_proto: what @skb starts with
 *
 * A packet that was made of fragments leaves as fragments no larger than they
 * were. A port that does not exist, is down or has no carrier drops the packet
 * with its reason; so does a device whose MTU or type the packet does not suit.
 *
 * Context: BH off, RCU read lock held.
 */
void mf_port_send(struct mf_dp *dp, struct sk_buff *skb, u32 port_no, u8 mac_proto)
{
	struct mf_port *port = mf_port_find_rcu(dp, port_no);

	if (unlikely(!port || !netif_running(port->dev) || !netif_carrier_ok(port->dev) ||
		     !suits(port->dev, mac_proto))) {
		mf_drop(dp, skb, MF_DROP_DEV_READY);
		return;
	}
	if (unlikely(leaves_in_fragments(skb, port->dev)))
		transmit_fragments(port, skb, mac_proto);
	else
		transmit(port, skb, mac_proto);
}
