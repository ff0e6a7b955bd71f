// SPDX-License-Identifier: GPL-2.0-only
/* NSH: as a key with masks, and as the header that push_nsh adds. */
#include "key_nsh.h"

#include "attr.h"
#include "key_forms.h"

#include <array>
#include <fmt/format.h>
#include <linux/openvswitch.h>
#include <nlohmann/json.hpp>

namespace mf
{

namespace
{

constexpr uint8_t MD1 = 1, MD2 = 2;

/* A part of the base header, or of the four context words that follow it. */
struct NshPart {
	const char *name;
	size_t offset;
	size_t width;
	uint64_t max;
	bool hex;
};

constexpr size_t BASE = sizeof(ovs_nsh_key_base);
constexpr size_t WHOLE = BASE + sizeof(ovs_nsh_key_md1);

constexpr NshPart parts[] = {
	{"flags", 0, 1, 0xff, false},    {"ttl", 1, 1, 63, false},
	{"mdtype", 2, 1, 0xf, false},    {"np", 3, 1, 0xff, false},
	{"spi", 4, 3, 0xffffff, true},   {"si", 7, 1, 0xff, false},
	{"c1", 8, 4, 0xffffffff, true},  {"c2", 12, 4, 0xffffffff, true},
	{"c3", 16, 4, 0xffffffff, true}, {"c4", 20, 4, 0xffffffff, true},
};

/* Base and context side by side, whatever attributes they came in. */
struct Nsh {
	std::array<uint8_t, WHOLE> bytes{};
	bool has_md1 = false;
	View md2;
};

Nsh decode(View payload)
{
	Nsh nsh;

	for (const Attr &attr : split_attrs(payload)) {
		if (attr.type == OVS_NSH_KEY_ATTR_BASE && attr.data.size() == BASE) {
			std::copy(attr.data.begin(), attr.data.end(), nsh.bytes.begin());
		} else if (attr.type == OVS_NSH_KEY_ATTR_MD1 && attr.data.size() == WHOLE - BASE) {
			std::copy(attr.data.begin(), attr.data.end(), nsh.bytes.begin() + BASE);
			nsh.has_md1 = true;
		} else if (attr.type == OVS_NSH_KEY_ATTR_MD2) {
			nsh.md2 = attr.data;
		}
	}
	return nsh;
}

uint64_t value_of(const Nsh &nsh, const NshPart &part)
{
	return load_be(View(nsh.bytes).subspan(part.offset, part.width));
}

void store(Nsh &nsh, const NshPart &part, uint64_t value)
{
	store_be(std::span(nsh.bytes).subspan(part.offset, part.width), value);
}

Bytes encode(const Nsh &nsh, bool with_md1)
{
	AttrWriter out;

	out.put(OVS_NSH_KEY_ATTR_BASE, View(nsh.bytes).first(BASE));
	if (with_md1)
		out.put(OVS_NSH_KEY_ATTR_MD1, View(nsh.bytes).subspan(BASE));
	return out.bytes();
}

const NshPart &parse_part_name(Cursor &in, const char *of)
{
	const size_t start = in.position();
	const std::string_view name = in.word();

	for (const NshPart &part : parts)
		if (part.name == name) {
			in.expect("=");
			return part;
		}
	in.fail_at(start,
		   fmt::format("is no part of {}(): one of flags ttl mdtype np spi si c1 c2 c3 "
			       "c4",
			       of));
}

/* ---- The key ---- */

void parse_nsh(Cursor &in, KeyItem &item, const PortNames *names)
{
	Nsh value, mask;
	bool md1 = false;

	for (in.skip_space(); !in.done() && in.peek() != ')'; in.skip_separators()) {
		const NshPart &part = parse_part_name(in, "nsh");

		store(value, part, in.number(part.max, fmt::format("nsh({}=)", part.name)));
		store(mask, part, in.eat("/") ? in.number(part.max, "its mask") : part.max);
		md1 |= part.offset >= BASE;
	}
	/* The context comes with metadata type 1 and only with it. */
	md1 |= value_of(value, parts[2]) == MD1;
	item.value = encode(value, md1);
	item.mask = encode(mask, md1);
}

/* The mask of an item: a nest, or ones for "exact". */
Nsh mask_of(const KeyItem &item)
{
	Nsh mask;

	if (!all_bytes(item.mask, 0xff))
		return decode(item.mask);
	mask.bytes.fill(0xff);
	return mask;
}

uint64_t care_of(const Nsh &mask, const NshPart &part)
{
	return value_of(mask, part) & part.max;
}

std::string format_part(const NshPart &part, uint64_t value, uint64_t care)
{
	std::string text =
		fmt::format("{}={}", part.name,
			    part.hex ? fmt::format("{:#x}", value) : fmt::format("{}", value));

	return care == part.max ? text : text + fmt::format("/{:#x}", care);
}

std::string text_nsh(const KeyItem &item, const TextStyle &style)
{
	const Nsh value = decode(item.value), mask = mask_of(item);
	std::string text;

	for (const NshPart &part : parts) {
		const uint64_t care = care_of(mask, part);

		if ((part.offset >= BASE && !value.has_md1) || (!care && !style.all))
			continue;
		text += (text.empty() ? "" : ",") + format_part(part, value_of(value, part), care);
	}
	return text;
}

Json json_nsh(const KeyItem &item, const TextStyle &style)
{
	const Nsh value = decode(item.value), mask = mask_of(item);
	Json out = Json::object();

	for (const NshPart &part : parts) {
		const uint64_t care = care_of(mask, part);

		if ((part.offset >= BASE && !value.has_md1) || (!care && !style.all))
			continue;
		if (care == part.max)
			out[part.name] = value_of(value, part);
		else
			out[part.name] = {{"value", value_of(value, part)}, {"mask", care}};
	}
	return out;
}

} // namespace

const KeyForm nsh_form = {parse_nsh, text_nsh, json_nsh};

/* ---- The header of push_nsh ---- */

Bytes parse_nsh_header(Cursor &in)
{
	Nsh nsh;
	Bytes md2;

	store(nsh, parts[1], 63);
	store(nsh, parts[2], MD1);
	for (in.skip_space(); !in.done() && in.peek() != ')'; in.skip_separators()) {
		const size_t start = in.position();

		if (in.eat("md2=0x")) {
			if (!from_hex(in.until(",)"), md2) || md2.empty())
				in.fail_at(start, "is not hex in whole bytes");
			continue;
		}
		const NshPart &part = parse_part_name(in, "push_nsh");
		store(nsh, part, in.number(part.max, fmt::format("push_nsh({}=)", part.name)));
	}

	const uint64_t type = value_of(nsh, parts[2]);
	if (type != MD1 && type != MD2)
		in.fail("where mdtype=1 or mdtype=2 should have been");
	AttrWriter out(encode(nsh, type == MD1));
	if (type == MD2)
		out.put(OVS_NSH_KEY_ATTR_MD2, md2);
	return out.bytes();
}

std::string format_nsh_header(View payload)
{
	const Nsh nsh = decode(payload);
	std::string text;

	for (const NshPart &part : parts)
		if (part.offset < BASE || nsh.has_md1)
			text += (text.empty() ? "" : ",") +
				format_part(part, value_of(nsh, part), part.max);
	if (!nsh.md2.empty())
		text += ",md2=0x" + to_hex(nsh.md2);
	return text;
}

Json json_nsh_header(View payload)
{
	const Nsh nsh = decode(payload);
	Json out = Json::object();

	for (const NshPart &part : parts)
		if (part.offset < BASE || nsh.has_md1)
			out[part.name] = value_of(nsh, part);
	if (!nsh.md2.empty())
		out["md2"] = to_hex(nsh.md2);
	return out;
}

} // namespace mf
