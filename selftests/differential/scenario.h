/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "bytes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace diff
{

using mf::Bytes;
using mf::View;

/** One request, or one packet sent into a port. */
struct Step {
	struct Option {
		std::string name;
		std::string value; /**< empty for a flag */
	};

	std::string verb;
	std::vector<Option> options;
	std::optional<Bytes> key, mask, actions, packet;

	/** The option's value, or nothing if it is absent. */
	std::optional<std::string> option(const std::string &name) const;
	uint64_t number(const std::string &name, uint64_t absent) const;
	void set(const std::string &name, const std::string &value = "");
};

/** Steps that are taken one after another on a fresh datapath. */
struct Scenario {
	uint64_t seed = 0;
	uint32_t features = 0; /**< OVS_DP_F_* of the datapath */
	std::string talks;     /**< kinds of sessions, each with a comma behind it */
	std::vector<Step> steps;
};

/** A step as one line; keys and actions as dpctl writes them, in hex where that cannot say them. */
std::string text_of(const Step &step);
/** The whole as text that read_scenario() reads. */
std::string text_of(const Scenario &scenario);
/** Reads a text; throws mf::Error that names the line. */
Scenario read_scenario(const std::string &text);

} // namespace diff
