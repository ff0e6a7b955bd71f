// SPDX-License-Identifier: GPL-2.0-only
/*
 * The compiler: checks a list of actions and turns it into a program.
 *
 * The same functions walk the list twice. The first time they check it and
 * count words; then memory is allocated once; the second time they emit.
 */
#include <linux/bitops.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/mm.h>
#include <linux/nospec.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <net/mpls.h>
#include <net/netlink.h>

#include "compile.h"
#include "limits.h"

/* Flags and lengths of the rows in action.def. */
#define ACT_KEY		BIT(0)
#define ACT_OWNS	BIT(1)
#define ACT_LAST_ONLY	BIT(2)
#define NEST		U16_MAX
#define ANY		U16_MAX

/**
 * struct act_row - an ACTION row
 * @len: exact payload length, or U16_MAX if the compile function checks it
 * @flags: ACT_*
 * @known: there is such an action
 */
struct act_row {
	u16 len;
	u8 flags;
	bool known;
};

static const struct act_row rows[__OVS_ACTION_ATTR_MAX] = {
#define ACTION(attr, text, length, does, body)	\
	[OVS_ACTION_ATTR_##attr] = {		\
		.len = length,			\
		.flags = does,			\
		.known = true,			\
	},
#include <megaflow/action.def>
};

/**
 * mf_compile_refuse() - refuse a list of actions
 * @c: the compilation
 * @attr: the culprit
 * @err: negative errno
 * @msg: what is wrong with it; a string constant
 *
 * Context: any.
 * Return: @err.
 */
int mf_compile_refuse(struct act_compiler *c, const struct nlattr *attr, int err, const char *msg)
{
	if (c->extack) {
		c->extack->_msg = msg;
		NL_SET_BAD_ATTR(c->extack, attr);
	}
	return err;
}

/**
 * mf_compile_at() - an instruction that was emitted before
 * @c: the compilation
 * @word: @c->n_words as it was then
 *
 * Context: any.
 * Return: the instruction, or NULL when this pass only measures.
 */
struct mf_insn *mf_compile_at(struct act_compiler *c, size_t word)
{
	return c->code && word < c->limit ? (struct mf_insn *)&c->code[word] : NULL;
}

/**
 * mf_compile_emit() - append an instruction
 * @c: the compilation
 * @op: what it does
 * @imm: its operand
 * @len: bytes of payload, zeroed, that the caller is going to fill
 *
 * Context: any.
 * Return: the instruction, or NULL when this pass only measures.
 */
struct mf_insn *mf_compile_emit(struct act_compiler *c, enum mf_op op, u32 imm, size_t len)
{
	size_t words = 1 + DIV_ROUND_UP(len, sizeof(u64));
	struct mf_insn *insn = NULL;

	if (c->code && !WARN_ON_ONCE(words > c->limit - c->n_words)) {
		insn = mf_compile_at(c, c->n_words);
		insn->op = op;
		insn->next = words;
		insn->imm = imm;
	}
	c->n_words += words;
	return insn;
}

/**
 * mf_compile_own() - let the program own something
 * @c: the compilation, in the pass that emits
 * @ref: in the payload of the instruction that uses it
 * @object: what it is
 * @release: lets go of it when the program is freed
 *
 * Context: any.
 */
void mf_compile_own(struct act_compiler *c, struct mf_program_ref *ref, void *object,
		    void (*release)(void *object))
{
	ref->object = object;
	ref->release = release;
	ref->next = c->refs;
	c->refs = ref;
}

/**
 * mf_compile_nest() - find and check the attributes in an action's nest
 * @c: the compilation
 * @nest: the action
 * @rows: what may lie in it, by attribute number
 * @max: largest number in @rows
 * @tb: filled with the attributes found, NULL for those that are absent;
 *	@max + 1 elements
 *
 * Attributes that are unknown, given twice, of a wrong length, or missing
 * though required are refused.
 *
 * Context: any.
 * Return: 0, or -EINVAL with extack filled.
 */
