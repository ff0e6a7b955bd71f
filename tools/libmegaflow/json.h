/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include <nlohmann/json.hpp>

namespace mf
{

/** JSON that keeps the order in which it was written. */
using Json = nlohmann::ordered_json;

} // namespace mf
