// SPDX-License-Identifier: GPL-2.0-only
/*
 * The full parser: link layer, and what is not IP.
 *
 * skb->data stays at the start of the frame; headers are found by the
 * offsets in @skb, so pulling more of the packet keeps them valid.
 */
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/unaligned.h>

#include "headers.h"
#include "vlan.h"

struct vlan_frame {
	u8 addresses[2 * ETH_ALEN];
	__be16 tpid;
	__be16 tci;
	__be16 type;
} __packed __aligned(2);

/* An 802.2 header with a SNAP extension. */
struct snap {
	u8 dsap;
	u8 ssap;
	u8 control;
	u8 oui[3];
	__be16 type;
} __packed __aligned(2);

#define SAP_SNAP	0xaa

struct arp_ethernet {
	struct arphdr head;
	u8 sha[ETH_ALEN];
	__be32 sip;
	u8 tha[ETH_ALEN];
	__be32 tip;
} __packed __aligned(2);

/* A tag that the frame holds in whole, with the type behind it. */
static int pull_tag(struct sk_buff *skb)
{
	const struct vlan_frame *f = (const struct vlan_frame *)skb->data;

	if (!eth_type_vlan(f->tpid))
		return -EINVAL;
	return mf_pull(skb, sizeof(*f));
}

/* From the frame into skb->vlan_tci, where the rest of the kernel expects it. */
static int pop_outer_tag(struct sk_buff *skb)
{
	__be16 tpid = eth_hdr(skb)->h_proto;
	u16 tci;
	int err;

	err = pull_tag(skb);
	if (err)
		return err;
	err = __skb_vlan_pop(skb, &tci);
	if (err)
		return err;
	__vlan_hwaccel_put_tag(skb, tpid, tci);
	return 0;
}

static int extract_tags(struct mf_key *key, struct sk_buff *skb)
{
	const struct vlan_frame *f;
	int err;

	if (!skb_vlan_tag_present(skb)) {
		err = pop_outer_tag(skb);
		if (err)
			return err == -EINVAL ? 0 : err;
	}
	key->vlan_tci = htons(skb_vlan_tag_get(skb) | MF_VLAN_PRESENT);
	key->vlan_tpid = skb->vlan_proto;

	err = pull_tag(skb);
	if (err)
		return err == -EINVAL ? 0 : err;
	f = (const struct vlan_frame *)skb->data;
	mf_key_need(key, BIT(MF_BLOCK_CVLAN));
	key->cvlan_tci = f->tci | htons(MF_VLAN_PRESENT);
	key->cvlan_tpid = f->tpid;
	return 0;
}

/* @off: where the type or length field is; moves behind what it announces. */
static int extract_type(struct mf_key *key, struct sk_buff *skb, unsigned int *off)
{
	const struct snap *snap;
	__be16 type;
	int err;

	type = *(const __be16 *)(skb->data + *off);
	*off += sizeof(type);
	if (eth_proto_is_802_3(type)) {
		key->eth_type = type;
		return 0;
	}

	key->eth_type = htons(ETH_P_802_2);
	err = mf_pull(skb, *off + sizeof(*snap));
	if (err)
		return err == -EINVAL ? 0 : err;
	snap = (const struct snap *)(skb->data + *off);
	if (snap->dsap != SAP_SNAP || snap->ssap != SAP_SNAP ||
	    snap->oui[0] | snap->oui[1] | snap->oui[2])
		return 0;

	*off += sizeof(*snap);
	if (eth_proto_is_802_3(snap->type))
		key->eth_type = snap->type;
	return 0;
}

static int extract_ethernet(struct mf_key *key, struct sk_buff *skb)
{
	const struct ethhdr *eth;
	unsigned int off;
	int err;

	err = mf_pull(skb, ETH_HLEN);
	if (err)
		return err;
	err = extract_tags(key, skb);
	if (err)
		return err;

	eth = (const struct ethhdr *)skb->data;
	memcpy(key->eth_dst, eth->h_dest, ETH_ALEN);
	memcpy(key->eth_src, eth->h_source, ETH_ALEN);
	off = offsetof(struct ethhdr, h_proto);
	if (key->blocks & BIT(MF_BLOCK_CVLAN))
		off += VLAN_HLEN;
	err = extract_type(key, skb, &off);
	if (err)
		return err;

	skb->protocol = key->blocks & BIT(MF_BLOCK_CVLAN) ? key->cvlan_tpid : key->eth_type;
	skb_set_network_header(skb, off);
	return 0;
}

/* Without a link header the packet's own note says what it is. */
static int extract_no_link(struct mf_key *key, struct sk_buff *skb)
{
	if (eth_type_vlan(skb->protocol))
		return -EINVAL;
	key->eth_type = skb->protocol;
	skb_reset_network_header(skb);
	return 0;
}

/**
 * mf_extract_full() - read all headers of a packet
 * @key: its key: mac_proto is set, header fields are zero, and blocks that
 *	headers fill are not valid
 * @skb: the packet, its data at the first header
 *
 * Context: BH off.
 * Return: 0; -EINVAL if the frame cannot be parsed, -ENOMEM.
 */
int mf_extract_full(struct mf_key *key, struct sk_buff *skb)
{
	int err;

	skb_reset_mac_header(skb);
	if (key->mac_proto == MF_MAC_ETHERNET)
		err = extract_ethernet(key, skb);
	else
		err = extract_no_link(key, skb);
	if (err)
		return err;
	skb_reset_mac_len(skb);
	/* Headers that are not there must not be where the last hop saw them. */
	skb_set_transport_header(skb, skb_network_offset(skb));

	switch (key->eth_type) {
	case htons(ETH_P_IP):
		return mf_extract_ipv4(key, skb);
	case htons(ETH_P_IPV6):
		return mf_extract_ipv6(key, skb);
	case htons(ETH_P_ARP):
	case htons(ETH_P_RARP):
		return mf_extract_arp(key, skb);
	case htons(ETH_P_MPLS_UC):
	case htons(ETH_P_MPLS_MC):
		return mf_extract_mpls(key, skb);
	case htons(ETH_P_NSH):
		return mf_extract_nsh(key, skb);
	default:
		return 0;
	}
}

/**
 * mf_extract_arp() - read ARP or RARP
 * @key: the key
 * @skb: the packet
 *
 * Anything but IPv4 over Ethernet reads as zero.
 *
 * Context: any.
 * Return: 0 or -ENOMEM.
 */
int mf_extract_arp(struct mf_key *key, struct sk_buff *skb)
{
	const struct arp_ethernet *arp;
	int err;

	mf_key_need(key, BIT(MF_BLOCK_ARP));
	err = mf_pull(skb, skb_network_offset(skb) + sizeof(*arp));
	if (err)
		return err == -EINVAL ? 0 : err;

	arp = (const struct arp_ethernet *)skb_network_header(skb);
	if (arp->head.ar_hrd != htons(ARPHRD_ETHER) || arp->head.ar_pro != htons(ETH_P_IP) ||
	    arp->head.ar_hln != ETH_ALEN || arp->head.ar_pln != sizeof(__be32))
		return 0;

	/* Only the low byte is matched: an opcode beyond it shows as none. */
	if (ntohs(arp->head.ar_op) <= 0xff)
		key->arp_op = arp->head.ar_op;
	key->arp_sip = arp->sip;
	key->arp_tip = arp->tip;
	memcpy(key->arp_sha, arp->sha, ETH_ALEN);
	memcpy(key->arp_tha, arp->tha, ETH_ALEN);
	return 0;
}
