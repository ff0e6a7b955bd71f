/* SPDX-License-Identifier: GPL-2.0-only */
/* The actions whose arguments take a file of their own. */
#pragma once

#include "actions.h"

namespace diff
{

void roll_set(const ActionRoll &roll);
void roll_set_masked(const ActionRoll &roll);
void roll_push_mpls(const ActionRoll &roll);
void roll_pop_mpls(const ActionRoll &roll);
void roll_add_mpls(const ActionRoll &roll);
void roll_push_eth(const ActionRoll &roll);
void roll_pop_eth(const ActionRoll &roll);
void roll_push_nsh(const ActionRoll &roll);
void roll_pop_nsh(const ActionRoll &roll);
void roll_ct(const ActionRoll &roll);
void roll_ct_clear(const ActionRoll &roll);

} // namespace diff
