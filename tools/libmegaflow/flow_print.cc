// SPDX-License-Identifier: GPL-2.0-only
#include "flow.h"

#include "action.h"
#include "flags.h"

#include <ctime>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mf
{

/* One letter a flag, lowest bit first. */
static constexpr char tcp_letters[] = "FSRP.UEC";

static uint64_t monotonic_ms()
{
	timespec now{};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return static_cast<uint64_t>(now.tv_sec) * 1000 +
	       static_cast<uint64_t>(now.tv_nsec) / 1000000;
}

static double seconds_since(uint64_t used)
{
	const uint64_t now = monotonic_ms();

	return now > used ? static_cast<double>(now - used) / 1000 : 0;
}

std::string format_flow_stats(const Flow &flow)
{
	std::string text = fmt::format("packets:{}, bytes:{}, used:", flow.stats.n_packets,
				       flow.stats.n_bytes);

	text += flow.used ? fmt::format("{:.3f}s", seconds_since(*flow.used)) : "never";
	if (flow.tcp_flags) {
		text += ", flags:";
		for (unsigned int bit = 0; bit < 8; bit++)
			if (flow.tcp_flags & 1U << bit)
				text += tcp_letters[bit];
	}
	return text;
}

std::string format_flow(const Flow &flow, const TextStyle &style)
{
	std::string text;

	if (style.all && !flow.ufid.empty())
		text += format_ufid(flow.ufid) + ", ";
	text += format_key(decode_key(flow.key, flow.mask), style);
	text += ", " + format_flow_stats(flow);
	if (style.all)
		text += ", dp:ovs";
	text += ", actions:";
	text += flow.actions ? format_actions(*flow.actions, style) : "<left out by the kernel>";
	return text;
}

Json json_flow(const Flow &flow, const TextStyle &style)
{
	Json out = Json::object();

	if (!flow.ufid.empty())
		out["ufid"] = format_ufid(flow.ufid).substr(5);
	out["key"] = json_key(decode_key(flow.key, flow.mask), style);
	out["packets"] = flow.stats.n_packets;
	out["bytes"] = flow.stats.n_bytes;
	if (flow.used)
		out["used_seconds"] = seconds_since(*flow.used);
	else
		out["used_seconds"] = nullptr;
	if (flow.tcp_flags)
		out["tcp_flags"] = format_flags(tcp_flag_names(), flow.tcp_flags);
	if (flow.actions)
		out["actions"] = json_actions(*flow.actions, style);
	return out;
}

} // namespace mf
