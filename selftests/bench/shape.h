/* SPDX-License-Identifier: GPL-2.0-only */
/** @file
 * Shapes: sets of flows of which a lookup has to find one.
 */
#pragma once

#include "headers.h"

#include <array>
#include <random>
#include <vector>

namespace bench
{

using Random = std::mt19937_64;

/** A flow to be. in_port counts the input ports that the shape uses, from 0. */
struct Flow {
	Headers key, mask;
};

/** A frame of 60 bytes, as pktgen would send it. */
using Frame = std::array<uint8_t, 60>;

/** How flows of a shape are made. */
struct Shape {
	const char *name;
	const char *help;
	/** Of @p masks masks and @p flows flows, as far as the shape knows both. */
	std::vector<Flow> (*make)(unsigned masks, unsigned flows, Random &random);
};

/** The shape of a name; throws mf::UsageError. */
const Shape &shape_of(const std::string &name);

/** A UDP frame that matches a flow, random in all that the flow leaves open. */
Frame frame_of(const Flow &flow, Random &random);

/** The same to another Ethernet address, which no shape's flow has. */
Frame frame_of_none(const Flow &flow, Random &random);

} // namespace bench
