/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flow key: what a packet is matched on.
 *
 * A key is an array of 64-bit words with named views. The first eight words,
 * one cache line, hold all that a plain IPv4 TCP or UDP packet needs; the
 * rest are blocks that only some packets fill. Every field means one thing:
 * no field stands in for another.
 */
#ifndef MF_KEY_KEY_H
#define MF_KEY_KEY_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/if_ether.h>
#include <linux/openvswitch.h>
#include <linux/string.h>
#include <linux/types.h>

#include "word.h"

/* No input port, as IN_PORT is absent: one past the largest port number. */
#define MF_PORT_NONE		0xffff
/* The VLAN tag is there. Stands where the CFI bit would be on the wire. */
#define MF_VLAN_PRESENT		0x1000
/* Labels of an MPLS stack that a key holds. */
#define MF_MPLS_DEPTH		3
/* mpls_present: a bit for each label stack entry, outermost lowest. */
#define MF_MPLS_PRESENT(n)	GENMASK((n) - 1, 0)
/* Bytes of tunnel options that a key holds, padded to whole words. */
#define MF_TUN_OPTS_MAX		256
/* The low twelve bits of the TCP flags word can be matched. */
#define MF_TCP_FLAGS		0x0fff

/**
 * enum mf_mac_proto - what the frame starts with
 * @MF_MAC_ETHERNET: an Ethernet header
 * @MF_MAC_NONE: a layer-3 packet, as tunnels without inner Ethernet deliver
 * @MF_MAC_MASK: how a mask says "exact"; this field never is wildcarded
 */
enum mf_mac_proto {
	MF_MAC_ETHERNET = 0,
	MF_MAC_NONE = 1,
	MF_MAC_MASK = 0xff,
};

/**
 * enum mf_block - parts of the key that are filled together
 * @MF_BLOCK_BASE: the first cache line, always valid
 * @MF_BLOCK_CVLAN: inner VLAN tag
 * @MF_BLOCK_IPV6: IPv6 addresses, label, extension headers
 * @MF_BLOCK_ARP: ARP or RARP
 * @MF_BLOCK_ND: neighbour discovery
 * @MF_BLOCK_CT4: original conntrack tuple, IPv4
 * @MF_BLOCK_CT6: original conntrack tuple, IPv6
 * @MF_BLOCK_LABELS: conntrack labels
 * @MF_BLOCK_MPLS: label stack entries
 * @MF_BLOCK_NSH: network service header
 * @MF_BLOCK_TUNNEL: tunnel metadata
 * @MF_BLOCK_TUN_OPTS: tunnel options
 * @MF_BLOCKS: their number
 */
enum mf_block {
	MF_BLOCK_BASE,
	MF_BLOCK_CVLAN,
	MF_BLOCK_IPV6,
	MF_BLOCK_ARP,
	MF_BLOCK_ND,
	MF_BLOCK_CT4,
	MF_BLOCK_CT6,
	MF_BLOCK_LABELS,
	MF_BLOCK_MPLS,
	MF_BLOCK_NSH,
	MF_BLOCK_TUNNEL,
	MF_BLOCK_TUN_OPTS,
	MF_BLOCKS,
};

/*
 * struct mf_key_fields - the named view of the key's words
 *
 * Each comment names the word. Members that the wire holds in network byte
 * order stay in it; the rest are host order. Padding is always zero.
 */
struct mf_key_fields {
	/* base, w0: what selects a table of flows */
	u32 recirc_id;
	u16 in_port;
	__be16 eth_type;
	/* w1, w2: Ethernet and outer VLAN */
	u8 eth_dst[ETH_ALEN];
	__be16 vlan_tci;
	u8 eth_src[ETH_ALEN];
	__be16 vlan_tpid;
	/* w3, w4: IPv4 addresses, ports, the bytes all of IP shares */
	__be32 ipv4_src;
	__be32 ipv4_dst;
	__be16 tp_src;
	__be16 tp_dst;
	u8 ip_proto;
	u8 ip_tos;
	u8 ip_ttl;
	u8 ip_frag;
	/* w5 */
	__be16 tcp_flags;
	u8 icmp_type;
	u8 icmp_code;
	u8 mac_proto;
	u8 ct_state;
	u16 ct_zone;
	/* w6, w7: metadata */
	u32 priority;
	u32 skb_mark;
	u32 dp_hash;
	u32 ct_mark;

