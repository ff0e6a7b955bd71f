/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mf
{

using Bytes = std::vector<uint8_t>;
using View = std::span<const uint8_t>;

/** Reads a value in host order out of raw bytes; missing bytes read as zero. */
template <typename T> T load(View from, size_t offset = 0)
{
	T value{};

	if (offset <= from.size())
		std::memcpy(&value, from.data() + offset,
			    std::min(sizeof(T), from.size() - offset));
	return value;
}

/** The raw bytes of a value. */
template <typename T> View bytes_of(const T &value)
{
	return {reinterpret_cast<const uint8_t *>(&value), sizeof(value)};
}

/** Reads up to eight bytes as a big-endian number. */
uint64_t load_be(View from);

/** Writes a number into all of @p to, most significant byte first. */
void store_be(std::span<uint8_t> to, uint64_t value);

/** Writes a number into all of @p to in host order. */
void store_host(std::span<uint8_t> to, uint64_t value);

/** Reads up to eight bytes as a host-order number. */
uint64_t load_host(View from);

/** True if every byte is @p byte. */
bool all_bytes(View from, uint8_t byte);

/** Lower-case hex without any separator. */
std::string to_hex(View from);

/**
 * Reads hex digits in pairs; white space and colons between pairs are skipped.
 * @return false if it is not hex, or has half a byte.
 */
bool from_hex(std::string_view text, Bytes &out);

} // namespace mf
