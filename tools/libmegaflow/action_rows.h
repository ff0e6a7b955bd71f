/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mf
{

/** What the rows say of an action, in the fourth column. */
enum ActionFlag : unsigned int {
	ACT_KEY = 1,       /**< changes the key of what follows, or may end the packet */
	ACT_OWNS = 2,      /**< may consume the packet when last */
	ACT_LAST_ONLY = 4, /**< must be last in its list */
};

/** A row of ACTION. */
struct ActionRow {
	uint16_t type;      /**< OVS_ACTION_ATTR_* */
	const char *symbol; /**< the same without its prefix */
	const char *name;   /**< in text */
	size_t length;      /**< of the payload, ACTION_ANY_LENGTH or ACTION_NEST */
	unsigned int flags; /**< ActionFlag */
	bool has_body;      /**< carries a list of actions */
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
