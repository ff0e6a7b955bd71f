// SPDX-License-Identifier: GPL-2.0-only
#include "client.h"

#include "error.h"

#include <fmt/format.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>

namespace mf
{

static AttrSet attr_set_of(const std::string &family)
{
	if (family == OVS_DATAPATH_FAMILY)
		return AttrSet::DATAPATH;
	if (family == OVS_VPORT_FAMILY)
		return AttrSet::VPORT;
	if (family == OVS_FLOW_FAMILY)
		return AttrSet::FLOW;
	if (family == OVS_PACKET_FAMILY)
		return AttrSet::PACKET;
	if (family == OVS_METER_FAMILY)
		return AttrSet::METER;
	return AttrSet::NONE;
}

Client::Client() : netlink(NETLINK_GENERIC) {}

const Family &Client::family(const std::string &name)
{
	const auto known = families.find(name);

	if (known != families.end())
		return known->second;

	auto found = find_family(netlink, name);
	if (!found)
		throw Error(fmt::format("the kernel has no \"{}\" family: load the module "
					"(modprobe openvswitch), see \"dpctl doctor\"",
					name));
	return families.emplace(name, std::move(*found)).first->second;
}

Request Client::request(const std::string &name, uint8_t cmd, uint16_t flags, int dp_ifindex)
{
	const Family &found = family(name);
	const auto version = static_cast<uint8_t>(name == OVS_DATAPATH_FAMILY ? OVS_DATAPATH_VERSION
									      : OVS_VPORT_VERSION);

	return {found.id, cmd, version, flags, dp_ifindex, attr_set_of(name)};
}

void Client::transact(Request &request, const std::function<void(const Message &)> &handler)
{
	netlink.transact(request, handler);
}

void Client::transact(Request &request)
{
	transact(request, [](const Message &) {});
}

} // namespace mf
