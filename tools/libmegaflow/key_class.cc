// SPDX-License-Identifier: GPL-2.0-only
/* The classes of key.def: which attributes a key must carry. */
#include "key_class.h"

#include <fmt/format.h>
#include <linux/if_ether.h>
#include <linux/openvswitch.h>
#include <map>
#include <netinet/in.h>

namespace mf
{

namespace
{

enum class Op : uint8_t { ALWAYS, EQ, EITHER, NE };

struct ClassRow {
	std::string_view name, parent, member;
	Op op;
	uint64_t a, b;
};

/* Whether a packet has an Ethernet header is told by an attribute, not by a value. */
constexpr uint64_t MF_MAC_ETHERNET = 1;

constexpr ClassRow class_rows[] = {
#define KEY_CLASS(class, parent, member, op, a, b) {#class, #parent, #member, Op::op, a, b},
#include "megaflow/key.def"
};

struct NeedRow {
	uint16_t attr;
	const char *name;
	std::string_view class_name;
};

/* REQUIRED attributes name their class; OPTIONAL ones need nothing. */
#define NEED_REQUIRED(attr, text, class) {OVS_KEY_ATTR_##attr, text, #class},
#define NEED_OPTIONAL(attr, text, class)
constexpr NeedRow need_rows[] = {
#define KEY_ATTR(attr, text, payload, class, need, form) NEED_##need(attr, text, class)
#include "megaflow/key.def"
};

/* Which member of the kernel's key a field is: the same for several attributes. */
struct MemberRow {
	uint16_t attr;
	std::string_view member;
	size_t width;
};

constexpr MemberRow member_rows[] = {
#define KEY_FIELD(attr, wire, width, member, text, set, max, show)                                 \
	{OVS_KEY_ATTR_##attr, #member, width},
#define KEY_PAD(attr, width) {OVS_KEY_ATTR_##attr, "", width},
#include "megaflow/key.def"
};

using Values = std::map<std::string_view, uint64_t>;

/* The values that classes ask for, of the innermost headers. */
void collect(const std::vector<KeyItem> &items, Values &values)
{
	for (const KeyItem &item : items) {
		size_t at = 0;

		if (item.type == OVS_KEY_ATTR_ETHERNET)
			values["mac_proto"] = MF_MAC_ETHERNET;
		for (const MemberRow &row : member_rows) {
			if (row.attr != item.type)
				continue;
			if (row.width <= 2 && at + row.width <= item.value.size())
				values[row.member] =
					load_be(View(item.value).subspan(at, row.width));
			at += row.width;
		}
		collect(item.inner, values);
	}
}

bool holds(std::string_view name, const Values &values)
{
	for (const ClassRow &row : class_rows) {
		if (row.name != name)
			continue;
		if (row.op == Op::ALWAYS)
			return true;

		const auto value = values.find(row.member);
		if (value == values.end() || !holds(row.parent, values))
			return false;
		return row.op == Op::EQ       ? value->second == row.a
		       : row.op == Op::EITHER ? value->second == row.a || value->second == row.b
					      : value->second != row.a;
	}
	return false;
}

bool has_attr(const std::vector<KeyItem> &items, uint16_t type)
{
	for (const KeyItem &item : items)
		if (item.type == type || has_attr(item.inner, type))
			return true;
	return false;
}

} // namespace

std::vector<std::string> missing_attrs(const Key &key)
{
	std::vector<std::string> missing;
	Values values;

	collect(key.items, values);
	for (const NeedRow &row : need_rows)
		if (holds(row.class_name, values) && !has_attr(key.items, row.attr))
			missing.push_back(fmt::format("{}()", row.name));
	return missing;
}

} // namespace mf
