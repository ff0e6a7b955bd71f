// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation of every command is refused once. A command that fails must have changed
 * nothing; what it leaked, kmemleak tells at the end of the run.
 */
#include "lab.h"

#include <fstream>
#include <functional>
#include <system_error>
#include <unistd.h>

using namespace lab;

namespace
{

/** The next so many allocations of this thread: the last of them fails. */
class FailNth
{
public:
	explicit FailNth(int n) { write(n); }
	~FailNth() { write(0); }

	/** It has failed. */
	static bool happened()
	{
		int left = -1;

		std::ifstream("/proc/thread-self/fail-nth") >> left;
		return left == 0;
	}

	static bool available() { return access("/proc/thread-self/fail-nth", W_OK) == 0; }

private:
	static void write(int n) { std::ofstream("/proc/thread-self/fail-nth") << n << std::flush; }
};

class Failslab : public Bare
{
protected:
	void SetUp() override
	{
		if (!FailNth::available())
			GTEST_SKIP() << "the kernel cannot refuse allocations on purpose";
		/* Allocations that may sleep are the ones that requests make. */
		std::ofstream("/sys/kernel/debug/failslab/ignore-gfp-wait") << "N" << std::flush;
		std::ofstream("/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait") << "N" << std::flush;
		std::ofstream("/sys/kernel/debug/failslab/verbose") << 0 << std::flush;
		std::ofstream("/sys/kernel/debug/fail_page_alloc/verbose") << 0 << std::flush;
		veth_add(ns, "v0", "v1");
		for (const char *name : {OVS_DATAPATH_FAMILY, OVS_VPORT_FAMILY, OVS_FLOW_FAMILY,
					 OVS_PACKET_FAMILY})
			family(name);
	}

	/** All that a user can see, as text. */
	std::string state()
	{
		std::string text;

		for (const Bytes &raw : ask_dp(OVS_DP_CMD_GET, {}, NLM_F_DUMP).messages) {
			const mf::Datapath found = mf::parse_datapath(message_of(raw));

			text += fmt::format("{} features {} cache {} flows {}\n", found.name,
					    found.user_features, found.masks_cache_size.value_or(0),
					    found.stats.n_flows);
			for (const Bytes &port_raw :
			     ask(netlink, OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET, found.ifindex, {},
				 NLM_F_DUMP).messages) {
				const mf::Port port = mf::parse_port(message_of(port_raw));

				text += fmt::format(" port {} {} pid {}\n", port.number, port.name,
						    port.upcall_pids.at(0));
			}
			for (const Bytes &flow_raw :
			     ask(netlink, OVS_FLOW_FAMILY, OVS_FLOW_CMD_GET, found.ifindex, {},
				 NLM_F_DUMP).messages)
				text += " " + mf::to_hex(mf::parse_flow(message_of(flow_raw)).key) + " " +
					mf::to_hex(mf::parse_flow(message_of(flow_raw))
							   .actions.value_or(Bytes{})) + "\n";
		}
		const auto link = link_find(ns, "v0");
		return text + fmt::format("v0 master {} promiscuity {}\n", link->master, link->promiscuity);
	}

	/**
	 * Lets each allocation of a request fail, until it has none left.
	 * @param undo	brings the state back after a success
	 */
	void exhaust(const std::string &what, const std::function<Request()> &make,
		     const std::function<void()> &undo = [] {})
	{
		const std::string before = state();
		int n = 1;

		for (;; n++) {
			Request sent = make();
			std::optional<Answer> answer;
			bool happened;

			ASSERT_LT(n, 3000) << what;
			{
				const FailNth fail(n);

				/* Where even the ACK finds no memory, the socket says so instead. */
				try {
					answer = netlink.ask(sent);
				} catch (const std::system_error &) {
				}
				happened = FailNth::happened();
			}
			while (netlink.receive(0))
				;
			if (answer && !answer->ok()) {
				EXPECT_TRUE(happened) << what << ": errno " << answer->error;
				EXPECT_EQ(state(), before) << what << ", allocation " << n;
			} else if (state() != before) {
				undo();
				ASSERT_EQ(state(), before) << what << ", allocation " << n << ", undone";
			}
			if (!happened)
				break;
		}
		fmt::print("{}: {} allocations\n", what, n - 1);
		EXPECT_GT(n, 1) << what << ": not one was refused";
	}

	Request made(const std::string &name, uint8_t cmd, int ifindex, const AttrWriter &attrs,
		     uint16_t flags = NLM_F_ECHO)
	{
		Request out = request(name, cmd, ifindex, flags);

		append(out, attrs);
		return out;
	}
};

} // namespace

TEST_F(Failslab, DatapathCommands)
{
	AttrWriter make = datapath_attrs("br0", 1, 8);
	AttrWriter name, change;

	put_u32s(make, OVS_DP_ATTR_PER_CPU_PIDS, {1, 2});
	name.str(OVS_DP_ATTR_NAME, "br0");
	exhaust("dp new", [&] { return made(OVS_DATAPATH_FAMILY, OVS_DP_CMD_NEW, 0, make); },
		[&] { ask_dp(OVS_DP_CMD_DEL, name); });

	const Datapath dp(ns, "br0", 8);
	change.u32(OVS_DP_ATTR_USER_FEATURES, 8);
	put_u32s(change, OVS_DP_ATTR_PER_CPU_PIDS, {3, 4});
	exhaust("dp set", [&] { return made(OVS_DATAPATH_FAMILY, OVS_DP_CMD_SET, dp.ifindex(), change); });
	exhaust("dp get", [&] { return made(OVS_DATAPATH_FAMILY, OVS_DP_CMD_GET, dp.ifindex(), {}); });
	exhaust("dp dump", [&] {
		return made(OVS_DATAPATH_FAMILY, OVS_DP_CMD_GET, 0, {}, NLM_F_DUMP);
	});
	exhaust("dp del", [&] { return made(OVS_DATAPATH_FAMILY, OVS_DP_CMD_DEL, 0, name); },
		[&] { ask_dp(OVS_DP_CMD_NEW, datapath_attrs("br0", 0, 8)); });
}

