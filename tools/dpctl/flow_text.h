/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "flow.h"

namespace dpctl
{

using namespace mf;

/** What a line of a file asks for. */
enum class FlowVerb : uint8_t { ADD, MODIFY, DELETE };

/** One line of a file of flows, read. */
struct FlowLine {
	FlowVerb verb = FlowVerb::ADD;
	FlowName name;
	Bytes actions;
};

/** Reads "[ufid:...,]in_port(1),...". */
FlowName parse_flow_name(const std::string &text, const PortNames *names);

/**
 * Reads "[add|modify|delete] FLOW ACTIONS". What dump-flows printed is read
 * too: its counters are skipped.
 * @param otherwise	the verb where the line has none
 */
FlowLine parse_flow_line(const std::string &line, FlowVerb otherwise, const PortNames *names);

} // namespace dpctl
