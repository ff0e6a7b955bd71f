// SPDX-License-Identifier: GPL-2.0-only
#include "flow.h"

#include "error.h"

#include <cctype>
#include <fmt/format.h>
#include <linux/netlink.h>

namespace mf
{

/* A flow id is four numbers in host order; text shows numbers, the wire has their bytes. */
static constexpr size_t UFID_LEN = 16;

static void swap_words(Bytes &ufid)
{
	for (size_t at = 0; at + 4 <= ufid.size(); at += 4) {
		const uint64_t word = load_be(View(ufid).subspan(at, 4));

		store_host(std::span(ufid).subspan(at, 4), word);
	}
}

static Bytes to_bytes(View view)
{
	return {view.begin(), view.end()};
}

Flow parse_flow(const Message &message)
{
	Flow flow;

	flow.dp_ifindex = message.dp_ifindex;
	for (const Attr &attr : message.attrs(sizeof(ovs_header))) {
		switch (attr.type) {
		case OVS_FLOW_ATTR_KEY:
			flow.key = to_bytes(attr.data);
			break;
		case OVS_FLOW_ATTR_MASK:
			flow.mask = to_bytes(attr.data);
			break;
		case OVS_FLOW_ATTR_ACTIONS:
			flow.actions = to_bytes(attr.data);
			break;
		case OVS_FLOW_ATTR_STATS:
			flow.stats = load<ovs_flow_stats>(attr.data);
			break;
		case OVS_FLOW_ATTR_TCP_FLAGS:
			flow.tcp_flags = attr.u8();
			break;
		case OVS_FLOW_ATTR_USED:
			flow.used = attr.u64();
			break;
		case OVS_FLOW_ATTR_UFID:
			flow.ufid = to_bytes(attr.data);
			break;
		default:
			break;
		}
	}
	return flow;
}

/* The mask goes along only where it matters: when a flow is made. */
static void put_name(Request &request, const FlowName &name, bool with_mask)
{
	if (!name.ufid.empty())
		request.put(OVS_FLOW_ATTR_UFID, name.ufid);
	if (!name.key)
		return;

	size_t nest = request.begin(OVS_FLOW_ATTR_KEY | NLA_F_NESTED);
	encode_key(*name.key, request);
	request.end(nest);
	if (!with_mask)
		return;
	nest = request.begin(OVS_FLOW_ATTR_MASK | NLA_F_NESTED);
	encode_mask(*name.key, request);
	request.end(nest);
}

static void put_change(Request &request, const FlowChange &change)
{
	if (change.actions)
		request.put(OVS_FLOW_ATTR_ACTIONS | NLA_F_NESTED, *change.actions);
	if (change.clear)
		request.flag(OVS_FLOW_ATTR_CLEAR);
	if (change.probe)
		request.flag(OVS_FLOW_ATTR_PROBE);
}

static Flow ask(Client &client, Request &request)
{
	std::optional<Flow> flow;

	client.transact(request, [&](const Message &m) { flow = parse_flow(m); });
	if (!flow)
		throw Error("the kernel sent no reply about the flow");
	return *flow;
}

/* A dump may leave out the actions of a flow that would not fit: ask for it alone. */
static Flow complete(Client &client, Flow flow)
{
	FlowName name;

	name.ufid = flow.ufid;
	if (flow.ufid.empty())
		name.key = decode_key(flow.key, std::nullopt);
	try {
		flow.actions = get_flow(client, flow.dp_ifindex, name).actions;
	} catch (const KernelError &) {
		/* it is gone by now; what the dump said was true then */
	}
	return flow;
}

void dump_flows(Client &client, int dp_ifindex, const std::function<void(const Flow &)> &handler)
{
	Request request = client.request(OVS_FLOW_FAMILY, OVS_FLOW_CMD_GET, NLM_F_DUMP, dp_ifindex);
	std::vector<Flow> incomplete;

	client.transact(request, [&](const Message &m) {
		Flow flow = parse_flow(m);

		if (flow.actions)
			handler(flow);
		else
			incomplete.push_back(std::move(flow));
	});
	for (Flow &flow : incomplete)
		handler(complete(client, std::move(flow)));
}

Flow get_flow(Client &client, int dp_ifindex, const FlowName &name)
{
	Request request = client.request(OVS_FLOW_FAMILY, OVS_FLOW_CMD_GET, 0, dp_ifindex);

	put_name(request, name, false);
	return ask(client, request);
}

void new_flow(Client &client, int dp_ifindex, const FlowName &name, const FlowChange &change,
	      uint16_t flags)
{
	Request request = client.request(OVS_FLOW_FAMILY, OVS_FLOW_CMD_NEW, flags, dp_ifindex);

	put_name(request, name, true);
	put_change(request, change);
	client.transact(request);
}

Flow set_flow(Client &client, int dp_ifindex, const FlowName &name, const FlowChange &change)
{
	Request request = client.request(OVS_FLOW_FAMILY, OVS_FLOW_CMD_SET, NLM_F_ECHO, dp_ifindex);

	put_name(request, name, true);
	put_change(request, change);
	return ask(client, request);
}

Flow delete_flow(Client &client, int dp_ifindex, const FlowName &name)
{
	Request request = client.request(OVS_FLOW_FAMILY, OVS_FLOW_CMD_DEL, NLM_F_ECHO, dp_ifindex);

	/* Without a name the kernel would delete everything. */
	if (name.ufid.empty() && !name.key)
		throw Error("a flow to delete needs a key or a ufid");
	put_name(request, name, false);
	return ask(client, request);
}

void flush_flows(Client &client, int dp_ifindex)
{
	Request request = client.request(OVS_FLOW_FAMILY, OVS_FLOW_CMD_DEL, 0, dp_ifindex);

	client.transact(request);
}

std::optional<Bytes> parse_ufid(Cursor &in)
{
	if (!in.eat("ufid:"))
		return std::nullopt;

	const size_t start = in.position();
	std::string digits;
	Bytes ufid;
	for (char c : in.until(", \t\n"))
		if (c != '-')
			digits += c;
	if (digits.starts_with("0x"))
		digits.erase(0, 2);
	if (!from_hex(digits, ufid) || ufid.size() != UFID_LEN)
		in.fail_at(start, "is no flow id: 32 hex digits, with or without dashes");
	swap_words(ufid);
	return ufid;
}

std::string format_ufid(View ufid)
{
	Bytes words(ufid.begin(), ufid.end());

	swap_words(words);
	const std::string hex = to_hex(words);
	if (ufid.size() != UFID_LEN)
		return "ufid:" + hex;
	return fmt::format("ufid:{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4),
			   hex.substr(12, 4), hex.substr(16, 4), hex.substr(20));
}

} // namespace mf
