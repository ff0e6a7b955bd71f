/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "json.h"

#include <string>

namespace dpctl
{

using mf::Json;

/* What the shared rows say of all keys, in wire order, and of all actions: as a reStructuredText
 * table, which reads well on a terminal, too, and as JSON, with wire types and offsets. */
std::string key_table();
std::string action_table();
Json json_key_rows();
Json json_action_rows();

} // namespace dpctl
