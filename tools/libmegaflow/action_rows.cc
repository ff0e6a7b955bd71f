// SPDX-License-Identifier: GPL-2.0-only
#include "action_rows.h"

#include <linux/openvswitch.h>

namespace mf
{

namespace
{

constexpr size_t ANY = ACTION_ANY_LENGTH;
constexpr size_t NEST = ACTION_NEST;
constexpr bool BODY = true;
constexpr bool PLAIN = false;

constexpr ActionRow rows[] = {
#define ACTION(attr, text, length, flags, body)                                                    \
	{OVS_ACTION_ATTR_##attr, #attr, text, length, flags, body},
#include "megaflow/action.def"
};

template <typename Same> const ActionRow *search(Same same)
{
	for (const ActionRow &row : rows)
		if (same(row))
			return &row;
	return nullptr;
}

static_assert(ANY != NEST);

} // namespace

std::vector<const ActionRow *> all_actions()
{
	std::vector<const ActionRow *> all;

	for (const ActionRow &row : rows)
		all.push_back(&row);
	return all;
}

const ActionRow *find_action(uint16_t type)
{
	return search([type](const ActionRow &row) { return row.type == type; });
}

const ActionRow *find_action(std::string_view name)
{
	return search([name](const ActionRow &row) { return row.name == name; });
}

} // namespace mf
