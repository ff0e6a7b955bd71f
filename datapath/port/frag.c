// SPDX-License-Identifier: GPL-2.0-only
/*
 * Out by a port in pieces: a packet that was made of fragments leaves as
 * fragments of their size, each behind a link header of its own.
 *
 * The kernel's fragmentation asks the packet's route for a device and an MTU,
 * and hands each piece to a function that it gives nothing else. So the route
 * is the beginning of a record on our stack, which holds what the pieces need:
 * however deep devices lead back into the datapath, each run has its own.
 */
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/mpls.h>
#include <net/route.h>

#include "../cb.h"
#include "../dp.h"
#include "../drop.h"
#include "../limits.h"
#include "frag.h"
#include "port.h"

/**
 * struct pieces - what the fragments of one packet have in common
 * @rt6: the route that IPv6's fragmentation sees
 * @rt4: the route that IPv4's fragmentation sees
 * @dst: what both begin with
 * @port: where they go
 * @send: what sends them
 * @refdst: the packet's own route, such as where a tunnel is to send it
 * @cb: the packet's control block, without the size of the fragments
 * @vlan_proto: EtherType of the tag beside the frame
 * @vlan_tci: that tag
 * @has_tag: there is one
 * @mru: their largest size, from the network header on
 * @mac_proto: enum mf_mac_proto: what they start with
 * @network_offset: of the header behind link header and tags
 * @l2_len: bytes in @l2
 * @l2: all that is in front of the IP header
 */
struct pieces {
	union {
		/* The largest first: it is what an initializer clears. */
		struct rt6_info rt6;
		struct rtable rt4;
		struct dst_entry dst;
	};
	struct mf_port *port;
	mf_frag_send_fn send;
	unsigned long refdst;
	struct mf_cb cb;
	__be16 vlan_proto;
	u16 vlan_tci;
	bool has_tag;
	u16 mru;
	u8 mac_proto;
	u8 network_offset;
	u8 l2_len;
	u8 l2[MF_FRAG_L2_MAX];
};

static_assert(!offsetof(struct rtable, dst) && !offsetof(struct rt6_info, dst));
static_assert(sizeof(struct rt6_info) >= sizeof(struct rtable));

static unsigned int pieces_mtu(const struct dst_entry *dst)
{
	return container_of(dst, struct pieces, dst)->mru;
}

static struct dst_ops pieces_ops = {
	.family = AF_UNSPEC,
	.mtu = pieces_mtu,
};

/* One fragment; consumed. Those after it do not suffer for what becomes of it. */
static int send_piece(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct pieces *p = container_of(skb_dst(skb), struct pieces, dst);

	skb_dst_drop(skb);
	if (unlikely(skb_cow_head(skb, p->l2_len))) {
		mf_drop(p->port->dp, skb, MF_DROP_NOMEM);
		return 0;
	}
	memcpy(skb_push(skb, p->l2_len), p->l2, p->l2_len);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, p->network_offset);
	skb_reset_mac_len(skb);
	if (p->has_tag)
		__vlan_hwaccel_put_tag(skb, p->vlan_proto, p->vlan_tci);
	else
		__vlan_hwaccel_clear_tag(skb);
	__skb_dst_copy(skb, p->refdst);
	*mf_cb(skb) = p->cb;
	p->send(p->port, skb, p->mac_proto);
	return 0;
}

/*
 * Where the IP header is, behind tags in the frame and labels. What labels are
 * in front of they do not say, but who pushed the first one noted it.
 */
static unsigned int find_ip(const struct sk_buff *skb, __be16 *type)
{
	*type = vlan_get_protocol(skb);
	if (!eth_p_mpls(*type))
		return skb_network_offset(skb);
	*type = skb->inner_protocol;
	return skb_inner_network_offset(skb);
}

/* Options that are in the first fragment only are blanked in the others. */
static enum mf_drop prepare_ipv4(struct sk_buff *skb, u16 mru)
{
	unsigned int len;

