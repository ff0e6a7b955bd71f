/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "attr.h"
#include "cursor.h"

namespace mf
{

/** Each reads from behind its name, and adds its attribute to key and mask. */
void parse_geneve(Cursor &in, AttrWriter &value, AttrWriter &mask);
void parse_vxlan(Cursor &in, AttrWriter &value, AttrWriter &mask);
void parse_erspan(Cursor &in, AttrWriter &value, AttrWriter &mask);

/** What stands between the parentheses. */
std::string format_geneve(View value, View mask);
std::string format_vxlan(View value, View mask);
std::string format_erspan(View value, View mask);

} // namespace mf
