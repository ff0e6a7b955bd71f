// SPDX-License-Identifier: GPL-2.0-only
/* ovs_flow SET, DEL and GET. */
#include "lab.h"

using namespace lab;

class FlowChangeTest : public Lab
{
protected:
	const std::string KEY = from(1);

	void SetUp() override
	{
		dp.flow(KEY, "2");
		const Answer answer = dp.ask_flow(OVS_FLOW_CMD_NEW, from(2),
						  {.actions = "1", .ufid = ufid, .flags = NLM_F_CREATE});
		ASSERT_OK(answer);
	}

	std::string actions_of_ufid()
	{
		const Answer answer = dp.ask_flow(OVS_FLOW_CMD_GET, "", {.ufid = ufid});

		if (!answer.ok())
			return fmt::format("errno {}", answer.error);
		return mf::format_actions(
			mf::parse_flow(message_of(answer.messages.at(0))).actions.value(), {});
	}

	void send_one()
	{
		p1.tap.send(udp_frame());
		ASSERT_FALSE(p2.tap.receive_bytes().empty());
	}

	const Bytes ufid = pattern(16);
};

TEST_F(FlowChangeTest, SetReplacesActions)
{
	EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_SET, KEY, {.actions = "3"}));
	EXPECT_EQ(dp.actions_of(KEY), "3");
	p1.tap.send(udp_frame());
	EXPECT_BYTES(p3.tap.receive_bytes(), udp_frame());
}

TEST_F(FlowChangeTest, SetByUfidNeedsTheKeyForActions)
{
	EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_SET, "", {.actions = "3", .ufid = ufid}), EINVAL);
	EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_SET, from(2), {.actions = "3", .ufid = ufid}));
	EXPECT_EQ(actions_of_ufid(), "3");
}

TEST_F(FlowChangeTest, SetWithoutActionsKeepsThem)
{
	EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_SET, KEY, {}));
	EXPECT_EQ(dp.actions_of(KEY), "2");
	EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_SET, "", {.ufid = ufid}));
	EXPECT_EQ(actions_of_ufid(), "1");
}

TEST_F(FlowChangeTest, SetNeedsAnIdentifier)
{
	EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_SET, "", {}), EINVAL);
	EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_GET, "", {}), EINVAL);
}

TEST_F(FlowChangeTest, UnknownFlowsAreRefused)
{
	for (uint8_t cmd : {OVS_FLOW_CMD_SET, OVS_FLOW_CMD_GET, OVS_FLOW_CMD_DEL}) {
		EXPECT_REFUSED(dp.ask_flow(cmd, from(9), {}), ENOENT);
		EXPECT_REFUSED(dp.ask_flow(cmd, "", {.ufid = pattern(15)}), ENOENT);
	}
	EXPECT_EQ(dp.info().stats.n_flows, 2u);
}

TEST_F(FlowChangeTest, GetAndDelTakeAnyMask)
{
	for (uint8_t cmd : {OVS_FLOW_CMD_GET, OVS_FLOW_CMD_DEL}) {
		Request sent = dp.flow_request(cmd, KEY, {.mask = false});

		/* Half an EtherType: no flow could have it. */
		const size_t nest = sent.begin(OVS_FLOW_ATTR_MASK | NLA_F_NESTED);
		sent.u16(OVS_KEY_ATTR_ETHERTYPE, 0x00ff);
		sent.end(nest);
		EXPECT_OK(dp.socket().ask(sent));
	}
}

/* As above: only who makes a flow has to say what there can be. */
TEST_F(FlowChangeTest, GetAndDelLookPastStrayAttributes)
{
	for (uint8_t cmd : {OVS_FLOW_CMD_GET, OVS_FLOW_CMD_DEL}) {
		Request sent = request(OVS_FLOW_FAMILY, cmd, dp.ifindex());

		const size_t nest = sent.begin(OVS_FLOW_ATTR_KEY | NLA_F_NESTED);
		sent.u32(OVS_KEY_ATTR_IN_PORT, 9);
		sent.put(OVS_KEY_ATTR_ETHERNET, Bytes(12));
		sent.put(OVS_KEY_ATTR_ETHERTYPE, Bytes{0x88, 0xb5});
		sent.put(OVS_KEY_ATTR_UDP, Bytes(4));
		sent.end(nest);
		EXPECT_REFUSED(dp.socket().ask(sent), ENOENT);
	}
}

