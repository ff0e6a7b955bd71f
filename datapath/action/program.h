/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A program: a list of actions, compiled once at install.
 *
 * The netlink list is the source, kept behind the program so that a dump is a
 * copy. The code never points into netlink attributes.
 */
#ifndef MF_ACTION_PROGRAM_H
#define MF_ACTION_PROGRAM_H

#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct mf_dp;
struct mf_key;
struct net;
struct sk_buff;

/**
 * enum mf_op - what an instruction does; dense, ours, not OVS_ACTION_ATTR_*
 * @MF_OP_OUTPUT: imm: port number
 * @MF_OP_USERSPACE: payload: struct mf_insn_userspace
 * @MF_OP_SET: payload: struct mf_insn_set
 * @MF_OP_TUNNEL: payload: struct mf_insn_tunnel
 * @MF_OP_PUSH_VLAN: imm: tpid << 16 | tci, both in host order
 * @MF_OP_POP_VLAN: no operand
 * @MF_OP_PUSH_MPLS: payload: struct ovs_action_add_mpls
 * @MF_OP_ADD_MPLS: the same
 * @MF_OP_POP_MPLS: imm: EtherType of what follows, in host order
 * @MF_OP_PUSH_ETH: payload: struct ovs_action_push_eth
 * @MF_OP_POP_ETH: no operand
 * @MF_OP_PUSH_NSH: imm: length of the payload, which is the header
 * @MF_OP_POP_NSH: no operand
 * @MF_OP_SAMPLE: imm: probability; body follows
 * @MF_OP_CLONE: body follows
 * @MF_OP_CHECK_PKT_LEN: imm: length in bytes; body: two branches, for packets
 *	that are longer and for those that are not
 * @MF_OP_BRANCH: one of these; body: its list
 * @MF_OP_DEC_TTL: body: for packets whose time has run out
 * @MF_OP_RECIRC: imm: recirculation id
 * @MF_OP_HASH: payload: struct ovs_action_hash
 * @MF_OP_TRUNC: imm: length in bytes that the next output keeps
 * @MF_OP_METER: imm: number of the meter
 * @MF_OP_PSAMPLE: payload: struct mf_insn_psample
 * @MF_OP_CT: payload: struct mf_insn_ct
 * @MF_OP_CT_CLEAR: no operand
 * @MF_OP_DROP: imm: what user space says of it, 0 for a plain drop
 * @MF_OP_END: end of a list
 * @MF_OPS: their number
 */
enum mf_op {
	MF_OP_OUTPUT,
	MF_OP_USERSPACE,
	MF_OP_SET,
	MF_OP_TUNNEL,
	MF_OP_PUSH_VLAN,
	MF_OP_POP_VLAN,
	MF_OP_PUSH_MPLS,
	MF_OP_ADD_MPLS,
	MF_OP_POP_MPLS,
	MF_OP_PUSH_ETH,
	MF_OP_POP_ETH,
	MF_OP_PUSH_NSH,
	MF_OP_POP_NSH,
	MF_OP_SAMPLE,
	MF_OP_CLONE,
	MF_OP_CHECK_PKT_LEN,
	MF_OP_BRANCH,
	MF_OP_DEC_TTL,
	MF_OP_RECIRC,
	MF_OP_HASH,
	MF_OP_TRUNC,
	MF_OP_METER,
	MF_OP_PSAMPLE,
	MF_OP_CT,
	MF_OP_CT_CLEAR,
	MF_OP_DROP,
	MF_OP_END,
	MF_OPS,
};

/* The instruction owns the packet: nothing follows it in its list. */
#define MF_INSN_LAST	0x01
/* The body changes the key or the packet: it gets a packet and a key of its own. */
#define MF_INSN_COPY	0x02

/**
 * struct mf_insn - one instruction, followed by its payload or body
 * @op: enum mf_op
 * @flags: MF_INSN_*
 * @next: 64-bit words from this instruction to the next one of the same list,
 *	past payload and body
 * @imm: operand, as the op says
 */
struct mf_insn {
	u8 op;
	u8 flags;
	u16 next;
	u32 imm;
};

/**
 * struct mf_program_ref - something that a program owns
 * @next: the next of the program
 * @release: lets go of it; called where sleeping is not allowed
 * @object: what it is
 *
 * Lies in the payload of the instruction that uses the object.
 */
struct mf_program_ref {
	struct mf_program_ref *next;
	void (*release)(void *object);
	void *object;
};

/**
 * struct mf_program - a compiled action list
 * @rcu: to free it after the packets that run it
 * @n_words: length of @code
 * @flags: MF_PROGRAM_*
 * @refs: what goes with the program
 * @src_len: length of @src in bytes, which is that of the attribute's payload
 * @src: the payload of the ACTIONS attribute as received
 * @code: the instructions, ended by MF_OP_END
 */
struct mf_program {
	struct rcu_head rcu;
	u32 n_words;
	u32 flags;
	struct mf_program_ref *refs;
	u32 src_len;
	void *src;
	u64 code[];
};

/* The packet's hash is shown to someone: settle it before headers change. */
#define MF_PROGRAM_HASH	0x01

struct mf_program *mf_program_compile(struct net *net, const struct nlattr *actions,
				      const struct mf_key *key, struct netlink_ext_ack *extack);
void mf_program_free(struct mf_program *prog);
void mf_program_free_rcu(struct mf_program *prog);
int mf_program_put(struct sk_buff *msg, int attrtype, const struct mf_program *prog);
size_t mf_program_attr_size(const struct mf_program *prog);
int mf_program_disassemble(const struct mf_program *prog, char *buf, size_t size);

int mf_program_run(struct mf_dp *dp, struct sk_buff *skb, struct mf_key *key,
		   const struct mf_program *prog);

int mf_action_init(void);
void mf_action_exit(void);

#endif
