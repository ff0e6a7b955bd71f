/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "record.h"

#include "lab/netlink.h"

namespace diff
{

/** The connections that a namespace tracks, as ctnetlink lists them. */
class Connections
{
public:
	explicit Connections(const lab::Netns &ns);

	/** Forgets all of them. */
	void flush();
	/** Adds each of them, in an order that depends on nothing but what they are. */
	void note(StepRecord &out);

private:
	lab::Netlink netlink;
};

} // namespace diff
