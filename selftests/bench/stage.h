/* SPDX-License-Identifier: GPL-2.0-only */
/** @file
 * What a race is run on: a datapath of its own, ports to send on, threads that stay on a CPU.
 */
#pragma once

#include "datapath.h"
#include "shape.h"

#include <chrono>
#include <string>

namespace bench
{

/** A datapath while this lives. */
class OwnDatapath
{
public:
	explicit OwnDatapath(const std::string &name);
	~OwnDatapath();
	OwnDatapath(const OwnDatapath &) = delete;
	OwnDatapath &operator=(const OwnDatapath &) = delete;

	int ifindex;

private:
	mf::Client client;
	std::string name;
};

/** Do frames go by way of the device's queue, or past it? */
enum class Queue : bool { PAST, USED };

/** A packet socket on a device that is there, which hears what comes in only if asked to. */
int packet_socket(const std::string &device, Queue queue, bool listens = false);

/** Sends frames on a device, past its queue. */
class Wire
{
public:
	explicit Wire(const std::string &device);
	~Wire();
	Wire(const Wire &) = delete;
	Wire &operator=(const Wire &) = delete;

	/** @return false if the device did not take it */
	bool send(const Frame &frame);

private:
	int fd;
};

/** Adds an internal port, and sets it up. @return its number */
uint32_t add_port(mf::Client &client, int dp, const std::string &name, uint32_t upcall_pid);

/** Keeps the calling thread on one CPU. */
void stay_on(unsigned cpu);

/** Tells a thread when it is time for the next of things that come at a rate. */
class Pace
{
public:
	explicit Pace(double a_second);
	/** Sleeps until then; not at all if that has gone by. */
	void wait();

private:
	std::chrono::steady_clock::time_point next;
	std::chrono::steady_clock::duration step;
};

/** Throws what errno says. */
[[noreturn]] void fail(const char *what);

} // namespace bench
