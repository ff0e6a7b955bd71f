/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "bytes.h"

namespace diff
{

/**
 * A list of actions in the one form that all lists have which mean the same, whichever way a
 * module gives it back: without the flag NLA_F_NESTED, the parts of nests by their numbers, and
 * without parts that say what is so anyway. Throws mf::Error if it is no list.
 */
mf::Bytes plain_actions(mf::View list);

} // namespace diff
