// SPDX-License-Identifier: GPL-2.0-only
#include "field.h"

#include "flags.h"

#include <algorithm>
#include <arpa/inet.h>
#include <bit>
#include <cctype>
#include <fmt/format.h>
#include <linux/openvswitch.h>
#include <nlohmann/json.hpp>

namespace mf
{

static constexpr uint32_t LABEL_MASK = 0x000fffff;
static constexpr uint32_t TCP_FLAGS_MASK = 0x0fff;
static constexpr uint32_t CT_STATE_MASK = 0xff;

/* FlagName also serves for the three kinds of fragment. */
static constexpr FlagName frag_rows[] = {
	{OVS_FRAG_TYPE_NONE, "no"}, {OVS_FRAG_TYPE_FIRST, "first"}, {OVS_FRAG_TYPE_LATER, "later"}};

void PortNames::add(uint32_t number, const std::string &name)
{
	name_of[number] = name;
	number_of[name] = number;
}

std::string hex_text(uint64_t value)
{
	return value ? fmt::format("{:#x}", value) : "0";
}

std::string format_mac(View mac)
{
	std::string text;

	for (size_t i = 0; i < mac.size(); i++)
		text += fmt::format("{}{:02x}", i ? ":" : "", mac[i]);
	return text;
}

std::string format_ipv4(View address)
{
	return fmt::format("{}.{}.{}.{}", address[0], address[1], address[2], address[3]);
}

std::string format_ipv6(View address)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, address.data(), text, sizeof(text));
	return text;
}

/* Numbers on the wire: host order for our own, network order for headers. */
static bool is_host_order(Show show)
{
	return show == Show::HEX || show == Show::PORT || show == Show::CT_STATE;
}

static uint64_t load_number(const KeyFieldRow &row, View bytes)
{
	return is_host_order(row.show) ? load_host(bytes) : load_be(bytes);
}

static void store_number(const KeyFieldRow &row, std::span<uint8_t> bytes, uint64_t value)
{
	if (is_host_order(row.show))
		store_host(bytes, value);
	else
		store_be(bytes, value);
}

Bytes full_mask(const KeyFieldRow &row)
{
	Bytes mask(row.width, 0xff);

	if (row.show == Show::LABEL)
		store_be(mask, LABEL_MASK);
	if (row.show == Show::TCP_FLAGS)
		store_be(mask, TCP_FLAGS_MASK);
	if (row.show == Show::CT_STATE)
		store_host(mask, CT_STATE_MASK);
	return mask;
}

bool is_exact(const KeyFieldRow &row, View mask)
{
	const Bytes full = full_mask(row);

	for (size_t i = 0; i < full.size(); i++)
		if ((mask[i] & full[i]) != full[i])
			return false;
	return true;
}

void parse_mac(Cursor &in, std::span<uint8_t> out)
{
	const size_t start = in.position();

	for (size_t i = 0; i < out.size(); i++) {
		int digits = 0, byte = 0;

		if (i && !in.eat(":"))
			in.fail_at(start, "is not an Ethernet address like 00:11:22:33:44:55");
		while (digits < 2 && std::isxdigit(static_cast<unsigned char>(in.peek()))) {
			const char c = in.peek();

			byte = byte * 16 + (std::isdigit(static_cast<unsigned char>(c))
						    ? c - '0'
						    : std::tolower(c) - 'a' + 10);
			in.eat(std::string_view(&c, 1));
			digits++;
		}
		if (!digits)
			in.fail_at(start, "is not an Ethernet address like 00:11:22:33:44:55");
		out[i] = static_cast<uint8_t>(byte);
	}
}

static void parse_address(Cursor &in, int family, std::span<uint8_t> out, const char *problem)
{
	const size_t start = in.position();
	const std::string text(in.until("/,)- ]\t"));

	if (inet_pton(family, text.c_str(), out.data()) != 1)
		in.fail_at(start, problem);
}

void parse_ipv4(Cursor &in, std::span<uint8_t> out)
{
	parse_address(in, AF_INET, out, "is not an IPv4 address like 10.0.0.1");
}

void parse_ipv6(Cursor &in, std::span<uint8_t> out)
{
	parse_address(in, AF_INET6, out, "is not an IPv6 address like fe80::1");
}

static bool is_prefix_length(std::string_view text)
{
	const std::string_view digits = text.substr(0, text.find_first_of(",) "));

	return !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) {
		return std::isdigit(static_cast<unsigned char>(c));
	});
}