	/* cvlan, 1 word */
	__be16 cvlan_tci;
	__be16 cvlan_tpid;
	u32 cvlan_pad;

	/* ipv6, 5 words */
	u8 ipv6_src[16];
	u8 ipv6_dst[16];
	__be32 ipv6_label;
	u16 ipv6_exthdrs;
	u16 ipv6_pad;

	/* arp, 3 words */
	__be32 arp_sip;
	__be32 arp_tip;
	u8 arp_sha[ETH_ALEN];
	__be16 arp_op;
	u8 arp_tha[ETH_ALEN];
	u16 arp_pad;

	/* nd, 4 words */
	u8 nd_target[16];
	u8 nd_sll[ETH_ALEN];
	u8 nd_tll[ETH_ALEN];
	u32 nd_pad;

	/* ct4, 2 words */
	__be32 ct4_src;
	__be32 ct4_dst;
	__be16 ct4_tp_src;
	__be16 ct4_tp_dst;
	u8 ct4_proto;
	u8 ct4_pad[3];

	/* ct6, 5 words */
	u8 ct6_src[16];
	u8 ct6_dst[16];
	__be16 ct6_tp_src;
	__be16 ct6_tp_dst;
	u8 ct6_proto;
	u8 ct6_pad[3];

	/* labels, 2 words */
	u8 ct_labels[16];

	/* mpls, 2 words */
	__be32 mpls_lse[MF_MPLS_DEPTH];
	u32 mpls_present;

	/* nsh, 3 words */
	u8 nsh_flags;
	u8 nsh_ttl;
	u8 nsh_mdtype;
	u8 nsh_np;
	__be32 nsh_path_hdr;
	__be32 nsh_context[4];

	/* tunnel, 8 words */
	__be64 tun_id;
	__be32 tun_ipv4_src;
	__be32 tun_ipv4_dst;
	u8 tun_ipv6_src[16];
	u8 tun_ipv6_dst[16];
	__be16 tun_tp_src;
	__be16 tun_tp_dst;
	u16 tun_flags;
	u8 tun_tos;
	u8 tun_ttl;
	u8 tun_family;
	u8 tun_opts_len;
	u8 tun_pad[6];

	/* tun_opts, 32 words */
	u8 tun_opts[MF_TUN_OPTS_MAX];
};

#define MF_KEY_WORDS (sizeof(struct mf_key_fields) / sizeof(u64))
/* Words of the base block. */
#define MF_BASE_WORDS (offsetof(struct mf_key_fields, cvlan_tci) / sizeof(u64))

/**
 * struct mf_key - a flow key
 * @mf_key_fields: the fields
 * @words: the same bytes as 64-bit words, which is how they are compared
 * @blocks: bitmap of enum mf_block: which blocks hold values. The words of a
 *	block that is not valid are undefined until mf_key_need() zeroes them.
 */
struct mf_key {
	union {
		u64 words[MF_KEY_WORDS];
		struct mf_key_fields;
	};
	u32 blocks;
};

/**
 * struct mf_key_block - where a block lies
 * @first: index of its first word
 * @n: number of words
 */
struct mf_key_block {
	u8 first;
	u8 n;
};

extern const struct mf_key_block mf_key_blocks[MF_BLOCKS];

void mf_key_zero_blocks(struct mf_key *key, u32 missing);
u32 mf_key_block_of(u32 word);

/**
 * mf_key_need() - make blocks readable
 * @key: the key
 * @blocks: bitmap of the blocks that are going to be read
 *
 * Zeroes those that the packet did not fill.
 *
 * Context: any.
 */
static inline void mf_key_need(struct mf_key *key, u32 blocks)
{
	u32 missing = blocks & ~key->blocks;

	if (unlikely(missing))
		mf_key_zero_blocks(key, missing);
}

/**
 * mf_key_init() - start an empty key
 * @key: the key; its base block is zeroed, no other block is valid
 *
 * Context: any.
 */
static inline void mf_key_init(struct mf_key *key)
{
	mf_words_zero(key->words, MF_BASE_WORDS);
	key->in_port = MF_PORT_NONE;
	key->blocks = BIT(MF_BLOCK_BASE);
}

void mf_key_copy(struct mf_key *to, const struct mf_key *from);

#endif
