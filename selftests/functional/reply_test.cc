// SPDX-License-Identifier: GPL-2.0-only
/* What replies tell of flows, ports and packets, attribute by attribute. */
#include "lab.h"

#include "attr.h"

using namespace lab;

namespace
{

const std::string TCP = "in_port(1),eth(),eth_type(0x0800),ipv4(proto=6),tcp(),tcp_flags()";

} // namespace

class ReplyTest : public Lab
{
      protected:
	/** The attributes of the reply to one request. */
	static std::vector<mf::Attr> only(const Answer &answer)
	{
		EXPECT_OK(answer);
		EXPECT_EQ(answer.messages.size(), 1u);
		return answer.messages.empty() ? std::vector<mf::Attr>{}
					       : attrs_of(answer.messages[0]);
	}

	void ask_flow()
	{
		last = dp.ask_flow(OVS_FLOW_CMD_GET, TCP, {});
		attrs = only(last);
	}

	bool has(uint16_t type) const
	{
		return mf::find_attr(attrs, type).has_value();
	}

	template <typename T> T value(uint16_t type) const
	{
		const auto attr = mf::find_attr(attrs, type);

		EXPECT_TRUE(attr) << type;
		EXPECT_EQ(attr ? attr->data.size() : 0, sizeof(T)) << type;
		return attr && attr->data.size() == sizeof(T) ? mf::load<T>(attr->data) : T{};
	}

	/** Asks for a port; what is found in the reply lives in `last`. */
	std::optional<mf::Attr> of_port(uint32_t number, uint16_t type)
	{
		AttrWriter name;

		name.u32(OVS_VPORT_ATTR_PORT_NO, number);
		last = dp.ask_port(OVS_VPORT_CMD_GET, name);
		return mf::find_attr(only(last), type);
	}

	uint64_t upcalls_of(uint32_t number, uint16_t type)
	{
		const auto nest = of_port(number, OVS_VPORT_ATTR_UPCALL_STATS);
		const auto count = nest ? mf::find_attr(mf::split_attrs(nest->data), type) : nest;

		EXPECT_TRUE(count) << type;
		return count ? count->u64() : UINT64_MAX;
	}

	Answer last;
	std::vector<mf::Attr> attrs;
};

TEST_F(ReplyTest, AnUnusedFlowHasNoCounters)
{
	dp.flow(TCP, "2");
	ask_flow();
	EXPECT_FALSE(has(OVS_FLOW_ATTR_STATS));
	EXPECT_FALSE(has(OVS_FLOW_ATTR_USED));
	EXPECT_FALSE(has(OVS_FLOW_ATTR_TCP_FLAGS));
}

TEST_F(ReplyTest, AFlowCountsPacketsBytesFlagsAndTime)
{
	const Bytes syn = tcp_frame(1000, 2000, Tins::TCP::SYN),
		    fin = tcp_frame(1000, 2000, Tins::TCP::FIN | Tins::TCP::ACK);
	const uint64_t before = monotonic_ms();

	dp.flow(TCP, "2");
	for (const Bytes &packet : {syn, fin, fin}) {
		p1.tap.send(packet);
		ASSERT_FALSE(p2.tap.receive_bytes().empty());
	}
	ask_flow();

	const auto stats = value<ovs_flow_stats>(OVS_FLOW_ATTR_STATS);
	EXPECT_EQ(stats.n_packets, 3u);
	EXPECT_EQ(stats.n_bytes, syn.size() + 2 * fin.size());
	EXPECT_EQ(value<uint8_t>(OVS_FLOW_ATTR_TCP_FLAGS),
		  Tins::TCP::SYN | Tins::TCP::FIN | Tins::TCP::ACK);

	/* Kept in jiffies, which may be 10 ms, and the guest's clock may run ahead by one. */
	const auto used = value<uint64_t>(OVS_FLOW_ATTR_USED);
	EXPECT_GE(used + 20, before);
	EXPECT_LE(used, monotonic_ms() + 20);
}

TEST_F(ReplyTest, ClearingForgetsCountersFlagsAndTime)
{
	dp.flow(TCP, "2");
	p1.tap.send(tcp_frame(1000, 2000, Tins::TCP::SYN));
	ASSERT_FALSE(p2.tap.receive_bytes().empty());

	Request clear = dp.flow_request(OVS_FLOW_CMD_SET, TCP, {});
	clear.flag(OVS_FLOW_ATTR_CLEAR);
	EXPECT_OK(dp.socket().ask(clear));
	ask_flow();
	EXPECT_FALSE(has(OVS_FLOW_ATTR_STATS));
	EXPECT_FALSE(has(OVS_FLOW_ATTR_USED));
	EXPECT_FALSE(has(OVS_FLOW_ATTR_TCP_FLAGS));
}

