// SPDX-License-Identifier: GPL-2.0-only
/* Tunnel metadata: scalars from a table, flags, and one of three kinds of options. */
#include "key_forms.h"
#include "key_tunnel_opts.h"

#include "attr.h"
#include "flags.h"

#include <fmt/format.h>
#include <linux/openvswitch.h>
#include <nlohmann/json.hpp>

namespace mf
{

namespace
{

struct TunnelRow {
	uint16_t attr; /* OVS_TUNNEL_KEY_ATTR_* */
	KeyFieldRow field;
};

constexpr uint16_t TUNNEL = OVS_KEY_ATTR_TUNNEL;

constexpr TunnelRow rows[] = {
	{OVS_TUNNEL_KEY_ATTR_ID, {TUNNEL, "tun_id", 0, 8, Show::HEX8, false, 0}},
	{OVS_TUNNEL_KEY_ATTR_IPV4_SRC, {TUNNEL, "src", 0, 4, Show::IPV4, false, 0}},
	{OVS_TUNNEL_KEY_ATTR_IPV4_DST, {TUNNEL, "dst", 0, 4, Show::IPV4, false, 0}},
	{OVS_TUNNEL_KEY_ATTR_IPV6_SRC, {TUNNEL, "ipv6_src", 0, 16, Show::IPV6, false, 0}},
	{OVS_TUNNEL_KEY_ATTR_IPV6_DST, {TUNNEL, "ipv6_dst", 0, 16, Show::IPV6, false, 0}},
	{OVS_TUNNEL_KEY_ATTR_TOS, {TUNNEL, "tos", 0, 1, Show::HEX8, false, 0}},
	{OVS_TUNNEL_KEY_ATTR_TTL, {TUNNEL, "ttl", 0, 1, Show::U8, false, 0}},
	{OVS_TUNNEL_KEY_ATTR_TP_SRC, {TUNNEL, "tp_src", 0, 2, Show::BE16, false, 0}},
	{OVS_TUNNEL_KEY_ATTR_TP_DST, {TUNNEL, "tp_dst", 0, 2, Show::BE16, false, 0}},
};

struct FlagRow {
	uint16_t attr;
	uint32_t bit; /* in tunnel_flag_names() */
};

constexpr FlagRow flag_rows[] = {
	{OVS_TUNNEL_KEY_ATTR_OAM, 1},
	{OVS_TUNNEL_KEY_ATTR_DONT_FRAGMENT, 2},
	{OVS_TUNNEL_KEY_ATTR_CSUM, 4},
};
/* Not an attribute of its own: the tunnel has a key if it has an id. */
constexpr uint32_t KEY_FLAG = 8;
constexpr uint32_t ALL_FLAGS = 15;

const TunnelRow *find_row(std::string_view name)
{
	for (const TunnelRow &row : rows)
		if (row.field.text == name)
			return &row;
	return nullptr;
}

const TunnelRow *find_row(const Attr &attr)
{
	for (const TunnelRow &row : rows)
		if (row.attr == attr.type && row.field.width == attr.data.size())
			return &row;
	return nullptr;
}

void put_flags(AttrWriter &out, uint32_t flags)
{
	for (const FlagRow &row : flag_rows)
		if (flags & row.bit)
			out.flag(row.attr);
}

void parse_scalar(Cursor &in, const TunnelRow &row, const PortNames *names, AttrWriter &value,
		  AttrWriter &mask)
{
	Bytes key(row.field.width), care(row.field.width);

	in.expect("=");
	parse_field(in, row.field, names, key, care);
	value.put(row.attr, key);
	mask.put(row.attr, care);
}

std::string known_parts()
{
	std::string names;

	for (const TunnelRow &row : rows)
		names += fmt::format("{} ", row.field.text);
	return names + "geneve() vxlan() erspan() flags() info_bridge";
}

void parse_tunnel(Cursor &in, KeyItem &item, const PortNames *names)
{
	AttrWriter value, mask;
	uint32_t flags = 0, care = 0;

	for (in.skip_space(); !in.done() && in.peek() != ')'; in.skip_separators()) {
		const size_t start = in.position();
		const std::string_view word = in.word();

		if (const TunnelRow *row = find_row(word)) {
			parse_scalar(in, *row, names, value, mask);
		} else if (word == "flags") {
			in.expect("(");
			parse_flags(in, tunnel_flag_names(), ALL_FLAGS, "tunnel(flags())", flags,
				    care);
			in.expect(")");
		} else if (word == "geneve") {
			parse_geneve(in, value, mask);
		} else if (word == "vxlan") {
			parse_vxlan(in, value, mask);
		} else if (word == "erspan") {
			parse_erspan(in, value, mask);
		} else if (word == "info_bridge") {
			value.flag(OVS_TUNNEL_KEY_ATTR_IPV4_INFO_BRIDGE);
			mask.flag(OVS_TUNNEL_KEY_ATTR_IPV4_INFO_BRIDGE);
		} else {
			in.fail_at(start, "is no part of tunnel(): one of " + known_parts());
		}
	}
	put_flags(value, flags);
	put_flags(mask, care);
	item.value = value.bytes();
	item.mask = mask.bytes();
}

/* A mask that is ones all over stands for "everything exact", not for a nest. */
std::optional<std::vector<Attr>> mask_attrs(const KeyItem &item)
{
	if (all_bytes(item.mask, 0xff))
		return std::nullopt;
	return split_attrs(item.mask);
}

uint32_t flags_of(const std::vector<Attr> &attrs)
{
	uint32_t flags = find_attr(attrs, OVS_TUNNEL_KEY_ATTR_ID) ? KEY_FLAG : 0;

	for (const FlagRow &row : flag_rows)
		if (find_attr(attrs, row.attr))
			flags |= row.bit;
	return flags;
}

Bytes mask_of(const Attr &attr, const std::optional<std::vector<Attr>> &masks)
{
	if (!masks)
		return Bytes(attr.data.size(), 0xff);
	const auto mask = find_attr(*masks, attr.type);

	if (!mask || mask->data.size() != attr.data.size())
		return Bytes(attr.data.size(), 0);
	return {mask->data.begin(), mask->data.end()};
}

std::string text_options(const Attr &attr, const Bytes &mask)
{
	switch (attr.type) {
	case OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS:
		return fmt::format("geneve({})", format_geneve(attr.data, mask));
	case OVS_TUNNEL_KEY_ATTR_VXLAN_OPTS:
		return fmt::format("vxlan({})", format_vxlan(attr.data, mask));
	case OVS_TUNNEL_KEY_ATTR_ERSPAN_OPTS:
		return fmt::format("erspan({})", format_erspan(attr.data, mask));
	case OVS_TUNNEL_KEY_ATTR_IPV4_INFO_BRIDGE:
		return "info_bridge";
	default:
		return {};
	}
}

std::string text_tunnel(const KeyItem &item, const TextStyle &style)
{
	const auto attrs = split_attrs(item.value);
	const auto masks = mask_attrs(item);
	std::string text;

	for (const Attr &attr : attrs) {
		const Bytes mask = mask_of(attr, masks);
		const TunnelRow *row = find_row(attr);
		std::string part;

		if (row && (style.all || !all_bytes(mask, 0)))
			part = fmt::format("{}={}", row->field.text,
					   format_field(row->field, attr.data, mask, style));
		else if (!row)
			part = text_options(attr, mask);
		if (!part.empty())
			text += part + ",";
	}
	const uint32_t flags = flags_of(attrs);
	return text + fmt::format("flags({})", masks ? format_masked_flags(tunnel_flag_names(),
									   flags, flags_of(*masks))
						     : format_flags(tunnel_flag_names(), flags));
}

Json json_tunnel(const KeyItem &item, const TextStyle &style)
{
	const auto attrs = split_attrs(item.value);
	const auto masks = mask_attrs(item);
	Json out = Json::object();

	for (const Attr &attr : attrs) {
		const Bytes mask = mask_of(attr, masks);

		if (const TunnelRow *row = find_row(attr)) {
			if (style.all || !all_bytes(mask, 0))
				out[row->field.text] =
					json_field(row->field, attr.data, mask, style);
		} else if (const std::string text = text_options(attr, mask); !text.empty()) {
			out[text.substr(0, text.find('('))] = text;
		}
	}
	out["flags"] = format_flags(tunnel_flag_names(), flags_of(attrs));
	if (masks)
		out["flags_mask"] = format_flags(tunnel_flag_names(), flags_of(*masks));
	return out;
}

} // namespace

const KeyForm tunnel_form = {parse_tunnel, text_tunnel, json_tunnel};

} // namespace mf
