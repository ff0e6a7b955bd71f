/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "netns.h"

#include <cstddef>

namespace lab
{

/** Asks a host for an echo of that many bytes, over IPv4 or IPv6 as the address is.
 *  @return true if all of them come back in time */
bool ping(const Netns &from, const std::string &to, size_t length, int timeout_ms = 5000);

} // namespace lab
