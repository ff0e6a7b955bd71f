// SPDX-License-Identifier: GPL-2.0-only
/* ovs_vport GET, SET, DEL and dump. */
#include "lab.h"

#include <algorithm>
#include <unistd.h>

using namespace lab;

class VportChange : public Bare
{
protected:
	static AttrWriter by_number(uint32_t number)
	{
		AttrWriter attrs;

		attrs.u32(OVS_VPORT_ATTR_PORT_NO, number);
		return attrs;
	}

	static AttrWriter by_name(const std::string &name)
	{
		AttrWriter attrs;

		attrs.str(OVS_VPORT_ATTR_NAME, name);
		return attrs;
	}

	static mf::Port only(const Answer &answer)
	{
		return mf::parse_port(message_of(answer.messages.at(0)));
	}

	static constexpr uint8_t LOOKUPS[] = {OVS_VPORT_CMD_GET, OVS_VPORT_CMD_SET,
					      OVS_VPORT_CMD_DEL};

	Datapath dp{ns, "br0", OVS_DP_F_VPORT_PIDS};
};

TEST_F(VportChange, GetByNumberOrName)
{
	dp.add_internal("int0");
	EXPECT_EQ(only(dp.ask_port(OVS_VPORT_CMD_GET, by_number(1))).name, "int0");
	EXPECT_EQ(only(dp.ask_port(OVS_VPORT_CMD_GET, by_name("int0"))).number, 1u);
	EXPECT_EQ(only(ask(netlink, OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET, 0, by_name("int0"))).number,
		  1u);
}

TEST_F(VportChange, NameMustBeInTheDatapathNamed)
{
	Datapath other(ns, "br1");

	dp.add_internal("int0");
	EXPECT_REFUSED(other.ask_port(OVS_VPORT_CMD_GET, by_name("int0")), ENODEV);
}

TEST_F(VportChange, UnknownPortsAreRefused)
{
	for (uint8_t cmd : LOOKUPS) {
		EXPECT_REFUSED(dp.ask_port(cmd, by_number(9)), ENODEV);
		EXPECT_REFUSED(dp.ask_port(cmd, by_name("nope")), ENODEV);
		EXPECT_REFUSED(dp.ask_port(cmd, by_name("lo")), ENODEV);
		EXPECT_REFUSED(ask(netlink, OVS_VPORT_FAMILY, cmd, 4711, by_number(0)), ENODEV);
	}
}

TEST_F(VportChange, LookupNeedsNameOrNumber)
{
	for (uint8_t cmd : LOOKUPS)
		EXPECT_REFUSED(dp.ask_port(cmd, {}), EINVAL);
}

TEST_F(VportChange, LookupByIfindexIsRefused)
{
	for (uint8_t cmd : LOOKUPS) {
		AttrWriter attrs = by_number(0);

		attrs.u32(OVS_VPORT_ATTR_IFINDEX, static_cast<uint32_t>(dp.ifindex()));
		EXPECT_REFUSED(dp.ask_port(cmd, attrs), EOPNOTSUPP);
	}
}

TEST_F(VportChange, LocalCannotBeDeleted)
{
	EXPECT_REFUSED(dp.ask_port(OVS_VPORT_CMD_DEL, by_number(OVSP_LOCAL)), EINVAL);
	EXPECT_TRUE(link_find(ns, "br0"));
}

TEST_F(VportChange, DelOfInternalRemovesItsDevice)
{
	dp.add_internal("int0");
	dp.remove(1);
	EXPECT_FALSE(link_find(ns, "int0"));
}

TEST_F(VportChange, DelOfNetdevLetsItGo)
{
	veth_add(ns, "v0", "v1");
	dp.add("v0");
	dp.remove(1);
	const Link link = link_get(ns, "v0");
	EXPECT_EQ(link.master, 0);
	EXPECT_EQ(link.promiscuity, 0u);
}

