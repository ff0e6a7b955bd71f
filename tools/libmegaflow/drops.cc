// SPDX-License-Identifier: GPL-2.0-only
#include "drops.h"

#include <linux/megaflow.h>
#include <linux/openvswitch.h>

namespace mf
{

static DropCounter parse_drop(const Attr &nest)
{
	DropCounter drop;

	for (const Attr &attr : split_attrs(nest.data)) {
		if (attr.type == MEGAFLOW_DROP_ATTR_NAME)
			drop.name = attr.str();
		else if (attr.type == MEGAFLOW_DROP_ATTR_TEXT)
			drop.text = attr.str();
		else if (attr.type == MEGAFLOW_DROP_ATTR_PACKETS)
			drop.packets = attr.u64();
	}
	return drop;
}

std::vector<DropCounter> get_drops(Client &client, int dp_ifindex)
{
	std::vector<DropCounter> drops;

	if (!find_family(client.socket(), MEGAFLOW_FAMILY))
		return drops;

	Request request = client.request(MEGAFLOW_FAMILY, MEGAFLOW_CMD_DROPS, 0, dp_ifindex);
	client.transact(request, [&](const Message &message) {
		for (const Attr &attr : message.attrs(sizeof(ovs_header)))
			if (attr.type == MEGAFLOW_ATTR_DROP)
				drops.push_back(parse_drop(attr));
	});
	return drops;
}

} // namespace mf
