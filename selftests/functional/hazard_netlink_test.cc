// SPDX-License-Identifier: GPL-2.0-only
/* Requests that have hurt datapaths in the past; each test has its hazard's number. */
#include "lab.h"

#include <atomic>
#include <thread>

using namespace lab;

class Hazard : public Bare
{
protected:
	Answer install(const Bytes &actions, const std::string &key = from(1), uint16_t flags = NLM_F_CREATE)
	{
		Request sent = dp.flow_request(OVS_FLOW_CMD_NEW, key, {.flags = flags});

		sent.put(OVS_FLOW_ATTR_ACTIONS | NLA_F_NESTED, actions);
		return netlink.ask(sent);
	}

	static Bytes outputs(size_t n)
	{
		AttrWriter list;

		for (size_t i = 0; i < n; i++)
			list.u32(OVS_ACTION_ATTR_OUTPUT, static_cast<uint32_t>(i % 9));
		return list.bytes();
	}

	/** One attribute around raw bytes, as a SET or USERSPACE action. */
	static Bytes action(uint16_t type, const std::string &digits)
	{
		AttrWriter list;

		list.put(type, hex(digits));
		return list.bytes();
	}

	/** Offers a raw key. */
	Answer offer_key(const Bytes &key)
	{
		Request sent = request(OVS_FLOW_FAMILY, OVS_FLOW_CMD_NEW, dp.ifindex(), NLM_F_CREATE);

		sent.put(OVS_FLOW_ATTR_KEY | NLA_F_NESTED, key);
		sent.put(OVS_FLOW_ATTR_ACTIONS | NLA_F_NESTED, {});
		return netlink.ask(sent);
	}

	Datapath dp{ns, "br0"};
};

TEST_F(Hazard, H01_ActionListsAroundPowersOfTwo)
{
	for (size_t size = 256; size <= 32768; size *= 2)
		for (size_t n : {size / 8 - 1, size / 8, size / 8 + 1}) {
			EXPECT_OK(install(outputs(n)));
			EXPECT_BYTES(dp.get_flow(from(1)).actions.value(), outputs(n));
			dp.flush();
		}
}

TEST_F(Hazard, H03_ErrorInsideNestedListsLeavesNothing)
{
	AttrWriter list;
	const size_t nest = list.begin(OVS_ACTION_ATTR_CLONE);

	append(list, AttrWriter(actions_of_text("userspace(pid=1,userdata(0102)),set(eth(src=02:00:00:00:00:01))")));
	list.put(OVS_ACTION_ATTR_OUTPUT, {});
	list.end(nest);
	for (int i = 0; i < 100; i++)
		EXPECT_REFUSED(install(list.bytes()), EINVAL);
}

TEST_F(Hazard, H04_NestingIsBounded)
{
	Bytes list = outputs(1);

	for (int depth = 1; depth <= 40; depth++) {
		AttrWriter outer;

		outer.put(OVS_ACTION_ATTR_CLONE, list);
		list = outer.bytes();
		if (depth <= 16) {
			EXPECT_OK(install(list));
		} else {
			EXPECT_REFUSED(install(list), EOVERFLOW) << depth;
		}
		dp.flush();
	}
}

TEST_F(Hazard, H05_H07_LargestActionList)
{
	EXPECT_OK(install(outputs(8191)));
	EXPECT_BYTES(dp.get_flow(from(1)).actions.value(), outputs(8191));
	EXPECT_EQ(dp.dump_flows().size(), 1u);
}

TEST_F(Hazard, H06_FirstActionIsTheLargest)
{
	AttrWriter list;
	const size_t nest = list.begin(OVS_ACTION_ATTR_USERSPACE);

	list.u32(OVS_USERSPACE_ATTR_PID, 1);
	list.put(OVS_USERSPACE_ATTR_USERDATA, pattern(60000));
	list.end(nest);
	EXPECT_OK(install(list.bytes()));
	EXPECT_BYTES(dp.get_flow(from(1)).actions.value(), list.bytes());
}

TEST_F(Hazard, H09_UserspaceWithBrokenTail)
{
	for (const char *bad : {"0800010001000000 01", "0800010001000000 0500", "0800010001000000 ff000200",
				"0800010001000000 03000200", "0400"})
		EXPECT_REFUSED(install(action(OVS_ACTION_ATTR_USERSPACE, bad)), EINVAL) << bad;
}

