/* SPDX-License-Identifier: GPL-2.0-only */
/** @file
 * How long softirqs of a CPU are kept from running.
 *
 * A queue of netem's holds frames that are due one by one, PERIOD apart. A timer on the CPU
 * that has queued them lets each go in a softirq there, and so happens all that follows up to the
 * other end of the pair of devices, where the kernel stamps the frame. As much as a stamp is
 * late, that CPU ran no softirq: bottom halves or interrupts were off, or another softirq ran, or
 * the machine below gave the CPU to somebody else. A run without what is measured tells how much
 * of it is the latter. A section is seen as up to PERIOD shorter than it is.
 */
#pragma once

#include "stage.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace bench
{

/** Nanoseconds of CLOCK_REALTIME, by which frames are stamped. */
uint64_t real_time();

class Heartbeat
{
public:
	/** Nanoseconds from one frame to the next, as `beside-guest` has made the queue. */
	static constexpr uint64_t PERIOD = 100'000;

	/** Between two ends of a pair, the first one with that queue. */
	Heartbeat(const std::string &from, const std::string &to);
	~Heartbeat();
	Heartbeat(const Heartbeat &) = delete;
	Heartbeat &operator=(const Heartbeat &) = delete;

	/** Lets it beat for some time on the CPU of the caller, and waits for the first beat. */
	void start(double seconds);
	/** Waits for the last beat, and takes the stamps. */
	void finish();
	/** How late a beat was at most, in nanoseconds, that was due in an interval; nothing if it did not
	 *  beat all the while. */
	std::optional<uint64_t> latest(uint64_t begin, uint64_t end) const;

private:
	void await_beat() const;

	int from, to;
	size_t due = 0;
	std::vector<uint64_t> stamps;
	/** When the first beat was due, as the most punctual one tells. */
	uint64_t first = 0;
};

} // namespace bench
