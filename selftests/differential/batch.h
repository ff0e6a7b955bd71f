/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "record.h"
#include "scenario.h"

namespace diff
{

/** The two modules: how each is loaded. */
struct Modules {
	std::string ours; /**< path of our openvswitch.ko; in-tree is what modprobe takes */
	unsigned int workers = 4;
};

/** What both modules showed of a scenario. */
struct Pair {
	Record in_tree, ours;
};

/** Plays all scenarios on one module, then all on the other. */
std::vector<Pair> play_on_both(const Modules &modules, const std::vector<Scenario> &scenarios);

} // namespace diff
