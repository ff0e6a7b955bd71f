// SPDX-License-Identifier: GPL-2.0-only
/*
 * SET and SET_MASKED: which part of the packet is rewritten.
 */
#include <linux/etherdevice.h>
#include <linux/if_ether.h>
#include <net/mpls.h>

#include "set.h"

static void set_priority(struct act_exec *x, const u32 *value)
{
	x->skb->priority = value[0] | (x->skb->priority & ~value[1]);
	x->key->priority = x->skb->priority;
}

static void set_mark(struct act_exec *x, const u32 *value)
{
	x->skb->mark = value[0] | (x->skb->mark & ~value[1]);
	x->key->skb_mark = x->skb->mark;
}

static void set_address(u8 *address, const u8 *value, const u8 *mask)
{
	int i;

	for (i = 0; i < ETH_ALEN; i++)
		address[i] = value[i] | (address[i] & ~mask[i]);
}

static int set_ethernet(struct act_exec *x, const struct ovs_key_ethernet *value)
{
	const struct ovs_key_ethernet *mask = value + 1;
	struct sk_buff *skb = x->skb;
	struct ethhdr *eth;
	int err;

	err = skb_ensure_writable(skb, ETH_HLEN);
	if (unlikely(err))
		return err;

	eth = (struct ethhdr *)skb->data;
	skb_postpull_rcsum(skb, eth, 2 * ETH_ALEN);
	set_address(eth->h_source, value->eth_src, mask->eth_src);
	set_address(eth->h_dest, value->eth_dst, mask->eth_dst);
	skb_postpush_rcsum(skb, eth, 2 * ETH_ALEN);
	ether_addr_copy(x->key->eth_src, eth->h_source);
	ether_addr_copy(x->key->eth_dst, eth->h_dest);
	return 0;
}

/* Only the outermost entry. The key may be that of other labels by now. */
static int set_mpls(struct act_exec *x, const struct ovs_key_mpls *value)
{
	const struct ovs_key_mpls *mask = value + 1;
	struct sk_buff *skb = x->skb;
	__be32 *lse;
	__be32 to;
	int err;

	err = skb_ensure_writable(skb, skb_network_offset(skb) + MPLS_HLEN);
	if (unlikely(err))
		return err;
	lse = &mpls_hdr(skb)->label_stack_entry;
	to = value->mpls_lse | (*lse & ~mask->mpls_lse);
	mf_set_csum(skb, lse, &to, sizeof(to));
	*lse = to;
	if (!x->stale) {
		mf_key_need(x->key, BIT(MF_BLOCK_MPLS));
		x->key->mpls_lse[0] = to;
	}
	return 0;
}

/**
 * mf_exec_set() - carry out SET or SET_MASKED
 * @x: the run
 * @insn: the instruction
 *
 * The key follows.
 *
 * Context: BH off.
 * Return: 0, or a negative errno.
 */
int mf_exec_set(struct act_exec *x, const struct mf_insn *insn)
{
	const void *value = mf_insn_payload(insn);

	switch (insn->imm) {
	case OVS_KEY_ATTR_ETHERNET:
		return set_ethernet(x, value);
	case OVS_KEY_ATTR_IPV4:
		return mf_set_ipv4(x, value);
	case OVS_KEY_ATTR_IPV6:
		return mf_set_ipv6(x, value);
	case OVS_KEY_ATTR_TCP:
		return mf_set_tcp(x, value);
	case OVS_KEY_ATTR_UDP:
		return mf_set_udp(x, value);
	case OVS_KEY_ATTR_SCTP:
		return mf_set_sctp(x, value);
	case OVS_KEY_ATTR_MPLS:
		return set_mpls(x, value);
	case OVS_KEY_ATTR_PRIORITY:
		set_priority(x, value);
		return 0;
	case OVS_KEY_ATTR_SKB_MARK:
		set_mark(x, value);
		return 0;
	}
	return -EOPNOTSUPP;
}
