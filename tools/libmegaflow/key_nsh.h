/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "bytes.h"
#include "cursor.h"
#include "json.h"

namespace mf
{

/** Reads what push_nsh() holds; the payload of an OVS_KEY_ATTR_NSH. */
Bytes parse_nsh_header(Cursor &in);
/** Writes it. */
std::string format_nsh_header(View payload);
Json json_nsh_header(View payload);

} // namespace mf
