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
#include "word.h"

/* Blocks that no header fills. */
#define METADATA_BLOCKS (BIT(MF_BLOCK_BASE) | BIT(MF_BLOCK_CT4) | BIT(MF_BLOCK_CT6) |	\
			 BIT(MF_BLOCK_LABELS) | BIT(MF_BLOCK_TUNNEL) |			\
			 BIT(MF_BLOCK_TUN_OPTS))

/* The word that a member of the base block is in. */
#define WORD(member) (offsetof(struct mf_key, member) / sizeof(u64))

/* The bits of the EtherType in its word, and of what headers fill in that of TCP flags. */
#define ETH_TYPE_BITS	mf_word_halves(0, mf_word_pair(0, U16_MAX))
#define FLAGS_BITS	mf_word_halves(U32_MAX, 0)

static_assert(offsetof(struct mf_key, eth_type) % 8 == 6);
static_assert(offsetof(struct mf_key, vlan_tci) % 8 == 6 && WORD(vlan_tci) == WORD(eth_dst));
static_assert(offsetof(struct mf_key, vlan_tpid) % 8 == 6 && WORD(vlan_tpid) == WORD(eth_src));
static_assert(offsetof(struct mf_key, ip_proto) % 8 == 4 && WORD(ip_proto) == WORD(tp_src));
static_assert(offsetof(struct mf_key, mac_proto) % 8 == 4 && WORD(mac_proto) == WORD(tcp_flags));
static_assert(offsetof(struct mf_key, in_port) % 8 == 4 && WORD(in_port) == WORD(eth_type));

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
	u64 *word = key->words;
	u16 tpid = 0;
	u16 tci = 0;

	if (unlikely(skb_headlen(skb) < PLAIN_L4 + sizeof(struct udphdr) || !is_plain_ip(f) ||
		     !is_plain_l4(f, skb)))
		return false;

	if (skb_vlan_tag_present(skb)) {
		tci = (__force u16)htons(skb_vlan_tag_get(skb) | MF_VLAN_PRESENT);
		tpid = (__force u16)skb->vlan_proto;
	}
	word[WORD(eth_type)] &= ~ETH_TYPE_BITS;
	word[WORD(eth_type)] |= mf_word_halves(0, mf_word_pair(0, (__force u16)htons(ETH_P_IP)));
	word[WORD(eth_dst)] = mf_word_address(f->eth.h_dest, tci);
	word[WORD(eth_src)] = mf_word_address(f->eth.h_source, tpid);
	word[WORD(ipv4_src)] = mf_word_load(&f->ip.saddr);
	word[WORD(tp_src)] = mf_word_halves(mf_word_load_half(&f->udp.source),
					    mf_word_bytes(f->ip.protocol, f->ip.tos, f->ip.ttl, 0));
	if (f->ip.protocol == IPPROTO_TCP)
		word[WORD(tcp_flags)] |=
			mf_word_halves(mf_word_pair((__force u16)mf_tcp_flags(&f->tcp), 0), 0);

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
	/* From the EtherType, which is always set anew, up to mac_proto. */
	mf_words_zero(&key->words[WORD(eth_dst)], WORD(tcp_flags) - WORD(eth_dst));
	key->words[WORD(tcp_flags)] &= ~FLAGS_BITS;
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
	key->words[WORD(in_port)] = mf_word_halves(0, mf_word_pair(in_port, 0));
	key->words[WORD(mac_proto)] = mf_word_halves(0, mf_word_bytes(frame_type(skb), 0, 0, 0));
	key->words[WORD(priority)] = mf_word_halves(skb->priority, skb->mark);
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
