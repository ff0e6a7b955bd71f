/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "attr.h"
#include "field.h"

namespace mf
{

/**
 * Reads a list of actions: "2,push_vlan(vid=3,pcp=0),4" or "drop".
 * @return the list as netlink attributes, without anything around them
 */
Bytes parse_actions(std::string_view what, std::string_view text, const PortNames *names);

/** Text as ovs-dpctl writes it; an empty list reads "drop". */
std::string format_actions(View list, const TextStyle &style);

/** An array, one object an action. */
Json json_actions(View list, const TextStyle &style);

} // namespace mf
