/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "dice.h"
#include "scenario.h"

namespace diff
{

/** A request that makes or replaces a meter. */
Step make_meter(Dice &dice);
/** Any request about meters. */
Step roll_meter_step(Dice &dice);

} // namespace diff
