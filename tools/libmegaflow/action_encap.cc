// SPDX-License-Identifier: GPL-2.0-only
/* Actions that put headers in front of a packet: MPLS, Ethernet, NSH. */
#include "action_forms.h"
#include "key_nsh.h"

#include <fmt/format.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <nlohmann/json.hpp>

namespace mf
{

/* ---- push_mpls, add_mpls, pop_mpls ---- */

struct Lse {
	uint64_t label = 0, tc = 0, ttl = 0, bos = 0, eth_type = 0;

	uint64_t word() const { return label << 12 | tc << 9 | bos << 8 | ttl; }
};

static Lse parse_lse(Cursor &in)
{
	Lse lse;

	in.expect("(label=");
	lse.label = in.number(0xfffff, "label=");
	in.expect(",tc=");
	lse.tc = in.number(7, "tc=");
	in.expect(",ttl=");
	lse.ttl = in.number(255, "ttl=");
	in.expect(",bos=");
	lse.bos = in.number(1, "bos=");
	in.expect(",eth_type=");
	lse.eth_type = in.number(UINT16_MAX, "eth_type=");
	return lse;
}

static Lse decode_lse(View data)
{
	const uint64_t word = load_be(data.first(4));

	return {word >> 12, word >> 9 & 7, word & 255, word >> 8 & 1, load_be(data.subspan(4, 2))};
}

static Bytes encode_lse(const Lse &lse, size_t length)
{
	Bytes raw(length);

	store_be(std::span(raw).first(4), lse.word());
	store_be(std::span(raw).subspan(4, 2), lse.eth_type);
	return raw;
}

static void parse_push_mpls(Cursor &in, const ActionRow &row, const ActionContext &context,
			    AttrWriter &out)
{
	out.put(row.type, encode_lse(parse_lse(in), row.length));
	in.expect(")");
}

static std::string text_mpls(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	const Lse lse = decode_lse(action.data);

	return fmt::format("{}(label={},tc={},ttl={},bos={},eth_type={:#x})", row.name, lse.label,
			   lse.tc, lse.ttl, lse.bos, lse.eth_type);
}

static Json json_mpls(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	const Lse lse = decode_lse(action.data);

	return {{row.name,
		 {{"label", lse.label},
		  {"tc", lse.tc},
		  {"ttl", lse.ttl},
		  {"bos", lse.bos},
		  {"eth_type", lse.eth_type}}}};
}

const ActionForm push_mpls_action = {parse_push_mpls, text_mpls, json_mpls};

/* The flags are written only if there are any: ovs-dpctl never writes them. */
static void parse_add_mpls(Cursor &in, const ActionRow &row, const ActionContext &context,
			   AttrWriter &out)
{
	Bytes raw = encode_lse(parse_lse(in), row.length);

	if (in.eat(",tun_flags="))
		store_host(std::span(raw).last(2), in.number(UINT16_MAX, "tun_flags="));
	in.expect(")");
	out.put(row.type, raw);
}

static std::string text_add_mpls(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	const uint16_t flags = load<ovs_action_add_mpls>(action.data).tun_flags;
	std::string text = text_mpls(action, row, style);

	if (flags)
		text.insert(text.size() - 1, fmt::format(",tun_flags={:#x}", flags));
	return text;
}

static Json json_add_mpls(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	Json out = json_mpls(action, row, style);

	out[row.name]["tun_flags"] = load<ovs_action_add_mpls>(action.data).tun_flags;
	return out;
}

const ActionForm add_mpls_action = {parse_add_mpls, text_add_mpls, json_add_mpls};

static void parse_pop_mpls(Cursor &in, const ActionRow &row, const ActionContext &context,
			   AttrWriter &out)
{
	Bytes raw(2);

	in.expect("(eth_type=");
	store_be(raw, in.number(UINT16_MAX, "eth_type="));
	in.expect(")");
	out.put(row.type, raw);
}

static std::string text_pop_mpls(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return fmt::format("{}(eth_type={:#x})", row.name, load_be(action.data));
}

static Json json_pop_mpls(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return {{row.name, {{"eth_type", load_be(action.data)}}}};
}

const ActionForm pop_mpls_action = {parse_pop_mpls, text_pop_mpls, json_pop_mpls};

/* ---- push_eth ---- */

static void parse_push_eth(Cursor &in, const ActionRow &row, const ActionContext &context,
			   AttrWriter &out)
{
	Bytes raw(row.length);

	in.expect("(src=");
	parse_mac(in, std::span(raw).first(6));
	in.expect(",dst=");
	parse_mac(in, std::span(raw).last(6));
	in.expect(")");
	out.put(row.type, raw);
}

static std::string text_push_eth(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return fmt::format("{}(src={},dst={})", row.name, format_mac(action.data.first(6)),
			   format_mac(action.data.last(6)));
}

static Json json_push_eth(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return {{row.name,
		 {{"src", format_mac(action.data.first(6))},
		  {"dst", format_mac(action.data.last(6))}}}};
}

const ActionForm push_eth_action = {parse_push_eth, text_push_eth, json_push_eth};

/* ---- push_nsh, pop_nsh ---- */

static void parse_push_nsh(Cursor &in, const ActionRow &row, const ActionContext &context,
			   AttrWriter &out)
{
	in.expect("(");
	const size_t nest = out.begin(row.type | NLA_F_NESTED);
	out.put(OVS_KEY_ATTR_NSH | NLA_F_NESTED, parse_nsh_header(in));
	out.end(nest);
	in.expect(")");
}

static View nsh_of(const Attr &action)
{
	const auto nsh = find_attr(split_attrs(action.data), OVS_KEY_ATTR_NSH);

	return nsh ? nsh->data : View{};
}

static std::string text_push_nsh(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return fmt::format("{}({})", row.name, format_nsh_header(nsh_of(action)));
}

static Json json_push_nsh(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return {{row.name, json_nsh_header(nsh_of(action))}};
}

const ActionForm push_nsh_action = {parse_push_nsh, text_push_nsh, json_push_nsh};

/* Written with parentheses, read with or without. */
static void parse_pop_nsh(Cursor &in, const ActionRow &row, const ActionContext &context,
			  AttrWriter &out)
{
	in.eat("()");
	out.flag(row.type);
}

static std::string text_pop_nsh(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return fmt::format("{}()", row.name);
}

static Json json_pop_nsh(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return {{row.name, true}};
}

const ActionForm pop_nsh_action = {parse_pop_nsh, text_pop_nsh, json_pop_nsh};

} // namespace mf