TEST_F(Failslab, PortCommands)
{
	Datapath dp(ns, "br0");
	AttrWriter number, pid;

	number.u32(OVS_VPORT_ATTR_PORT_NO, 1);
	const auto remove = [&] { dp.ask_port(OVS_VPORT_CMD_DEL, number); };
	exhaust("vport new, netdev", [&] {
		return made(OVS_VPORT_FAMILY, OVS_VPORT_CMD_NEW, dp.ifindex(),
			    port_attrs("v0", OVS_VPORT_TYPE_NETDEV, {1, 2}));
	}, remove);
	exhaust("vport new, internal", [&] {
		return made(OVS_VPORT_FAMILY, OVS_VPORT_CMD_NEW, dp.ifindex(),
			    port_attrs("int0", OVS_VPORT_TYPE_INTERNAL));
	}, remove);

	dp.add("v0");
	pid = number;
	pid.u32(OVS_VPORT_ATTR_UPCALL_PID, 7);
	exhaust("vport set", [&] {
		return made(OVS_VPORT_FAMILY, OVS_VPORT_CMD_SET, dp.ifindex(), pid);
	}, [&] {
		AttrWriter back = number;

		back.u32(OVS_VPORT_ATTR_UPCALL_PID, 0);
		dp.ask_port(OVS_VPORT_CMD_SET, back);
	});
	exhaust("vport get", [&] {
		return made(OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET, dp.ifindex(), number);
	});
	exhaust("vport dump", [&] {
		return made(OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET, dp.ifindex(), {}, NLM_F_DUMP);
	});
	exhaust("vport del", [&] {
		return made(OVS_VPORT_FAMILY, OVS_VPORT_CMD_DEL, dp.ifindex(), number);
	}, [&] { dp.add("v0"); });
}

TEST_F(Failslab, FlowCommands)
{
	Datapath dp(ns, "br0");
	const std::string key = "in_port(1),eth(),eth_type(0x0800),ipv4(proto=17),udp(src=7)";
	const FlowAsk make{.actions = "1,clone(set(ipv4(ttl=3)),2),sample(sample=10.0%,actions(3)),"
				      "userspace(pid=9,userdata(010203),actions)",
			   .ufid = pattern(16), .flags = NLM_F_CREATE | NLM_F_ECHO};
	const FlowAsk keyed{.actions = "1", .flags = NLM_F_CREATE | NLM_F_ECHO};
	const FlowAsk by_ufid{.ufid = pattern(16), .flags = NLM_F_ECHO};

	exhaust("flow new, ufid", [&] { return dp.flow_request(OVS_FLOW_CMD_NEW, key, make); },
		[&] { dp.flush(); });
	exhaust("flow new, key", [&] { return dp.flow_request(OVS_FLOW_CMD_NEW, key, keyed); },
		[&] { dp.flush(); });

	ASSERT_OK(dp.ask_flow(OVS_FLOW_CMD_NEW, key, make));
	FlowAsk other = make;
	other.actions = "5,clone(6)";
	other.flags = NLM_F_ECHO;
	exhaust("flow set", [&] { return dp.flow_request(OVS_FLOW_CMD_SET, key, other); },
		[&] { dp.ask_flow(OVS_FLOW_CMD_SET, key, make); });
	exhaust("flow get", [&] { return dp.flow_request(OVS_FLOW_CMD_GET, "", by_ufid); });
	exhaust("flow dump", [&] {
		return made(OVS_FLOW_FAMILY, OVS_FLOW_CMD_GET, dp.ifindex(), {}, NLM_F_DUMP);
	});
	exhaust("flow del", [&] { return dp.flow_request(OVS_FLOW_CMD_DEL, "", by_ufid); },
		[&] { dp.ask_flow(OVS_FLOW_CMD_NEW, key, make); });
	exhaust("flow flush", [&] { return dp.flow_request(OVS_FLOW_CMD_DEL, "", {}); },
		[&] { dp.ask_flow(OVS_FLOW_CMD_NEW, key, make); });
}

TEST_F(Failslab, Execute)
{
	Datapath dp(ns, "br0");
	Upcalls upcalls(ns);
	AttrWriter attrs;

	dp.add("v0");
	const size_t nest = attrs.begin(OVS_PACKET_ATTR_KEY | NLA_F_NESTED);
	mf::encode_key(mf::parse_key("key", "in_port(1)", nullptr), attrs);
	attrs.end(nest);
	attrs.put(OVS_PACKET_ATTR_ACTIONS | NLA_F_NESTED,
		  actions_of_text(fmt::format("1,set(ipv4(ttl=9)),1,push_vlan(vid=5,pcp=0),"
					      "userspace(pid={0},userdata(01),actions),clone(pop_vlan,1),"
					      "trunc(30),userspace(pid={0}),recirc(4)",
					      upcalls.pid())));
	attrs.put(OVS_PACKET_ATTR_PACKET, udp_frame());
	exhaust("execute", [&] {
		return made(OVS_PACKET_FAMILY, OVS_PACKET_CMD_EXECUTE, dp.ifindex(), attrs);
	});
}
