// SPDX-License-Identifier: GPL-2.0-only
/* ovs_datapath NEW: what makes a datapath, and what does not. */
#include "lab.h"

using namespace lab;

class DatapathNew : public Bare
{
};

TEST_F(DatapathNew, MakesAnInternalDevice)
{
	const Datapath dp(ns, "br0");
	const auto link = link_find(ns, "br0");

	ASSERT_TRUE(link);
	EXPECT_EQ(link->ifindex, dp.ifindex());
	EXPECT_FALSE(link->flags & IFF_UP) << "user space brings it up, not the module";
}

TEST_F(DatapathNew, LocalPortIsNumberZero)
{
	Datapath dp(ns, "br0");
	const mf::Port port = dp.port(OVSP_LOCAL);

	EXPECT_EQ(port.name, "br0");
	EXPECT_EQ(port.type, static_cast<uint32_t>(OVS_VPORT_TYPE_INTERNAL));
	EXPECT_EQ(port.ifindex, dp.ifindex());
}

TEST_F(DatapathNew, NeedsANameAndAPid)
{
	AttrWriter no_pid, no_name;

	no_pid.str(OVS_DP_ATTR_NAME, "br0");
	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_NEW, no_pid), EINVAL);
	no_name.u32(OVS_DP_ATTR_UPCALL_PID, 0);
	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_NEW, no_name), EINVAL);
	EXPECT_FALSE(link_find(ns, "br0"));
}

TEST_F(DatapathNew, NameOfADatapathIsTaken)
{
	const Datapath dp(ns, "br0");

	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_NEW, datapath_attrs("br0")), EEXIST);
}

TEST_F(DatapathNew, NameOfAnyDeviceIsTaken)
{
	veth_add(ns, "v0", "v1");
	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_NEW, datapath_attrs("v0")), EEXIST);
}

TEST_F(DatapathNew, SameNameInAnotherNamespaceIsFree)
{
	const Netns other;
	const Datapath one(ns, "br0");
	const Datapath two(other, "br0");

	EXPECT_TRUE(link_find(other, "br0"));
}

TEST_F(DatapathNew, LongestNameFits)
{
	const Datapath dp(ns, "fifteen-letters");

	EXPECT_TRUE(link_find(ns, "fifteen-letters"));
	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_NEW, datapath_attrs("sixteen--letters")), EINVAL);
}

TEST_F(DatapathNew, EmptyNameIsRefused)
{
	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_NEW, datapath_attrs("")), EINVAL);
}

TEST_F(DatapathNew, NameWithSlashIsRefused)
{
	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_NEW, datapath_attrs("a/b")), EINVAL);
}

TEST_F(DatapathNew, TakesTheIfindexItIsGiven)
{
	AttrWriter attrs = datapath_attrs("br0");

	attrs.u32(OVS_DP_ATTR_IFINDEX, 4711);
	const Answer answer = ask_dp(OVS_DP_CMD_NEW, attrs, NLM_F_ECHO);
	ASSERT_OK(answer);
	EXPECT_EQ(message_of(answer.messages.at(0)).dp_ifindex, 4711);
	EXPECT_EQ(link_get(ns, "br0").ifindex, 4711);
}

TEST_F(DatapathNew, NegativeIfindexIsRefused)
{
	AttrWriter attrs = datapath_attrs("br0");

	attrs.u32(OVS_DP_ATTR_IFINDEX, 0xffffffff);
	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_NEW, attrs), ERANGE);
}

TEST_F(DatapathNew, IfindexOfAnotherDeviceIsTaken)
{
	AttrWriter attrs = datapath_attrs("br0");

	veth_add(ns, "v0", "v1");
	attrs.u32(OVS_DP_ATTR_IFINDEX, static_cast<uint32_t>(link_get(ns, "v0").ifindex));
	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_NEW, attrs), EEXIST);
	EXPECT_FALSE(link_find(ns, "br0"));
}

TEST_F(DatapathNew, SeveralPidsForLocalAreAccepted)
{
	AttrWriter attrs;

	attrs.str(OVS_DP_ATTR_NAME, "br0");
	put_u32s(attrs, OVS_DP_ATTR_UPCALL_PID, {0, 0});
	EXPECT_OK(ask_dp(OVS_DP_CMD_NEW, attrs));
}

TEST_F(DatapathNew, RefusalLeavesNothingBehind)
{
	AttrWriter attrs = datapath_attrs("br0", 0, 1u << 31);

	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_NEW, attrs), EOPNOTSUPP);
	EXPECT_FALSE(link_find(ns, "br0"));
	EXPECT_OK(ask_dp(OVS_DP_CMD_NEW, datapath_attrs("br0")));
}
