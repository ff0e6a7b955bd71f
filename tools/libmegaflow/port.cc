// SPDX-License-Identifier: GPL-2.0-only
#include "port.h"

#include "error.h"

#include <algorithm>
#include <fmt/format.h>
#include <linux/netlink.h>

namespace mf
{

struct TypeName {
	uint32_t type;
	const char *name;
};

static constexpr TypeName type_names[] = {
	{OVS_VPORT_TYPE_NETDEV, "system"}, {OVS_VPORT_TYPE_INTERNAL, "internal"},
	{OVS_VPORT_TYPE_GRE, "gre"},       {OVS_VPORT_TYPE_VXLAN, "vxlan"},
	{OVS_VPORT_TYPE_GENEVE, "geneve"},
};

std::string port_type_name(uint32_t type)
{
	for (const TypeName &row : type_names)
		if (row.type == type)
			return row.name;
	return fmt::format("type{}", type);
}

std::optional<uint32_t> port_type_number(const std::string &name)
{
	for (const TypeName &row : type_names)
		if (row.name == name)
			return row.type;
	return std::nullopt;
}

static void parse_upcall_stats(const Attr &nest, Port &port)
{
	for (const Attr &attr : split_attrs(nest.data)) {
		if (attr.type == OVS_VPORT_UPCALL_ATTR_SUCCESS && attr.data.size() == 8)
			port.upcalls_sent = attr.u64();
		else if (attr.type == OVS_VPORT_UPCALL_ATTR_FAIL && attr.data.size() == 8)
			port.upcalls_lost = attr.u64();
	}
}

Port parse_port(const Message &message)
{
	Port port;

	port.dp_ifindex = message.dp_ifindex;
	for (const Attr &attr : message.attrs(sizeof(ovs_header))) {
		switch (attr.type) {
		case OVS_VPORT_ATTR_PORT_NO:
			port.number = attr.u32();
			break;
		case OVS_VPORT_ATTR_TYPE:
			port.type = attr.u32();
			break;
		case OVS_VPORT_ATTR_NAME:
			port.name = attr.str();
			break;
		case OVS_VPORT_ATTR_UPCALL_PID:
			port.upcall_pids = attr.u32s();
			break;
		case OVS_VPORT_ATTR_STATS:
			port.stats = load<ovs_vport_stats>(attr.data);
			break;
		case OVS_VPORT_ATTR_IFINDEX:
			port.ifindex = attr.s32();
			break;
		case OVS_VPORT_ATTR_NETNSID:
			port.netnsid = attr.s32();
			break;
		case OVS_VPORT_ATTR_UPCALL_STATS:
			parse_upcall_stats(attr, port);
			break;
		default:
			break;
		}
	}
	return port;
}

static Port ask(Client &client, Request &request)
{
	std::optional<Port> port;

	client.transact(request, [&](const Message &m) { port = parse_port(m); });
	if (!port)
		throw Error("the kernel sent no reply about the port");
	return *port;
}

std::vector<Port> dump_ports(Client &client, int dp_ifindex)
{
	Request request =
		client.request(OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET, NLM_F_DUMP, dp_ifindex);
	std::vector<Port> ports;

	client.transact(request, [&](const Message &m) { ports.push_back(parse_port(m)); });
	std::sort(ports.begin(), ports.end(),
		  [](const Port &a, const Port &b) { return a.number < b.number; });
	return ports;
}

Port get_port(Client &client, int dp_ifindex, uint32_t number)
{
	Request request = client.request(OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET, 0, dp_ifindex);

	request.u32(OVS_VPORT_ATTR_PORT_NO, number);
	return ask(client, request);
}

Port get_port(Client &client, int dp_ifindex, const std::string &name)
{
	Request request = client.request(OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET, 0, dp_ifindex);

	request.str(OVS_VPORT_ATTR_NAME, name);
	return ask(client, request);
}

static void put_wish(Request &request, const PortWish &wish)
{
	if (!wish.name.empty())
		request.str(OVS_VPORT_ATTR_NAME, wish.name);
	if (wish.number)
		request.u32(OVS_VPORT_ATTR_PORT_NO, *wish.number);
	if (wish.type)
		request.u32(OVS_VPORT_ATTR_TYPE, *wish.type);
	if (wish.ifindex)
		request.u32(OVS_VPORT_ATTR_IFINDEX, static_cast<uint32_t>(*wish.ifindex));
	if (!wish.upcall_pids.empty())
		request.put(OVS_VPORT_ATTR_UPCALL_PID,
			    {reinterpret_cast<const uint8_t *>(wish.upcall_pids.data()),
			     wish.upcall_pids.size() * sizeof(uint32_t)});
}

Port new_port(Client &client, int dp_ifindex, const PortWish &wish)
{
	Request request =
		client.request(OVS_VPORT_FAMILY, OVS_VPORT_CMD_NEW, NLM_F_ECHO, dp_ifindex);
	PortWish whole = wish;

	if (whole.upcall_pids.empty())
		whole.upcall_pids = {0};
	if (!whole.type)
		whole.type = OVS_VPORT_TYPE_NETDEV;
	put_wish(request, whole);
	return ask(client, request);
}

Port set_port(Client &client, int dp_ifindex, uint32_t number, const PortWish &wish)
{
	Request request =
		client.request(OVS_VPORT_FAMILY, OVS_VPORT_CMD_SET, NLM_F_ECHO, dp_ifindex);
	PortWish whole = wish;

	whole.name.clear();
	whole.number = number;
	put_wish(request, whole);
	return ask(client, request);
}

void delete_port(Client &client, int dp_ifindex, uint32_t number)
{
	Request request = client.request(OVS_VPORT_FAMILY, OVS_VPORT_CMD_DEL, 0, dp_ifindex);

	request.u32(OVS_VPORT_ATTR_PORT_NO, number);
	client.transact(request);
}

PortNames port_names(const std::vector<Port> &ports)
{
	PortNames names;

	for (const Port &port : ports)
		names.add(port.number, port.name);
	return names;
}

} // namespace mf