TEST_F(VportChange, SetReplacesPids)
{
	AttrWriter attrs = by_number(1);

	dp.add_internal("int0");
	put_u32s(attrs, OVS_VPORT_ATTR_UPCALL_PID, {5, 6});
	EXPECT_OK(dp.ask_port(OVS_VPORT_CMD_SET, attrs));
	EXPECT_EQ(dp.port(1).upcall_pids, (std::vector<uint32_t>{5, 6}));
}

TEST_F(VportChange, OnlyTheFirstPidIsShownWithoutTheFeature)
{
	AttrWriter features, pids = by_number(0);

	put_u32s(pids, OVS_VPORT_ATTR_UPCALL_PID, {5, 6});
	EXPECT_OK(dp.ask_port(OVS_VPORT_CMD_SET, pids));
	features.u32(OVS_DP_ATTR_USER_FEATURES, 0);
	EXPECT_OK(ask_dp(OVS_DP_CMD_SET, features, 0, dp.ifindex()));
	EXPECT_EQ(dp.port(0).upcall_pids, std::vector<uint32_t>{5});
}

TEST_F(VportChange, RefusedSetKeepsPids)
{
	for (size_t length : {0u, 3u}) {
		AttrWriter attrs = by_number(0);

		attrs.put(OVS_VPORT_ATTR_UPCALL_PID, pattern(length));
		EXPECT_REFUSED(dp.ask_port(OVS_VPORT_CMD_SET, attrs), EINVAL);
	}
	EXPECT_EQ(dp.port(0).upcall_pids, std::vector<uint32_t>{0});
}

TEST_F(VportChange, TypeCannotChange)
{
	AttrWriter attrs = by_number(0);
	AttrWriter same = by_number(0);

	attrs.u32(OVS_VPORT_ATTR_TYPE, OVS_VPORT_TYPE_NETDEV);
	EXPECT_REFUSED(dp.ask_port(OVS_VPORT_CMD_SET, attrs), EINVAL);
	same.u32(OVS_VPORT_ATTR_TYPE, OVS_VPORT_TYPE_INTERNAL);
	EXPECT_OK(dp.ask_port(OVS_VPORT_CMD_SET, same));
}

TEST_F(VportChange, ThereAreNoOptions)
{
	AttrWriter attrs = by_number(0);

	attrs.put(OVS_VPORT_ATTR_OPTIONS | NLA_F_NESTED, {});
	EXPECT_REFUSED(dp.ask_port(OVS_VPORT_CMD_SET, attrs), EOPNOTSUPP);
}

TEST_F(VportChange, DumpListsEachOnce)
{
	std::vector<uint32_t> wanted{0}, got;

	for (uint32_t i = 1; i <= 100; i++) {
		const uint32_t number = i * 321;

		dp.add(fmt::format("i{}", number), 0, OVS_VPORT_TYPE_INTERNAL, number);
		wanted.push_back(number);
	}
	const Answer answer = dp.ask_port(OVS_VPORT_CMD_GET, {}, NLM_F_DUMP);
	EXPECT_OK(answer);
	for (const Bytes &raw : answer.messages) {
		const mf::Port port = mf::parse_port(message_of(raw));

		EXPECT_EQ(port.name, port.number ? fmt::format("i{}", port.number) : "br0");
		got.push_back(port.number);
	}
	std::sort(got.begin(), got.end());
	EXPECT_EQ(got, wanted);
}

TEST_F(VportChange, DumpOfNoDatapathIsRefused)
{
	EXPECT_REFUSED(ask(netlink, OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET, 4711, {}, NLM_F_DUMP),
		       ENODEV);
}

TEST_F(VportChange, RepliesCarryEverything)
{
	const Answer answer = dp.ask_port(OVS_VPORT_CMD_GET, by_number(0));
	const mf::Port port = only(answer);

	EXPECT_EQ(port.ifindex, dp.ifindex());
	EXPECT_FALSE(port.netnsid);
	EXPECT_EQ(message_of(answer.messages.at(0)).dp_ifindex, dp.ifindex());
	EXPECT_TRUE(mf::find_attr(attrs_of(answer.messages[0]), OVS_VPORT_ATTR_STATS));
	EXPECT_TRUE(port.upcalls_sent);
	EXPECT_TRUE(port.upcalls_lost);
}