TEST_F(Hazard, H10_SetWithInnerLengthThatLies)
{
	/* skb_mark (15): too long, too short, trailing bytes, two of them, none */
	for (const char *bad : {"0c000f00 00000000", "03000f00 00000000", "08000f00 00000000 00000000",
				"08000f00 00000000 08000200 00000000", "", "0800", "04000f00"})
		for (uint16_t type : {OVS_ACTION_ATTR_SET, OVS_ACTION_ATTR_SET_MASKED})
			EXPECT_REFUSED(install(action(type, bad)), EINVAL) << bad;
}

TEST_F(Hazard, H12_SettingNshFields)
{
	for (uint16_t type : {OVS_ACTION_ATTR_SET, OVS_ACTION_ATTR_SET_MASKED})
		EXPECT_REFUSED(install(action(type, "10001c00 0c000100 0000000000000000")), EINVAL);
}

TEST_F(Hazard, H13_SettingMplsOfTheWrongLength)
{
	const std::string key = "in_port(1),eth(),eth_type(0x8847),mpls(label=1,tc=0,ttl=64,bos=1)";

	for (const char *bad : {"04001500", "06001500 0000 0000", "0c001500 0000000000000000",
				"10001500 000000000000000000000000"})
		EXPECT_REFUSED(install(action(OVS_ACTION_ATTR_SET, bad), key), EINVAL) << bad;
}

TEST_F(Hazard, H15_KeyAttributesThatAreTooShort)
{
	for (uint16_t type = 0; type <= 40; type++)
		for (size_t length : {0u, 1u, 3u}) {
			AttrWriter key;

			append(key, AttrWriter(hex("08000300 01000000")));
			key.put(type, Bytes(length, 0));
			EXPECT_REFUSED(offer_key(key.bytes()), EINVAL) << type << ", " << length << " bytes";
		}
}

TEST_F(Hazard, H18_EchoOfASetByUfid)
{
	const std::string key = "recirc_id(1),in_port(1),eth(),eth_type(0x86dd),ipv6(proto=58),"
				"icmpv6(type=135,code=0),nd(target=fc00::2)";

	ASSERT_OK(dp.ask_flow(OVS_FLOW_CMD_NEW, key,
			      {.actions = "1", .ufid = pattern(16), .flags = NLM_F_CREATE}));
	for (const std::string &given : {key, std::string(), from(7)}) {
		const Answer answer = dp.ask_flow(OVS_FLOW_CMD_SET, given,
						  {.ufid = pattern(16), .flags = NLM_F_ECHO});
		EXPECT_OK(answer);
		EXPECT_EQ(answer.messages.size(), 1u);
	}
}

TEST_F(Hazard, H19_UfidGivenForAKeyedFlow)
{
	ASSERT_OK(install(outputs(1000)));
	const Answer answer = dp.ask_flow(OVS_FLOW_CMD_NEW, from(1),
					  {.actions = "1", .ufid = pattern(16), .flags = NLM_F_ECHO});
	EXPECT_OK(answer);
	ASSERT_EQ(answer.messages.size(), 1u);
	EXPECT_TRUE(mf::parse_flow(message_of(answer.messages[0])).ufid.empty());
}

TEST_F(Hazard, H22_DumpIntoASmallBuffer)
{
	for (int i = 0; i < 300; i++)
		dp.flow(fmt::format("in_port({}),eth(),eth_type(0x0800),ipv4()", i), "1,2,3");
	netlink.set_receive_buffer(2304);
	EXPECT_EQ(ask(netlink, OVS_FLOW_FAMILY, OVS_FLOW_CMD_GET, dp.ifindex(), {}, NLM_F_DUMP)
			  .messages.size(), 300u);
}

TEST_F(Hazard, H23_MorePidsThanCpus)
{
	AttrWriter many, number;

	many.u32(OVS_VPORT_ATTR_PORT_NO, 0);
	number = many;
	put_u32s(many, OVS_VPORT_ATTR_UPCALL_PID, std::vector<uint32_t>(15000, 1));
	EXPECT_REFUSED(dp.ask_port(OVS_VPORT_CMD_SET, many), EINVAL);
	EXPECT_REFUSED(dp.ask_port(OVS_VPORT_CMD_NEW,
				   port_attrs("int0", OVS_VPORT_TYPE_INTERNAL,
					      std::vector<uint32_t>(15000, 1))), EINVAL);
	EXPECT_OK(dp.ask_port(OVS_VPORT_CMD_GET, number));
}

TEST_F(Hazard, H24_SeveralPids)
{
	EXPECT_OK(dp.ask_port(OVS_VPORT_CMD_NEW, port_attrs("int0", OVS_VPORT_TYPE_INTERNAL, {1, 2})));
}