static void parse_address_mask(Cursor &in, const KeyFieldRow &row, std::span<uint8_t> mask)
{
	if (is_prefix_length(in.rest())) {
		const uint64_t bits = in.number(row.width * 8U, "a prefix length");

		for (size_t i = 0; i < mask.size() * 8; i++)
			mask[i / 8] = static_cast<uint8_t>(mask[i / 8] << 1 | (i < bits));
		return;
	}
	if (row.show == Show::IPV4)
		parse_ipv4(in, mask);
	else
		parse_ipv6(in, mask);
}

static void parse_u128(Cursor &in, std::span<uint8_t> out)
{
	const size_t start = in.position();
	const bool hex = in.eat("0x");
	const std::string_view digits = in.word();
	Bytes big;

	if (!hex) {
		in.rewind(start);
		store_host(out, in.number(UINT64_MAX, "a label without 0x"));
		return;
	}
	if (digits.size() > out.size() * 2 ||
	    !from_hex(std::string(digits.size() % 2, '0') + std::string(digits), big) ||
	    big.empty())
		in.fail_at(start,
			   fmt::format("is not a hex number of at most {} bits", out.size() * 8));
	std::fill(out.begin(), out.end(), 0);
	std::copy(big.rbegin(), big.rend(), out.begin());
	if constexpr (std::endian::native == std::endian::big)
		std::reverse(out.begin(), out.end());
}

static std::string format_u128(View bytes)
{
	Bytes big(bytes.begin(), bytes.end());

	if constexpr (std::endian::native == std::endian::little)
		std::reverse(big.begin(), big.end());
	const std::string hex = to_hex(big);
	const size_t first = hex.find_first_not_of('0');

	return first == std::string::npos ? "0" : "0x" + hex.substr(first);
}

static void parse_frag(Cursor &in, std::span<uint8_t> value)
{
	const size_t start = in.position();
	const std::string_view word = in.word();

	for (const FlagName &row : frag_rows)
		if (row.name == word) {
			value[0] = static_cast<uint8_t>(row.bit);
			return;
		}
	in.fail_at(start, "is not a kind of fragment: no, first or later");
}

static std::string field_label(const KeyFieldRow &row)
{
	const KeyAttrRow *attr = find_key_attr(row.attr);

	return *row.text ? fmt::format("{}({}=)", attr->name, row.text)
			 : fmt::format("{}()", attr->name);
}

static uint64_t value_limit(const KeyFieldRow &row)
{
	return row.max ? row.max : row.width >= 8 ? UINT64_MAX : (1ULL << row.width * 8) - 1;
}

static void parse_port(Cursor &in, const KeyFieldRow &row, const PortNames *names,
		       std::span<uint8_t> value)
{
	const size_t start = in.position();

	if (!std::isdigit(static_cast<unsigned char>(in.peek())) && names) {
		const std::string name(in.until(",)/ "));
		const auto found = names->number_of.find(name);

		if (found == names->number_of.end())
			in.fail_at(start, "is no port of this datapath: see \"dpctl show\"");
		store_host(value, found->second);
		return;
	}
	store_host(value, in.number(value_limit(row), field_label(row)));
}

static void parse_number(Cursor &in, const KeyFieldRow &row, std::span<uint8_t> value,
			 std::span<uint8_t> mask)
{
	store_number(row, value, in.number(value_limit(row), field_label(row)));
	if (in.eat("/")) {
		const uint64_t all = row.width >= 8 ? UINT64_MAX : (1ULL << row.width * 8) - 1;

		store_number(row, mask, in.number(all, "the mask of " + field_label(row)));
	}
}

static void parse_flag_field(Cursor &in, const KeyFieldRow &row, std::span<uint8_t> value,
			     std::span<uint8_t> mask)
{
	const bool tcp = row.show == Show::TCP_FLAGS;
	uint32_t set, care;

	parse_flags(in, tcp ? tcp_flag_names() : ct_state_names(),
		    tcp ? TCP_FLAGS_MASK : CT_STATE_MASK, field_label(row), set, care);
	store_number(row, value, set);
	store_number(row, mask, care);
}

