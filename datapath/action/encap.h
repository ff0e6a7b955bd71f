/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Putting headers in front of packets, and taking them off.
 *
 * mac_proto of the key is kept true by every one of these; the other fields
 * may be out of date, which the run remembers as "stale".
 */
#ifndef MF_ACTION_ENCAP_H
#define MF_ACTION_ENCAP_H

#include "execute.h"

int mf_exec_push_mpls(struct act_exec *x, const struct mf_insn *insn);
int mf_exec_pop_mpls(struct act_exec *x, const struct mf_insn *insn);
int mf_exec_push_eth(struct act_exec *x, const struct mf_insn *insn);
int mf_exec_pop_eth(struct act_exec *x);
int mf_exec_push_nsh(struct act_exec *x, const struct mf_insn *insn);
int mf_exec_pop_nsh(struct act_exec *x);

int mf_exec_unwrapped(struct act_exec *x);
int mf_vlan_into_frame(struct sk_buff *skb);

#endif
