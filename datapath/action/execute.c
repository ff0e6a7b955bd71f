// SPDX-License-Identifier: GPL-2.0-only
/*
 * The executor: one packet, one program, one loop.
 *
 * There is no recursion. A body that does not end its list leaves a frame,
 * which says where to go on. A frame without a packet means that the body
 * runs on the same packet and key; one with a packet means that the body has
 * a copy of both. A packet that dies takes the frames of its own bodies along.
 *
 * A lookup may bring in another flow's program with bodies of its own. It
 * starts only if these fit the frames that are left; else it is put off until
 * the outermost run ends. So frames for bodies never run out.
 */
#include <linux/net.h>
#include <linux/random.h>
#include <linux/skbuff.h>

#include "cb.h"
#include "drop.h"
#include "encap.h"
#include "hash.h"
#include "ingress.h"
#include "meter/meter.h"
#include "port/port.h"
#include "trace.h"

/* Leave a frame behind and go on in place: same packet, same key. */
static struct act_frame *push(struct act_exec *x)
{
	struct act_frame *frame = &x->frames[x->depth++];

	*frame = (struct act_frame){
		.prog = x->prog,
		.insn = x->insn,
		.probability = x->probability,
		.max_len = x->max_len,
	};
	return frame;
}

/* Leave a frame behind and go on with a copy of the packet and the key. */
static bool push_copy(struct act_exec *x)
{
	struct act_frame *frame;
	struct sk_buff *skb;
	struct mf_key *key;

	skb = skb_clone(x->skb, GFP_ATOMIC);
	if (unlikely(!skb))
		return false;
	key = mf_act_key_new(x->key);
	if (unlikely(!key)) {
		mf_drop(x->dp, skb, MF_DROP_NOMEM);
		return false;
	}
	frame = push(x);
	frame->skb = x->skb;
	frame->key = x->key;
	frame->stale = x->stale;
	x->skb = skb;
	x->key = key;
	return true;
}

/* The packet or its list has ended: go on where a packet is left. */
static bool pop(struct act_exec *x)
{
	while (x->depth) {
		struct act_frame *frame = &x->frames[--x->depth];

		if (frame->skb) {
			mf_act_key_free(x->key);
			x->skb = frame->skb;
			x->key = frame->key;
			x->stale = frame->stale;
		} else if (!x->skb) {
			continue;
		}
		x->prog = frame->prog;
		x->insn = frame->insn;
		x->probability = frame->probability;
		x->max_len = frame->max_len;
		return true;
	}
	return false;
}

/*
 * An action has failed. That ends its packet, and the lists around it as far
 * as they belong to the same flow. Returns true if another flow's go on.
 */
static bool fail(struct act_exec *x)
{
	if (x->skb) {
		mf_drop(x->dp, x->skb, MF_DROP_ACTION_ERROR);
		x->skb = NULL;
	}
	while (x->depth) {
		struct act_frame *frame = &x->frames[x->depth - 1];

		if (frame->isolated)
			return pop(x);
		x->depth--;
		if (frame->skb) {
			mf_drop(x->dp, frame->skb, MF_DROP_ACTION_ERROR);
			mf_act_key_free(x->key);
			x->key = frame->key;
		}
	}
	return false;
}

static void end(struct act_exec *x)
{
	if (x->depth && !x->frames[x->depth - 1].skb)
		return;
	mf_drop(x->dp, x->skb, MF_DROP_LAST_ACTION);
	x->skb = NULL;
}

static bool enter_body(struct act_exec *x, const struct mf_insn *insn)
{
	if (!(insn->flags & MF_INSN_LAST)) {
		if (WARN_ON_ONCE(x->depth >= MF_FRAMES_MAX))
			return false;
		if (!(insn->flags & MF_INSN_COPY))
			push(x);
		else if (!push_copy(x))
			return false;
	}
	x->insn = mf_insn_body(insn);
	return true;
}

/* A probability is a share of U32_MAX. */
static bool is_sampled(u32 probability, u32 random)
{
	return probability && random <= probability;
}

