// SPDX-License-Identifier: GPL-2.0-only
#include "bytes.h"

#include <algorithm>
#include <bit>
#include <cctype>

namespace mf
{

static_assert(std::endian::native == std::endian::little ||
	      std::endian::native == std::endian::big);

uint64_t load_be(View from)
{
	uint64_t value = 0;

	for (uint8_t byte : from.first(std::min<size_t>(from.size(), 8)))
		value = value << 8 | byte;
	return value;
}

void store_be(std::span<uint8_t> to, uint64_t value)
{
	for (size_t i = to.size(); i-- > 0; value >>= 8)
		to[i] = static_cast<uint8_t>(value);
}

void store_host(std::span<uint8_t> to, uint64_t value)
{
	store_be(to, value);
	if constexpr (std::endian::native == std::endian::little)
		std::reverse(to.begin(), to.end());
}

uint64_t load_host(View from)
{
	Bytes copy(from.begin(), from.end());

	if constexpr (std::endian::native == std::endian::little)
		std::reverse(copy.begin(), copy.end());
	return load_be(copy);
}

bool all_bytes(View from, uint8_t byte)
{
	return std::all_of(from.begin(), from.end(), [byte](uint8_t b) { return b == byte; });
}

std::string to_hex(View from)
{
	static constexpr char digits[] = "0123456789abcdef";
	std::string text;

	text.reserve(from.size() * 2);
	for (uint8_t byte : from) {
		text += digits[byte >> 4];
		text += digits[byte & 15];
	}
	return text;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool from_hex(std::string_view text, Bytes &out)
{
	out.clear();
	for (size_t i = 0; i < text.size();) {
		if (std::isspace(static_cast<unsigned char>(text[i])) || text[i] == ':') {
			i++;
			continue;
		}
		if (i + 1 >= text.size() || hex_digit(text[i]) < 0 || hex_digit(text[i + 1]) < 0)
			return false;
		out.push_back(
			static_cast<uint8_t>(hex_digit(text[i]) << 4 | hex_digit(text[i + 1])));
		i += 2;
	}
	return true;
}

} // namespace mf
