// SPDX-License-Identifier: GPL-2.0-only
/*
 * PUSH_NSH and POP_NSH.
 */
#include <linux/if_ether.h>
#include <linux/skbuff.h>
#include <net/nsh.h>

#include "encap.h"

/**
 * mf_exec_push_nsh() - carry out PUSH_NSH
 * @x: the run
 * @insn: the instruction
 *
 * The header says what it encloses: the frame, tag and all, or a packet of
 * layer 3.
 *
 * Context: BH off.
 * Return: 0, or a negative errno.
 */
int mf_exec_push_nsh(struct act_exec *x, const struct mf_insn *insn)
{
	int err;

	err = mf_vlan_into_frame(x->skb);
	if (unlikely(err))
		return err;
	err = nsh_push(x->skb, mf_insn_payload(insn));
	if (unlikely(err))
		return err;
	x->key->mac_proto = MF_MAC_NONE;
	x->stale = true;
	return 0;
}

/**
 * mf_exec_pop_nsh() - carry out POP_NSH
 * @x: the run
 *
 * Context: BH off.
 * Return: 0, or a negative errno.
 */
int mf_exec_pop_nsh(struct act_exec *x)
{
	int err;

	/* A flow may have let this packet in for its EtherType alone. */
	if (unlikely(x->key->mac_proto != MF_MAC_NONE || x->skb->protocol != htons(ETH_P_NSH)))
		return -EPROTO;
	err = nsh_pop(x->skb);
	if (unlikely(err))
		return err;
	x->stale = true;
	return x->skb->protocol == htons(ETH_P_TEB) ? mf_exec_unwrapped(x) : 0;
}
