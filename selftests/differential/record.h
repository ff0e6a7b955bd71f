/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "lab/netlink.h"

#include <map>
#include <string>
#include <vector>

namespace diff
{

using mf::Bytes;
using mf::View;

/** One thing that was seen: where, and what. */
struct Fact {
	std::string path; /**< such as reply/KEY/ipv4 */
	std::string value;

	bool operator==(const Fact &) const = default;
};

/** Stands in a path before the number of a message, if it is not the first of its kind. */
inline constexpr const char *NUMBER = "#";

/** The path of a fact that is for the reader, and not compared. */
inline constexpr const char *REMARK = "remark";

/** All that was seen of one step. */
using StepRecord = std::vector<Fact>;
/** All that was seen of a scenario, a step after another. */
using Record = std::vector<StepRecord>;

/** Turns messages into facts, without what differs from one run to the next by nature. */
class Recorder
{
public:
	/** Adds the facts of a message of one of the ABI's families. */
	void message(StepRecord &out, const std::string &where, const Bytes &raw);
	/** The same for messages in an order that means nothing. */
	void unordered(StepRecord &out, const std::string &where,
		       const std::vector<Bytes> &messages);

private:
	void attrs(StepRecord &out, const std::string &where, uint16_t family, View run);
	std::string port_stats(const std::string &port, View stats);

	/** What a device had counted when it was first seen: it outlives the datapath. */
	std::map<std::string, Bytes> baseline;
};

/** "ENOENT", or "0". */
std::string errno_name(int error);

} // namespace diff
