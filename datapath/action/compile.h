/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside the compiler: from a netlink list to a program.
 */
#ifndef MF_ACTION_COMPILE_H
#define MF_ACTION_COMPILE_H

#include <linux/netlink.h>
#include <linux/types.h>

#include "action.h"
#include "key/key.h"

/**
 * struct act_state - the abstract packet: what is known of every packet that
 *	gets this far
 * @eth_type: type of what follows the link header and its tags, 0 when unknown
 * @mac_proto: enum mf_mac_proto
 * @tagged: there is a VLAN tag
 * @nsh_np: what NSH encloses, as in its header, if @eth_type is NSH
 * @n_labels: MPLS labels that are there for sure, if @eth_type is MPLS
 * @rewritten: headers may differ from those that came in
 */
struct act_state {
	__be16 eth_type;
	u8 mac_proto;
	u8 nsh_np;
	u16 n_labels;
	bool tagged;
	bool rewritten;
};

/**
 * struct act_list - the list that is being compiled
 * @state: the packet before the action that is being compiled
 * @depth: levels of lists around it
 * @last: no action follows the one that is being compiled
 * @changes: some action changes the key or the packet, or ends the packet
 */
struct act_list {
	struct act_state state;
	u8 depth;
	bool last;
	bool changes;
};

/**
 * struct act_compiler - one compilation
 * @key: the flow's masked key
 * @view: @key as the abstract packet changes it; base block only
 * @extack: for refusals
 * @code: where instructions go, NULL while only measuring
 * @limit: words that fit @code
 * @n_words: words emitted or measured so far
 * @refs: what the program is going to own
 * @net: the namespace of the datapath
 * @flags: MF_PROGRAM_*
 */
struct act_compiler {
	const struct mf_key *key;
	struct mf_key view;
	struct netlink_ext_ack *extack;
	u64 *code;
	size_t limit;
	size_t n_words;
	struct mf_program_ref *refs;
	struct net *net;
	u32 flags;
};

/**
 * struct act_nested - an attribute that may lie in an action's nest
 * @min: bytes that its payload has at least
 * @max: ... and at most
 * @known: there is such an attribute
 * @required: an action without it is refused
 */
struct act_nested {
	u16 min;
	u16 max;
	bool known;
	bool required;
};

struct mf_insn *mf_compile_at(struct act_compiler *c, size_t word);
int mf_compile_list(struct act_compiler *c, const struct act_state *state,
		    const struct nlattr *attr, u8 depth, bool *changes);
int mf_compile_refuse(struct act_compiler *c, const struct nlattr *attr, int err, const char *msg);
struct mf_insn *mf_compile_emit(struct act_compiler *c, enum mf_op op, u32 imm, size_t len);
void mf_compile_own(struct act_compiler *c, struct mf_program_ref *ref, void *object,
		    void (*release)(void *object));
int mf_compile_nest(struct act_compiler *c, const struct nlattr *nest,
		    const struct act_nested *rows, u16 max, const struct nlattr **tb);
void mf_compile_shows_hash(struct act_compiler *c, const struct act_list *list);

int mf_compile_clone(struct act_compiler *c, struct act_list *list, const struct nlattr *attr);
int mf_compile_sample(struct act_compiler *c, struct act_list *list, const struct nlattr *attr);
int mf_compile_check_pkt_len(struct act_compiler *c, struct act_list *list,
			     const struct nlattr *attr);
int mf_compile_dec_ttl(struct act_compiler *c, struct act_list *list, const struct nlattr *attr);
int mf_compile_userspace(struct act_compiler *c, struct act_list *list, const struct nlattr *attr);
int mf_compile_tunnel(struct act_compiler *c, const struct nlattr *attr);
int mf_compile_psample(struct act_compiler *c, struct act_list *list, const struct nlattr *attr);
int mf_compile_ct(struct act_compiler *c, struct act_list *list, const struct nlattr *attr);
int mf_compile_set(struct act_compiler *c, struct act_list *list, const struct nlattr *attr);
int mf_compile_set_masked(struct act_compiler *c, struct act_list *list,
			  const struct nlattr *attr);
int mf_compile_push_mpls(struct act_compiler *c, struct act_list *list, const struct nlattr *attr);
int mf_compile_add_mpls(struct act_compiler *c, struct act_list *list, const struct nlattr *attr);
int mf_compile_pop_mpls(struct act_compiler *c, struct act_list *list, const struct nlattr *attr);
int mf_compile_push_eth(struct act_compiler *c, struct act_list *list, const struct nlattr *attr);
int mf_compile_pop_eth(struct act_compiler *c, struct act_list *list, const struct nlattr *attr);
int mf_compile_push_nsh(struct act_compiler *c, struct act_list *list, const struct nlattr *attr);
int mf_compile_pop_nsh(struct act_compiler *c, struct act_list *list, const struct nlattr *attr);

#endif