int mf_compile_nest(struct act_compiler *c, const struct nlattr *nest,
		    const struct act_nested *rows, u16 max, const struct nlattr **tb)
{
	const struct nlattr *attr;
	int rem;
	u16 i;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	nla_for_each_nested(attr, nest, rem) {
		u16 type = nla_type(attr);

		if (type > max)
			return mf_compile_refuse(c, attr, -EINVAL,
						 "unknown attribute in an action");
		type = array_index_nospec(type, max + 1);
		if (!rows[type].known)
			return mf_compile_refuse(c, attr, -EINVAL,
						 "unknown attribute in an action");
		if (tb[type])
			return mf_compile_refuse(c, attr, -EINVAL,
						 "attribute given twice in an action");
		if (nla_len(attr) < rows[type].min || nla_len(attr) > rows[type].max)
			return mf_compile_refuse(c, attr, -EINVAL,
						 "attribute of wrong length in an action");
		tb[type] = attr;
	}
	if (rem > 0)
		return mf_compile_refuse(c, nest, -EINVAL,
					 "bytes left over after an action's attributes");

	for (i = 0; i <= max; i++)
		if (rows[i].required && !tb[i])
			return mf_compile_refuse(c, nest, -EINVAL,
						 "an action lacks a required attribute");
	return 0;
}

/**
 * mf_compile_shows_hash() - the packet's hash is going to be seen
 * @c: the compilation
 * @list: the list that holds the action that shows it
 *
 * The hash describes the packet as it came in. If headers have changed by
 * now, it must be settled before the program starts.
 *
 * Context: any.
 */
void mf_compile_shows_hash(struct act_compiler *c, const struct act_list *list)
{
	if (list->state.rewritten)
		c->flags |= MF_PROGRAM_HASH;
}

static int compile_output(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	u32 port_no = nla_get_u32(attr);

	if (port_no >= MF_PORTS_MAX)
		return mf_compile_refuse(c, attr, -EINVAL, "output: port number out of range");
	mf_compile_emit(c, MF_OP_OUTPUT, port_no, 0);
	return 0;
}

static int compile_push_vlan(struct act_compiler *c, struct act_list *list,
			     const struct nlattr *attr)
{
	const struct ovs_action_push_vlan *vlan = nla_data(attr);

	if (list->state.mac_proto != MF_MAC_ETHERNET)
		return mf_compile_refuse(c, attr, -EINVAL,
					 "push_vlan: the packet has no Ethernet header");
	if (!eth_type_vlan(vlan->vlan_tpid))
		return mf_compile_refuse(c, attr, -EINVAL,
					 "push_vlan: TPID must be 0x8100 or 0x88a8");
	if (!(vlan->vlan_tci & htons(MF_VLAN_PRESENT)))
		return mf_compile_refuse(c, attr, -EINVAL,
					 "push_vlan: bit 0x1000 of the TCI must be set");
	list->state.tagged = true;
	list->state.rewritten = true;
	mf_compile_emit(c, MF_OP_PUSH_VLAN,
			ntohs(vlan->vlan_tpid) << 16 | ntohs(vlan->vlan_tci), 0);
	return 0;
}

static int compile_pop_vlan(struct act_compiler *c, struct act_list *list,
			    const struct nlattr *attr)
{
	if (list->state.mac_proto != MF_MAC_ETHERNET)
		return mf_compile_refuse(c, attr, -EINVAL,
					 "pop_vlan: the packet has no Ethernet header");
	list->state.tagged = false;
	list->state.rewritten = true;
	mf_compile_emit(c, MF_OP_POP_VLAN, 0, 0);
	return 0;
}

static int compile_recirc(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	mf_compile_shows_hash(c, list);
	mf_compile_emit(c, MF_OP_RECIRC, nla_get_u32(attr), 0);
	return 0;
}

static int compile_hash(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	const struct ovs_action_hash *hash = nla_data(attr);
	struct mf_insn *insn;

	if (hash->hash_alg != OVS_HASH_ALG_L4 && hash->hash_alg != OVS_HASH_ALG_SYM_L4)
		return mf_compile_refuse(c, attr, -EINVAL, "hash: unknown algorithm");
	mf_compile_shows_hash(c, list);
	insn = mf_compile_emit(c, MF_OP_HASH, 0, sizeof(*hash));
	if (insn)
		memcpy(insn + 1, hash, sizeof(*hash));
	return 0;
}

static int compile_trunc(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	const struct ovs_action_trunc *trunc = nla_data(attr);

	if (trunc->max_len < ETH_HLEN)
		return mf_compile_refuse(c, attr, -EINVAL,
					 "trunc: shorter than an Ethernet header");
	mf_compile_emit(c, MF_OP_TRUNC, trunc->max_len, 0);
	return 0;
}

