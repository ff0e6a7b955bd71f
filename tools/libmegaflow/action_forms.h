/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "action.h"
#include "action_rows.h"

namespace mf
{

/** What a parser of an action may need besides the text. */
struct ActionContext {
	const PortNames *names = nullptr;
	unsigned int depth = 0; /**< lists around this one */
};

/** The text form of an action; parse starts behind its name. */
struct ActionForm {
	void (*parse)(Cursor &in, const ActionRow &row, const ActionContext &context,
		      AttrWriter &out);
	std::string (*text)(const Attr &action, const ActionRow &row, const TextStyle &style);
	Json (*json)(const Attr &action, const ActionRow &row, const TextStyle &style);
};

extern const ActionForm output_action;
extern const ActionForm userspace_action;
extern const ActionForm set_action;
extern const ActionForm push_vlan_action;
extern const ActionForm sample_action;
extern const ActionForm hash_action;
extern const ActionForm push_mpls_action;
extern const ActionForm pop_mpls_action;
extern const ActionForm add_mpls_action;
extern const ActionForm push_eth_action;
extern const ActionForm push_nsh_action;
extern const ActionForm pop_nsh_action;
extern const ActionForm ct_action;
extern const ActionForm check_pkt_len_action;
extern const ActionForm dec_ttl_action;
extern const ActionForm psample_action;

/** Reads actions up to the end or a closing parenthesis. */
void parse_action_list(Cursor &in, const ActionContext &context, AttrWriter &out);
/** Reads "name(" list ")" into a nest of that type. */
void parse_action_body(Cursor &in, std::string_view name, const ActionContext &context,
		       AttrWriter &out, uint16_t nest_type);

/** A port as the style wants it. */
std::string format_port(uint32_t port, const TextStyle &style);

} // namespace mf
