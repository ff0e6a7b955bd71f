// SPDX-License-Identifier: GPL-2.0-only
#include "storm.h"

namespace stress
{

using namespace lab;

void unplug_devices(const Netns &ns, Datapath &dp, Upcalls &upcalls, const Storm &storm)
{
	const int n = rounds(100);

	storm.prepare(dp, upcalls.pid());
	for (int i = 0; i < n; i++) {
		veth_add(ns, "p1", "p1x");
		veth_add(ns, "p2", "p2x");
		dp.add("p1", upcalls.pid(), OVS_VPORT_TYPE_NETDEV, 1);
		dp.add("p2", upcalls.pid(), OVS_VPORT_TYPE_NETDEV, 2);
		const Flood flood(ns, "p1x", storm.packets);
		const Flood back(ns, "p2x", storm.packets);
		flood.wait_for(storm.enough);
		/* Both orders: the device, or the port first. */
		if (i % 2)
			dp.remove(2);
		ASSERT_OK(link_del(ns, "p2"));
		ASSERT_OK(link_del(ns, "p1x"));
		drain(upcalls);
	}
}

void delete_datapaths(const Netns &ns, Upcalls &upcalls, const Storm &storm)
{
	const int n = rounds(100);

	veth_add(ns, "p1", "p1x");
	veth_add(ns, "p2", "p2x");
	const Flood flood(ns, "p1x", storm.packets);
	const Flood back(ns, "p2x", storm.packets);
	for (int i = 0; i < n; i++) {
		Datapath dp(ns);

		dp.add("p1", upcalls.pid());
		dp.add("p2", upcalls.pid());
		storm.prepare(dp, upcalls.pid());
		flood.wait_for(storm.enough);
		drain(upcalls);
	}
}

void delete_namespaces(const Storm &storm)
{
	const int n = rounds(100);

	for (int i = 0; i < n; i++) {
		const Netns outside;
		std::unique_ptr<Flood> flood, back;
		{
			const Netns ns;
			Upcalls upcalls(ns);
			Datapath dp(ns);

			veth_add(ns, "p1", "p1x", &outside);
			veth_add(ns, "p2", "p2x", &outside);
			dp.add("p1", upcalls.pid());
			dp.add("p2", upcalls.pid());
			storm.prepare(dp, upcalls.pid());
			flood = std::make_unique<Flood>(outside, "p1x", storm.packets);
			back = std::make_unique<Flood>(outside, "p2x", storm.packets);
			flood->wait_for(storm.enough);
			storm.look(ns);
			dp.forget();
		}
		ASSERT_TRUE(wait_gone(outside, "p1x")) << "round " << i;
	}
}

} // namespace stress