static int compile_meter(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	mf_compile_emit(c, MF_OP_METER, nla_get_u32(attr), 0);
	return 0;
}

static int compile_ct_clear(struct act_compiler *c, struct act_list *list,
			    const struct nlattr *attr)
{
	mf_compile_emit(c, MF_OP_CT_CLEAR, 0, 0);
	return 0;
}

static int compile_drop(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	mf_compile_emit(c, MF_OP_DROP, nla_get_u32(attr), 0);
	return 0;
}

/* Each emits exactly one instruction, with the body that belongs to it. */
static int (*const compile[__OVS_ACTION_ATTR_MAX])(struct act_compiler *c, struct act_list *list,
						   const struct nlattr *attr) = {
	[OVS_ACTION_ATTR_OUTPUT] = compile_output,
	[OVS_ACTION_ATTR_USERSPACE] = mf_compile_userspace,
	[OVS_ACTION_ATTR_SET] = mf_compile_set,
	[OVS_ACTION_ATTR_SET_MASKED] = mf_compile_set_masked,
	[OVS_ACTION_ATTR_PUSH_VLAN] = compile_push_vlan,
	[OVS_ACTION_ATTR_POP_VLAN] = compile_pop_vlan,
	[OVS_ACTION_ATTR_PUSH_MPLS] = mf_compile_push_mpls,
	[OVS_ACTION_ATTR_POP_MPLS] = mf_compile_pop_mpls,
	[OVS_ACTION_ATTR_PUSH_ETH] = mf_compile_push_eth,
	[OVS_ACTION_ATTR_POP_ETH] = mf_compile_pop_eth,
	[OVS_ACTION_ATTR_PUSH_NSH] = mf_compile_push_nsh,
	[OVS_ACTION_ATTR_POP_NSH] = mf_compile_pop_nsh,
	[OVS_ACTION_ATTR_ADD_MPLS] = mf_compile_add_mpls,
	[OVS_ACTION_ATTR_SAMPLE] = mf_compile_sample,
	[OVS_ACTION_ATTR_RECIRC] = compile_recirc,
	[OVS_ACTION_ATTR_HASH] = compile_hash,
	[OVS_ACTION_ATTR_CT] = mf_compile_ct,
	[OVS_ACTION_ATTR_TRUNC] = compile_trunc,
	[OVS_ACTION_ATTR_CT_CLEAR] = compile_ct_clear,
	[OVS_ACTION_ATTR_METER] = compile_meter,
	[OVS_ACTION_ATTR_CLONE] = mf_compile_clone,
	[OVS_ACTION_ATTR_CHECK_PKT_LEN] = mf_compile_check_pkt_len,
	[OVS_ACTION_ATTR_DEC_TTL] = mf_compile_dec_ttl,
	[OVS_ACTION_ATTR_DROP] = compile_drop,
	[OVS_ACTION_ATTR_PSAMPLE] = mf_compile_psample,
};

static int compile_action(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	size_t start = c->n_words;
	u16 type = nla_type(attr);
	const struct act_row *row;
	struct mf_insn *insn;
	int err;

	if (type >= ARRAY_SIZE(rows))
		return mf_compile_refuse(c, attr, -EINVAL, "unknown action");
	type = array_index_nospec(type, ARRAY_SIZE(rows));
	row = &rows[type];
	if (!row->known)
		return mf_compile_refuse(c, attr, -EINVAL, "unknown action");
	if (row->len != U16_MAX && nla_len(attr) != row->len)
		return mf_compile_refuse(c, attr, -EINVAL, "action of wrong length");
	if (row->flags & ACT_LAST_ONLY && !list->last)
		return mf_compile_refuse(c, attr, -EINVAL,
					 "nothing may follow this action in its list");
	if (row->flags & (ACT_KEY | ACT_LAST_ONLY))
		list->changes = true;

	err = compile[type](c, list, attr);
	if (err)
		return err;

	insn = mf_compile_at(c, start);
	if (insn) {
		insn->next = c->n_words - start;
		if (list->last && row->flags & ACT_OWNS)
			insn->flags |= MF_INSN_LAST;
	}
	return 0;
}

