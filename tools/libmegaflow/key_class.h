/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "key.h"

namespace mf
{

/**
 * Names the attributes that the kernel requires of a key with these values
 * and that it lacks, as text: "udp()". Empty if it lacks none.
 */
std::vector<std::string> missing_attrs(const Key &key);

} // namespace mf
