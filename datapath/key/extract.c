// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a packet to its key: the common frame in one straight line, and the
 * ways in. What the straight line does not know, extract_full.c does.
 */
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include <net/dst_metadata.h>
#include <net/ip.h>

#include "../ct/key.h"
#include "extract.h"
#include "headers.h"
#include "tunnel.h"

/* Blocks that no header fills. */
#define METADATA_BLOCKS (BIT(MF_BLOCK_BASE) | BIT(MF_BLOCK_CT4) | BIT(MF_BLOCK_CT6) |	\
			 BIT(MF_BLOCK_LABELS) | BIT(MF_BLOCK_TUNNEL) |			\
			 BIT(MF_BLOCK_TUN_OPTS))

/* The base block's header fields lie between the EtherType and mac_proto. */
#define HEADERS_BEGIN	offsetof(struct mf_key, eth_dst)
#define HEADERS_END	offsetof(struct mf_key, mac_proto)

static_assert(offsetof(struct mf_key, eth_type) + sizeof(__be16) == HEADERS_BEGIN);

/* The frame that the straight line knows. */
struct plain_frame {
	struct ethhdr eth;
	struct iphdr ip;
	union {
		struct udphdr udp;
		struct tcphdr tcp;
	};
} __packed __aligned(2);

#define PLAIN_IP	offsetof(struct plain_frame, ip)
#define PLAIN_L4	offsetof(struct plain_frame, udp)

/* An IPv4 header without options, of a packet that is not a fragment. */
static bool is_plain_ip(const struct plain_frame *f)
{
	return f->eth.h_proto == htons(ETH_P_IP) &&
	       *(const u8 *)&f->ip == 0x45 &&
	       !(f->ip.frag_off & htons(IP_MF | IP_OFFSET));
}

static bool is_plain_l4(const struct plain_frame *f, const struct sk_buff *skb)
{
	unsigned int headlen = skb_headlen(skb);

	/* A super-packet that will leave as fragments is one already. */
	if (f->ip.protocol == IPPROTO_UDP)
		return !(skb_shinfo(skb)->gso_type & SKB_GSO_UDP);
	return f->ip.protocol == IPPROTO_TCP &&
	       headlen >= PLAIN_L4 + sizeof(struct tcphdr) &&
	       f->tcp.doff * 4 >= sizeof(struct tcphdr) &&
	       headlen >= PLAIN_L4 + f->tcp.doff * 4;
}

/*
 * Ethernet, at most an accelerated tag, plain IPv4, TCP or UDP, all of it in
 * the linear part. Return: false, with @key untouched, if it is anything else.
 */
static bool extract_plain(struct mf_key *key, struct sk_buff *skb)
{
	const struct plain_frame *f = (const struct plain_frame *)skb->data;

	if (unlikely(skb_headlen(skb) < PLAIN_L4 + sizeof(struct udphdr) || !is_plain_ip(f) ||
		     !is_plain_l4(f, skb)))
		return false;

	key->eth_type = htons(ETH_P_IP);
	memcpy(key->eth_dst, f->eth.h_dest, ETH_ALEN);
	memcpy(key->eth_src, f->eth.h_source, ETH_ALEN);
	if (skb_vlan_tag_present(skb)) {
		key->vlan_tci = htons(skb_vlan_tag_get(skb) | MF_VLAN_PRESENT);
		key->vlan_tpid = skb->vlan_proto;
	}
	key->ipv4_src = f->ip.saddr;
	key->ipv4_dst = f->ip.daddr;
	key->ip_proto = f->ip.protocol;
	key->ip_tos = f->ip.tos;
	key->ip_ttl = f->ip.ttl;
	key->tp_src = f->udp.source;
	key->tp_dst = f->udp.dest;
	if (f->ip.protocol == IPPROTO_TCP)
		key->tcp_flags = mf_tcp_flags(&f->tcp);

	skb->protocol = htons(ETH_P_IP);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, PLAIN_IP);
	skb_set_transport_header(skb, PLAIN_L4);
	skb_reset_mac_len(skb);
	return true;
}

