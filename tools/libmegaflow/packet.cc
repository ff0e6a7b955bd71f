// SPDX-License-Identifier: GPL-2.0-only
#include "packet.h"

#include "action.h"

#include <fmt/format.h>
#include <linux/netlink.h>
#include <nlohmann/json.hpp>

namespace mf
{

void execute_packet(Client &client, int dp_ifindex, const Execution &what)
{
	Request request = client.request(OVS_PACKET_FAMILY, OVS_PACKET_CMD_EXECUTE, 0, dp_ifindex);

	request.put(OVS_PACKET_ATTR_PACKET, what.packet);
	const size_t nest = request.begin(OVS_PACKET_ATTR_KEY | NLA_F_NESTED);
	encode_key(what.key, request);
	request.end(nest);
	request.put(OVS_PACKET_ATTR_ACTIONS | NLA_F_NESTED, what.actions);
	if (what.mru)
		request.u16(OVS_PACKET_ATTR_MRU, *what.mru);
	if (what.hash)
		request.u64(OVS_PACKET_ATTR_HASH, *what.hash);
	if (what.upcall_pid)
		request.u32(OVS_PACKET_ATTR_UPCALL_PID, *what.upcall_pid);
	client.transact(request);
}

static Bytes to_bytes(View view)
{
	return {view.begin(), view.end()};
}

Upcall parse_upcall(const Message &message)
{
	Upcall upcall;

	upcall.dp_ifindex = message.dp_ifindex;
	upcall.is_miss = message.cmd == OVS_PACKET_CMD_MISS;
	for (const Attr &attr : message.attrs(sizeof(ovs_header))) {
		switch (attr.type) {
		case OVS_PACKET_ATTR_PACKET:
			upcall.packet = to_bytes(attr.data);
			break;
		case OVS_PACKET_ATTR_KEY:
			upcall.key = to_bytes(attr.data);
			break;
		case OVS_PACKET_ATTR_ACTIONS:
			upcall.actions = to_bytes(attr.data);
			break;
		case OVS_PACKET_ATTR_USERDATA:
			upcall.userdata = to_bytes(attr.data);
			break;
		case OVS_PACKET_ATTR_MRU:
			upcall.mru = attr.u16();
			break;
		case OVS_PACKET_ATTR_LEN:
			upcall.length = attr.u32();
			break;
		case OVS_PACKET_ATTR_HASH:
			upcall.hash = attr.u64();
			break;
		default:
			break;
		}
	}
	return upcall;
}

std::string format_upcall(const Upcall &upcall, const TextStyle &style)
{
	std::string text = upcall.is_miss ? "miss" : "action";

	text += " key:" + format_key(decode_key(upcall.key, std::nullopt), style);
	if (upcall.userdata)
		text += " userdata:" + to_hex(*upcall.userdata);
	if (upcall.actions)
		text += " actions:" + format_actions(*upcall.actions, style);
	if (upcall.mru)
		text += fmt::format(" mru:{}", *upcall.mru);
	if (upcall.length)
		text += fmt::format(" len:{}", *upcall.length);
	if (upcall.hash)
		text += fmt::format(" hash:{:#x}", *upcall.hash);
	return text +
	       fmt::format(" bytes:{} packet:{}", upcall.packet.size(), to_hex(upcall.packet));
}

Json json_upcall(const Upcall &upcall, const TextStyle &style)
{
	Json out = Json::object();

	out["upcall"] = upcall.is_miss ? "miss" : "action";
	out["key"] = json_key(decode_key(upcall.key, std::nullopt), style);
	if (upcall.userdata)
		out["userdata"] = to_hex(*upcall.userdata);
	if (upcall.actions)
		out["actions"] = json_actions(*upcall.actions, style);
	if (upcall.mru)
		out["mru"] = *upcall.mru;
	if (upcall.length)
		out["len"] = *upcall.length;
	if (upcall.hash)
		out["hash"] = *upcall.hash;
	out["packet"] = to_hex(upcall.packet);
	return out;
}

} // namespace mf
