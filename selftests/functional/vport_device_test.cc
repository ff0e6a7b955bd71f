// SPDX-License-Identifier: GPL-2.0-only
/* What happens to ports when their devices change under them. */
#include "lab.h"

#include <unistd.h>

using namespace lab;

class VportDevice : public Bare
{
protected:
	void SetUp() override
	{
		listener.join(family(OVS_VPORT_FAMILY).groups.at(OVS_VPORT_FAMILY));
		veth_add(ns, "v0", "v1");
		dp.add("v0");
		dp.add_internal("int0");
		while (listener.receive(0))
			;
	}

	void expect_told_gone()
	{
		const auto raw = listener.receive();

		ASSERT_TRUE(raw) << "no word of the port's end";
		const mf::Message message = message_of(*raw);
		EXPECT_EQ(message.cmd, OVS_VPORT_CMD_DEL);
		EXPECT_EQ(message.seq, 0u);
		EXPECT_EQ(message.portid, 0u);
		EXPECT_EQ(message.dp_ifindex, dp.ifindex());
		EXPECT_EQ(mf::parse_port(message).number, 1u);
	}

	Answer get(uint32_t number)
	{
		AttrWriter attrs;

		attrs.u32(OVS_VPORT_ATTR_PORT_NO, number);
		return dp.ask_port(OVS_VPORT_CMD_GET, attrs);
	}

	Answer get(const std::string &name)
	{
		AttrWriter attrs;

		attrs.str(OVS_VPORT_ATTR_NAME, name);
		return dp.ask_port(OVS_VPORT_CMD_GET, attrs);
	}

	Datapath dp{ns, "br0"};
	Netlink listener{ns};
};

TEST_F(VportDevice, UnregisteredDeviceTakesItsPortAlong)
{
	ASSERT_OK(link_del(ns, "v0"));
	expect_told_gone();
	EXPECT_REFUSED(get(1), ENODEV);
	EXPECT_EQ(dp.add_internal("int9"), 1u);
}

TEST_F(VportDevice, DeviceThatLeavesTheNamespaceLeavesTheDatapath)
{
	const Netns other;
	LinkChange change;

	change.netns_fd = other.fd();
	link_set(ns, "v0", change);
	expect_told_gone();
	EXPECT_REFUSED(get(1), ENODEV);
	const Link link = link_get(other, "v0");
	EXPECT_EQ(link.master, 0);
	EXPECT_EQ(link.promiscuity, 0u);
}

TEST_F(VportDevice, InternalPortMayLeaveTheNamespace)
{
	const Netns other;
	LinkChange change;

	change.netns_fd = other.fd();
	link_set(ns, "int0", change);
	EXPECT_TRUE(link_find(other, "int0"));
	const Answer answer = get(2);
	ASSERT_OK(answer);
	const mf::Port port = mf::parse_port(message_of(answer.messages.at(0)));
	EXPECT_EQ(port.name, "int0");
	EXPECT_TRUE(port.netnsid);
	dp.remove(2);
	EXPECT_FALSE(link_find(other, "int0"));
}

TEST_F(VportDevice, InternalPortInADyingNamespaceIsDetached)
{
	{
		const Netns other;
		LinkChange change;

		change.netns_fd = other.fd();
		link_set(ns, "int0", change);
	}
	for (int i = 0; i < 200 && get(2).ok(); i++)
		usleep(20000);
	EXPECT_REFUSED(get(2), ENODEV);
}

TEST_F(VportDevice, LocalDeviceCannotLeaveTheNamespace)
{
	const Netns other;
	LinkChange change;

	change.netns_fd = other.fd();
	EXPECT_EQ(link_change(ns, "br0", change).error, EINVAL);
	EXPECT_TRUE(link_find(ns, "br0"));
}

TEST_F(VportDevice, InternalDevicesCannotBeMadeOrDeletedByRtnetlink)
{
	EXPECT_EQ(link_add(ns, "openvswitch", "int7").error, EOPNOTSUPP);
	EXPECT_EQ(link_del(ns, "int0").error, EOPNOTSUPP);
	EXPECT_EQ(link_del(ns, "br0").error, EOPNOTSUPP);
}

TEST_F(VportDevice, SlaveCannotBeTakenByABridge)
{
	LinkChange change;

	ASSERT_OK(link_add(ns, "bridge", "lb0"));
	change.master = link_get(ns, "lb0").ifindex;
	EXPECT_NE(link_change(ns, "v0", change).error, 0);
	EXPECT_EQ(link_get(ns, "v0").master, dp.ifindex());
}

TEST_F(VportDevice, RenamedDeviceIsReportedByItsNewName)
{
	LinkChange change;

	change.up = false;
	link_set(ns, "v0", change);
	change = {};
	change.rename = "renamed";
	link_set(ns, "v0", change);
	const Answer answer = get(1);
	ASSERT_OK(answer);
	EXPECT_EQ(mf::parse_port(message_of(answer.messages.at(0))).name, "renamed");
	if (is_megaflow()) {
		EXPECT_OK(get("renamed"));
		EXPECT_REFUSED(get("v0"), ENODEV);
	}
}

TEST_F(VportDevice, RenamedLocalDeviceKeepsItsDatapath)
{
	LinkChange change;
	AttrWriter attrs;

	change.rename = "br-new";
	link_set(ns, "br0", change);
	attrs.str(OVS_DP_ATTR_NAME, "br-new");
	const Answer answer = ask_dp(OVS_DP_CMD_GET, attrs);
	EXPECT_EQ(mf::parse_datapath(message_of(dp.ask_port(OVS_VPORT_CMD_GET, [] {
			  AttrWriter number;

			  number.u32(OVS_VPORT_ATTR_PORT_NO, 0);
			  return number;
		  }()).messages.at(0))).ifindex, dp.ifindex());
	if (is_megaflow()) {
		EXPECT_OK(answer);
	}
}

TEST_F(VportDevice, PromiscuityBalancesOverManyRounds)
{
	veth_add(ns, "v2", "v3");
	for (int i = 0; i < 1000; i++)
		dp.remove(dp.add("v2"));
	EXPECT_EQ(link_get(ns, "v2").promiscuity, 0u);
	EXPECT_EQ(link_get(ns, "v2").master, 0);
	EXPECT_EQ(link_get(ns, "v0").promiscuity, 1u);
}

TEST_F(VportDevice, MtuOfInternalPortsGoesTo65535)
{
	LinkChange change;

	change.mtu = 65535;
	EXPECT_OK(link_change(ns, "int0", change));
	change.mtu = 65536;
	EXPECT_EQ(link_change(ns, "int0", change).error, EINVAL);
}

TEST_F(VportDevice, AddressOfInternalPortsCanBeSetWhileUp)
{
	LinkChange change;

	link_up(ns, "int0");
	change.address = hex("02:00:00:00:00:77");
	EXPECT_OK(link_change(ns, "int0", change));
	EXPECT_BYTES(link_get(ns, "int0").address, *change.address);
}
