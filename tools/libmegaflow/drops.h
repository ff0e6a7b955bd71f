/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "client.h"

namespace mf
{

/** Why packets were dropped, and how many. */
struct DropCounter {
	std::string name;
	std::string text;
	uint64_t packets = 0;
};

/** Every reason there is; empty if the module is not Megaflow and does not count them. */
std::vector<DropCounter> get_drops(Client &client, int dp_ifindex);

} // namespace mf
