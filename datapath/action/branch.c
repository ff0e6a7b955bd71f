// SPDX-License-Identifier: GPL-2.0-only
/*
 * What CHECK_PKT_LEN and DEC_TTL decide by: the packet's length, and the time
 * it has left.
 */
#include <linux/if_ether.h>
#include <linux/skbuff.h>

#include "cb.h"
#include "execute.h"
#include "set.h"

/* A packet made of fragments leaves in pieces of their size, a super-packet in segments. */
static bool is_longer(const struct sk_buff *skb, u32 len)
{
	u16 mru = mf_cb(skb)->mru;

	if (mru)
		return mru + skb->mac_len > len;
	if (skb->len <= len)
		return false;
	return !skb_is_gso(skb) || !skb_gso_validate_mac_len(skb, len);
}

/**
 * mf_exec_branch() - which way CHECK_PKT_LEN goes
 * @x: the run
 * @insn: the instruction
 *
 * Context: BH off.
 * Return: the branch.
 */
const struct mf_insn *mf_exec_branch(const struct act_exec *x, const struct mf_insn *insn)
{
	const struct mf_insn *longer = mf_insn_body(insn);

	return is_longer(x->skb, insn->imm) ? longer : mf_insn_next(longer);
}

/**
 * mf_exec_dec_ttl() - take one from the packet's TTL or hop limit
 * @x: the run
 *
 * A packet that is not IP, or whose time has run out, stays as it is.
 *
 * Context: BH off.
 * Return: 0; 1 if the time has run out; or a negative errno.
 */
int mf_exec_dec_ttl(struct act_exec *x)
{
	int err;

	err = mf_exec_refresh(x);
	if (unlikely(err))
		return err;
	if (x->key->eth_type != htons(ETH_P_IP) && x->key->eth_type != htons(ETH_P_IPV6))
		return 0;
	if (x->key->ip_ttl <= 1)
		return 1;
	return mf_set_ttl(x, x->key->ip_ttl - 1);
}
