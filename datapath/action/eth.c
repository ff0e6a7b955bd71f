// SPDX-License-Identifier: GPL-2.0-only
/*
 * PUSH_ETH and POP_ETH, and frames that lay inside packets.
 */
#include <linux/if_ether.h>
#include <linux/openvswitch.h>
#include <linux/skbuff.h>

#include "encap.h"

/**
 * mf_exec_unwrapped() - what was payload is a frame from here on
 * @x: the run; its packet begins with that frame's Ethernet header
 *
 * Actions that follow ask where the frame's headers are, and for its tag.
 *
 * Context: BH off.
 * Return: 0, or a negative errno if it is no frame.
 */
int mf_exec_unwrapped(struct act_exec *x)
{
	x->key->mac_proto = MF_MAC_ETHERNET;
	x->stale = true;
	return mf_exec_refresh(x);
}

static void set_addresses(struct mf_key *key, const u8 *src, const u8 *dst)
{
	memcpy(key->eth_src, src, ETH_ALEN);
	memcpy(key->eth_dst, dst, ETH_ALEN);
}

/**
 * mf_exec_push_eth() - carry out PUSH_ETH
 * @x: the run
 * @insn: the instruction
 *
 * Context: BH off.
 * Return: 0, or a negative errno.
 */
int mf_exec_push_eth(struct act_exec *x, const struct mf_insn *insn)
{
	const struct ovs_key_ethernet *eth = mf_insn_payload(insn);
	int err;

	err = skb_eth_push(x->skb, eth->eth_dst, eth->eth_src);
	if (unlikely(err))
		return err;
	x->key->mac_proto = MF_MAC_ETHERNET;
	set_addresses(x->key, eth->eth_src, eth->eth_dst);
	return 0;
}

/**
 * mf_exec_pop_eth() - carry out POP_ETH
 * @x: the run
 *
 * A packet whose link header has more to it than Ethernet, a tag or an 802.2
 * header, is an error: it would leave that behind.
 *
 * Context: BH off.
 * Return: 0, or a negative errno.
 */
int mf_exec_pop_eth(struct act_exec *x)
{
	static const u8 none[ETH_ALEN];
	int err;

	if (unlikely(skb_network_offset(x->skb) != ETH_HLEN))
		return -EPROTO;
	err = skb_eth_pop(x->skb);
	if (unlikely(err))
		return err;
	x->key->mac_proto = MF_MAC_NONE;
	set_addresses(x->key, none, none);
	return 0;
}
