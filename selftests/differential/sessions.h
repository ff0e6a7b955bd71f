/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "scenario.h"

namespace diff
{

/** Makes a scenario of whole sessions that pass flows with ct(): the same seed makes the same. */
Scenario generate_sessions(uint64_t seed);

} // namespace diff
