/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "connections.h"
#include "fragment_ids.h"
#include "record.h"
#include "scenario.h"

#include "lab/netlink.h"
#include "lab/netns.h"
#include "lab/tap.h"

#include <memory>

namespace diff
{

/** A netlink socket of a chosen port id: scenarios name it in their actions. */
class Ear
{
public:
	Ear(const lab::Netns &ns, uint32_t port);
	~Ear();
	Ear(const Ear &) = delete;
	Ear &operator=(const Ear &) = delete;

	/** The next message; nothing if there is none now. */
	std::optional<Bytes> next();

	const uint32_t port;

private:
	int file;
};

/** Where upcalls may go to. 1003 is that of no port. */
inline constexpr uint32_t EARS[] = {1001, 1002, 1003};

/**
 * Where scenarios are played: a namespace with three pairs of devices. Each scenario gets a
 * datapath dp0 with the devices p1 to p3 as ports 1 to 3, and an internal device i4 as port 4.
 */
class Stage
{
public:
	Stage();

	/** Plays a scenario on the module that is loaded. The last step is what is left at the end. */
	Record play(const Scenario &scenario);

private:
	void open(const Scenario &scenario, StepRecord &out);
	void close();
	void take(const Step &step, StepRecord &out);
	void request(const Step &step, StepRecord &out);
	void send(const Step &step, StepRecord &out);
	void leave(StepRecord &out);
	/** Waits until every packet has come to where it goes, and notes what came. */
	void settle(StepRecord &out);
	void pass_marker();

	lab::Netns ns;
	lab::Netlink netlink;
	Connections connections;
	std::vector<std::unique_ptr<Ear>> ears;
	std::vector<std::pair<std::string, std::unique_ptr<lab::Tap>>> taps;
	std::unique_ptr<lab::Tap> marker_out, marker_in;
	/* These two live as long as the datapath. */
	std::vector<std::pair<std::string, std::unique_ptr<lab::Tap>>> inside;
	std::unique_ptr<lab::Netlink> notes;
	std::unique_ptr<Recorder> recorder;
	FragmentIds ids;
	int dp_ifindex = 0;
};

} // namespace diff
