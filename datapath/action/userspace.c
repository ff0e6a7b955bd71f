// SPDX-License-Identifier: GPL-2.0-only
/*
 * USERSPACE.
 */
#include <linux/openvswitch.h>
#include <linux/slab.h>

#include "execute.h"
#include "tunnel.h"
#include "upcall.h"

/**
 * mf_exec_userspace() - carry out USERSPACE
 * @x: the run
 * @insn: the instruction
 *
 * The packet goes on whether user space takes it or not; the upcall counts.
 *
 * Context: BH off, RCU read lock held.
 */
void mf_exec_userspace(struct act_exec *x, const struct mf_insn *insn)
{
	const struct mf_insn_userspace *userspace = mf_insn_payload(insn);
	struct mf_upcall upcall = {
		.cmd = OVS_PACKET_CMD_ACTION,
		.has_userdata = userspace->flags & MF_USERSPACE_USERDATA,
		.userdata_len = userspace->userdata_len,
		.portid = userspace->portid,
		.max_len = x->max_len,
		.userdata = userspace->userdata,
		.actions = userspace->flags & MF_USERSPACE_ACTIONS ? x->prog : NULL,
	};

	x->max_len = MF_LEN_ALL;
	if (userspace->flags & MF_USERSPACE_EGRESS)
		upcall.egress = mf_egress_key_new(x, userspace->egress_port);
	mf_upcall_send(x->dp, x->skb, x->key, &upcall);
	kfree(upcall.egress);
}