TEST_F(FlowChangeTest, UfidFlowIsNotFoundByKey)
{
	for (uint8_t cmd : {OVS_FLOW_CMD_SET, OVS_FLOW_CMD_GET, OVS_FLOW_CMD_DEL})
		EXPECT_REFUSED(dp.ask_flow(cmd, from(2), {}), ENOENT);
}

TEST_F(FlowChangeTest, UfidWinsOverKey)
{
	EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_DEL, KEY, {.ufid = ufid}));
	EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_GET, KEY, {}));
	EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_GET, "", {.ufid = ufid}), ENOENT);
}

TEST_F(FlowChangeTest, StatisticsCount)
{
	EXPECT_EQ(dp.get_flow(KEY).stats.n_packets, 0u);
	EXPECT_FALSE(dp.get_flow(KEY).used);
	for (int i = 0; i < 3; i++)
		send_one();
	const mf::Flow flow = dp.get_flow(KEY);
	EXPECT_EQ(flow.stats.n_packets, 3u);
	EXPECT_EQ(flow.stats.n_bytes, 3 * udp_frame().size());
	ASSERT_TRUE(flow.used);
	const uint64_t ms = monotonic_ms();
	EXPECT_LE(*flow.used, ms + 20);
	EXPECT_GT(*flow.used + 30000, ms);
}

TEST_F(FlowChangeTest, TcpFlagsAreGathered)
{
	for (uint8_t flags : {Tins::TCP::SYN, Tins::TCP::ACK}) {
		p1.tap.send(tcp_frame(1000, 80, flags));
		ASSERT_FALSE(p2.tap.receive_bytes().empty());
	}
	EXPECT_EQ(dp.get_flow(KEY).tcp_flags, 0x12);
}

TEST_F(FlowChangeTest, ClearZeroesAfterTheReply)
{
	send_one();
	const Answer answer =
		dp.ask_flow(OVS_FLOW_CMD_SET, KEY, {.clear = true, .flags = NLM_F_ECHO});
	ASSERT_EQ(answer.messages.size(), 1u);
	EXPECT_EQ(message_of(answer.messages[0]).cmd, OVS_FLOW_CMD_SET);
	EXPECT_EQ(mf::parse_flow(message_of(answer.messages[0])).stats.n_packets, 1u);
	EXPECT_EQ(dp.get_flow(KEY).stats.n_packets, 0u);
	EXPECT_FALSE(dp.get_flow(KEY).used);
	send_one();
	EXPECT_EQ(dp.get_flow(KEY).stats.n_packets, 1u);
}

TEST_F(FlowChangeTest, DelTellsTheLastStatistics)
{
	send_one();
	const Answer answer = dp.ask_flow(OVS_FLOW_CMD_DEL, KEY, {.flags = NLM_F_ECHO});
	ASSERT_EQ(answer.messages.size(), 1u);
	const mf::Flow flow = mf::parse_flow(message_of(answer.messages[0]));
	EXPECT_EQ(message_of(answer.messages[0]).cmd, OVS_FLOW_CMD_DEL);
	EXPECT_EQ(flow.stats.n_packets, 1u);
	EXPECT_TRUE(flow.mask);
	EXPECT_TRUE(flow.actions);
	p1.tap.send(udp_frame());
	EXPECT_TRUE(upcalls.next());
}

TEST_F(FlowChangeTest, DelWithoutIdentifierFlushes)
{
	EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_DEL, "", {.flags = NLM_F_ECHO}));
	EXPECT_EQ(dp.info().stats.n_flows, 0u);
}

