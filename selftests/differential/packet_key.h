/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "packet.h"

namespace diff
{

/** The attributes of a packet's flow key, as a request holds them. */
Bytes key_of(const Packet &packet);
/** The metadata only, which is what EXECUTE takes from a key. */
Bytes metadata_of(const Packet &packet);
/** Any mask for a key, mostly one that the ABI allows. */
Bytes roll_mask(Dice &dice, View key);

} // namespace diff
