// SPDX-License-Identifier: GPL-2.0-only
/* Connections, translations and fragments in the making, while what they need is taken away. */
#include "storm.h"

#include "lab/conntrack.h"
#include "lab/fragments.h"
#include "lab/proc.h"

#include <linux/netlink.h>
#include <unistd.h>

using namespace lab;
using stress::Flood;

/* New connections by UDP and TCP, whole and in pieces, over IPv4 and IPv6; some are never complete. */
static std::vector<Bytes> connections()
{
	std::vector<Bytes> out;
	const auto add = [&out](const std::vector<Bytes> &more) {
		out.insert(out.end(), more.begin(), more.end());
	};

	for (uint16_t i = 0; i < 64; i++) {
		const Tins::UDP udp(2000, 1000 + i);
		const Tins::RawPDU large(std::string(3000, 'x'));
		const Bytes v4 = frame(eth() / Tins::IP(IP_B, IP_A) / udp / large);
		const Bytes v6 = frame(eth() / Tins::IPv6(IP6_B, IP6_A) / udp / large);

		out.push_back(udp_frame(1000 + i, 2000));
		out.push_back(tcp_frame(1000 + i, 21, Tins::TCP::SYN));
		add(fragments(v4, 1500, i));
		add(fragments(v6, 1500, i));
		/* The rest never comes. */
		out.push_back(fragments(v4, 1500, 1000 + i)[0]);
		out.push_back(fragments(v6, 1500, 1000 + i)[1]);
	}
	return out;
}

/* Connections are made in two zones, changed on the way, and told to user space. */
static void track(Datapath &dp, uint32_t upcall_pid)
{
	for (int port = 1; port <= 2; port++) {
		const std::string in = fmt::format("in_port({}),eth(),", port);
		const int other = 3 - port;

		dp.flow("recirc_id(0)," + in + "eth_type(0x0800),ipv4(proto=17),udp()",
			"ct(commit,zone=1,nat(src=10.9.0.1-10.9.0.20)),recirc(1)");
		dp.flow("recirc_id(0)," + in + "eth_type(0x0800),ipv4(proto=6),tcp(),tcp_flags(0/0)",
			"ct(commit,zone=1,helper=ftp,nat(dst=10.8.0.8)),recirc(1)");
		dp.flow("recirc_id(0)," + in + "eth_type(0x86dd),ipv6()",
			"ct(force_commit,zone=2,mark=0x1/0x1,label=0x5/0xf),recirc(1)");
		dp.flow("recirc_id(1)," + in + "eth_type(0x0800),ipv4()",
			fmt::format("clone(ct(commit,zone=2,nat(src=10.7.0.7)),{0}),"
				    "userspace(pid={1}),ct_clear,{0}",
				    other, upcall_pid));
		dp.flow("recirc_id(1)," + in + "eth_type(0x86dd),ipv6()", fmt::format("{}", other));
	}
}

static void limit(Datapath &dp, bool set, uint32_t most)
{
	for (const int zone : {1, 2}) {
		const ovs_zone_limit row{zone, most, 0};
		AttrWriter attrs;

		attrs.put(OVS_CT_LIMIT_ATTR_ZONE_LIMIT, mf::bytes_of(row));
		EXPECT_OK(ask(dp.socket(), OVS_CT_LIMIT_FAMILY,
			      set ? OVS_CT_LIMIT_CMD_SET : OVS_CT_LIMIT_CMD_DEL, 0, attrs));
	}
}

static int tracked(const Netns &ns)
{
	return std::stoi(proc(ns, "sys/net/netfilter/nf_conntrack_count"));
}

/* What was tracked can be forgotten: a reference that nobody gives back would keep it. */
static void expect_forgotten(const Netns &ns)
{
	Netlink netlink(ns, NETLINK_NETFILTER);

	/* Packets on their way may still begin one. */
	for (int i = 0; i < 500 && (i == 0 || tracked(ns)); i++) {
		flush_connections(netlink);
		usleep(10000);
	}
	EXPECT_EQ(tracked(ns), 0);
}

static stress::Storm ct_storm()
{
	return {connections(), 200,
		[](Datapath &dp, uint32_t upcall_pid) {
			track(dp, upcall_pid);
			limit(dp, true, 50);
		},
		[](const Netns &ns) { EXPECT_GT(tracked(ns), 0); }};
}

TEST(CtStorm, FlowsAndLimitsUnderTraffic)
{
	const int n = stress::rounds(100);
	const Netns ns;
	Upcalls upcalls(ns);
	Datapath dp(ns);
	const Wire p1(ns, dp, "p1", upcalls.pid());
	const Wire p2(ns, dp, "p2", upcalls.pid());
	int most = 0;
	{
		const Flood flood(ns, "p1x", connections());
		const Flood back(ns, "p2x", connections());

		for (int i = 0; i < n; i++) {
			track(dp, upcalls.pid());
			limit(dp, true, i % 2 ? 5 : 0);
			flood.wait_for(200);
			most = std::max(most, tracked(ns));
			if (i % 3)
				dp.flush();
			limit(dp, false, 0);
			dp.flush();
			stress::drain(upcalls);
		}
	}
	EXPECT_GT(most, 20);
	expect_forgotten(ns);
}

TEST(CtStorm, PortsUnderTraffic)
{
	const Netns ns;
	Upcalls upcalls(ns);
	Datapath dp(ns);
	stress::Storm storm = ct_storm();

	storm.prepare = track;
	ASSERT_NO_FATAL_FAILURE(stress::unplug_devices(ns, dp, upcalls, storm));
	expect_forgotten(ns);
}

TEST(CtStorm, DatapathsUnderTraffic)
{
	const Netns ns;
	Upcalls upcalls(ns);

	stress::delete_datapaths(ns, upcalls, ct_storm());
	expect_forgotten(ns);
}

TEST(CtStorm, NamespacesUnderTraffic)
{
	stress::delete_namespaces(ct_storm());
}

/* Afterwards everything can go that the module was built upon. */
TEST(CtStorm, ModulesUnderTraffic)
{
	const int n = stress::rounds(100);

	for (int i = 0; i < n; i++) {
		const Netns ns;
		Upcalls upcalls(ns);
		Datapath dp(ns);
		const Wire p1(ns, dp, "p1", upcalls.pid());
		const Wire p2(ns, dp, "p2", upcalls.pid());

		track(dp, upcalls.pid());
		{
			const Flood flood(ns, "p1x", connections());
			const Flood back(ns, "p2x", connections());

			flood.wait_for(200);
			EXPECT_GT(tracked(ns), 0);
			dp.forget();
			ASSERT_TRUE(stress::unload()) << "round " << i << ": " << strerror(errno);
		}
		expect_forgotten(ns);
		if (i + 1 < n)
			stress::load();
	}
	/* Namespaces go later than their last descriptor, and hold modules until then. */
	EXPECT_EQ(std::system("for name in nf_nat_ftp nf_conntrack_ftp nf_conntrack_netlink nf_conncount "
			      "nf_nat nf_conntrack; do for i in $(seq 500); do "
			      "grep -q \"^$name \" /proc/modules || break; "
			      "rmmod $name 2>/tmp/rmmod && break; sleep 0.02; done; done; "
			      "! grep -E '^nf_(nat|conntrack)' /proc/modules || { cat /tmp/rmmod; false; }"),
		  0);
	stress::load();
}
