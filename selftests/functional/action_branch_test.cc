// SPDX-License-Identifier: GPL-2.0-only
/* CHECK_PKT_LEN and DEC_TTL: lists that only some packets run. */
#include "lab.h"

#include <functional>
#include <unistd.h>

using namespace lab;

class ActionBranch : public Lab
{
protected:
	static constexpr const char *V4 = "recirc_id(0),in_port(1),eth(),eth_type(0x0800),ipv4()";
	static constexpr const char *V6 = "recirc_id(0),in_port(1),eth(),eth_type(0x86dd),ipv6()";

	static Bytes ip4(uint8_t ttl)
	{
		Tins::IP ip(IP_B, IP_A);

		ip.ttl(ttl);
		return frame(eth() / ip / Tins::UDP(2000, 1000) / Tins::RawPDU("hello, world"));
	}

	static Bytes ip6(uint8_t hops)
	{
		Tins::IPv6 ip(IP6_B, IP6_A);

		ip.hop_limit(hops);
		return frame(eth() / ip / Tins::UDP(2000, 1000) / Tins::RawPDU("hello, world"));
	}

	static Bytes of_length(size_t length) { return raw_frame(0x1234, pattern(length - 14)); }

	Answer install(const std::string &key, const std::string &actions)
	{
		return dp.ask_flow(OVS_FLOW_CMD_NEW, key, {.actions = actions, .flags = NLM_F_CREATE});
	}

	uint64_t drops_of(const std::string &reason, uint64_t wanted)
	{
		for (int i = 0; i < 100 && dp.drops()[reason] < wanted; i++)
			usleep(10000);
		return dp.drops()[reason];
	}
};

TEST_F(ActionBranch, LengthDecides)
{
	dp.flow("recirc_id(0),in_port(1),eth(),eth_type(0x1234)", "check_pkt_len(size=100,gt(2),le(3))");
	p1.tap.send(of_length(100));
	EXPECT_BYTES(p3.tap.receive_bytes(), of_length(100));
	p1.tap.send(of_length(101));
	EXPECT_BYTES(p2.tap.receive_bytes(), of_length(101));
	EXPECT_TRUE(p3.tap.receive_bytes(50).empty());
}

TEST_F(ActionBranch, WhatABranchChangesEndsWithIt)
{
	dp.flow(V4, "check_pkt_len(size=20,gt(set(ipv4(ttl=9)),3),le(drop)),2");
	p1.tap.send(ip4(64));
	EXPECT_BYTES(p3.tap.receive_bytes(), ip4(9));
	EXPECT_BYTES(p2.tap.receive_bytes(), ip4(64));
}

TEST_F(ActionBranch, EmptyBranchesGoOn)
{
	dp.flow(V4, "check_pkt_len(size=20,gt(),le(3)),2");
	p1.tap.send(ip4(64));
	EXPECT_BYTES(p2.tap.receive_bytes(), ip4(64));
	EXPECT_TRUE(p3.tap.receive_bytes(50).empty());
}

TEST_F(ActionBranch, SegmentsOfASuperPacketAreMeasured)
{
	constexpr uint16_t MSS = 1400;
	const Bytes data = pattern(10000);
	Tins::TCP tcp(80, 1000);

	tcp.flags(Tins::TCP::ACK);
	const Bytes super = frame(eth() / Tins::IP(IP_B, IP_A) / tcp /
				  Tins::RawPDU(data.data(), static_cast<uint32_t>(data.size())));
	for (const auto &[size, port] : {std::pair{54 + MSS, &p3}, std::pair{53 + MSS, &p2}}) {
		dp.flow(V4, fmt::format("check_pkt_len(size={},gt(2),le(3))", size));
		p1.tap.send(super, {GSO_TCPV4, MSS, 54, 34, 16});
		EXPECT_FALSE(port->tap.receive_bytes().empty()) << size;
		while (port->tap.receive(50))
			;
		dp.flush();
	}
}