void parse_field(Cursor &in, const KeyFieldRow &row, const PortNames *names,
		 std::span<uint8_t> value, std::span<uint8_t> mask)
{
	const Bytes full = full_mask(row);

	std::copy(full.begin(), full.end(), mask.begin());
	switch (row.show) {
	case Show::MAC:
		parse_mac(in, value);
		if (in.eat("/"))
			parse_mac(in, mask);
		break;
	case Show::IPV4:
		parse_ipv4(in, value);
		if (in.eat("/"))
			parse_address_mask(in, row, mask);
		break;
	case Show::IPV6:
		parse_ipv6(in, value);
		if (in.eat("/"))
			parse_address_mask(in, row, mask);
		break;
	case Show::U128:
		parse_u128(in, value);
		if (in.eat("/"))
			parse_u128(in, mask);
		break;
	case Show::FRAG:
		parse_frag(in, value);
		break;
	case Show::PORT:
		parse_port(in, row, names, value);
		if (in.eat("/"))
			store_host(mask, in.number(UINT32_MAX, "the mask of " + field_label(row)));
		break;
	case Show::TCP_FLAGS:
	case Show::CT_STATE:
		parse_flag_field(in, row, value, mask);
		break;
	default:
		parse_number(in, row, value, mask);
		break;
	}
}

static std::string format_frag(View value, View mask)
{
	std::string name = fmt::format("<{}>", value[0]);

	for (const FlagName &row : frag_rows)
		if (row.bit == value[0])
			name = row.name;
	return all_bytes(mask, 0xff) ? name : fmt::format("{}/{}", name, hex_text(mask[0]));
}

static std::string format_number(const KeyFieldRow &row, View bytes, bool is_mask)
{
	const uint64_t number = load_number(row, bytes);

	if (row.show == Show::HEX16)
		return fmt::format("{:#06x}", number);
	if (!is_mask && (row.show == Show::U8 || row.show == Show::BE16 || row.show == Show::PORT))
		return fmt::format("{}", number);
	return hex_text(number);
}

/* A value or a mask alone. */
static std::string format_part(const KeyFieldRow &row, View bytes, bool is_mask)
{
	switch (row.show) {
	case Show::MAC:
		return format_mac(bytes);
	case Show::IPV4:
		return format_ipv4(bytes);
	case Show::IPV6:
		return format_ipv6(bytes);
	case Show::U128:
		return format_u128(bytes);
	default:
		return format_number(row, bytes, is_mask);
	}
}

std::string format_field(const KeyFieldRow &row, View value, View mask, const TextStyle &style)
{
	const bool exact = is_exact(row, mask);

	if (row.show == Show::FRAG)
		return format_frag(value, mask);
	if (row.show == Show::TCP_FLAGS) {
		const auto flags = static_cast<uint32_t>(load_be(value));

		return exact ? format_flags(tcp_flag_names(), flags)
			     : format_masked_flags(tcp_flag_names(), flags,
						   static_cast<uint32_t>(load_be(mask)) &
							   TCP_FLAGS_MASK);
	}
	if (row.show == Show::CT_STATE && style.all && !all_bytes(mask, 0xff))
		return format_part(row, value, false) + "/" + format_part(row, mask, true);
	if (row.show == Show::CT_STATE && !all_bytes(mask, 0xff))
		return format_masked_flags(ct_state_names(),
					   static_cast<uint32_t>(load_host(value)),
					   static_cast<uint32_t>(load_host(mask)));
	if (row.show == Show::PORT && exact && style.names) {
		const auto found =
			style.names->name_of.find(static_cast<uint32_t>(load_host(value)));

		if (found != style.names->name_of.end())
			return found->second;
	}
	return exact ? format_part(row, value, false)
		     : format_part(row, value, false) + "/" + format_part(row, mask, true);
}

static Json json_part(const KeyFieldRow &row, View bytes)
{
	switch (row.show) {
	case Show::MAC:
	case Show::IPV4:
	case Show::IPV6:
	case Show::U128:
		return format_part(row, bytes, false);
	default:
		return load_number(row, bytes);
	}
}

Json json_field(const KeyFieldRow &row, View value, View mask, const TextStyle &style)
{
	const bool exact = is_exact(row, mask);
	Json shown = json_part(row, value);

	if (row.show == Show::FRAG || (row.show == Show::PORT && style.names) ||
	    (row.show == Show::TCP_FLAGS && exact))
		shown = format_field(row, value, full_mask(row), style);
	if (exact)
		return shown;
	return {{"value", shown}, {"mask", json_part(row, mask)}};
}

} // namespace mf
