/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the compiler writes and the executor reads: payloads of instructions,
 * and how to get from one instruction to the next.
 */
#ifndef MF_ACTION_ACTION_H
#define MF_ACTION_ACTION_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/openvswitch.h>
#include <linux/types.h>

#include "program.h"

struct metadata_dst;

static_assert(sizeof(struct mf_insn) == sizeof(u64));

/* struct mf_insn_userspace, flags: the action had USERDATA, empty or not. */
#define MF_USERSPACE_USERDATA	BIT(0)
/* ... had EGRESS_TUN_PORT */
#define MF_USERSPACE_EGRESS	BIT(1)
/* ... wants to see the actions that it is one of */
#define MF_USERSPACE_ACTIONS	BIT(2)

/**
 * struct mf_insn_userspace - payload of MF_OP_USERSPACE
 * @portid: netlink port id that listens
 * @egress_port: port whose tunnel metadata is asked for
 * @userdata_len: bytes of @userdata
 * @flags: MF_USERSPACE_*
 * @userdata: comes back verbatim with the packet
 */
struct mf_insn_userspace {
	u32 portid;
	u32 egress_port;
	u16 userdata_len;
	u8 flags;
	u8 userdata[];
};

/**
 * struct mf_insn_tunnel - payload of MF_OP_TUNNEL
 * @ref: owns @dst
 * @dst: what goes with the packet to the tunnel device
 */
struct mf_insn_tunnel {
	struct mf_program_ref ref;
	struct metadata_dst *dst;
};

/**
 * struct mf_insn_psample - payload of MF_OP_PSAMPLE
 * @group: number of the psample group
 * @cookie_len: bytes of @cookie
 * @cookie: goes with the sample
 */
struct mf_insn_psample {
	u32 group;
	u8 cookie_len;
	u8 cookie[OVS_PSAMPLE_COOKIE_MAX_SIZE];
};

/**
 * mf_insn_payload() - operand that does not fit an instruction's imm
 * @insn: the instruction
 *
 * Context: any.
 * Return: its payload, aligned to eight bytes.
 */
static inline const void *mf_insn_payload(const struct mf_insn *insn)
{
	return insn + 1;
}

/**
 * mf_insn_next() - the instruction after this one in the same list
 * @insn: the instruction, not an MF_OP_END
 *
 * Context: any.
 * Return: the next one; the last of a list is an MF_OP_END.
 */
static inline const struct mf_insn *mf_insn_next(const struct mf_insn *insn)
{
	return insn + insn->next;
}

/**
 * mf_insn_has_body() - does a list of actions hang on the instruction?
 * @insn: the instruction
 *
 * Context: any.
 * Return: true if it does.
 */
static inline bool mf_insn_has_body(const struct mf_insn *insn)
{
	switch ((enum mf_op)insn->op) {
	case MF_OP_SAMPLE:
	case MF_OP_CLONE:
	case MF_OP_CHECK_PKT_LEN:
	case MF_OP_BRANCH:
	case MF_OP_DEC_TTL:
		return true;
	default:
		return false;
	}
}

/**
 * mf_insn_body() - the list of actions that hangs on the instruction
 * @insn: an instruction that has one
 *
 * Context: any.
 * Return: the first instruction of that list.
 */
static inline const struct mf_insn *mf_insn_body(const struct mf_insn *insn)
{
	return insn + 1;
}

/**
 * mf_program_start() - where a program begins
 * @prog: the program
 *
 * Context: any.
 * Return: its first instruction.
 */
static inline const struct mf_insn *mf_program_start(const struct mf_program *prog)
{
	return (const struct mf_insn *)prog->code;
}

#endif
