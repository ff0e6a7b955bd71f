// SPDX-License-Identifier: GPL-2.0-only
/* MPLS: up to three label stack entries, each four fields in one number. */
#include "key_forms.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mf
{

namespace
{

struct LsePart {
	const char *name;
	unsigned int shift;
	uint32_t max;
	const char *mask_format; /* as ovs-dpctl writes each of the masks */
};

constexpr LsePart parts[] = {
	{"label", 12, 0xfffff, "{:#x}"},
	{"tc", 9, 7, "{:x}"},
	{"ttl", 0, 0xff, "{:#x}"},
	{"bos", 8, 1, "{:x}"},
};

constexpr size_t LSE = sizeof(uint32_t);
constexpr size_t DEPTH_MAX = 3;

const LsePart &parse_name(Cursor &in)
{
	const size_t start = in.position();
	const std::string_view name = in.word();

	for (const LsePart &part : parts)
		if (part.name == name) {
			in.expect("=");
			return part;
		}
	in.fail_at(start, "is no part of mpls(): one of label tc ttl bos");
}

void add_entry(KeyItem &item, uint32_t lse, uint32_t mask)
{
	item.value.resize(item.value.size() + LSE);
	item.mask.resize(item.mask.size() + LSE);
	store_be(std::span(item.value).last(LSE), lse);
	store_be(std::span(item.mask).last(LSE), mask);
}

/* A second "label=" starts the next entry. */
void parse_mpls(Cursor &in, KeyItem &item, const PortNames *names)
{
	uint32_t lse = 0, mask = 0;
	uint32_t seen = 0;

	for (in.skip_space(); !in.done() && in.peek() != ')'; in.skip_separators()) {
		const size_t start = in.position();
		const LsePart &part = parse_name(in);
		const uint32_t bits = part.max << part.shift;

		if (&part == &parts[0] && seen) {
			add_entry(item, lse, mask);
			lse = mask = seen = 0;
		}
		if (seen & 1U << (&part - parts))
			in.fail_at(start, "is given twice");
		if (item.value.size() >= DEPTH_MAX * LSE)
			in.fail_at(start,
				   fmt::format("is one label too many: at most {}", DEPTH_MAX));
		seen |= 1U << (&part - parts);
		lse |= static_cast<uint32_t>(
			       in.number(part.max, fmt::format("mpls({}=)", part.name)))
		       << part.shift;
		mask |= in.eat("/") ? static_cast<uint32_t>(in.number(part.max, "its mask"))
					      << part.shift
				    : bits;
	}
	add_entry(item, lse, mask);
}

std::string text_mpls(const KeyItem &item, const TextStyle &style)
{
	const bool exact = all_bytes(item.mask, 0xff);
	std::string text;

	for (size_t at = 0; at + LSE <= item.value.size(); at += LSE) {
		const auto lse = load_be(View(item.value).subspan(at, LSE));
		const auto mask = load_be(View(item.mask).subspan(at, LSE));

		for (const LsePart &part : parts) {
			text += fmt::format("{}{}={}", text.empty() ? "" : ",", part.name,
					    lse >> part.shift & part.max);
			if (!exact)
				text += "/" + fmt::format(fmt::runtime(part.mask_format),
							  mask >> part.shift & part.max);
		}
	}
	return text;
}

Json json_mpls(const KeyItem &item, const TextStyle &style)
{
	Json out = Json::array();

	for (size_t at = 0; at + LSE <= item.value.size(); at += LSE) {
		const auto lse = load_be(View(item.value).subspan(at, LSE));
		const auto mask = load_be(View(item.mask).subspan(at, LSE));
		Json entry = Json::object();

		for (const LsePart &part : parts) {
			const auto care = mask >> part.shift & part.max;
			const auto value = lse >> part.shift & part.max;

			if (care == part.max)
				entry[part.name] = value;
			else if (care || style.all)
				entry[part.name] = {{"value", value}, {"mask", care}};
		}
		out.push_back(std::move(entry));
	}
	return out;
}

} // namespace

const KeyForm mpls_form = {parse_mpls, text_mpls, json_mpls};

} // namespace mf
