// SPDX-License-Identifier: GPL-2.0-only
/* Who is told of a change: the requester if it asks for an echo, the group always. */
#include "lab.h"

using namespace lab;

class Notify : public Bare
{
protected:
	/** A listener to a group in this namespace. */
	struct Listener {
		Listener(const Netns &ns, const std::string &name) : netlink(ns)
		{
			netlink.join(family(name).groups.at(name));
		}

		/* Changes are told before they are acknowledged. */
		std::optional<uint8_t> command()
		{
			const auto raw = netlink.receive(0);

			return raw ? std::optional(message_of(*raw).cmd) : std::nullopt;
		}

		Netlink netlink;
	};
};

TEST_F(Notify, EchoComesOnlyIfAskedFor)
{
	EXPECT_EQ(ask_dp(OVS_DP_CMD_NEW, datapath_attrs("br0")).messages.size(), 0u);
	EXPECT_EQ(ask_dp(OVS_DP_CMD_NEW, datapath_attrs("br1"), NLM_F_ECHO).messages.size(), 1u);
}

TEST_F(Notify, EchoAnswersTheRequest)
{
	const Answer answer = ask_dp(OVS_DP_CMD_NEW, datapath_attrs("br0"), NLM_F_ECHO);

	ASSERT_EQ(answer.messages.size(), 1u);
	EXPECT_EQ(message_of(answer.messages[0]).cmd, OVS_DP_CMD_NEW);
	EXPECT_EQ(message_of(answer.messages[0]).portid, netlink.portid());
	EXPECT_NE(message_of(answer.messages[0]).seq, 0u);
}

TEST_F(Notify, DatapathGroupHearsNewSetAndDel)
{
	Listener listener(ns, OVS_DATAPATH_FAMILY);
	const Datapath dp(ns, "br0");

	EXPECT_EQ(listener.command(), OVS_DP_CMD_NEW);
	EXPECT_OK(ask_dp(OVS_DP_CMD_SET, {}, 0, dp.ifindex()));
	EXPECT_EQ(listener.command(), OVS_DP_CMD_SET);
	EXPECT_OK(ask_dp(OVS_DP_CMD_GET, {}, 0, dp.ifindex()));
	EXPECT_EQ(listener.command(), std::nullopt) << "GET is nobody else's business";
	EXPECT_OK(ask_dp(OVS_DP_CMD_DEL, {}, 0, dp.ifindex()));
	EXPECT_EQ(listener.command(), OVS_DP_CMD_DEL);
}

TEST_F(Notify, PortsOfADeletedDatapathGoInSilence)
{
	Datapath dp(ns, "br0");
	dp.add_internal("int0");
	dp.flow(from(1), "0");
	Listener ports(ns, OVS_VPORT_FAMILY);
	Listener flows(ns, OVS_FLOW_FAMILY);

	EXPECT_OK(ask_dp(OVS_DP_CMD_DEL, {}, 0, dp.ifindex()));
	dp.forget();
	EXPECT_EQ(ports.command(), std::nullopt);
	EXPECT_EQ(flows.command(), std::nullopt);
}

TEST_F(Notify, LocalPortIsNotAnnounced)
{
	Listener listener(ns, OVS_VPORT_FAMILY);
	const Datapath dp(ns, "br0");

	EXPECT_EQ(listener.command(), std::nullopt);
}

TEST_F(Notify, VportGroupHearsNewSetAndDel)
{
	Datapath dp(ns, "br0");
	Listener listener(ns, OVS_VPORT_FAMILY);
	AttrWriter attrs;

	dp.add_internal("int0");
	EXPECT_EQ(listener.command(), OVS_VPORT_CMD_NEW);
	attrs.u32(OVS_VPORT_ATTR_PORT_NO, 1);
	EXPECT_OK(dp.ask_port(OVS_VPORT_CMD_SET, attrs));
	EXPECT_EQ(listener.command(), OVS_VPORT_CMD_SET);
	dp.remove(1);
	EXPECT_EQ(listener.command(), OVS_VPORT_CMD_DEL);
}

TEST_F(Notify, FlowGroupHearsNewSetAndDelButNotFlush)
{
	Datapath dp(ns, "br0");
	Listener listener(ns, OVS_FLOW_FAMILY);

	dp.flow(from(1), "0");
	EXPECT_EQ(listener.command(), OVS_FLOW_CMD_NEW);
	EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_SET, from(1), {.actions = "1"}));
	EXPECT_EQ(listener.command(), OVS_FLOW_CMD_SET);
	EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_NEW, from(1), {.actions = "2"}));
	EXPECT_EQ(listener.command(), OVS_FLOW_CMD_NEW);
	EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_DEL, from(1), {}));
	EXPECT_EQ(listener.command(), OVS_FLOW_CMD_DEL);
	dp.flush();
	EXPECT_EQ(listener.command(), std::nullopt);
}

TEST_F(Notify, RequesterInTheGroupIsToldOnce)
{
	Datapath dp(ns, "br0");

	netlink.join(family(OVS_FLOW_FAMILY).groups.at(OVS_FLOW_FAMILY));
	Request asked = dp.flow_request(OVS_FLOW_CMD_NEW, from(1),
					{.actions = "0", .flags = NLM_F_CREATE | NLM_F_ECHO});
	const Answer answer = netlink.ask(asked);
	EXPECT_OK(answer);
	EXPECT_EQ(answer.messages.size(), 1u);
	EXPECT_FALSE(netlink.receive(0));
}

TEST_F(Notify, AnotherNamespaceHearsNothing)
{
	const Netns other;
	Listener listener(other, OVS_DATAPATH_FAMILY);
	const Datapath dp(ns, "br0");

	EXPECT_EQ(listener.command(), std::nullopt);
}

TEST_F(Notify, RefusalIsNotAnnounced)
{
	const Datapath dp(ns, "br0");
	Listener listener(ns, OVS_DATAPATH_FAMILY);

	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_NEW, datapath_attrs("br0")), EEXIST);
	EXPECT_EQ(listener.command(), std::nullopt);
}
