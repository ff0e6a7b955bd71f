/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "client.h"

#include <linux/openvswitch.h>

namespace mf
{

/** A datapath as the kernel reports it. */
struct Datapath {
	int ifindex = 0;
	std::string name;
	ovs_dp_stats stats{};
	std::optional<ovs_dp_megaflow_stats> megaflow;
	uint32_t user_features = 0;
	std::optional<uint32_t> masks_cache_size;
	std::vector<uint32_t> per_cpu_pids;
};

/** What a new or changed datapath is to be; what is absent is not sent. */
struct DatapathWish {
	std::optional<uint32_t> upcall_pid;
	std::optional<uint32_t> user_features;
	std::optional<uint32_t> masks_cache_size;
	std::optional<int32_t> ifindex;
	std::vector<uint32_t> per_cpu_pids;
};

/** Reads a message of the ovs_datapath family. */
Datapath parse_datapath(const Message &message);

/** The datapaths of this network namespace. */
std::vector<Datapath> dump_datapaths(Client &client);
/** One datapath by name; throws KernelError. */
Datapath get_datapath(Client &client, const std::string &name);
Datapath new_datapath(Client &client, const std::string &name, const DatapathWish &wish);
/** Absent user features stay what they are: the kernel would clear them, so they are resent. */
Datapath set_datapath(Client &client, const std::string &name, DatapathWish wish);
void delete_datapath(Client &client, const std::string &name);

} // namespace mf