TEST_F(FlowChangeTest, BadIdentifierDoesNotFlush)
{
	if (!is_megaflow())
		GTEST_SKIP() << "the in-tree module flushes";
	EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_DEL, "", {.ufid = pattern(17)}), EINVAL);
	EXPECT_EQ(dp.info().stats.n_flows, 2u);
}

TEST_F(FlowChangeTest, GetAlwaysReplies)
{
	const Answer answer = dp.ask_flow(OVS_FLOW_CMD_GET, KEY, {});

	ASSERT_EQ(answer.messages.size(), 1u);
	EXPECT_EQ(message_of(answer.messages[0]).cmd, OVS_FLOW_CMD_GET);
}

TEST_F(FlowChangeTest, OmitFlagsLeaveThingsOut)
{
	for (uint32_t flags = 0; flags < 8; flags++) {
		Request get = dp.flow_request(OVS_FLOW_CMD_GET, "", {.ufid = ufid});

		get.u32(OVS_FLOW_ATTR_UFID_FLAGS, flags);
		const Answer answer = dp.socket().ask(get);
		ASSERT_OK(answer);
		const auto attrs = attrs_of(answer.messages.at(0));
		const auto has = [&](uint16_t type) { return mf::find_attr(attrs, type).has_value(); };

		EXPECT_TRUE(has(OVS_FLOW_ATTR_UFID));
		EXPECT_EQ(has(OVS_FLOW_ATTR_KEY), !(flags & OVS_UFID_F_OMIT_KEY)) << flags;
		EXPECT_EQ(has(OVS_FLOW_ATTR_MASK), !(flags & OVS_UFID_F_OMIT_MASK)) << flags;
		EXPECT_EQ(has(OVS_FLOW_ATTR_ACTIONS), !(flags & OVS_UFID_F_OMIT_ACTIONS)) << flags;
	}
}

TEST_F(FlowChangeTest, KeyOfAKeyedFlowIsNeverLeftOut)
{
	const Answer answer = dp.ask_flow(OVS_FLOW_CMD_GET, KEY, {.ufid_flags = 7});
	ASSERT_OK(answer);
	const auto attrs = attrs_of(answer.messages.at(0));

	EXPECT_TRUE(mf::find_attr(attrs, OVS_FLOW_ATTR_KEY));
	EXPECT_FALSE(mf::find_attr(attrs, OVS_FLOW_ATTR_UFID));
	EXPECT_FALSE(mf::find_attr(attrs, OVS_FLOW_ATTR_ACTIONS));
}

TEST_F(FlowChangeTest, KeyedFlowShowsItsUnmaskedKey)
{
	dp.flow("in_port(7),eth(src=02:00:00:00:00:0a/ff:ff:ff:00:00:00),eth_type(0x1234)", "2");
	const mf::Flow flow = dp.get_flow("in_port(7),eth(src=02:00:00:00:00:0a/ff:ff:ff:00:00:00),eth_type(0x1234)");
	const auto eth_attr = mf::find_attr(mf::split_attrs(flow.key), OVS_KEY_ATTR_ETHERNET);

	ASSERT_TRUE(eth_attr);
	EXPECT_EQ(mf::to_hex(eth_attr->data.first(6)), "02000000000a");
}

TEST_F(FlowChangeTest, UfidFlowShowsItsMaskedKey)
{
	EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_NEW, "in_port(7),eth(src=02:00:00:00:00:0a/ff:ff:ff:00:00:00),eth_type(0x1234)",
			      {.actions = "2", .ufid = pattern(8), .flags = NLM_F_CREATE}));
	const Answer answer = dp.ask_flow(OVS_FLOW_CMD_GET, "", {.ufid = pattern(8)});
	ASSERT_OK(answer);
	const mf::Flow flow = mf::parse_flow(message_of(answer.messages.at(0)));
	const auto eth_attr = mf::find_attr(mf::split_attrs(flow.key), OVS_KEY_ATTR_ETHERNET);

	ASSERT_TRUE(eth_attr);
	EXPECT_EQ(mf::to_hex(eth_attr->data.first(6)), "020000000000");
}
