/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "netns.h"

namespace lab
{

/** What a file below /proc says inside a namespace. */
std::string proc(const Netns &ns, const std::string &path);

} // namespace lab
