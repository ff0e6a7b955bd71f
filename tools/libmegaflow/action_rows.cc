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
#define ACTION(attr, text, length, flags, body) {OVS_ACTION_ATTR_##attr, text, length, body},
#include "megaflow/action.def"
};

static_assert(ANY != NEST);

} // namespace

std::span<const ActionRow> action_rows()
{
	return rows;
}

const ActionRow *find_action(uint16_t type)
{
	for (const ActionRow &row : rows)
		if (row.type == type)
			return &row;
	return nullptr;
}

const ActionRow *find_action(std::string_view name)
{
	for (const ActionRow &row : rows)
		if (row.name == name)
			return &row;
	return nullptr;
}

} // namespace mf