TEST_F(ActionBranch, BranchesNestSixteenDeep)
{
	std::string list = "2";

	for (int depth = 1; depth <= 17; depth++) {
		list = depth % 2 ? fmt::format("check_pkt_len(size=20,gt({}),le())", list)
				 : fmt::format("dec_ttl(le_1({}))", list);
		if (depth <= 16) {
			EXPECT_OK(install(V4, list)) << depth;
		} else {
			EXPECT_REFUSED(install(V4, list), EOVERFLOW);
		}
		dp.flush();
	}
}

TEST_F(ActionBranch, TimeToLiveGoesDown)
{
	dp.flow(V4, "dec_ttl(le_1()),2");
	dp.flow(V6, "dec_ttl(le_1()),2");
	p1.tap.send(ip4(64));
	EXPECT_BYTES(p2.tap.receive_bytes(), ip4(63));
	p1.tap.send(ip4(2));
	EXPECT_BYTES(p2.tap.receive_bytes(), ip4(1));
	p1.tap.send(ip6(64));
	EXPECT_BYTES(p2.tap.receive_bytes(), ip6(63));
}

TEST_F(ActionBranch, ExpiredPacketsRunTheirListAndStop)
{
	dp.flow(V4, "dec_ttl(le_1(3)),2");
	for (uint8_t ttl : {1, 0}) {
		p1.tap.send(ip4(ttl));
		EXPECT_BYTES(p3.tap.receive_bytes(), ip4(ttl));
	}
	EXPECT_TRUE(p2.tap.receive_bytes(50).empty());
}

TEST_F(ActionBranch, ExpiredPacketsOfAnEmptyListAreDropped)
{
	dp.flow(V4, "dec_ttl(le_1()),2");
	dp.flow(V6, "dec_ttl(le_1()),2");
	p1.tap.send(ip4(1));
	p1.tap.send(ip6(1));
	if (is_megaflow()) {
		EXPECT_EQ(drops_of("IP_TTL", 2), 2u);
	}
	EXPECT_TRUE(p2.tap.receive_bytes(50).empty());
}

TEST_F(ActionBranch, WhatIsNotIpHasNoTime)
{
	dp.flow("recirc_id(0),in_port(1),eth(),eth_type(0x1234)", "dec_ttl(le_1(3)),2");
	p1.tap.send(of_length(60));
	EXPECT_BYTES(p2.tap.receive_bytes(), of_length(60));
}

TEST_F(ActionBranch, TimeBehindATagThatWasPushed)
{
	dp.flow(V4, "push_vlan(vid=5,pcp=0),dec_ttl(le_1()),pop_vlan,2");
	p1.tap.send(ip4(64));
	EXPECT_BYTES(p2.tap.receive_bytes(), ip4(63));
}

TEST_F(ActionBranch, BadOnesAreRefused)
{
	/* Length 0; no length; one list only; one that is bad; nothing to do when time is up */
	for (const char *bad : {"18001500 06000100 00000000 04000200 04000300", "0c001500 04000200 04000300",
				"10001500 06000100 64000000 04000200",
				"20001500 06000100 64000000 04000200 0c000300 08006300 00000000",
				"04001700", "10001700 0c000100 08006300 00000000"})
		EXPECT_REFUSED(install(V4, std::string("hex:") + bad), EINVAL) << bad;
	EXPECT_EQ(dp.info().stats.n_flows, 0u);
}

TEST_F(ActionBranch, DumpIsWhatWasInstalled)
{
	for (const char *text : {"check_pkt_len(size=100,gt(1,2),le(3))", "check_pkt_len(size=1,gt(),le()),1",
				 "dec_ttl(le_1(userspace(pid=7))),2", "dec_ttl(le_1()),2"}) {
		ASSERT_OK(install(V4, text)) << text;
		const Bytes shown = dp.get_flow(V4).actions.value();
		dp.flush();
		EXPECT_OK(install(V4, "hex:" + mf::to_hex(shown))) << text;
		EXPECT_BYTES(dp.get_flow(V4).actions.value(), shown);
		dp.flush();
	}
}
