// SPDX-License-Identifier: GPL-2.0-only
/* What is torn down while packets run through it. */
#include "storm.h"

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

			flood.wait_for(100);
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

static stress::Storm any_storm()
{
	return {Flood::any_packets(), 100, stress::busy_flows};
}

TEST(Teardown, NamespaceDeletionUnderTraffic)
{
	stress::Storm storm = any_storm();

	storm.prepare = [](Datapath &dp, uint32_t upcall_pid) {
		dp.add_internal("int0");
		stress::busy_flows(dp, upcall_pid);
	};
	stress::delete_namespaces(storm);
}

TEST(Teardown, DeviceUnplugUnderTraffic)
{
	const Netns ns;
	Upcalls upcalls(ns);
	Datapath dp(ns);

	ASSERT_NO_FATAL_FAILURE(stress::unplug_devices(ns, dp, upcalls, any_storm()));
	for (int i = 0; i < 200 && ask(dp.socket(), OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET,
				       dp.ifindex(), {}, NLM_F_DUMP).messages.size() > 1; i++)
		usleep(10000);
	EXPECT_EQ(ask(dp.socket(), OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET, dp.ifindex(), {}, NLM_F_DUMP)
			  .messages.size(), 1u);
}

TEST(Teardown, DatapathDeletionUnderTraffic)
{
	const Netns ns;
	Upcalls upcalls(ns);

	stress::delete_datapaths(ns, upcalls, any_storm());
}
