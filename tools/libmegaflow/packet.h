/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "client.h"
#include "key.h"

#include <linux/openvswitch.h>

namespace mf
{

/** A packet to be run through a list of actions. */
struct Execution {
	Bytes packet;
	Key key; /**< where its metadata comes from */
	Bytes actions;
	std::optional<uint16_t> mru;
	std::optional<uint64_t> hash;
	std::optional<uint32_t> upcall_pid;
};

/** Runs it; throws KernelError with what became of it. */
void execute_packet(Client &client, int dp_ifindex, const Execution &what);

/** A packet that the kernel handed to us. */
struct Upcall {
	int dp_ifindex = 0;
	bool is_miss = false; /**< else an action asked for it */
	Bytes packet;
	Bytes key;
	std::optional<Bytes> actions;
	std::optional<Bytes> userdata;
	std::optional<uint16_t> mru;
	std::optional<uint32_t> length; /**< before truncation */
	std::optional<uint64_t> hash;
};

/** Reads a message of the ovs_packet family. */
Upcall parse_upcall(const Message &message);

std::string format_upcall(const Upcall &upcall, const TextStyle &style);
Json json_upcall(const Upcall &upcall, const TextStyle &style);

} // namespace mf
