// SPDX-License-Identifier: GPL-2.0-only
#include "datapath.h"

#include "error.h"

#include <linux/netlink.h>

namespace mf
{

Datapath parse_datapath(const Message &message)
{
	Datapath dp;

	dp.ifindex = message.dp_ifindex;
	for (const Attr &attr : message.attrs(sizeof(ovs_header))) {
		switch (attr.type) {
		case OVS_DP_ATTR_NAME:
			dp.name = attr.str();
			break;
		case OVS_DP_ATTR_STATS:
			dp.stats = load<ovs_dp_stats>(attr.data);
			break;
		case OVS_DP_ATTR_MEGAFLOW_STATS:
			dp.megaflow = load<ovs_dp_megaflow_stats>(attr.data);
			break;
		case OVS_DP_ATTR_USER_FEATURES:
			dp.user_features = attr.u32();
			break;
		case OVS_DP_ATTR_MASKS_CACHE_SIZE:
			dp.masks_cache_size = attr.u32();
			break;
		case OVS_DP_ATTR_PER_CPU_PIDS:
			dp.per_cpu_pids = attr.u32s();
			break;
		default:
			break;
		}
	}
	return dp;
}

std::vector<Datapath> dump_datapaths(Client &client)
{
	Request request = client.request(OVS_DATAPATH_FAMILY, OVS_DP_CMD_GET, NLM_F_DUMP, 0);
	std::vector<Datapath> list;

	client.transact(request, [&](const Message &m) { list.push_back(parse_datapath(m)); });
	return list;
}

static Datapath ask(Client &client, Request &request)
{
	std::optional<Datapath> dp;

	client.transact(request, [&](const Message &m) { dp = parse_datapath(m); });
	if (!dp)
		throw Error("the kernel sent no reply about the datapath");
	return *dp;
}

Datapath get_datapath(Client &client, const std::string &name)
{
	Request request = client.request(OVS_DATAPATH_FAMILY, OVS_DP_CMD_GET, 0, 0);

	request.str(OVS_DP_ATTR_NAME, name);
	return ask(client, request);
}

static void put_wish(Request &request, const std::string &name, const DatapathWish &wish)
{
	request.str(OVS_DP_ATTR_NAME, name);
	if (wish.upcall_pid)
		request.u32(OVS_DP_ATTR_UPCALL_PID, *wish.upcall_pid);
	if (wish.user_features)
		request.u32(OVS_DP_ATTR_USER_FEATURES, *wish.user_features);
	if (wish.masks_cache_size)
		request.u32(OVS_DP_ATTR_MASKS_CACHE_SIZE, *wish.masks_cache_size);
	if (wish.ifindex)
		request.u32(OVS_DP_ATTR_IFINDEX, static_cast<uint32_t>(*wish.ifindex));
	if (!wish.per_cpu_pids.empty())
		request.put(OVS_DP_ATTR_PER_CPU_PIDS,
			    {reinterpret_cast<const uint8_t *>(wish.per_cpu_pids.data()),
			     wish.per_cpu_pids.size() * sizeof(uint32_t)});
}

Datapath new_datapath(Client &client, const std::string &name, const DatapathWish &wish)
{
	Request request = client.request(OVS_DATAPATH_FAMILY, OVS_DP_CMD_NEW, NLM_F_ECHO, 0);

	put_wish(request, name, wish);
	return ask(client, request);
}

Datapath set_datapath(Client &client, const std::string &name, DatapathWish wish)
{
	if (!wish.user_features)
		wish.user_features = get_datapath(client, name).user_features;

	Request request = client.request(OVS_DATAPATH_FAMILY, OVS_DP_CMD_SET, NLM_F_ECHO, 0);
	put_wish(request, name, wish);
	return ask(client, request);
}

void delete_datapath(Client &client, const std::string &name)
{
	Request request = client.request(OVS_DATAPATH_FAMILY, OVS_DP_CMD_DEL, 0, 0);

	request.str(OVS_DP_ATTR_NAME, name);
	client.transact(request);
}

} // namespace mf
