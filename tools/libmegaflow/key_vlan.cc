// SPDX-License-Identifier: GPL-2.0-only
/* VLAN tags: three fields in one number, and what the tag encloses. */
#include "key_forms.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mf
{

static constexpr uint16_t VID = 0x0fff;
static constexpr uint16_t CFI = 0x1000; /* "a tag is there", in this ABI */
static constexpr uint16_t PCP = 0xe000;
static constexpr unsigned int PCP_SHIFT = 13;

/* Reads "n" or "n/mask" and puts both at their place in TCI and mask. */
static void parse_part(Cursor &in, uint16_t bits, unsigned int shift, std::string_view of,
		       uint16_t &tci, uint16_t &mask)
{
	const uint64_t max = bits >> shift;
	const uint64_t value = in.number(max, of);
	const uint64_t care = in.eat("/") ? in.number(max, fmt::format("the mask of {}", of)) : max;

	tci = static_cast<uint16_t>((tci & ~bits) | value << shift);
	mask = static_cast<uint16_t>((mask & ~bits) | care << shift);
}

static void parse_vlan(Cursor &in, KeyItem &item, const PortNames *names)
{
	uint16_t tci = CFI, mask = CFI;

	for (in.skip_space(); !in.done() && in.peek() != ')'; in.skip_separators()) {
		const size_t start = in.position();

		if (in.eat("vid="))
			parse_part(in, VID, 0, "vlan(vid=)", tci, mask);
		else if (in.eat("pcp="))
			parse_part(in, PCP, PCP_SHIFT, "vlan(pcp=)", tci, mask);
		else if (in.eat("cfi="))
			parse_part(in, CFI, 12, "vlan(cfi=)", tci, mask);
		else if (in.eat("tci="))
			parse_part(in, 0xffff, 0, "vlan(tci=)", tci, mask);
		else
			in.fail_at(start, "is no part of vlan(): one of vid pcp cfi tci");
	}
	store_be(item.value, tci);
	store_be(item.mask, mask);
}

static std::string text_vlan(const KeyItem &item, const TextStyle &style)
{
	const auto tci = static_cast<uint16_t>(load_be(item.value));
	const auto mask = static_cast<uint16_t>(load_be(item.mask));
	std::string text;

	if (style.all || (mask & VID)) {
		text += fmt::format("vid={}", tci & VID);
		if ((mask & VID) != VID)
			text += fmt::format("/{}", hex_text(mask & VID));
	}
	if (style.all || (mask & PCP)) {
		text += fmt::format("{}pcp={}", text.empty() ? "" : ",", tci >> PCP_SHIFT);
		if ((mask & PCP) != PCP)
			text += fmt::format("/{:#x}", (mask & PCP) >> PCP_SHIFT);
	}
	if (!(tci & CFI))
		text += text.empty() ? "cfi=0" : ",cfi=0";
	return text;
}

static Json json_masked(uint16_t value, uint16_t mask, uint16_t full)
{
	if (mask == full)
		return value;
	return {{"value", value}, {"mask", mask}};
}

static Json json_vlan(const KeyItem &item, const TextStyle &style)
{
	const auto tci = static_cast<uint16_t>(load_be(item.value));
	const auto mask = static_cast<uint16_t>(load_be(item.mask));
	Json out = Json::object();

	if (style.all || (mask & VID))
		out["vid"] = json_masked(tci & VID, mask & VID, VID);
	if (style.all || (mask & PCP))
		out["pcp"] = json_masked(tci >> PCP_SHIFT, (mask & PCP) >> PCP_SHIFT, 7);
	out["present"] = (tci & CFI) != 0;
	return out;
}

const KeyForm vlan_form = {parse_vlan, text_vlan, json_vlan};

static void parse_encap(Cursor &in, KeyItem &item, const PortNames *names)
{
	item.inner = parse_key(in, names).items;
}

static std::string text_encap(const KeyItem &item, const TextStyle &style)
{
	return format_key({item.inner}, style);
}

static Json json_encap(const KeyItem &item, const TextStyle &style)
{
	return json_key({item.inner}, style);
}

const KeyForm encap_form = {parse_encap, text_encap, json_encap};

} // namespace mf