static void sample(struct act_exec *x, const struct mf_insn *insn)
{
	u32 random = insn->imm == U32_MAX ? 0 : get_random_u32();

	if (is_sampled(insn->imm, random)) {
		if (enter_body(x, insn))
			x->probability = insn->imm;
	} else if (insn->flags & MF_INSN_LAST) {
		mf_drop(x->dp, x->skb, MF_DROP_LAST_ACTION);
		x->skb = NULL;
	}
}

static void start_program(struct act_exec *x, const struct mf_program *prog)
{
	if (prog->flags & MF_PROGRAM_HASH)
		mf_packet_hash(x->skb);
	x->prog = prog;
	x->insn = mf_program_start(prog);
}

/* Find the program for the packet's key and go on with it. */
static int lookup(struct act_exec *x)
{
	const struct mf_program *prog;

	if (unlikely(++mf_cb(x->skb)->lookups > MF_RECIRC_MAX ||
		     ++*x->lookups > MF_RUN_LOOKUPS_MAX)) {
		net_warn_ratelimited("openvswitch: a packet was recirculated too often\n");
		mf_drop(x->dp, x->skb, MF_DROP_RECURSION_LIMIT);
		x->skb = NULL;
		return -ENETDOWN;
	}
	prog = mf_ingress_lookup(x->dp, x->skb, x->key);
	if (prog)
		start_program(x, prog);
	else
		x->skb = NULL;
	return 0;
}