TEST_F(Hazard, H25_NegativeIfindex)
{
	AttrWriter port = port_attrs("int0", OVS_VPORT_TYPE_INTERNAL);
	AttrWriter datapath = datapath_attrs("br1");

	port.u32(OVS_VPORT_ATTR_IFINDEX, 0xffffffff);
	datapath.u32(OVS_DP_ATTR_IFINDEX, 0xffffffff);
	EXPECT_REFUSED(dp.ask_port(OVS_VPORT_CMD_NEW, port), ERANGE);
	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_NEW, datapath), ERANGE);
}

TEST_F(Hazard, H26_OldVersionOfTheFamily)
{
	for (int version : {0, 1, 2, 3, 255})
		EXPECT_REFUSED(ask_dp(OVS_DP_CMD_NEW, datapath_attrs("br0"), 0, 0, version), EEXIST);
}

TEST_F(Hazard, H28_KeysThatMustNotBe)
{
	for (uint16_t type : std::initializer_list<uint16_t>{OVS_KEY_ATTR_PACKET_TYPE, OVS_KEY_ATTR_ND_EXTENSIONS,
							     OVS_KEY_ATTR_TUNNEL_INFO, 33, 34, 100}) {
		AttrWriter key = AttrWriter(hex("08000300 01000000"));

		key.put(type, Bytes(4, 0));
		EXPECT_REFUSED(offer_key(key.bytes()), EINVAL) << type;
	}
}

TEST_F(Hazard, H38_EchoOfTheLastFlowOfAMask)
{
	for (int i = 0; i < 200; i++) {
		const std::string key = fmt::format("in_port(1),eth(),eth_type(0x0800),ipv4(ttl={}/{})", 1 << i % 8,
						    1 << i % 8);
		dp.flow(key, "1");
		const Answer answer = dp.ask_flow(OVS_FLOW_CMD_DEL, key, {.flags = NLM_F_ECHO});
		ASSERT_EQ(answer.messages.size(), 1u);
		EXPECT_TRUE(mf::parse_flow(message_of(answer.messages[0])).mask);
	}
}

TEST_F(Hazard, H40_DatapathDeletedWithItsFlows)
{
	Datapath other(ns, "br1");

	for (int i = 0; i < 500; i++)
		other.flow(fmt::format("in_port({}),eth(),eth_type(0x0800),ipv4()", i), "1,2,3");
}

TEST_F(Hazard, H47_InternalDeviceThatCannotBeRegistered)
{
	for (int i = 0; i < 50; i++) {
		AttrWriter clash = port_attrs("int0", OVS_VPORT_TYPE_INTERNAL);

		clash.u32(OVS_VPORT_ATTR_IFINDEX, static_cast<uint32_t>(dp.ifindex()));
		EXPECT_REFUSED(dp.ask_port(OVS_VPORT_CMD_NEW, clash), EBUSY);
		EXPECT_REFUSED(dp.ask_port(OVS_VPORT_CMD_NEW,
					   port_attrs("br0", OVS_VPORT_TYPE_INTERNAL)), EEXIST);
	}
}

TEST_F(Hazard, H48_DatapathThatCannotBeMadeForgetsItsPids)
{
	AttrWriter attrs = datapath_attrs("br0", 1, OVS_DP_F_DISPATCH_UPCALL_PER_CPU);

	put_u32s(attrs, OVS_DP_ATTR_PER_CPU_PIDS, {1, 2, 3});
	for (int i = 0; i < 50; i++)
		EXPECT_REFUSED(ask_dp(OVS_DP_CMD_NEW, attrs), EEXIST);
}

TEST_F(Hazard, H51_PortAskedForWhileItMoves)
{
	const Netns other;
	std::atomic<bool> stop{false};
	AttrWriter number;

	dp.add_internal("int0");
	number.u32(OVS_VPORT_ATTR_PORT_NO, 1);
	std::thread reader([&] {
		Netlink own(ns);

		while (!stop) {
			ask(own, OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET, dp.ifindex(), number);
			ask(own, OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET, dp.ifindex(), {}, NLM_F_DUMP);
		}
	});
	for (int i = 0; i < 20; i++) {
		LinkChange away, home;

		away.netns_fd = other.fd();
		home.netns_fd = ns.fd();
		link_set(ns, "int0", away);
		link_set(other, "int0", home);
	}
	stop = true;
	reader.join();
	EXPECT_EQ(dp.port(1).name, "int0");
	EXPECT_FALSE(dp.port(1).netnsid);
}
