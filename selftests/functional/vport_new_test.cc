// SPDX-License-Identifier: GPL-2.0-only
/* ovs_vport NEW: numbers, types, and devices that cannot be ports. */
#include "lab.h"

using namespace lab;

class VportNew : public Bare
{
protected:
	Answer add(const std::string &device, uint32_t type = OVS_VPORT_TYPE_NETDEV,
		   std::optional<uint32_t> number = std::nullopt)
	{
		AttrWriter attrs = port_attrs(device, type);

		if (number)
			attrs.u32(OVS_VPORT_ATTR_PORT_NO, *number);
		return dp.ask_port(OVS_VPORT_CMD_NEW, attrs);
	}

	Datapath dp{ns, "br0"};
};

TEST_F(VportNew, NumbersAreTheLowestFree)
{
	for (uint32_t i = 1; i <= 3; i++)
		EXPECT_EQ(dp.add_internal(fmt::format("int{}", i)), i);
	dp.remove(2);
	EXPECT_EQ(dp.add_internal("int4"), 2u);
	EXPECT_EQ(dp.add_internal("int5"), 4u);
}

TEST_F(VportNew, ZeroMeansAnyNumber)
{
	EXPECT_OK(add("int0", OVS_VPORT_TYPE_INTERNAL, 0));
	EXPECT_EQ(dp.port(1).name, "int0");
}

TEST_F(VportNew, TakesTheNumberItIsGiven)
{
	EXPECT_OK(add("int0", OVS_VPORT_TYPE_INTERNAL, 65534));
	EXPECT_EQ(dp.port(65534).name, "int0");
}

TEST_F(VportNew, NumberInUse)
{
	EXPECT_OK(add("int0", OVS_VPORT_TYPE_INTERNAL, 7));
	EXPECT_REFUSED(add("int1", OVS_VPORT_TYPE_INTERNAL, 7), EBUSY);
	EXPECT_FALSE(link_find(ns, "int1"));
}

TEST_F(VportNew, NumberTooLarge)
{
	for (uint32_t number : {65535u, 65536u, 0xffffffffu})
		EXPECT_REFUSED(add("int0", OVS_VPORT_TYPE_INTERNAL, number), EFBIG);
}

TEST_F(VportNew, MissingAttributes)
{
	for (uint16_t missing : {OVS_VPORT_ATTR_NAME, OVS_VPORT_ATTR_TYPE, OVS_VPORT_ATTR_UPCALL_PID}) {
		AttrWriter attrs;

		if (missing != OVS_VPORT_ATTR_NAME)
			attrs.str(OVS_VPORT_ATTR_NAME, "int0");
		if (missing != OVS_VPORT_ATTR_TYPE)
			attrs.u32(OVS_VPORT_ATTR_TYPE, OVS_VPORT_TYPE_INTERNAL);
		if (missing != OVS_VPORT_ATTR_UPCALL_PID)
			attrs.u32(OVS_VPORT_ATTR_UPCALL_PID, 0);
		EXPECT_REFUSED(dp.ask_port(OVS_VPORT_CMD_NEW, attrs), EINVAL);
	}
}

TEST_F(VportNew, UnknownDatapath)
{
	EXPECT_REFUSED(ask(netlink, OVS_VPORT_FAMILY, OVS_VPORT_CMD_NEW, 4711,
			   port_attrs("int0", OVS_VPORT_TYPE_INTERNAL)), ENODEV);
}

TEST_F(VportNew, UnknownTypes)
{
	for (uint32_t type : {0u, 6u, 255u, 0xffffffffu})
		EXPECT_REFUSED(add("x0", type), EAFNOSUPPORT);
}

TEST_F(VportNew, LegacyTunnelTypesAreGone)
{
	for (uint32_t type : {OVS_VPORT_TYPE_GRE, OVS_VPORT_TYPE_VXLAN, OVS_VPORT_TYPE_GENEVE})
		EXPECT_REFUSED(add("x0", type), EAFNOSUPPORT);
}

TEST_F(VportNew, NoSuchDevice)
{
	EXPECT_REFUSED(add("nope"), ENODEV);
}

TEST_F(VportNew, LoopbackIsNoPort)
{
	EXPECT_REFUSED(add("lo"), EINVAL);
}

TEST_F(VportNew, InternalDeviceIsNoNetdevPort)
{
	const Datapath other(ns, "br1");

	EXPECT_REFUSED(add("br1"), EINVAL);
	EXPECT_REFUSED(add("br0"), EINVAL);
}

TEST_F(VportNew, AlternativeNameIsNotTheName)
{
	veth_add(ns, "v0", "v1");
	shell(ns, "ip link property add dev v0 altname other");
	EXPECT_REFUSED(add("other"), ENODEV);
	EXPECT_OK(add("v0"));
}