static int recirc_deferred(struct act_exec *x, const struct mf_insn *insn)
{
	u32 recirc_id = x->key->recirc_id;
	struct sk_buff *skb = x->skb;
	int err;

	if (insn->flags & MF_INSN_LAST)
		x->skb = NULL;
	else
		skb = skb_clone(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		return 0;

	x->key->recirc_id = insn->imm;
	err = mf_act_defer(x, skb);
	x->key->recirc_id = recirc_id;
	return insn->flags & MF_INSN_LAST ? err : 0;
}

static int recirc(struct act_exec *x, const struct mf_insn *insn)
{
	int err;

	err = mf_exec_refresh(x);
	if (unlikely(err))
		return err;

	/* The frame of a copy counts, so that what comes next always fits. */
	if (unlikely(x->depth + !(insn->flags & MF_INSN_LAST) + MF_NEST_MAX > MF_FRAMES_MAX))
		return recirc_deferred(x, insn);

	if (!(insn->flags & MF_INSN_LAST) && !push_copy(x))
		return 0;
	if (x->depth)
		x->frames[x->depth - 1].isolated = true;
	else
		x->recirculated = true;
	x->key->recirc_id = insn->imm;
	return lookup(x);
}

static int dec_ttl(struct act_exec *x, const struct mf_insn *insn)
{
	int expired = mf_exec_dec_ttl(x);

	if (expired <= 0)
		return expired;
	/* Nothing follows for this packet but the body. */
	x->insn = mf_insn_body(insn);
	if (x->insn->op == MF_OP_END) {
		mf_drop(x->dp, x->skb, MF_DROP_IP_TTL);
		x->skb = NULL;
	}
	return 0;
}

static void meter(struct act_exec *x, const struct mf_insn *insn)
{
	if (mf_meter_admit(x->dp, insn->imm, x->skb->len))
		return;
	mf_drop(x->dp, x->skb, MF_DROP_METER);
	x->skb = NULL;
}

static void drop(struct act_exec *x, const struct mf_insn *insn)
{
	mf_drop(x->dp, x->skb, insn->imm ? MF_DROP_EXPLICIT_WITH_ERROR : MF_DROP_EXPLICIT);
	x->skb = NULL;
}

/* What the ABI calls an instruction. */
static const u8 traced[MF_OPS] = {
	[MF_OP_OUTPUT] = OVS_ACTION_ATTR_OUTPUT,
	[MF_OP_USERSPACE] = OVS_ACTION_ATTR_USERSPACE,
	[MF_OP_SET] = OVS_ACTION_ATTR_SET_MASKED,
	[MF_OP_TUNNEL] = OVS_ACTION_ATTR_SET,
	[MF_OP_PUSH_VLAN] = OVS_ACTION_ATTR_PUSH_VLAN,
	[MF_OP_POP_VLAN] = OVS_ACTION_ATTR_POP_VLAN,
	[MF_OP_PUSH_MPLS] = OVS_ACTION_ATTR_PUSH_MPLS,
	[MF_OP_ADD_MPLS] = OVS_ACTION_ATTR_ADD_MPLS,
	[MF_OP_POP_MPLS] = OVS_ACTION_ATTR_POP_MPLS,
	[MF_OP_PUSH_ETH] = OVS_ACTION_ATTR_PUSH_ETH,
	[MF_OP_POP_ETH] = OVS_ACTION_ATTR_POP_ETH,
	[MF_OP_PUSH_NSH] = OVS_ACTION_ATTR_PUSH_NSH,
	[MF_OP_POP_NSH] = OVS_ACTION_ATTR_POP_NSH,
	[MF_OP_SAMPLE] = OVS_ACTION_ATTR_SAMPLE,
	[MF_OP_CLONE] = OVS_ACTION_ATTR_CLONE,
	[MF_OP_CHECK_PKT_LEN] = OVS_ACTION_ATTR_CHECK_PKT_LEN,
	[MF_OP_DEC_TTL] = OVS_ACTION_ATTR_DEC_TTL,
	[MF_OP_RECIRC] = OVS_ACTION_ATTR_RECIRC,
	[MF_OP_HASH] = OVS_ACTION_ATTR_HASH,
	[MF_OP_TRUNC] = OVS_ACTION_ATTR_TRUNC,
	[MF_OP_METER] = OVS_ACTION_ATTR_METER,
	[MF_OP_PSAMPLE] = OVS_ACTION_ATTR_PSAMPLE,
	[MF_OP_CT] = OVS_ACTION_ATTR_CT,
	[MF_OP_CT_CLEAR] = OVS_ACTION_ATTR_CT_CLEAR,
	[MF_OP_DROP] = OVS_ACTION_ATTR_DROP,
};

/* The data of an instruction begins with its immediate operand. */
static noinline void trace(const struct act_exec *x, const struct mf_insn *insn)
{
	if (insn->op == MF_OP_END)
		return;
	trace_ovs_do_execute_action(x->dp, x->skb, x->key, traced[insn->op], &insn->imm,
				    insn->next * sizeof(*insn) - offsetof(struct mf_insn, imm),
				    insn->flags & MF_INSN_LAST);
}

/* One instruction. Leaves x->skb NULL if that ended the packet. */
static __always_inline int step(struct act_exec *x, const struct mf_insn *insn)
{
	switch ((enum mf_op)insn->op) {
	case MF_OP_OUTPUT:
		mf_exec_output(x, insn);
		return 0;
	case MF_OP_USERSPACE:
		mf_exec_userspace(x, insn);
		return 0;
	case MF_OP_SET:
		return mf_exec_set(x, insn);
	case MF_OP_TUNNEL:
		mf_exec_tunnel(x, insn);
		return 0;
	case MF_OP_PUSH_VLAN:
		return mf_exec_push_vlan(x, insn);
	case MF_OP_POP_VLAN:
		return mf_exec_pop_vlan(x);
	case MF_OP_PUSH_MPLS:
	case MF_OP_ADD_MPLS:
		return mf_exec_push_mpls(x, insn);
	case MF_OP_POP_MPLS:
		return mf_exec_pop_mpls(x, insn);
	case MF_OP_PUSH_ETH:
		return mf_exec_push_eth(x, insn);
	case MF_OP_POP_ETH:
		return mf_exec_pop_eth(x);
	case MF_OP_PUSH_NSH:
		return mf_exec_push_nsh(x, insn);
	case MF_OP_POP_NSH:
		return mf_exec_pop_nsh(x);
	case MF_OP_SAMPLE:
		sample(x, insn);
		return 0;
	case MF_OP_CLONE:
		enter_body(x, insn);
		return 0;
	case MF_OP_CHECK_PKT_LEN:
		enter_body(x, mf_exec_branch(x, insn));
		return 0;
	case MF_OP_DEC_TTL:
		return dec_ttl(x, insn);
	case MF_OP_RECIRC:
		return recirc(x, insn);
	case MF_OP_HASH:
		mf_exec_hash(x, insn);
		return 0;
	case MF_OP_TRUNC:
		x->max_len = insn->imm;
		return 0;
	case MF_OP_METER:
		meter(x, insn);
		return 0;
	case MF_OP_PSAMPLE:
		mf_exec_psample(x, insn);
		return 0;
	case MF_OP_CT:
		return mf_exec_ct(x, insn);
	case MF_OP_CT_CLEAR:
		mf_exec_ct_clear(x);
		return 0;
	case MF_OP_DROP:
		drop(x, insn);
		return 0;
	case MF_OP_END:
		end(x);
		return 0;
	case MF_OP_BRANCH:
	case MF_OPS:
		break;
	}
	return -EINVAL;
}

/*
 * Run until no packet is left. Returns the error that ended the first flow's
 * list; those of other flows' lists are nobody's.
 */
static int run(struct act_exec *x)
{
	for (;;) {
		const struct mf_insn *insn = x->insn;
		int err;

		if (trace_ovs_do_execute_action_enabled())
			trace(x, insn);
		x->insn = mf_insn_next(insn);
		err = step(x, insn);
		if (unlikely(err)) {
			if (!fail(x))
				return x->recirculated ? 0 : err;
		} else if (!x->skb || insn->op == MF_OP_END) {
			if (!pop(x))
				return 0;
		}
	}
}

/* Lookups that were put off. */
static void run_deferred(struct act_cpu *cpu, struct act_frame *frames)
{
	struct act_deferred deferred;

	while (mf_act_undefer(cpu, &deferred)) {
		struct act_exec x = {
			.dp = deferred.dp,
			.skb = deferred.skb,
			.key = deferred.key,
			.frames = frames,
			.lookups = &cpu->lookups,
			.probability = deferred.probability,
			.max_len = deferred.max_len,
		};

		if (!lookup(&x) && x.skb)
			run(&x);
		mf_act_key_free(deferred.key);
	}
}

/* Does a program only send its packet out, and nobody watches? */
static bool is_output(const struct mf_program *prog, const struct mf_insn *first)
{
	return first->op == MF_OP_OUTPUT && first->flags & MF_INSN_LAST &&
	       !(prog->flags & MF_PROGRAM_HASH) && !trace_ovs_do_execute_action_enabled();
}

static noinline int run_list(struct act_cpu *cpu, struct mf_dp *dp, struct sk_buff *skb,
			     struct mf_key *key, const struct mf_program *prog)
{
	struct act_exec x = {
		.dp = dp,
		.skb = skb,
		.key = key,
		.frames = cpu->frames[cpu->level - 1],
		.lookups = &cpu->lookups,
		.max_len = MF_LEN_ALL,
	};

	start_program(&x, prog);
	return run(&x);
}

/**
 * mf_program_run() - carry out a program on a packet
 * @dp: the datapath
 * @skb: the packet, data at the link header; consumed
 * @key: its key; changed as the program changes it
 * @prog: the program
 *
 * Context: BH off, RCU read lock held.
 * Return: 0, or the negative errno of the action that failed.
 */
int mf_program_run(struct mf_dp *dp, struct sk_buff *skb, struct mf_key *key,
		   const struct mf_program *prog)
{
	const struct mf_insn *first = mf_program_start(prog);
	struct act_cpu *cpu;
	int err = 0;

	cpu = mf_act_cpu_enter();
	if (unlikely(!cpu)) {
		net_crit_ratelimited("openvswitch: a packet came back through devices too often\n");
		mf_drop(dp, skb, MF_DROP_RECURSION_LIMIT);
		return -ENETDOWN;
	}
	/* What most programs are has a short way of its own. */
	if (is_output(prog, first))
		mf_port_send(dp, skb, first->imm, key->mac_proto);
	else
		err = run_list(cpu, dp, skb, key, prog);
	if (cpu->level == 1 && cpu->n_deferred)
		run_deferred(cpu, cpu->frames[0]);
	mf_act_cpu_leave(cpu);
	return err;
}