/**
 * mf_compile_list() - compile a list of actions
 * @c: the compilation
 * @state: the packet before the list
 * @attr: the list
 * @depth: levels of lists around it
 * @changes: set to whether some action changes the key or the packet, or ends
 *	the packet
 *
 * Context: process, may sleep.
 * Return: 0, or a negative errno with extack filled.
 */
int mf_compile_list(struct act_compiler *c, const struct act_state *state,
		    const struct nlattr *attr, u8 depth, bool *changes)
{
	struct act_list list = { .state = *state, .depth = depth };
	const struct nlattr *action;
	int rem;
	int err;

	if (depth > MF_NEST_MAX)
		return mf_compile_refuse(c, attr, -EOVERFLOW, "actions are nested too deeply");

	nla_for_each_nested(action, attr, rem) {
		list.last = rem <= NLA_ALIGN(action->nla_len);
		err = compile_action(c, &list, action);
		if (err)
			return err;
	}
	if (rem > 0)
		return mf_compile_refuse(c, attr, -EINVAL, "bytes left over after the actions");

	mf_compile_emit(c, MF_OP_END, 0, 0);
	*changes = list.changes;
	return 0;
}

/* A packet of that type has one, whether the flow looks at it or not. */
static u16 known_labels(const struct mf_key *key)
{
	if (!eth_p_mpls(key->eth_type))
		return 0;
	if (!(key->blocks & BIT(MF_BLOCK_MPLS)))
		return 1;
	return hweight32(key->mpls_present) ?: 1;
}

static struct mf_program *compile_program(struct act_compiler *c, const struct nlattr *actions)
{
	const struct act_state state = {
		.eth_type = c->key->eth_type,
		.mac_proto = c->key->mac_proto,
		.nsh_np = c->key->blocks & BIT(MF_BLOCK_NSH) ? c->key->nsh_np : 0,
		.n_labels = known_labels(c->key),
		.tagged = c->key->vlan_tci & htons(MF_VLAN_PRESENT),
	};
	struct mf_program *prog;
	bool changes;
	int err;

	err = mf_compile_list(c, &state, actions, 0, &changes);
	if (err)
		return ERR_PTR(err);
	if (c->n_words > MF_PROGRAM_WORDS_MAX) {
		err = mf_compile_refuse(c, actions, -EMSGSIZE, "the actions are too many");
		return ERR_PTR(err);
	}

	prog = kvzalloc(size_add(struct_size(prog, code, c->n_words), nla_len(actions)),
			GFP_KERNEL_ACCOUNT);
	if (!prog)
		return ERR_PTR(-ENOMEM);
	prog->n_words = c->n_words;
	prog->src = &prog->code[c->n_words];
	prog->src_len = nla_len(actions);
	memcpy(prog->src, nla_data(actions), nla_len(actions));

	c->code = prog->code;
	c->limit = c->n_words;
	c->n_words = 0;
	err = mf_compile_list(c, &state, actions, 0, &changes);
	prog->refs = c->refs;
	if (!err && WARN_ON_ONCE(c->n_words != c->limit))
		err = -EINVAL;
	if (err) {
		mf_program_free(prog);
		return ERR_PTR(err);
	}
	prog->flags = c->flags;
	return prog;
}

/**
 * mf_program_compile() - check a list of actions and compile it
 * @net: the namespace of the datapath
 * @actions: the list, an attribute whose length has been checked
 * @key: the flow's masked key: what is known of the packets
 * @extack: filled on every refusal
 *
 * Context: process, may sleep.
 * Return: the program, which the caller owns, or an ERR_PTR(): -EINVAL;
 * -EOVERFLOW if lists are nested more than MF_NEST_MAX deep; -ERANGE for NAT of
 * source and destination in one action; -EMSGSIZE if the program would be too
 * large; -ENOMEM.
 */
struct mf_program *mf_program_compile(struct net *net, const struct nlattr *actions,
				      const struct mf_key *key, struct netlink_ext_ack *extack)
{
	struct mf_program *prog;
	struct act_compiler *c;

	c = kzalloc_obj(*c);
	if (!c)
		return ERR_PTR(-ENOMEM);
	c->net = net;
	c->key = key;
	mf_key_copy(&c->view, key);
	c->extack = extack;
	prog = compile_program(c, actions);
	kfree(c);
	return prog;
}
