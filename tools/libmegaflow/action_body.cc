// SPDX-License-Identifier: GPL-2.0-only
/* Actions that choose between lists, and the one that samples to psample. */
#include "action_forms.h"

#include <fmt/format.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <nlohmann/json.hpp>

namespace mf
{

static View nest_of(const Attr &action, uint16_t type)
{
	const auto attr = find_attr(split_attrs(action.data), type);

	return attr ? attr->data : View{};
}

/* ---- check_pkt_len ---- */

static void parse_check_pkt_len(Cursor &in, const ActionRow &row, const ActionContext &context,
				AttrWriter &out)
{
	const size_t nest = out.begin(row.type | NLA_F_NESTED);

	in.expect("(size=");
	out.u16(OVS_CHECK_PKT_LEN_ATTR_PKT_LEN,
		static_cast<uint16_t>(in.number(UINT16_MAX, "check_pkt_len(size=)")));
	in.expect(",");
	parse_action_body(in, "gt", context, out, OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER);
	in.expect(",");
	parse_action_body(in, "le", context, out, OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL);
	in.expect(")");
	out.end(nest);
}

static uint16_t pkt_len_of(const Attr &action)
{
	return load<uint16_t>(nest_of(action, OVS_CHECK_PKT_LEN_ATTR_PKT_LEN));
}

static std::string text_check_pkt_len(const Attr &action, const ActionRow &row,
				      const TextStyle &style)
{
	return fmt::format(
		"{}(size={},gt({}),le({}))", row.name, pkt_len_of(action),
		format_actions(nest_of(action, OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER), style),
		format_actions(nest_of(action, OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL),
			       style));
}

static Json json_check_pkt_len(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return {{row.name,
		 {{"size", pkt_len_of(action)},
		  {"greater",
		   json_actions(nest_of(action, OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER), style)},
		  {"less_equal",
		   json_actions(nest_of(action, OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL),
				style)}}}};
}

const ActionForm check_pkt_len_action = {parse_check_pkt_len, text_check_pkt_len,
					 json_check_pkt_len};

/* ---- dec_ttl ---- */

static void parse_dec_ttl(Cursor &in, const ActionRow &row, const ActionContext &context,
			  AttrWriter &out)
{
	const size_t nest = out.begin(row.type | NLA_F_NESTED);

	in.expect("(");
	parse_action_body(in, "le_1", context, out, OVS_DEC_TTL_ATTR_ACTION);
	in.expect(")");
	out.end(nest);
}

static std::string text_dec_ttl(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return fmt::format("{}(le_1({}))", row.name,
			   format_actions(nest_of(action, OVS_DEC_TTL_ATTR_ACTION), style));
}

static Json json_dec_ttl(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return {{row.name,
		 {{"expired", json_actions(nest_of(action, OVS_DEC_TTL_ATTR_ACTION), style)}}}};
}

const ActionForm dec_ttl_action = {parse_dec_ttl, text_dec_ttl, json_dec_ttl};

/* ---- psample ---- */

static void parse_psample(Cursor &in, const ActionRow &row, const ActionContext &context,
			  AttrWriter &out)
{
	/* The kernel insists on the flag here. */
	const size_t nest = out.begin(row.type | NLA_F_NESTED);

	in.expect("(group=");
	out.u32(OVS_PSAMPLE_ATTR_GROUP,
		static_cast<uint32_t>(in.number(UINT32_MAX, "psample(group=)")));
	if (in.eat(",cookie=")) {
		const size_t start = in.position();
		Bytes cookie;

		in.eat("0x");
		if (!from_hex(in.until(")"), cookie) || cookie.empty())
			in.fail_at(start, "is not hex in whole bytes");
		out.put(OVS_PSAMPLE_ATTR_COOKIE, cookie);
	}
	in.expect(")");
	out.end(nest);
}

static std::string text_psample(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	const View cookie = nest_of(action, OVS_PSAMPLE_ATTR_COOKIE);
	const auto group = load<uint32_t>(nest_of(action, OVS_PSAMPLE_ATTR_GROUP));

	return cookie.empty()
		       ? fmt::format("{}(group={})", row.name, group)
		       : fmt::format("{}(group={},cookie=0x{})", row.name, group, to_hex(cookie));
}

static Json json_psample(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	const View cookie = nest_of(action, OVS_PSAMPLE_ATTR_COOKIE);
	Json out = {{"group", load<uint32_t>(nest_of(action, OVS_PSAMPLE_ATTR_GROUP))}};

	if (!cookie.empty())
		out["cookie"] = to_hex(cookie);
	return {{row.name, out}};
}

const ActionForm psample_action = {parse_psample, text_psample, json_psample};

} // namespace mf
