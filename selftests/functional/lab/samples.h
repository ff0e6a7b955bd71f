/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include <string>
#include <vector>

namespace lab
{

/** A list of actions, and a key under which it is taken. */
struct ListSample {
	std::string key, actions;
};

/** Keys that hold every attribute of key.def; RoundTrip.EveryKey sees to it. */
const std::vector<std::string> &sample_keys();
/** Lists that hold every action of action.def; RoundTrip.H27_EveryAction sees to it. */
const std::vector<ListSample> &sample_lists();

} // namespace lab
