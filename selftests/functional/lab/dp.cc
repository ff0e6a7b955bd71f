// SPDX-License-Identifier: GPL-2.0-only
#include "dp.h"

#include "action.h"

#include <linux/megaflow.h>
#include <stdexcept>

namespace lab
{

static void demand(const Answer &answer, const std::string &what)
{
	if (!answer.ok())
		throw std::runtime_error(what + ": errno " + std::to_string(answer.error) + " " +
					 answer.why);
}

void append(AttrWriter &to, const AttrWriter &from)
{
	to.bytes().insert(to.bytes().end(), from.bytes().begin(), from.bytes().end());
}

void put_u32s(AttrWriter &out, uint16_t type, const std::vector<uint32_t> &values)
{
	out.put(type, {reinterpret_cast<const uint8_t *>(values.data()), 4 * values.size()});
}

AttrWriter port_attrs(const std::string &device, uint32_t type,
		      const std::vector<uint32_t> &upcall_pids)
{
	AttrWriter attrs;

	attrs.str(OVS_VPORT_ATTR_NAME, device);
	attrs.u32(OVS_VPORT_ATTR_TYPE, type);
	put_u32s(attrs, OVS_VPORT_ATTR_UPCALL_PID, upcall_pids);
	return attrs;
}

AttrWriter datapath_attrs(const std::string &name, uint32_t upcall_pid,
			  std::optional<uint32_t> features)
{
	AttrWriter attrs;

	attrs.str(OVS_DP_ATTR_NAME, name);
	attrs.u32(OVS_DP_ATTR_UPCALL_PID, upcall_pid);
	if (features)
		attrs.u32(OVS_DP_ATTR_USER_FEATURES, *features);
	return attrs;
}

Answer ask(Netlink &netlink, const std::string &name, uint8_t cmd, int dp_ifindex,
	   const AttrWriter &attrs, uint16_t flags, int version)
{
	Request sent = request(name, cmd, dp_ifindex, flags, version);

	append(sent, attrs);
	return netlink.ask(sent);
}

Bytes actions_of_text(const std::string &text)
{
	Bytes raw;

	if (!text.starts_with("hex:"))
		return mf::parse_actions("actions", text, nullptr);
	if (!mf::from_hex(std::string_view(text).substr(4), raw))
		throw std::runtime_error("no hex: " + text);
	return raw;
}

Upcalls::Upcalls(const Netns &ns) : netlink(ns) {}

std::optional<mf::Upcall> Upcalls::next(int timeout_ms)
{
	const auto raw = netlink.receive(timeout_ms);

	if (!raw)
		return std::nullopt;
	return mf::parse_upcall(message_of(*raw));
}

Datapath::Datapath(const Netns &ns, std::string name, uint32_t features, uint32_t upcall_pid)
    : netlink(ns), dp_name(std::move(name))
{
	const Answer answer =
		lab::ask(netlink, OVS_DATAPATH_FAMILY, OVS_DP_CMD_NEW, 0,
			 datapath_attrs(dp_name, upcall_pid, features), NLM_F_ECHO);

	demand(answer, "new datapath " + dp_name);
	index = message_of(answer.messages.at(0)).dp_ifindex;
}

Datapath::~Datapath()
{
	if (alive)
		lab::ask(netlink, OVS_DATAPATH_FAMILY, OVS_DP_CMD_DEL, index, {});
}

Answer Datapath::ask_port(uint8_t cmd, const AttrWriter &attrs, uint16_t flags)
{
	return lab::ask(netlink, OVS_VPORT_FAMILY, cmd, index, attrs, flags);
}

uint32_t Datapath::add(const std::string &device, uint32_t upcall_pid, uint32_t type,
		       uint32_t number)
{
	AttrWriter attrs = port_attrs(device, type, {upcall_pid});

	if (number)
		attrs.u32(OVS_VPORT_ATTR_PORT_NO, number);
	const Answer answer = ask_port(OVS_VPORT_CMD_NEW, attrs, NLM_F_ECHO);
	demand(answer, "new port " + device);
	return mf::parse_port(message_of(answer.messages.at(0))).number;
}

void Datapath::remove(uint32_t number)
{
	AttrWriter attrs;

	attrs.u32(OVS_VPORT_ATTR_PORT_NO, number);
	demand(ask_port(OVS_VPORT_CMD_DEL, attrs), "delete port " + std::to_string(number));
}

mf::Port Datapath::port(uint32_t number)
{
	AttrWriter attrs;

	attrs.u32(OVS_VPORT_ATTR_PORT_NO, number);
	const Answer answer = ask_port(OVS_VPORT_CMD_GET, attrs);
	demand(answer, "get port " + std::to_string(number));
	return mf::parse_port(message_of(answer.messages.at(0)));
}

Request Datapath::flow_request(uint8_t cmd, const std::string &key, const FlowAsk &ask)
{
	Request sent = request(OVS_FLOW_FAMILY, cmd, index, ask.flags);

	if (!key.empty()) {
		const mf::Key parsed = mf::parse_key("flow", key, nullptr);
		size_t nest = sent.begin(OVS_FLOW_ATTR_KEY | NLA_F_NESTED);

		mf::encode_key(parsed, sent);
		sent.end(nest);
		if (ask.mask) {
			nest = sent.begin(OVS_FLOW_ATTR_MASK | NLA_F_NESTED);
			mf::encode_mask(parsed, sent);
			sent.end(nest);
		}
	}
	if (!ask.ufid.empty())
		sent.put(OVS_FLOW_ATTR_UFID, ask.ufid);
	if (ask.ufid_flags)
		sent.u32(OVS_FLOW_ATTR_UFID_FLAGS, *ask.ufid_flags);
	if (ask.actions)
		sent.put(OVS_FLOW_ATTR_ACTIONS | NLA_F_NESTED, actions_of_text(*ask.actions));
	if (ask.clear)
		sent.flag(OVS_FLOW_ATTR_CLEAR);
	if (ask.probe)
		sent.flag(OVS_FLOW_ATTR_PROBE);
	return sent;
}

Answer Datapath::ask_flow(uint8_t cmd, const std::string &key, const FlowAsk &ask)
{
	Request sent = flow_request(cmd, key, ask);

	return netlink.ask(sent);
}

void Datapath::flow(const std::string &key, const std::string &actions)
{
	demand(ask_flow(OVS_FLOW_CMD_NEW, key, {.actions = actions, .flags = NLM_F_CREATE}),
	       "flow " + key + " actions " + actions);
}

mf::Flow Datapath::get_flow(const std::string &key)
{
	const Answer answer = ask_flow(OVS_FLOW_CMD_GET, key, {.mask = false});

	demand(answer, "get flow " + key);
	return mf::parse_flow(message_of(answer.messages.at(0)));
}

std::string Datapath::actions_of(const std::string &key)
{
	return mf::format_actions(get_flow(key).actions.value(), {});
}

void Datapath::flush()
{
	demand(lab::ask(netlink, OVS_FLOW_FAMILY, OVS_FLOW_CMD_DEL, index, {}), "flush");
}

std::vector<mf::Flow> Datapath::dump_flows(uint32_t ufid_flags)
{
	AttrWriter attrs;
	std::vector<mf::Flow> flows;

	attrs.u32(OVS_FLOW_ATTR_UFID_FLAGS, ufid_flags);
	const Answer answer = lab::ask(netlink, OVS_FLOW_FAMILY, OVS_FLOW_CMD_GET, index, attrs,
				       NLM_F_DUMP);
	demand(answer, "dump flows");
	for (const Bytes &message : answer.messages)
		flows.push_back(mf::parse_flow(message_of(message)));
	return flows;
}

Answer Datapath::execute(View packet, const std::string &actions, const std::string &key,
			 const AttrWriter &more)
{
	Request sent = request(OVS_PACKET_FAMILY, OVS_PACKET_CMD_EXECUTE, index);
	const size_t nest = sent.begin(OVS_PACKET_ATTR_KEY | NLA_F_NESTED);

	if (!key.empty())
		mf::encode_key(mf::parse_key("key", key, nullptr), sent);
	sent.end(nest);
	sent.put(OVS_PACKET_ATTR_ACTIONS | NLA_F_NESTED, actions_of_text(actions));
	append(sent, more);
	sent.put(OVS_PACKET_ATTR_PACKET, packet);
	return netlink.ask(sent);
}

mf::Datapath Datapath::info()
{
	const Answer answer = lab::ask(netlink, OVS_DATAPATH_FAMILY, OVS_DP_CMD_GET, index, {});

	demand(answer, "get datapath");
	return mf::parse_datapath(message_of(answer.messages.at(0)));
}

std::map<std::string, uint64_t> Datapath::drops()
{
	std::map<std::string, uint64_t> reasons;

	if (!is_megaflow())
		return reasons;
	const Answer answer = lab::ask(netlink, MEGAFLOW_FAMILY, MEGAFLOW_CMD_DROPS, index, {});
	demand(answer, "drop counters");
	for (const mf::Attr &attr : attrs_of(answer.messages.at(0))) {
		if (attr.type != MEGAFLOW_ATTR_DROP)
			continue;
		const auto parts = mf::split_attrs(attr.data);

		reasons[mf::find_attr(parts, MEGAFLOW_DROP_ATTR_NAME)->str()] =
			mf::find_attr(parts, MEGAFLOW_DROP_ATTR_PACKETS)->u64();
	}
	return reasons;
}

} // namespace lab
