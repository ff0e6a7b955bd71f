/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "request.h"

namespace mf
{

/** The name of an attribute of a set, or its number in words. */
std::string attr_name(AttrSet set, uint16_t type);

/**
 * Names the attribute that lies at an offset of a request, with what it is
 * nested in: "KEY/ipv4". Empty if there is none at that place.
 */
std::string attr_path(const Request &request, size_t offset);

/** Names an attribute that the kernel missed in the nest at an offset, 0 for the top level. */
std::string missing_attr_path(const Request &request, uint16_t type, size_t nest_offset);

} // namespace mf
