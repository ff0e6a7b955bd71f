/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace mf
{

/** JSON that keeps the order in which it was written; who builds values includes json.hpp. */
using Json = nlohmann::ordered_json;

} // namespace mf
