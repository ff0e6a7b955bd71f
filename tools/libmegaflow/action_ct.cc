// SPDX-License-Identifier: GPL-2.0-only
/* ct(): conntrack with all that may come along, and NAT inside it. */
#include "action_forms.h"

#include <arpa/inet.h>
#include <cctype>
#include <fmt/format.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <nlohmann/json.hpp>

namespace mf
{

namespace
{

/* ---- nat(...) ---- */

struct NatFlag {
	uint16_t attr;
	const char *name;
};

constexpr NatFlag nat_flags[] = {
	{OVS_NAT_ATTR_PERSISTENT, "persistent"},
	{OVS_NAT_ATTR_PROTO_HASH, "hash"},
	{OVS_NAT_ATTR_PROTO_RANDOM, "random"},
};

/* An address of either family; IPv6 in brackets where a port may follow. */
Bytes parse_nat_address(Cursor &in)
{
	const size_t start = in.position();
	const bool bracket = in.eat("[");
	std::string text(in.until(bracket ? "]" : ",)-"));
	Bytes address(16);

	/* Without brackets a colon ends an IPv4 address, for a port follows. */
	if (!bracket && text.find('.') != std::string::npos &&
	    text.find(':') != std::string::npos) {
		text.resize(text.find(':'));
		in.rewind(start + text.size());
	}
	if (bracket)
		in.expect("]");
	if (inet_pton(AF_INET, text.c_str(), address.data()) == 1) {
		address.resize(4);
		return address;
	}
	if (inet_pton(AF_INET6, text.c_str(), address.data()) != 1)
		in.fail_at(start, "is no IP address");
	return address;
}

void parse_nat_range(Cursor &in, AttrWriter &out)
{
	out.put(OVS_NAT_ATTR_IP_MIN, parse_nat_address(in));
	if (in.eat("-"))
		out.put(OVS_NAT_ATTR_IP_MAX, parse_nat_address(in));
	if (!in.eat(":"))
		return;
	out.u16(OVS_NAT_ATTR_PROTO_MIN,
		static_cast<uint16_t>(in.number(UINT16_MAX, "nat's first port")));
	if (in.eat("-"))
		out.u16(OVS_NAT_ATTR_PROTO_MAX,
			static_cast<uint16_t>(in.number(UINT16_MAX, "nat's last port")));
}

void parse_nat_part(Cursor &in, AttrWriter &out)
{
	const size_t start = in.position();
	const std::string_view word = in.word();

	if (word == "src" || word == "dst") {
		out.flag(word == "src" ? OVS_NAT_ATTR_SRC : OVS_NAT_ATTR_DST);
		if (in.eat("="))
			parse_nat_range(in, out);
		return;
	}
	for (const NatFlag &row : nat_flags)
		if (row.name == word) {
			out.flag(row.attr);
			return;
		}
	in.fail_at(start, "is no part of nat(): one of src dst persistent hash random");
}

void parse_nat(Cursor &in, AttrWriter &out)
{
	const size_t nest = out.begin(OVS_CT_ATTR_NAT | NLA_F_NESTED);

	if (in.eat("(")) {
		for (in.skip_space(); !in.done() && in.peek() != ')'; in.skip_separators())
			parse_nat_part(in, out);
		in.expect(")");
	}
	out.end(nest);
}

std::string format_nat_address(View address, bool bracket)
{
	if (address.size() == 4)
		return format_ipv4(address);
	if (address.size() != 16)
		return to_hex(address);
	return bracket ? fmt::format("[{}]", format_ipv6(address)) : format_ipv6(address);
}

std::string format_nat_range(const std::vector<Attr> &attrs)
{
	const auto min = find_attr(attrs, OVS_NAT_ATTR_IP_MIN);
	const auto max = find_attr(attrs, OVS_NAT_ATTR_IP_MAX);
	const auto first = find_attr(attrs, OVS_NAT_ATTR_PROTO_MIN);
	const auto last = find_attr(attrs, OVS_NAT_ATTR_PROTO_MAX);
	std::string text;

	if (!min)
		return text;
	text = "=" + format_nat_address(min->data, first.has_value());
	if (max)
		text += "-" + format_nat_address(max->data, first.has_value());
	if (first)
		text += fmt::format(":{}", first->u16());
	if (last)
		text += fmt::format("-{}", last->u16());
	return text;
}

std::string format_nat(const Attr &nest)
{
	const auto attrs = split_attrs(nest.data);
	std::string text;

	if (attrs.empty())
		return "nat";
	if (find_attr(attrs, OVS_NAT_ATTR_SRC))
		text = "src" + format_nat_range(attrs);
	else if (find_attr(attrs, OVS_NAT_ATTR_DST))
		text = "dst" + format_nat_range(attrs);
	for (const NatFlag &row : nat_flags)
		if (find_attr(attrs, row.attr))
			text += fmt::format("{}{}", text.empty() ? "" : ",", row.name);
	return fmt::format("nat({})", text);
}

/* ---- ct(...) ---- */

/* mark= and label= are fields like those of the key, and always have a mask. */
constexpr KeyFieldRow mark_row = {OVS_KEY_ATTR_CT_MARK, "", 0, 4, Show::HEX, false, 0};
constexpr KeyFieldRow label_row = {OVS_KEY_ATTR_CT_LABELS, "", 0, 16, Show::U128, false, 0};

void parse_masked(Cursor &in, const KeyFieldRow &row, uint16_t attr, AttrWriter &out)
{
	Bytes both(row.width * 2UL);

	parse_field(in, row, nullptr, std::span(both).first(row.width),
		    std::span(both).last(row.width));
	out.put(attr, both);
}

std::string format_masked(const KeyFieldRow &row, View both)
{
	if (both.size() != row.width * 2UL)
		return to_hex(both);

	/* ovs-dpctl writes the mask even if it is full. */
	const View value = both.first(row.width), mask = both.last(row.width);
	const Bytes ones(row.width, 0xff);
	return fmt::format("{}/{}", format_field(row, value, ones, {}),
			   format_field(row, mask, ones, {}));
}

void parse_ct_part(Cursor &in, AttrWriter &out)
{
	const size_t start = in.position();
	const std::string_view word = in.word();

	if (word == "commit")
		out.flag(OVS_CT_ATTR_COMMIT);
	else if (word == "force_commit")
		out.flag(OVS_CT_ATTR_FORCE_COMMIT);
	else if (word == "zone" && in.eat("="))
		out.u16(OVS_CT_ATTR_ZONE,
			static_cast<uint16_t>(in.number(UINT16_MAX, "ct(zone=)")));
	else if (word == "mark" && in.eat("="))
		parse_masked(in, mark_row, OVS_CT_ATTR_MARK, out);
	else if (word == "label" && in.eat("="))
		parse_masked(in, label_row, OVS_CT_ATTR_LABELS, out);
	else if (word == "helper" && in.eat("="))
		out.str(OVS_CT_ATTR_HELPER, std::string(in.until(",)")));
	else if (word == "timeout" && in.eat("="))
		out.str(OVS_CT_ATTR_TIMEOUT, std::string(in.until(",)")));
	else if (word == "eventmask" && in.eat("="))
		out.u32(OVS_CT_ATTR_EVENTMASK,
			static_cast<uint32_t>(in.number(UINT32_MAX, "ct(eventmask=)")));
	else if (word == "nat")
		parse_nat(in, out);
	else
		in.fail_at(start,
			   "is no part of ct(): one of commit force_commit zone= mark= label= "
			   "helper= timeout= eventmask= nat()");
}

void parse_ct(Cursor &in, const ActionRow &row, const ActionContext &context, AttrWriter &out)
{
	const size_t nest = out.begin(row.type | NLA_F_NESTED);

	if (in.eat("(")) {
		for (in.skip_space(); !in.done() && in.peek() != ')'; in.skip_separators())
			parse_ct_part(in, out);
		in.expect(")");
	}
	out.end(nest);
}

struct CtText {
	uint16_t attr;
	const char *name;
	std::string (*value)(const Attr &attr); /* null for a flag */
};

/* In the order of the text. */
const CtText ct_texts[] = {
	{OVS_CT_ATTR_COMMIT, "commit", nullptr},
	{OVS_CT_ATTR_FORCE_COMMIT, "force_commit", nullptr},
	{OVS_CT_ATTR_ZONE, "zone",
	 [](const Attr &a) {
		 return fmt::format("{}", a.u16());
	 }},
	{OVS_CT_ATTR_MARK, "mark",
	 [](const Attr &a) {
		 return format_masked(mark_row, a.data);
	 }},
	{OVS_CT_ATTR_LABELS, "label",
	 [](const Attr &a) {
		 return format_masked(label_row, a.data);
	 }},
	{OVS_CT_ATTR_HELPER, "helper",
	 [](const Attr &a) {
		 return a.str();
	 }},
	{OVS_CT_ATTR_TIMEOUT, "timeout",
	 [](const Attr &a) {
		 return a.str();
	 }},
	{OVS_CT_ATTR_EVENTMASK, "eventmask",
	 [](const Attr &a) {
		 return hex_text(a.u32());
	 }},
};

/* The kernel always reports the zone; zone 0 is the one that needs no words. */
bool is_shown(const Attr &attr)
{
	return attr.type != OVS_CT_ATTR_ZONE || attr.u16();
}

std::string text_ct(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	const auto attrs = split_attrs(action.data);
	std::string text;

	for (const CtText &part : ct_texts) {
		const auto attr = find_attr(attrs, part.attr);

		if (!attr || !is_shown(*attr))
			continue;
		text += (text.empty() ? "" : ",") + std::string(part.name);
		if (part.value)
			text += "=" + part.value(*attr);
	}
	if (const auto nat = find_attr(attrs, OVS_CT_ATTR_NAT))
		text += (text.empty() ? "" : ",") + format_nat(*nat);
	return text.empty() ? row.name : fmt::format("{}({})", row.name, text);
}

Json json_ct(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	const auto attrs = split_attrs(action.data);
	Json out = Json::object();

	for (const CtText &part : ct_texts) {
		const auto attr = find_attr(attrs, part.attr);

		if (!attr)
			continue;
		if (!part.value)
			out[part.name] = true;
		else if (part.attr == OVS_CT_ATTR_ZONE)
			out[part.name] = attr->u16();
		else
			out[part.name] = part.value(*attr);
	}
	if (const auto nat = find_attr(attrs, OVS_CT_ATTR_NAT))
		out["nat"] = format_nat(*nat);
	return {{row.name, out}};
}

} // namespace

const ActionForm ct_action = {parse_ct, text_ct, json_ct};

} // namespace mf
