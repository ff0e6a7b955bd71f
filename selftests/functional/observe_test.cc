// SPDX-License-Identifier: GPL-2.0-only
/* What can be watched from outside: tracepoints, headroom, features of devices. */
#include "lab.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

using namespace lab;

class Observe : public Lab
{
protected:
	static inline const std::string TRACE = "/sys/kernel/tracing/";

	static void put(const std::string &file, const std::string &text)
	{
		std::ofstream(TRACE + file) << text << std::flush;
	}

	static std::string trace()
	{
		std::ifstream in(TRACE + "trace");
		std::stringstream text;

		text << in.rdbuf();
		return text.str();
	}

	/* @return how far into its buffer the packet's link header stands when p1 receives it */
	size_t headroom_of_p1()
	{
		put("trace", "");
		p1.tap.send(udp_frame());
		p2.tap.receive_bytes();
		std::istringstream lines(trace());
		std::string line;
		while (std::getline(lines, line)) {
			const size_t at = line.find("mac_header=");

			if (line.find("dev=p1 ") != std::string::npos && at != std::string::npos)
				return std::stoul(line.substr(at + 11));
		}
		return 0;
	}
};

TEST_F(Observe, TracepointsTellOfUpcallsAndActions)
{
	if (!std::filesystem::exists(TRACE + "events/openvswitch"))
		GTEST_SKIP() << "the kernel has no tracefs, or no tracepoints in modules";
	for (const char *event : {"ovs_dp_upcall", "ovs_do_execute_action"})
		ASSERT_TRUE(std::filesystem::exists(TRACE + "events/openvswitch/" + event)) << event;
	put("trace", "");
	put("events/openvswitch/enable", "1");
	p1.tap.send(udp_frame());
	EXPECT_TRUE(upcalls.next());
	dp.flow(from(1), "2");
	p1.tap.send(udp_frame());
	p2.tap.receive_bytes();
	put("events/openvswitch/enable", "0");
	EXPECT_NE(trace().find("ovs_dp_upcall:"), std::string::npos);
	EXPECT_NE(trace().find("ovs_do_execute_action:"), std::string::npos);
}

TEST_F(Observe, H87_OnlyDropsAreReportedAsDrops)
{
	const std::string event = "events/skb/kfree_skb/enable";

	if (!std::filesystem::exists(TRACE + event))
		GTEST_SKIP() << "the kernel has no tracefs, or no tracepoint skb:kfree_skb";
	dp.flow("in_port(1),eth(),eth_type(0x0800),ipv4(proto=17),udp(dst=1)", "2,3");
	dp.flow("in_port(1),eth(),eth_type(0x0800),ipv4(proto=17),udp(dst=2)",
		fmt::format("userspace(pid={}),2", upcalls.pid()));
	dp.flow("in_port(1),eth(),eth_type(0x0800),ipv4(proto=17),udp(dst=3)", "drop");
	put("trace", "");
	put(event, "1");
	for (int i = 0; i < 20; i++) {
		p1.tap.send(udp_frame(1000, 1));
		p1.tap.send(udp_frame(1000, 2));
		p1.tap.send(udp_frame(1000, 4));
		ASSERT_TRUE(upcalls.next());
		ASSERT_TRUE(upcalls.next());
	}
	for (int i = 0; i < 5; i++)
		p1.tap.send(udp_frame(1000, 3));
	usleep(100000);
	put(event, "0");

	/* The host's protocols refuse what the other ends of the wires hear, and say why. */
	int drops = 0;
	std::istringstream lines(trace());
	for (std::string line; std::getline(lines, line);)
		drops += line.find("kfree_skb:") != std::string::npos &&
			 line.find("OTHERHOST") == std::string::npos;
	EXPECT_EQ(drops, 5) << trace();
}

TEST_F(Observe, HeadroomOfATunnelIsLeftByAllPorts)
{
	const std::string event = "events/net/netif_rx_entry/enable";

	if (!std::filesystem::exists(TRACE + event))
		GTEST_SKIP() << "the kernel has no tracepoint net:netif_rx_entry";
	dp.flow(from(1), "2");
	put(event, "1");
	const size_t before = headroom_of_p1();
	shell(ns, "ip link add vx0 type vxlan id 1 remote 10.9.9.9 dstport 4789 dev p3x && ip link set vx0 up");
	const uint32_t tunnel = dp.add("vx0");
	const size_t with = headroom_of_p1();
	dp.remove(tunnel);
	const size_t after = headroom_of_p1();
	put(event, "0");
	EXPECT_GT(with, before + 16);
	EXPECT_EQ(after, before);
}

TEST_F(Observe, InternalDevicesOffloadSegmentation)
{
	dp.add_internal("int0", upcalls.pid());
	shell(ns, "ethtool -k int0 | grep -q 'tcp-segmentation-offload: on'");
	shell(ns, "ethtool -i int0 | grep -q 'driver: openvswitch'");
}

TEST_F(Observe, LargeReceiveOffloadIsOff)
{
	/* veth cannot LRO; what matters is that a port never has it on. */
	shell(ns, "! ethtool -k p1 | grep -q '^large-receive-offload: on'");
}
