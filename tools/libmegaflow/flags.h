/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "cursor.h"

#include <span>

namespace mf
{

/** A bit with a name. */
struct FlagName {
	uint32_t bit;
	const char *name;
};

std::span<const FlagName> tcp_flag_names();
std::span<const FlagName> ct_state_names();
std::span<const FlagName> tunnel_flag_names();

/** "syn|ack", or "0". Bits without a name read [0x..] without prefix: "[200]". */
std::string format_flags(std::span<const FlagName> names, uint32_t value);
/** "+syn-ack". */
std::string format_masked_flags(std::span<const FlagName> names, uint32_t value, uint32_t mask);

/**
 * Reads any of: a number, number/mask, "a|b", "+a-b". A mask that is not
 * given is @p full.
 */
void parse_flags(Cursor &in, std::span<const FlagName> names, uint32_t full, std::string_view of,
		 uint32_t &value, uint32_t &mask);

} // namespace mf
