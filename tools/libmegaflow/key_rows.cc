// SPDX-License-Identifier: GPL-2.0-only
#include "key_rows.h"

#include <algorithm>
#include <array>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <vector>

namespace mf
{

namespace
{

constexpr bool RW = true;
constexpr bool RO = false;
constexpr bool REQUIRED = true;
constexpr bool OPTIONAL = false;

/* Fields and pads in file order; a pad has no text at all. */
constexpr KeyFieldRow raw_fields[] = {
#define KEY_FIELD(attr, wire, width, member, text, set, max, show)                                 \
	{OVS_KEY_ATTR_##attr, text, 0, width, Show::show, set, max},
#define KEY_PAD(attr, width) {OVS_KEY_ATTR_##attr, nullptr, 0, width, Show::HEX, RO, 0},
#include "megaflow/key.def"
};

constexpr size_t count_fields()
{
	size_t count = 0;

	for (const KeyFieldRow &row : raw_fields)
		count += row.text != nullptr;
	return count;
}

/* The rows of an attribute stand together, in wire order: offsets are sums. */
constexpr auto make_fields()
{
	std::array<KeyFieldRow, count_fields()> out{};
	size_t used = 0;
	uint16_t attr = 0, offset = 0;

	for (KeyFieldRow row : raw_fields) {
		if (row.attr != attr)
			offset = 0;
		attr = row.attr;
		row.offset = offset;
		offset = static_cast<uint16_t>(offset + row.width);
		if (row.text)
			out[used++] = row;
	}
	return out;
}

constexpr auto fields = make_fields();

constexpr size_t payload_width(uint16_t attr)
{
	size_t sum = 0;

	for (const KeyFieldRow &row : raw_fields)
		if (row.attr == attr)
			sum += row.width;
	return sum;
}

#define FORM_FIELDS_OK(attr, payload, form)                                                        \
	(Form::form != Form::FIELDS || payload_width(OVS_KEY_ATTR_##attr) == sizeof(payload))
#define KEY_ATTR(attr, text, payload, class, need, form)                                           \
	static_assert(FORM_FIELDS_OK(attr, payload, form), "fields of " text " do not add up");
#include "megaflow/key.def"

std::span<const KeyFieldRow> fields_of(uint16_t attr)
{
	const auto is_ours = [attr](const KeyFieldRow &row) {
		return row.attr == attr;
	};
	const auto first = std::find_if(fields.begin(), fields.end(), is_ours);
	const auto last = std::find_if_not(first, fields.end(), is_ours);

	return {first, last};
}

std::vector<KeyAttrRow> make_attrs()
{
	return {
#define KEY_ATTR(attr, text, payload, class, need, form)                                           \
	{OVS_KEY_ATTR_##attr,                                                                      \
	 #attr,                                                                                    \
	 text,                                                                                     \
	 need ? #class : "",                                                                       \
	 sizeof(payload),                                                                          \
	 Form::form,                                                                               \
	 fields_of(OVS_KEY_ATTR_##attr)},
#include "megaflow/key.def"
	};
}

} // namespace

std::span<const KeyAttrRow> key_attrs()
{
	static const std::vector<KeyAttrRow> rows = make_attrs();

	return rows;
}

const KeyAttrRow *find_key_attr(uint16_t type)
{
	for (const KeyAttrRow &row : key_attrs())
		if (row.type == type)
			return &row;
	return nullptr;
}

const KeyAttrRow *find_key_attr(std::string_view name)
{
	for (const KeyAttrRow &row : key_attrs())
		if (row.name == name)
			return &row;
	return nullptr;
}

} // namespace mf
