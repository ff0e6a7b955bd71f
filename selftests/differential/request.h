/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "scenario.h"

#include "lab/netlink.h"

namespace diff
{

/** The netlink request that a step stands for; nothing if its verb is no request. */
std::optional<lab::Request> request_of(const Step &step, int dp_ifindex);
/** True if the order of the replies to it means nothing. */
bool is_dump(const Step &step);

} // namespace diff
