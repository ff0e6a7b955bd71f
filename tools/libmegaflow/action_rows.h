/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mf
{

/** A row of ACTION. */
struct ActionRow {
	uint16_t type;    /**< OVS_ACTION_ATTR_* */
	const char *name; /**< in text */
	size_t length;    /**< of the payload, ACTION_ANY_LENGTH or ACTION_NEST */
	bool has_body;    /**< carries a list of actions */
};

inline constexpr size_t ACTION_ANY_LENGTH = SIZE_MAX;
inline constexpr size_t ACTION_NEST = SIZE_MAX - 1;

/** All actions, those of the shared table first. */
std::vector<const ActionRow *> all_actions();
/** The row of an OVS_ACTION_ATTR_*, or null. */
const ActionRow *find_action(uint16_t type);
/** The first row of a name in text, or null. */
const ActionRow *find_action(std::string_view name);

} // namespace mf
