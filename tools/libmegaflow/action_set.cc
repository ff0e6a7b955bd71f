// SPDX-License-Identifier: GPL-2.0-only
/* set(): one key attribute, exact or with a mask. */
#include "action_forms.h"
#include "key_forms.h"

#include <fmt/format.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <nlohmann/json.hpp>

namespace mf
{

static bool is_item_exact(const KeyItem &item)
{
	if (item.row->form != Form::FIELDS)
		return all_bytes(item.mask, 0xff);
	for (const KeyFieldRow &row : item.row->fields)
		if (!is_exact(row, View(item.mask).subspan(row.offset, row.width)))
			return false;
	return true;
}

static void parse_set(Cursor &in, const ActionRow &row, const ActionContext &context,
		      AttrWriter &out)
{
	in.expect("(");
	const size_t start = in.position();
	const KeyItem item = parse_key_item(in, context.names);
	in.expect(")");

	if (item.row->form == Form::TUNNEL) {
		const size_t nest = out.begin(OVS_ACTION_ATTR_SET);

		out.put(item.type | NLA_F_NESTED, item.value);
		out.end(nest);
		return;
	}
	for (size_t i = 0; i < item.value.size(); i++)
		if (item.value[i] & ~item.mask[i])
			in.fail_at(start, "sets bits that its mask leaves out");

	const bool exact = is_item_exact(item);
	const size_t nest = out.begin(exact ? OVS_ACTION_ATTR_SET : OVS_ACTION_ATTR_SET_MASKED);
	Bytes both = item.value;
	if (!exact)
		both.insert(both.end(), item.mask.begin(), item.mask.end());
	out.put(item.type, both);
	out.end(nest);
}

static std::optional<KeyItem> decode_set(const Attr &action)
{
	const auto attrs = split_attrs(action.data);
	KeyItem item;

	if (attrs.size() != 1)
		return std::nullopt;

	const View payload = attrs[0].data;
	const bool masked = action.type == OVS_ACTION_ATTR_SET_MASKED;
	const size_t half = masked ? payload.size() / 2 : payload.size();

	item.type = attrs[0].type;
	item.row = find_key_attr(item.type);
	item.value.assign(payload.begin(), payload.begin() + static_cast<ptrdiff_t>(half));
	if (masked)
		item.mask.assign(payload.begin() + static_cast<ptrdiff_t>(half), payload.end());
	else
		item.mask.assign(half, 0xff);
	return item;
}

static std::string text_set(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	const auto item = decode_set(action);
	TextStyle brief = style;

	brief.all = false;
	return fmt::format("{}({})", row.name,
			   item ? format_key_item(*item, brief) : to_hex(action.data));
}

static Json json_set(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	const auto item = decode_set(action);

	if (!item)
		return {{row.name, to_hex(action.data)}};

	const std::string name = item->row ? item->row->name : fmt::format("key{}", item->type);
	return {{row.name, {{name, json_key_item(*item, style)}}}};
}

const ActionForm set_action = {parse_set, text_set, json_set};

} // namespace mf
