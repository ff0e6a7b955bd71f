/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "key.h"

namespace dpctl
{

using namespace mf;

/**
 * A pattern that flows are picked by. A flow is picked if some packet could
 * match both the pattern and the flow.
 */
class Filter
{
public:
	/**
	 * Reads the datapath's own form, "in_port(1),ipv4(src=10.0.0.1)", or the
	 * OpenFlow-like words of ovs-dpctl, "tcp,nw_src=10.0.0.1,tp_dst=80".
	 */
	Filter(const std::string &text, const PortNames *names);

	bool picks(const Key &flow) const;

private:
	Key pattern;
};

} // namespace dpctl
