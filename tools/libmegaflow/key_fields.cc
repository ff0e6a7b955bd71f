// SPDX-License-Identifier: GPL-2.0-only
/* Attributes that the rows describe in full, and those that nobody knows. */
#include "key_forms.h"

#include <algorithm>
#include <fmt/format.h>
#include <linux/openvswitch.h>
#include <nlohmann/json.hpp>

namespace mf
{

static const KeyFieldRow *find_field(const KeyAttrRow &attr, std::string_view name)
{
	for (const KeyFieldRow &row : attr.fields)
		if (row.text == name)
			return &row;
	return nullptr;
}

static const KeyFieldRow &parse_field_name(Cursor &in, const KeyAttrRow &attr)
{
	const size_t start = in.position();
	const std::string_view name = in.word();
	const KeyFieldRow *row = find_field(attr, name);

	if (!row) {
		std::vector<std::string> known;

		for (const KeyFieldRow &field : attr.fields)
			known.emplace_back(field.text);
		in.fail_at(start, fmt::format("is no part of {}(): one of {}{}", attr.name,
					      fmt::join(known, " "), suggestion(name, known)));
	}
	in.expect("=");
	return *row;
}

static std::span<uint8_t> part(Bytes &bytes, const KeyFieldRow &row)
{
	return std::span(bytes).subspan(row.offset, row.width);
}

static View part(const Bytes &bytes, const KeyFieldRow &row)
{
	return View(bytes).subspan(row.offset, row.width);
}

static void parse_fields(Cursor &in, KeyItem &item, const PortNames *names)
{
	uint64_t seen = 0;

	if (item.row->is_scalar()) {
		const KeyFieldRow &row = item.row->fields[0];

		parse_field(in, row, names, item.value, item.mask);
		return;
	}

	for (in.skip_space(); !in.done() && in.peek() != ')'; in.skip_separators()) {
		const size_t start = in.position();
		const KeyFieldRow &row = parse_field_name(in, *item.row);
		const uint64_t bit = 1ULL << (&row - item.row->fields.data());

		if (seen & bit)
			in.fail_at(start, "is given twice");
		seen |= bit;
		parse_field(in, row, names, part(item.value, row), part(item.mask, row));
		if (!in.done() && in.peek() != ')' && in.peek() != ',')
			in.fail("where \",\" or \")\" should be");
	}
}

/*
 * Fields in the order of the text: that of the wire, but a conntrack tuple has
 * its protocol in front of the ports.
 */
static std::vector<const KeyFieldRow *> text_order(const KeyAttrRow &attr)
{
	std::vector<const KeyFieldRow *> order;

	for (const KeyFieldRow &row : attr.fields)
		order.push_back(&row);
	if (attr.type == OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV4 ||
	    attr.type == OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV6)
		std::rotate(order.begin() + 2, order.end() - 1, order.end());
	return order;
}

static std::string text_fields(const KeyItem &item, const TextStyle &style)
{
	std::string text;

	if (item.row->is_scalar())
		return format_field(item.row->fields[0], item.value, item.mask, style);

	for (const KeyFieldRow *field : text_order(*item.row)) {
		const KeyFieldRow &row = *field;
		const View mask = part(item.mask, row);

		if (all_bytes(mask, 0) && (!style.all || row.show == Show::FRAG))
			continue;
		text += fmt::format("{}{}={}", text.empty() ? "" : ",", row.text,
				    format_field(row, part(item.value, row), mask, style));
	}
	return text;
}

static Json json_fields(const KeyItem &item, const TextStyle &style)
{
	Json out = Json::object();

	if (item.row->is_scalar())
		return json_field(item.row->fields[0], item.value, item.mask, style);

	for (const KeyFieldRow &row : item.row->fields) {
		const View mask = part(item.mask, row);

		if (style.all || !all_bytes(mask, 0))
			out[row.text] = json_field(row, part(item.value, row), mask, style);
	}
	return out;
}

const KeyForm fields_form = {parse_fields, text_fields, json_fields};

static void parse_unknown(Cursor &in, KeyItem &item, const PortNames *names)
{
	in.fail("cannot be read: this dpctl does not know the field");
}

static std::string text_unknown(const KeyItem &item, const TextStyle &style)
{
	return all_bytes(item.mask, 0xff)
		       ? to_hex(item.value)
		       : fmt::format("{}/{}", to_hex(item.value), to_hex(item.mask));
}

static Json json_unknown(const KeyItem &item, const TextStyle &style)
{
	return text_unknown(item, style);
}

const KeyForm unknown_form = {parse_unknown, text_unknown, json_unknown};

} // namespace mf
