/* SPDX-License-Identifier: GPL-2.0-only */
/** @file
 * A clock, and frames sent past queues.
 */
#pragma once

#include "shape.h"

#include <linux/if_packet.h>
#include <string>
#include <vector>

namespace bench
{

/** Nanoseconds of a clock that only goes on; under QEMU's -icount, instructions. */
uint64_t now();

/** Throws what errno says. */
[[noreturn]] void fail(const char *what);

/** Devices to send from. */
class Wire
{
public:
	explicit Wire(const std::vector<std::string> &devices);
	~Wire();
	Wire(const Wire &) = delete;
	Wire &operator=(const Wire &) = delete;

	/** Adds a frame to be sent by the device of a number. */
	void add(unsigned device, const Frame &frame);
	void clear();
	/** Sends all frames; returns nanoseconds for each. */
	double send();
	size_t size() const { return frames.size(); }

private:
	int fd;
	std::vector<sockaddr_ll> addresses;
	std::vector<Frame> frames;
	std::vector<size_t> targets;
};

} // namespace bench
