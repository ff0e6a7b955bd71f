/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "scenario.h"

namespace diff
{

/** The scenario of a seed, the same one every time. */
Scenario generate(uint64_t seed);

} // namespace diff
