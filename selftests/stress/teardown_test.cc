// SPDX-License-Identifier: GPL-2.0-only
/* What is torn down while packets run through it. */
#include "flood.h"

#include <unistd.h>

using namespace lab;
using stress::Flood;

TEST(Teardown, RmmodUnderTraffic)
{
	const int n = stress::rounds(100);

	for (int i = 0; i < n; i++) {
		const Netns ns;
		Upcalls upcalls(ns);
		Datapath dp(ns);
		const Wire p1(ns, dp, "p1", upcalls.pid());
		const Wire p2(ns, dp, "p2", upcalls.pid());
		dp.add_internal("int0", upcalls.pid());
		link_up(ns, "int0");
		stress::busy_flows(dp, upcalls.pid());
		bool gone = false;
		{
			const Flood flood(ns, "p1x");
			const Flood back(ns, "p2x");
			const Flood host(ns, "int0");

			while (flood.sent() < 100)
				usleep(1000);
			dp.forget();
			gone = stress::unload();
		}
		ASSERT_TRUE(gone) << "round " << i << ": " << strerror(errno);
		EXPECT_FALSE(link_find(ns, "dp0"));
		EXPECT_EQ(link_get(ns, "p1").master, 0);
		EXPECT_EQ(link_get(ns, "p1").promiscuity, 0u);
		stress::load();
	}
}

TEST(Teardown, NamespaceDeletionUnderTraffic)
{
	const int n = stress::rounds(100);

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
			dp.add_internal("int0");
			stress::busy_flows(dp, upcalls.pid());
			flood = std::make_unique<Flood>(outside, "p1x");
			back = std::make_unique<Flood>(outside, "p2x");
			while (flood->sent() < 100)
				usleep(1000);
			dp.forget();
		}
		ASSERT_TRUE(stress::wait_gone(outside, "p1x")) << "round " << i;
	}
}

TEST(Teardown, DeviceUnplugUnderTraffic)
{
	const int n = stress::rounds(100);
	const Netns ns;
	Upcalls upcalls(ns);
	Datapath dp(ns);

	stress::busy_flows(dp, upcalls.pid());
	for (int i = 0; i < n; i++) {
		veth_add(ns, "p1", "p1x");
		veth_add(ns, "p2", "p2x");
		dp.add("p1", upcalls.pid(), OVS_VPORT_TYPE_NETDEV, 1);
		dp.add("p2", upcalls.pid(), OVS_VPORT_TYPE_NETDEV, 2);
		const Flood flood(ns, "p1x");
		const Flood back(ns, "p2x");
		while (flood.sent() < 100)
			usleep(1000);
		/* Both orders: the device, or the port first. */
		if (i % 2)
			dp.remove(2);
		ASSERT_OK(link_del(ns, "p2"));
		ASSERT_OK(link_del(ns, "p1x"));
		stress::drain(upcalls);
	}
	for (int i = 0; i < 200 && ask(dp.socket(), OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET,
				       dp.ifindex(), {}, NLM_F_DUMP).messages.size() > 1; i++)
		usleep(10000);
	EXPECT_EQ(ask(dp.socket(), OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET, dp.ifindex(), {}, NLM_F_DUMP)
			  .messages.size(), 1u);
}

TEST(Teardown, DatapathDeletionUnderTraffic)
{
	const int n = stress::rounds(100);
	const Netns ns;
	Upcalls upcalls(ns);

	veth_add(ns, "p1", "p1x");
	veth_add(ns, "p2", "p2x");
	const Flood flood(ns, "p1x");
	const Flood back(ns, "p2x");
	for (int i = 0; i < n; i++) {
		Datapath dp(ns);

		dp.add("p1", upcalls.pid());
		dp.add("p2", upcalls.pid());
		stress::busy_flows(dp, upcalls.pid());
		const uint64_t before = flood.sent();
		while (flood.sent() < before + 100)
			usleep(1000);
		stress::drain(upcalls);
	}
}
