/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "genl.h"

namespace mf
{

/** A socket and the families found through it, each looked up once. */
class Client
{
public:
	Client();

	Socket &socket() { return netlink; }

	/** The family; throws Error that says what is missing and what to do. */
	const Family &family(const std::string &name);

	/** A request to one of the Open vSwitch families. */
	Request request(const std::string &family, uint8_t cmd, uint16_t flags, int dp_ifindex);

	/** Sends it; every reply is a message with an ovs_header. */
	void transact(Request &request, const std::function<void(const Message &)> &handler);
	void transact(Request &request);

private:
	Socket netlink;
	std::map<std::string, Family> families;
};

} // namespace mf
