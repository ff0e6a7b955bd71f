// SPDX-License-Identifier: GPL-2.0-only
/* Requests of every kind at the same time, with packets in between. */
#include "flood.h"

#include <unistd.h>

using namespace lab;

TEST(Concurrent, RequestsOfEveryKind)
{
	const Netns ns;
	Upcalls upcalls(ns);
	Datapath dp(ns);
	Wire p1(ns, dp, "p1", upcalls.pid());
	Wire p2(ns, dp, "p2", upcalls.pid());
	std::atomic<bool> stop{false};
	std::atomic<uint64_t> done{0};
	std::vector<std::thread> threads;
	const auto loop = [&](auto work) {
		threads.emplace_back([&, work] {
			Netlink own(ns);

			for (uint32_t i = 0; !stop; i++, done++)
				work(own, i);
		});
	};
	const auto key = [](uint32_t i) {
		return fmt::format("in_port(1),eth(),eth_type(0x0800),ipv4(proto=17,src=10.1.{}.{}/"
				   "255.255.255.{}),udp(src={})",
				   i / 8 % 2, i % 8, i % 3 ? 255 : 240, 1000 + i % 5);
	};
	const auto flow = [&](Netlink &own, uint8_t cmd, uint32_t i, const char *actions) {
		Request asked = dp.flow_request(cmd, key(i), {.actions = actions,
							      .flags = NLM_F_CREATE | NLM_F_ECHO});
		const Answer answer = own.ask(asked);

		EXPECT_TRUE(answer.ok() || answer.error == EEXIST || answer.error == ENOENT)
			<< answer.error << ' ' << answer.why;
	};

	/* families are looked up once, before threads share the table of them */
	for (const char *name : {OVS_DATAPATH_FAMILY, OVS_VPORT_FAMILY, OVS_FLOW_FAMILY, OVS_PACKET_FAMILY})
		family(name);
	loop([&](Netlink &own, uint32_t i) { flow(own, OVS_FLOW_CMD_NEW, i * 7, "2"); });
	loop([&](Netlink &own, uint32_t i) { flow(own, OVS_FLOW_CMD_NEW, i * 5, "clone(2),1"); });
	loop([&](Netlink &own, uint32_t i) { flow(own, OVS_FLOW_CMD_SET, i * 3, "recirc(1)"); });
	loop([&](Netlink &own, uint32_t i) {
		Request gone = dp.flow_request(OVS_FLOW_CMD_DEL, i % 64 ? key(i * 11) : "",
					       {.flags = NLM_F_ECHO});
		own.ask(gone);
	});
	loop([&](Netlink &own, uint32_t) {
		EXPECT_OK(ask(own, OVS_FLOW_FAMILY, OVS_FLOW_CMD_GET, dp.ifindex(), {}, NLM_F_DUMP));
	});
	loop([&](Netlink &own, uint32_t i) {
		const std::string name = fmt::format("int{}", i % 3);
		AttrWriter gone;

		ask(own, OVS_VPORT_FAMILY, OVS_VPORT_CMD_NEW, dp.ifindex(),
		    port_attrs(name, OVS_VPORT_TYPE_INTERNAL));
		EXPECT_OK(ask(own, OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET, dp.ifindex(), {}, NLM_F_DUMP));
		gone.str(OVS_VPORT_ATTR_NAME, name);
		ask(own, OVS_VPORT_FAMILY, OVS_VPORT_CMD_DEL, dp.ifindex(), gone);
	});
	loop([&](Netlink &own, uint32_t i) {
		AttrWriter attrs;

		attrs.u32(OVS_DP_ATTR_USER_FEATURES, i % 2 ? 8 : 3);
		put_u32s(attrs, OVS_DP_ATTR_PER_CPU_PIDS, {upcalls.pid(), i});
		EXPECT_OK(ask(own, OVS_DATAPATH_FAMILY, OVS_DP_CMD_SET, dp.ifindex(), attrs));
	});
	{
		const stress::Flood flood(ns, "p1x");

		for (int i = 0; i < 60; i++) {
			usleep(100000);
			stress::drain(upcalls);
		}
	}
	stop = true;
	for (std::thread &thread : threads)
		thread.join();
	fmt::print("{} requests\n", done.load());
	EXPECT_GT(done, 100u);

	/* Whole, and at work. */
	dp.flush();
	dp.flow(from(1), "2");
	while (p2.tap.receive(0))
		;
	p1.tap.send(udp_frame(4711));
	EXPECT_BYTES(p2.tap.receive_bytes(), udp_frame(4711));
}
