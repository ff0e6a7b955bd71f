// SPDX-License-Identifier: GPL-2.0-only
#include "action_forms.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <nlohmann/json.hpp>

namespace mf
{

/* More than the kernel takes, so that its own limit can be seen; bounds our stack. */
static constexpr unsigned int DEPTH_MAX = 64;

std::string format_port(uint32_t port, const TextStyle &style)
{
	if (style.names) {
		const auto found = style.names->name_of.find(port);

		if (found != style.names->name_of.end())
			return found->second;
	}
	return fmt::format("{}", port);
}

/* ---- Forms that the rows alone describe ---- */

static void parse_bare(Cursor &in, const ActionRow &row, const ActionContext &context,
		       AttrWriter &out)
{
	out.flag(row.type);
}

static std::string text_bare(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return row.name;
}

static Json json_bare(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return {{row.name, true}};
}

static void parse_number(Cursor &in, const ActionRow &row, const ActionContext &context,
			 AttrWriter &out)
{
	in.expect("(");
	out.u32(row.type,
		static_cast<uint32_t>(in.number(UINT32_MAX, fmt::format("{}()", row.name))));
	in.expect(")");
}

static std::string text_number(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return action.type == OVS_ACTION_ATTR_RECIRC
		       ? fmt::format("{}({})", row.name, hex_text(action.u32()))
		       : fmt::format("{}({})", row.name, action.u32());
}

static Json json_number(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return {{row.name, action.u32()}};
}

static void parse_body(Cursor &in, const ActionRow &row, const ActionContext &context,
		       AttrWriter &out)
{
	parse_action_body(in, "", context, out, row.type);
}

static std::string text_body(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return fmt::format("{}({})", row.name, format_actions(action.data, style));
}

static Json json_body(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return {{row.name, json_actions(action.data, style)}};
}

static constexpr ActionForm bare_action = {parse_bare, text_bare, json_bare};
static constexpr ActionForm number_action = {parse_number, text_number, json_number};
static constexpr ActionForm body_action = {parse_body, text_body, json_body};

struct FormRow {
	uint16_t type;
	const ActionForm *form;
};

/* Whoever is not here has a form that follows from its row. */
static const FormRow form_rows[] = {
	{OVS_ACTION_ATTR_OUTPUT, &output_action},
	{OVS_ACTION_ATTR_USERSPACE, &userspace_action},
	{OVS_ACTION_ATTR_SET, &set_action},
	{OVS_ACTION_ATTR_SET_MASKED, &set_action},
	{OVS_ACTION_ATTR_PUSH_VLAN, &push_vlan_action},
	{OVS_ACTION_ATTR_SAMPLE, &sample_action},
	{OVS_ACTION_ATTR_HASH, &hash_action},
	{OVS_ACTION_ATTR_PUSH_MPLS, &push_mpls_action},
	{OVS_ACTION_ATTR_POP_MPLS, &pop_mpls_action},
	{OVS_ACTION_ATTR_ADD_MPLS, &add_mpls_action},
	{OVS_ACTION_ATTR_PUSH_ETH, &push_eth_action},
	{OVS_ACTION_ATTR_PUSH_NSH, &push_nsh_action},
	{OVS_ACTION_ATTR_POP_NSH, &pop_nsh_action},
	{OVS_ACTION_ATTR_CT, &ct_action},
	{OVS_ACTION_ATTR_CHECK_PKT_LEN, &check_pkt_len_action},
	{OVS_ACTION_ATTR_DEC_TTL, &dec_ttl_action},
	{OVS_ACTION_ATTR_PSAMPLE, &psample_action},
};

static const ActionForm &form_of(const ActionRow &row)
{
	for (const FormRow &known : form_rows)
		if (known.type == row.type)
			return *known.form;
	if (row.has_body)
		return body_action;
	return row.length ? number_action : bare_action;
}

/* ---- Lists ---- */

static std::vector<std::string> known_actions()
{
	std::vector<std::string> names;

	for (const ActionRow *row : all_actions())
		names.emplace_back(row->name);
	return names;
}

static bool parse_named_port(Cursor &in, const ActionContext &context, AttrWriter &out)
{
	const size_t start = in.position();
	const std::string name(in.until(",() \t\n"));

	if (context.names) {
		const auto found = context.names->number_of.find(name);

		if (found != context.names->number_of.end()) {
			out.u32(OVS_ACTION_ATTR_OUTPUT, found->second);
			return true;
		}
	}
	in.rewind(start);
	return false;
}

static void parse_action(Cursor &in, const ActionContext &context, AttrWriter &out)
{
	const size_t start = in.position();

	if (std::isdigit(static_cast<unsigned char>(in.peek()))) {
		out.u32(OVS_ACTION_ATTR_OUTPUT,
			static_cast<uint32_t>(in.number(UINT32_MAX, "a port")));
		return;
	}

	const std::string_view word = in.word();
	const ActionRow *row = find_action(word);
	if (row && (in.peek() == '(' || row->length == 0 || row->type == OVS_ACTION_ATTR_CT)) {
		form_of(*row).parse(in, *row, context, out);
		return;
	}
	in.rewind(start);
	if (parse_named_port(in, context, out))
		return;
	if (row)
		in.fail_at(start, fmt::format("needs its arguments: {}(...)", row->name));
	in.fail_at(start, "is neither an action nor a port" + suggestion(word, known_actions()));
}

/* "drop" without a number is no action but the absence of any. */
static bool parse_empty_list(Cursor &in)
{
	const size_t start = in.position();

	if (in.until("(), \t\n") == "drop" && in.peek() != '(') {
		in.skip_space();
		if (!in.done() && in.peek() != ')')
			in.fail_at(start, "stands alone: a list that ends here needs drop(0)");
		return true;
	}
	in.rewind(start);
	return false;
}

void parse_action_list(Cursor &in, const ActionContext &context, AttrWriter &out)
{
	if (context.depth > DEPTH_MAX)
		in.fail(fmt::format("is nested more than {} deep", DEPTH_MAX));
	in.skip_separators();
	if (parse_empty_list(in))
		return;
	for (; !in.done() && in.peek() != ')'; in.skip_separators()) {
		const size_t start = in.position();

		if (parse_empty_list(in))
			in.fail_at(start, "stands alone: at the end of a list write drop(0)");
		parse_action(in, context, out);
		if (!in.done() && in.peek() != ')' && in.peek() != ',' &&
		    !std::isspace(static_cast<unsigned char>(in.peek())))
			in.fail("where \",\" should be");
	}
}

void parse_action_body(Cursor &in, std::string_view name, const ActionContext &context,
		       AttrWriter &out, uint16_t nest_type)
{
	ActionContext inner = context;

	inner.depth++;
	in.expect(fmt::format("{}(", name));
	const size_t nest = out.begin(nest_type | NLA_F_NESTED);
	parse_action_list(in, inner, out);
	out.end(nest);
	in.expect(")");
}

Bytes parse_actions(std::string_view what, std::string_view text, const PortNames *names)
{
	Cursor in(what, text);
	AttrWriter out;

	parse_action_list(in, {names, 0}, out);
	if (!in.done())
		in.fail("is one parenthesis too many");
	return out.bytes();
}

static const ActionRow *usable_row(const Attr &action)
{
	const ActionRow *row = find_action(action.type);
	const bool fixed = row && row->length != ACTION_NEST && row->length != ACTION_ANY_LENGTH;

	return fixed && action.data.size() != row->length ? nullptr : row;
}

std::string format_actions(View list, const TextStyle &style)
{
	std::string text;

	for (const Attr &action : split_attrs(list)) {
		const ActionRow *row = usable_row(action);

		if (!text.empty())
			text += ',';
		if (row)
			text += form_of(*row).text(action, *row, style);
		else
			text += fmt::format("action{}({})", action.type, to_hex(action.data));
	}
	return text.empty() ? "drop" : text;
}

Json json_actions(View list, const TextStyle &style)
{
	Json out = Json::array();

	for (const Attr &action : split_attrs(list)) {
		const ActionRow *row = usable_row(action);

		if (row)
			out.push_back(form_of(*row).json(action, *row, style));
		else
			out.push_back(
				{{fmt::format("action{}", action.type), to_hex(action.data)}});
	}
	return out;
}

} // namespace mf
