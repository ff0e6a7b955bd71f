/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "client.h"
#include "field.h"

#include <linux/openvswitch.h>

namespace mf
{

/** A port as the kernel reports it. */
struct Port {
	int dp_ifindex = 0;
	uint32_t number = 0;
	uint32_t type = 0; /**< OVS_VPORT_TYPE_* */
	std::string name;
	ovs_vport_stats stats{};
	std::vector<uint32_t> upcall_pids;
	std::optional<int32_t> ifindex;
	std::optional<int32_t> netnsid;
	std::optional<uint64_t> upcalls_sent, upcalls_lost;
};

/** What a new or changed port is to be; what is absent is not sent. */
struct PortWish {
	std::string name;
	std::optional<uint32_t> number;
	std::optional<uint32_t> type;
	std::optional<int32_t> ifindex;
	std::vector<uint32_t> upcall_pids;
};

/** "internal" and friends; "system" for a plain device. */
std::string port_type_name(uint32_t type);
/** The number of a type's name, nothing if there is none. */
std::optional<uint32_t> port_type_number(const std::string &name);

/** Reads a message of the ovs_vport family. */
Port parse_port(const Message &message);

/** The ports of a datapath, by number. */
std::vector<Port> dump_ports(Client &client, int dp_ifindex);
Port get_port(Client &client, int dp_ifindex, uint32_t number);
Port get_port(Client &client, int dp_ifindex, const std::string &name);
Port new_port(Client &client, int dp_ifindex, const PortWish &wish);
Port set_port(Client &client, int dp_ifindex, uint32_t number, const PortWish &wish);
void delete_port(Client &client, int dp_ifindex, uint32_t number);

/** Names and numbers of a datapath's ports. */
PortNames port_names(const std::vector<Port> &ports);

} // namespace mf