/* @key's header fields are zero and its mac_proto is set. */
static int extract_headers(struct mf_key *key, struct sk_buff *skb)
{
	if (likely(key->mac_proto == MF_MAC_ETHERNET && extract_plain(key, skb)))
		return 0;
	return mf_extract_full(key, skb);
}

static void forget_headers(struct mf_key *key)
{
	memset((u8 *)key + HEADERS_BEGIN, 0, HEADERS_END - HEADERS_BEGIN);
	key->blocks &= METADATA_BLOCKS;
}

/* Devices without link header still carry Ethernet if the packet says so. */
static u8 frame_type(const struct sk_buff *skb)
{
	if (likely(skb->dev->type != ARPHRD_NONE) || skb->protocol == htons(ETH_P_TEB))
		return MF_MAC_ETHERNET;
	return MF_MAC_NONE;
}

/**
 * mf_key_extract() - the key of a packet that came in by a port
 * @key: the key, wholly overwritten
 * @skb: the packet, not shared, its data at the link header, or at the network
 *	header if its device has none. Leaves with its header offsets, mac_len
 *	and protocol set, and an outer VLAN tag taken out of the frame.
 * @in_port: number of the port
 *
 * Context: BH off.
 * Return: 0; -EINVAL if the frame cannot be parsed, -ENOMEM. @skb stays the
 * caller's.
 */
int mf_key_extract(struct mf_key *key, struct sk_buff *skb, u16 in_port)
{
	const struct ip_tunnel_info *info = skb_tunnel_info(skb);
	int err;

	mf_key_init(key);
	key->in_port = in_port;
	key->priority = skb->priority;
	key->skb_mark = skb->mark;
	key->mac_proto = frame_type(skb);
	if (unlikely(info))
		mf_tunnel_extract(key, info);
	err = extract_headers(key, skb);
	if (unlikely(skb_nfct(skb)) && !err)
		mf_ct_key_received(key, skb);
	return err;
}

/**
 * mf_key_extract_packet() - read the headers of a packet anew
 * @key: its key, of which metadata and mac_proto stay
 * @skb: the packet, as for mf_key_extract()
 *
 * Context: BH off.
 * Return: 0; -EINVAL if the frame cannot be parsed, -ENOMEM. @skb stays the
 * caller's.
 */
int mf_key_extract_packet(struct mf_key *key, struct sk_buff *skb)
{
	forget_headers(key);
	return extract_headers(key, skb);
}

/**
 * mf_key_extract_execute() - the key of a packet that user space made
 * @key: from mf_key_parse_metadata(); gets the headers
 * @skb: the packet, as for mf_key_extract()
 *
 * Context: BH off.
 * Return: 0; -EINVAL if the frame cannot be parsed or is not of the kind that
 * the conntrack tuple of @key names, -ENOMEM. @skb stays the caller's.
 */
int mf_key_extract_execute(struct mf_key *key, struct sk_buff *skb)
{
	int err;

	if (key->mac_proto == MF_MAC_NONE)
		skb->protocol = key->eth_type;
	err = mf_key_extract_packet(key, skb);
	if (err)
		return err;

	if (key->blocks & BIT(MF_BLOCK_CT4) && key->eth_type != htons(ETH_P_IP))
		return -EINVAL;
	if (key->blocks & BIT(MF_BLOCK_CT6) &&
	    (key->eth_type != htons(ETH_P_IPV6) || key->blocks & BIT(MF_BLOCK_ND)))
		return -EINVAL;
	return 0;
}

/**
 * mf_key_refresh() - the key of a packet that actions have changed
 * @key: its key, whose mac_proto the actions kept true
 * @skb: the packet, as for mf_key_extract()
 *
 * Context: BH off.
 * Return: 0; -EINVAL if the frame cannot be parsed, -ENOMEM. @skb stays the
 * caller's.
 */
int mf_key_refresh(struct mf_key *key, struct sk_buff *skb)
{
	return mf_key_extract_packet(key, skb);
}
