// SPDX-License-Identifier: GPL-2.0-only
#include "key.h"

#include "key_forms.h"

#include <algorithm>
#include <fmt/format.h>
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <nlohmann/json.hpp>

namespace mf
{

bool KeyItem::is_wild() const
{
	return all_bytes(mask, 0) &&
	       std::all_of(inner.begin(), inner.end(),
			   [](const KeyItem &item) { return item.is_wild(); });
}

const KeyItem *Key::find(uint16_t type) const
{
	for (const KeyItem &item : items)
		if (item.type == type)
			return &item;
	return nullptr;
}

const KeyForm &form_of(const KeyItem &item)
{
	if (!item.row)
		return unknown_form;
	switch (item.row->form) {
	case Form::FIELDS:
		return item.value.size() == item.row->length ? fields_form : unknown_form;
	case Form::VLAN:
		return item.value.size() == 2 ? vlan_form : unknown_form;
	case Form::ENCAP:
		return encap_form;
	case Form::TUNNEL:
		return tunnel_form;
	case Form::MPLS:
		return mpls_form;
	case Form::NSH:
		return nsh_form;
	}
	return unknown_form;
}

static std::vector<std::string> attr_names()
{
	std::vector<std::string> names;

	for (const KeyAttrRow &row : key_attrs())
		names.emplace_back(row.name);
	return names;
}

KeyItem parse_key_item(Cursor &in, const PortNames *names)
{
	const size_t start = in.position();
	const std::string_view word = in.word();
	const KeyAttrRow *row = find_key_attr(word);

	if (!row)
		in.fail_at(start, "is no field of a flow key" + suggestion(word, attr_names()));
	in.expect("(");

	KeyItem item;
	item.type = row->type;
	item.row = row;
	if (row->form == Form::FIELDS || row->form == Form::VLAN) {
		item.value.resize(row->length);
		item.mask.resize(row->length);
	}
	form_of(item).parse(in, item, names);
	if (in.done())
		in.fail("where \")\" should be");
	in.expect(")");
	return item;
}

/*
 * User space's own way to say "no Ethernet header": the kernel knows it from
 * an EtherType without Ethernet addresses.
 */
static void parse_packet_type(Cursor &in, Key &key)
{
	const KeyAttrRow *row = find_key_attr(static_cast<uint16_t>(OVS_KEY_ATTR_ETHERTYPE));
	uint64_t space, type;

	in.expect("packet_type(ns=");
	space = in.number(1, "packet_type(ns=)");
	in.expect(",id=");
	type = in.number(UINT16_MAX, "packet_type(id=)");
	in.expect(")");
	if (space == 0)
		return;

	KeyItem item{row->type, row, Bytes(2), Bytes(2, 0xff), {}};
	store_be(item.value, type);
	key.items.push_back(std::move(item));
}

Key parse_key(Cursor &in, const PortNames *names)
{
	Key key;

	for (in.skip_separators(); !in.done() && in.peek() != ')'; in.skip_separators()) {
		const size_t start = in.position();

		if (in.rest().starts_with("packet_type(")) {
			parse_packet_type(in, key);
			continue;
		}
		KeyItem item = parse_key_item(in, names);
		/* packet_type() and eth_type() may say the same thing; the latter wins. */
		if (key.find(item.type))
			in.fail_at(start, "is given twice");
		key.items.push_back(std::move(item));
	}
	return key;
}

Key parse_key(std::string_view what, std::string_view text, const PortNames *names)
{
	Cursor in(what, text);
	Key key = parse_key(in, names);

	if (!in.done())
		in.fail("is one parenthesis too many");
	return key;
}

static Bytes to_bytes(View view)
{
	return {view.begin(), view.end()};
}

Key decode_key(View key_run, const std::optional<Bytes> &mask_run)
{
	const auto masks = mask_run ? split_attrs(*mask_run) : std::vector<Attr>{};
	Key key;

	for (const Attr &attr : split_attrs(key_run)) {
		const auto mask = find_attr(masks, attr.type);
		KeyItem item;

		item.type = attr.type;
		item.row = find_key_attr(attr.type);
		if (attr.type == OVS_KEY_ATTR_ENCAP) {
			std::optional<Bytes> inner;

			if (mask_run)
				inner = mask ? to_bytes(mask->data) : Bytes{};
			item.inner = decode_key(attr.data, inner).items;
		} else {
			item.value = to_bytes(attr.data);
			if (mask && mask->data.size() == attr.data.size())
				item.mask = to_bytes(mask->data);
			else if (mask && item.row && item.row->form == Form::TUNNEL)
				item.mask = to_bytes(mask->data);
			else
				item.mask.assign(attr.data.size(), 0xff);
		}
		key.items.push_back(std::move(item));
	}
	return key;
}

static void encode_items(const std::vector<KeyItem> &items, AttrWriter &out, bool masks)
{
	for (const KeyItem &item : items) {
		const bool nest =
			item.row && (item.row->form == Form::ENCAP ||
				     item.row->form == Form::TUNNEL || item.row->form == Form::NSH);

		if (item.row && item.row->form == Form::ENCAP) {
			const size_t at = out.begin(item.type | NLA_F_NESTED);

			encode_items(item.inner, out, masks);
			out.end(at);
			continue;
		}
		out.put(static_cast<uint16_t>(item.type | (nest ? NLA_F_NESTED : 0)),
			masks ? item.mask : item.value);
	}
}

void encode_key(const Key &key, AttrWriter &out)
{
	encode_items(key.items, out, false);
}

void encode_mask(const Key &key, AttrWriter &out)
{
	encode_items(key.items, out, true);
}

std::string format_key_item(const KeyItem &item, const TextStyle &style)
{
	const std::string name = item.row ? item.row->name : fmt::format("key{}", item.type);

	return fmt::format("{}({})", name, form_of(item).text(item, style));
}

/* Wildcarded attributes are left out, but one reads at a glance that it is an Ethernet flow. */
static bool is_shown(const KeyItem &item, const TextStyle &style)
{
	if (style.all || !item.is_wild() || !item.row)
		return true;
	return item.type == OVS_KEY_ATTR_ETHERNET || item.row->form == Form::ENCAP ||
	       item.row->form == Form::TUNNEL || item.row->form == Form::NSH;
}

std::string format_key(const Key &key, const TextStyle &style)
{
	std::string text;

	for (const KeyItem &item : key.items) {
		if (!is_shown(item, style))
			continue;
		if (!text.empty())
			text += ',';
		text += format_key_item(item, style);
	}
	return text;
}

Json json_key_item(const KeyItem &item, const TextStyle &style)
{
	return form_of(item).json(item, style);
}

Json json_key(const Key &key, const TextStyle &style)
{
	Json out = Json::object();

	for (const KeyItem &item : key.items) {
		if (!style.all && item.is_wild() && item.type != OVS_KEY_ATTR_ETHERNET)
			continue;
		out[item.row ? item.row->name : fmt::format("key{}", item.type)] =
			json_key_item(item, style);
	}
	return out;
}

} // namespace mf