	if (!pskb_may_pull(skb, sizeof(struct iphdr)))
		return MF_DROP_BAD_HEADER;
	len = ip_hdrlen(skb);
	if (ip_hdr(skb)->version != 4 || len < sizeof(struct iphdr) || !pskb_may_pull(skb, len))
		return MF_DROP_BAD_HEADER;
	if (mru < len + 8)
		return MF_DROP_PKT_TOO_BIG;
	if (len > sizeof(struct iphdr) && skb_ensure_writable(skb, len))
		return MF_DROP_NOMEM;

	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	IPCB(skb)->frag_max_size = mru;
	IPCB(skb)->opt.optlen = len - sizeof(struct iphdr);
	return MF_DROP_NONE;
}

/* No fragment need be smaller than what every IPv6 link carries. */
static enum mf_drop prepare_ipv6(struct sk_buff *skb, u16 mru)
{
	u8 *next;
	int len;

	if (!pskb_may_pull(skb, sizeof(struct ipv6hdr)) || ipv6_hdr(skb)->version != 6)
		return MF_DROP_BAD_HEADER;
	len = ip6_find_1stfragopt(skb, &next);
	if (len < 0)
		return MF_DROP_BAD_HEADER;
	if (max_t(unsigned int, mru, IPV6_MIN_MTU) < len + sizeof(struct frag_hdr) + 8)
		return MF_DROP_PKT_TOO_BIG;

	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	IP6CB(skb)->frag_max_size = mru;
	return MF_DROP_NONE;
}

/* Take down what is in front of the IP header, and take that off. */
static enum mf_drop take_link(struct pieces *p, struct sk_buff *skb, __be16 *type)
{
	unsigned int len = find_ip(skb, type);

	if (*type != htons(ETH_P_IP) && *type != htons(ETH_P_IPV6))
		return MF_DROP_FRAG_INVALID_PROTO;
	if (len > sizeof(p->l2))
		return MF_DROP_FRAG_L2_TOO_LONG;
	if (!pskb_may_pull(skb, len))
		return MF_DROP_BAD_HEADER;

	p->network_offset = skb_network_offset(skb);
	p->l2_len = len;
	memcpy(p->l2, skb->data, len);
	__skb_pull(skb, len);
	skb_reset_network_header(skb);
	return *type == htons(ETH_P_IP) ? prepare_ipv4(skb, p->mru) : prepare_ipv6(skb, p->mru);
}

/* Consumes @skb. */
static int split(struct pieces *p, struct sk_buff *skb, __be16 type)
{
	struct net *net = p->port->dp->net;
	int err;

	dst_init(&p->dst, &pieces_ops, NULL, DST_OBSOLETE_NONE, DST_NOCOUNT);
	p->dst.dev = p->port->dev;
	p->refdst = skb_dstref_steal(skb);
	skb_dst_set_noref(skb, &p->dst);

	skb_orphan(skb);
	skb->ignore_df = 1;
	/* It was that of the whole. */
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;

	if (type == htons(ETH_P_IP))
		err = ip_do_fragment(net, NULL, skb, send_piece);
	else
		err = ip6_fragment(net, NULL, skb, send_piece);
	refdst_drop(p->refdst);
	return err;
}

/**
 * mf_frag_send() - send a packet in fragments
 * @port: the port
 * @skb: the packet, data at the link header, its control block naming a size
 *	that @port's device can send; consumed
 * @mac_proto: enum mf_mac_proto: what @skb starts with
 * @send: called for each fragment, a frame like @skb
 *
 * What is neither IPv4 nor IPv6, or has it too far behind, is dropped with its
 * reason, as is what memory does not suffice for.
 *
 * Context: BH off, RCU read lock held.
 */
void mf_frag_send(struct mf_port *port, struct sk_buff *skb, u8 mac_proto, mf_frag_send_fn send)
{
	struct pieces p = {
		.port = port,
		.send = send,
		.cb = *mf_cb(skb),
		.mru = mf_cb(skb)->mru,
		.mac_proto = mac_proto,
		.has_tag = skb_vlan_tag_present(skb),
		.vlan_proto = skb->vlan_proto,
		.vlan_tci = skb_vlan_tag_get(skb),
	};
	enum mf_drop reason;
	__be16 type;
	int err;

	p.cb.mru = 0;
	reason = take_link(&p, skb, &type);
	if (reason) {
		mf_drop(port->dp, skb, reason);
		return;
	}
	err = split(&p, skb, type);
	if (unlikely(err))
		mf_drop_count(port->dp, err == -ENOMEM ? MF_DROP_NOMEM : MF_DROP_BAD_HEADER);
}
