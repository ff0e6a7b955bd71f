// SPDX-License-Identifier: GPL-2.0-only
/*
 * HASH, and the hash of a packet's headers.
 */
#include <linux/if_vlan.h>
#include <linux/jhash.h>
#include <linux/openvswitch.h>
#include <linux/skbuff.h>

#include "execute.h"
#include "hash.h"

/*
 * The kernel's dissector starts at the network header and, when skb->protocol
 * is a VLAN, looks for the tag there. Ours is past the tags in the frame.
 */
static u32 hash_from_tag(struct sk_buff *skb, u32 (*hash)(struct sk_buff *skb))
{
	int network = skb_network_offset(skb);
	u32 value;

	if (likely(!eth_type_vlan(skb->protocol)))
		return hash(skb);
	skb_set_network_header(skb, ETH_HLEN);
	value = hash(skb);
	skb_set_network_header(skb, network);
	return value;
}

static u32 hash_flow(struct sk_buff *skb)
{
	return skb_get_hash(skb);
}

static u32 hash_symmetric(struct sk_buff *skb)
{
	return __skb_get_hash_symmetric(skb);
}

/**
 * mf_packet_hash() - the hash of a packet's headers
 * @skb: the packet, data at the link header; it remembers the hash
 *
 * Context: any.
 * Return: what the device said, or else a hash of addresses and ports.
 */
u32 mf_packet_hash(struct sk_buff *skb)
{
	return hash_from_tag(skb, hash_flow);
}

/**
 * mf_exec_hash() - carry out HASH
 * @x: the run
 * @insn: the instruction
 *
 * Context: BH off.
 */
void mf_exec_hash(struct act_exec *x, const struct mf_insn *insn)
{
	const struct ovs_action_hash *hash = mf_insn_payload(insn);
	u32 value;

	if (hash->hash_alg == OVS_HASH_ALG_SYM_L4)
		value = hash_from_tag(x->skb, hash_symmetric);
	else
		value = mf_packet_hash(x->skb);
	value = jhash_1word(value, hash->hash_basis);

	/* 0 in the key means that nothing was hashed. */
	x->key->dp_hash = value ?: 1;
}
