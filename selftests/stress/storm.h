/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "flood.h"

#include <functional>

namespace stress
{

/** What runs through a datapath while something is taken away from it, again and again. */
struct Storm {
	std::vector<lab::Bytes> packets; /**< of the floods from both sides */
	uint64_t enough;                 /**< that have been sent before it goes */
	/** Gives a new datapath its flows, and all that it needs besides. */
	std::function<void(lab::Datapath &dp, uint32_t upcall_pid)> prepare;
	/** Looks at the namespace before it goes. */
	std::function<void(const lab::Netns &ns)> look = [](const lab::Netns &) {};
};

/** Devices and ports go, in both orders. */
void unplug_devices(const lab::Netns &ns, lab::Datapath &dp, lab::Upcalls &upcalls,
		    const Storm &storm);
/** Datapaths go; their devices stay. */
void delete_datapaths(const lab::Netns &ns, lab::Upcalls &upcalls, const Storm &storm);
/** Namespaces go with all that is in them. */
void delete_namespaces(const Storm &storm);

} // namespace stress
