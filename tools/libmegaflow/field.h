/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "bytes.h"
#include "cursor.h"
#include "json.h"
#include "key_rows.h"

#include <map>
#include <optional>

namespace mf
{

/** Names of a datapath's ports, both ways. */
struct PortNames {
	std::map<uint32_t, std::string> name_of;
	std::map<std::string, uint32_t> number_of;

	void add(uint32_t number, const std::string &name);
};

/** How text is to be written. */
struct TextStyle {
	bool all = false;                 /**< wildcarded fields too */
	const PortNames *names = nullptr; /**< write ports by name */
};

/** The mask that makes a field exact. */
Bytes full_mask(const KeyFieldRow &row);
/** True if the mask leaves nothing of the field open. */
bool is_exact(const KeyFieldRow &row, View mask);

/**
 * Reads "value" or "value/mask" of one field.
 * @param value, mask	the field's bytes; the mask becomes exact if none is given
 */
void parse_field(Cursor &in, const KeyFieldRow &row, const PortNames *names,
		 std::span<uint8_t> value, std::span<uint8_t> mask);

/** Writes "value" or "value/mask". */
std::string format_field(const KeyFieldRow &row, View value, View mask, const TextStyle &style);

/** The same as a JSON value: plain if exact, {"value","mask"} if not. */
Json json_field(const KeyFieldRow &row, View value, View mask, const TextStyle &style);

/** Hex as printf's %#x writes it: zero has no prefix. */
std::string hex_text(uint64_t value);

std::string format_mac(View mac);
std::string format_ipv4(View address);
std::string format_ipv6(View address);

/** Reads an address of 6, 4 or 16 bytes; fails with its own words. */
void parse_mac(Cursor &in, std::span<uint8_t> out);
void parse_ipv4(Cursor &in, std::span<uint8_t> out);
void parse_ipv6(Cursor &in, std::span<uint8_t> out);

} // namespace mf