TEST_F(ReplyTest, AProbeIsAnsweredAsAnyOtherRequest)
{
	Request flow =
		dp.flow_request(OVS_FLOW_CMD_NEW, TCP, {.actions = "2", .flags = NLM_F_CREATE});
	AttrWriter probe;

	flow.put(OVS_FLOW_ATTR_PROBE, {});
	EXPECT_OK(dp.socket().ask(flow));
	EXPECT_EQ(dp.actions_of(TCP), "2");

	probe.flag(OVS_PACKET_ATTR_PROBE);
	EXPECT_OK(dp.execute(udp_frame(), "2", "", probe));
	EXPECT_BYTES(p2.tap.receive_bytes(), udp_frame());
	EXPECT_REFUSED(dp.execute(udp_frame(), "hex:0800ff00 00000000", "", probe), EINVAL);
}

TEST_F(ReplyTest, APortCountsItsUpcalls)
{
	if (!of_port(p1.port, OVS_VPORT_ATTR_UPCALL_STATS) && !is_megaflow())
		GTEST_SKIP() << "this kernel's own module has no upcall counters";

	EXPECT_EQ(upcalls_of(p1.port, OVS_VPORT_UPCALL_ATTR_SUCCESS), 0u);
	p1.tap.send(udp_frame());
	ASSERT_TRUE(upcalls.next());
	EXPECT_EQ(upcalls_of(p1.port, OVS_VPORT_UPCALL_ATTR_SUCCESS), 1u);
	EXPECT_EQ(upcalls_of(p1.port, OVS_VPORT_UPCALL_ATTR_FAIL), 0u);

	/* Nobody listens there. */
	AttrWriter deaf;
	deaf.u32(OVS_VPORT_ATTR_PORT_NO, p1.port);
	put_u32s(deaf, OVS_VPORT_ATTR_UPCALL_PID, {0x7ffffff0});
	EXPECT_OK(dp.ask_port(OVS_VPORT_CMD_SET, deaf));
	p1.tap.send(udp_frame());
	EXPECT_FALSE(upcalls.next(200));
	EXPECT_EQ(upcalls_of(p1.port, OVS_VPORT_UPCALL_ATTR_SUCCESS), 1u);
	EXPECT_EQ(upcalls_of(p1.port, OVS_VPORT_UPCALL_ATTR_FAIL), 1u);
}

TEST_F(ReplyTest, APortElsewhereTellsItsNamespace)
{
	const Netns away;
	const uint32_t number = dp.add_internal("int0");

	EXPECT_FALSE(of_port(number, OVS_VPORT_ATTR_NETNSID));
	link_set(ns, "int0", {.netns_fd = away.fd()});

	const auto id = of_port(number, OVS_VPORT_ATTR_NETNSID);
	ASSERT_TRUE(id);
	EXPECT_EQ(id->data.size(), sizeof(int32_t));
}

TEST_F(ReplyTest, SampleNeedsOddsAndActions)
{
	const auto install = [this](bool odds, bool actions, bool twice) {
		AttrWriter list;
		const size_t sample = list.begin(OVS_ACTION_ATTR_SAMPLE);

		for (int i = 0; odds && i <= twice; i++)
			list.u32(OVS_SAMPLE_ATTR_PROBABILITY, UINT32_MAX / 4);
		if (actions) {
			const size_t body = list.begin(OVS_SAMPLE_ATTR_ACTIONS);

			list.u32(OVS_ACTION_ATTR_OUTPUT, 2);
			list.end(body);
		}
		list.end(sample);

		Request request =
			dp.flow_request(OVS_FLOW_CMD_NEW, from(1), {.flags = NLM_F_CREATE});
		request.put(OVS_FLOW_ATTR_ACTIONS | NLA_F_NESTED, list.bytes());
		return dp.socket().ask(request);
	};

	EXPECT_REFUSED(install(true, false, false), EINVAL);
	EXPECT_REFUSED(install(false, true, false), EINVAL);
	EXPECT_REFUSED(install(true, true, true), EINVAL);
	EXPECT_OK(install(true, true, false));
	EXPECT_EQ(dp.actions_of(from(1)), "sample(sample=25.0%,actions(2))");
}
