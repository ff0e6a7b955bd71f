/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "client.h"
#include "key.h"

#include <linux/openvswitch.h>

namespace mf
{

/** A flow as the kernel reports it. */
struct Flow {
	int dp_ifindex = 0;
	Bytes ufid; /**< empty if it has none */
	Bytes key;
	std::optional<Bytes> mask;
	std::optional<Bytes> actions; /**< nothing if the kernel left them out */
	ovs_flow_stats stats{};
	std::optional<uint64_t> used; /**< monotonic milliseconds */
	uint8_t tcp_flags = 0;
};

/** What names a flow: its id, or its key. */
struct FlowName {
	Bytes ufid;
	std::optional<Key> key;
};

/** What is to be done to a flow beyond its name. */
struct FlowChange {
	std::optional<Bytes> actions;
	bool clear = false; /**< zero its counters */
	bool probe = false; /**< the kernel shall not log a refusal */
};

/** "ufid:" and 32 hex digits, dashes allowed; nothing if the text does not start so. */
std::optional<Bytes> parse_ufid(Cursor &in);
/** "ufid:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx". */
std::string format_ufid(View ufid);

/** Reads a message of the ovs_flow family. */
Flow parse_flow(const Message &message);

/** Hands every flow on as it comes. */
void dump_flows(Client &client, int dp_ifindex, const std::function<void(const Flow &)> &handler);
Flow get_flow(Client &client, int dp_ifindex, const FlowName &name);
/** @param flags NLM_F_CREATE and NLM_F_EXCL as the caller means it */
void new_flow(Client &client, int dp_ifindex, const FlowName &name, const FlowChange &change,
	      uint16_t flags);
/** @return the flow as it was, counters not yet cleared */
Flow set_flow(Client &client, int dp_ifindex, const FlowName &name, const FlowChange &change);
/** @return the flow with its last counters */
Flow delete_flow(Client &client, int dp_ifindex, const FlowName &name);
void flush_flows(Client &client, int dp_ifindex);

/** Text and JSON of a flow; the style's "all" adds the id. */
std::string format_flow(const Flow &flow, const TextStyle &style);
std::string format_flow_stats(const Flow &flow);
Json json_flow(const Flow &flow, const TextStyle &style);

} // namespace mf
