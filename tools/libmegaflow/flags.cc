// SPDX-License-Identifier: GPL-2.0-only
#include "flags.h"

#include "field.h"

#include <bit>
#include <cctype>
#include <fmt/format.h>
#include <linux/openvswitch.h>

namespace mf
{

/* In the key these are bits of ours only: the wire has one attribute for each. */
static constexpr FlagName tunnel_rows[] = {{1, "oam"}, {2, "df"}, {4, "csum"}, {8, "key"}};

static constexpr FlagName tcp_rows[] = {
	{0x001, "fin"}, {0x002, "syn"}, {0x004, "rst"}, {0x008, "psh"}, {0x010, "ack"},
	{0x020, "urg"}, {0x040, "ece"}, {0x080, "cwr"}, {0x100, "ns"},
};

static constexpr FlagName ct_rows[] = {
	{OVS_CS_F_NEW, "new"},       {OVS_CS_F_ESTABLISHED, "est"}, {OVS_CS_F_RELATED, "rel"},
	{OVS_CS_F_REPLY_DIR, "rpl"}, {OVS_CS_F_INVALID, "inv"},     {OVS_CS_F_TRACKED, "trk"},
	{OVS_CS_F_SRC_NAT, "snat"},  {OVS_CS_F_DST_NAT, "dnat"},
};

std::span<const FlagName> tcp_flag_names()
{
	return tcp_rows;
}

std::span<const FlagName> ct_state_names()
{
	return ct_rows;
}

std::span<const FlagName> tunnel_flag_names()
{
	return tunnel_rows;
}

static std::string flag_name(std::span<const FlagName> names, uint32_t bit)
{
	for (const FlagName &row : names)
		if (row.bit == bit)
			return row.name;
	return fmt::format("[{:x}]", bit);
}

std::string format_flags(std::span<const FlagName> names, uint32_t value)
{
	std::string text;

	for (uint32_t left = value; left; left &= left - 1) {
		if (!text.empty())
			text += '|';
		text += flag_name(names, left & -left);
	}
	return text.empty() ? "0" : text;
}

std::string format_masked_flags(std::span<const FlagName> names, uint32_t value, uint32_t mask)
{
	std::string text;

	for (uint32_t left = mask; left; left &= left - 1) {
		const uint32_t bit = left & -left;

		text += value & bit ? '+' : '-';
		text += flag_name(names, bit);
	}
	return text.empty() ? "0/0" : text;
}

static uint32_t parse_flag(Cursor &in, std::span<const FlagName> names, uint32_t full,
			   std::string_view of)
{
	const size_t start = in.position();

	if (in.eat("[")) {
		Bytes raw;
		const std::string_view digits = in.until("])");
		uint32_t bit = 0;

		for (char c : digits)
			bit = bit << 4 |
			      static_cast<uint32_t>(std::isdigit(static_cast<unsigned char>(c))
							    ? c - '0'
							    : (std::tolower(c) - 'a' + 10) & 15);
		if (digits.empty() || digits.size() > 8 || !std::has_single_bit(bit) || bit & ~full)
			in.fail_at(start, fmt::format("is not a bit of {}", of));
		in.expect("]");
		return bit;
	}

	const std::string_view word = in.word();
	std::vector<std::string> known;
	for (const FlagName &row : names) {
		if (row.name == word)
			return row.bit;
		known.emplace_back(row.name);
	}
	in.fail_at(start, fmt::format("is not a flag of {}: one of {}{}", of, fmt::join(known, " "),
				      suggestion(word, known)));
}

void parse_flags(Cursor &in, std::span<const FlagName> names, uint32_t full, std::string_view of,
		 uint32_t &value, uint32_t &mask)
{
	value = 0;
	mask = full;
	if (in.peek() == ')') {
		mask = 0; /* nothing is asked of any flag */
		return;
	}
	if (std::isdigit(static_cast<unsigned char>(in.peek()))) {
		value = static_cast<uint32_t>(in.number(full, of));
		if (in.eat("/"))
			mask = static_cast<uint32_t>(in.number(UINT32_MAX, of));
		return;
	}
	if (in.peek() != '+' && in.peek() != '-') {
		do {
			value |= parse_flag(in, names, full, of);
		} while (in.eat("|"));
		return;
	}

	mask = 0;
	while (in.peek() == '+' || in.peek() == '-') {
		const bool set = in.eat("+") || !in.eat("-");
		const size_t start = in.position();
		const uint32_t bit = parse_flag(in, names, full, of);

		if (mask & bit)
			in.fail_at(start, "is given twice");
		mask |= bit;
		value |= set ? bit : 0;
	}
}

} // namespace mf
