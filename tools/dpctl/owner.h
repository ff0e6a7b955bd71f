/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "app.h"

namespace dpctl
{

/** A process whose netlink sockets get a datapath's upcalls. */
struct Owner {
	int pid = 0;         /**< 0 if it cannot be seen from here */
	std::string process; /**< its name, may be empty */
	size_t sockets = 0;  /**< how many of its sockets are named */
};

/** The live processes that take the upcalls of a datapath, this one left out. */
std::vector<Owner> find_owners(App &app, const Datapath &dp);

} // namespace dpctl
