/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "packet.h"

#include "attr.h"

namespace diff
{

/** What an action rolls its arguments from. */
struct ActionRoll {
	Dice &dice;
	const Packet &packet; /**< that the actions will meet */
	mf::AttrWriter &out;
	unsigned int depth; /**< lists around this one */
};

/** One kind of action that the generator knows. */
struct ActionKind {
	uint16_t type;   /**< OVS_ACTION_ATTR_* */
	uint32_t weight; /**< how often, beside the others */
	void (*roll)(const ActionRoll &roll);
};

/** All kinds. */
std::span<const ActionKind> action_kinds();

/** Any list of actions, mostly one that suits the packet. */
Bytes roll_actions(Dice &dice, const Packet &packet);
/** Appends some actions to a list that is itself within others. */
void roll_action_list(const ActionRoll &roll, uint32_t count);

} // namespace diff