TEST_F(VportNew, DeviceIsAPortAlready)
{
	veth_add(ns, "v0", "v1");
	EXPECT_OK(add("v0"));
	EXPECT_REFUSED(add("v0"), EEXIST);
	EXPECT_EQ(link_get(ns, "v0").promiscuity, 1u);
	EXPECT_EQ(dp.port(1).name, "v0");
}

TEST_F(VportNew, DeviceIsAPortOfAnotherDatapath)
{
	Datapath other(ns, "br1");

	veth_add(ns, "v0", "v1");
	other.add("v0");
	EXPECT_REFUSED(add("v0"), EBUSY);
}

TEST_F(VportNew, DeviceIsInABridge)
{
	LinkChange change;

	veth_add(ns, "v0", "v1");
	ASSERT_OK(link_add(ns, "bridge", "lb0"));
	change.master = link_get(ns, "lb0").ifindex;
	link_set(ns, "v0", change);
	EXPECT_REFUSED(add("v0"), EBUSY);
	EXPECT_EQ(link_get(ns, "v0").master, *change.master);
}

TEST_F(VportNew, DeviceHasAnotherReceiver)
{
	veth_add(ns, "v0", "v1");
	shell(ns, "ip link add link v0 name mv0 type macvlan mode bridge 2>/dev/null || "
		  "ip link add link v0 name mv0 type macvlan");
	EXPECT_REFUSED(add("v0"), EBUSY);
	EXPECT_EQ(link_get(ns, "v0").master, 0);
}

TEST_F(VportNew, InternalNameInUse)
{
	veth_add(ns, "v0", "v1");
	EXPECT_REFUSED(add("v0", OVS_VPORT_TYPE_INTERNAL), EEXIST);
	EXPECT_REFUSED(add("br0", OVS_VPORT_TYPE_INTERNAL), EEXIST);
}

TEST_F(VportNew, InternalPortTakesTheIfindexItIsGiven)
{
	AttrWriter attrs = port_attrs("int0", OVS_VPORT_TYPE_INTERNAL);

	attrs.u32(OVS_VPORT_ATTR_IFINDEX, 4712);
	EXPECT_OK(dp.ask_port(OVS_VPORT_CMD_NEW, attrs));
	EXPECT_EQ(link_get(ns, "int0").ifindex, 4712);
}

TEST_F(VportNew, IfindexInUse)
{
	AttrWriter attrs = port_attrs("int0", OVS_VPORT_TYPE_INTERNAL);

	attrs.u32(OVS_VPORT_ATTR_IFINDEX, static_cast<uint32_t>(dp.ifindex()));
	EXPECT_REFUSED(dp.ask_port(OVS_VPORT_CMD_NEW, attrs), EBUSY);
}

TEST_F(VportNew, IfindexIsForInternalPorts)
{
	AttrWriter attrs = port_attrs("v0", OVS_VPORT_TYPE_NETDEV);

	veth_add(ns, "v0", "v1");
	attrs.u32(OVS_VPORT_ATTR_IFINDEX, 4712);
	EXPECT_REFUSED(dp.ask_port(OVS_VPORT_CMD_NEW, attrs), EOPNOTSUPP);
}

TEST_F(VportNew, NegativeIfindex)
{
	AttrWriter attrs = port_attrs("int0", OVS_VPORT_TYPE_INTERNAL);

	attrs.u32(OVS_VPORT_ATTR_IFINDEX, 0x80000000);
	EXPECT_REFUSED(dp.ask_port(OVS_VPORT_CMD_NEW, attrs), ERANGE);
}

TEST_F(VportNew, PidArrayMustBeAnArray)
{
	for (size_t length : {0u, 2u, 6u}) {
		AttrWriter attrs;

		attrs.str(OVS_VPORT_ATTR_NAME, "int0");
		attrs.u32(OVS_VPORT_ATTR_TYPE, OVS_VPORT_TYPE_INTERNAL);
		attrs.put(OVS_VPORT_ATTR_UPCALL_PID, pattern(length));
		EXPECT_REFUSED(dp.ask_port(OVS_VPORT_CMD_NEW, attrs), EINVAL);
	}
	EXPECT_FALSE(link_find(ns, "int0"));
}

TEST_F(VportNew, NetdevBecomesSlaveAndPromiscuous)
{
	veth_add(ns, "v0", "v1");
	EXPECT_OK(add("v0"));
	const Link link = link_get(ns, "v0");
	EXPECT_EQ(link.master, dp.ifindex());
	EXPECT_EQ(link.promiscuity, 1u);
}
