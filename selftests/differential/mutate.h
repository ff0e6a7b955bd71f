/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "dice.h"

namespace diff
{

/** Damages one attribute of a run, or of a run inside it: cut, doubled, renamed, another value. */
void mutate_attrs(Dice &dice, Bytes &run);
/** Damages a frame: cut short, or bytes that are something else. */
void mutate_frame(Dice &dice, Bytes &frame);

} // namespace diff
