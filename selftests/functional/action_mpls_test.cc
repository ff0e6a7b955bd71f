// SPDX-License-Identifier: GPL-2.0-only
/* push_mpls, add_mpls, pop_mpls and set(mpls()): labels on, off and rewritten. */
#include "lab.h"

using namespace lab;

class ActionMpls : public Lab
{
protected:
	/** UDP over IPv4 behind labels, written as hex. */
	static Bytes labelled(const char *labels, uint16_t type = 0x8847)
	{
		return raw_frame(type, hex(labels) + View(udp_frame()).subspan(14));
	}

	/** Of a TCP packet, what a sender leaves who lets the device do the rest. */
	static void leave_checksum(Bytes &packet)
	{
		uint32_t sum = 6 + static_cast<uint32_t>(packet.size() - 34);

		for (size_t at = 26; at < 34; at += 2)
			sum += static_cast<uint32_t>(packet[at] << 8 | packet[at + 1]);
		while (sum >> 16)
			sum = (sum & 0xffff) + (sum >> 16);
		packet[50] = static_cast<uint8_t>(sum >> 8);
		packet[51] = static_cast<uint8_t>(sum);
	}

	Answer install(const std::string &key, const std::string &actions)
	{
		return dp.ask_flow(OVS_FLOW_CMD_NEW, key, {.actions = actions, .flags = NLM_F_CREATE});
	}

	static constexpr const char *V4 = "recirc_id(0),in_port(1),eth(),eth_type(0x0800),ipv4()";
	static constexpr const char *ONE =
		"recirc_id(0),in_port(1),eth(),eth_type(0x8847),mpls(label=100,tc=0,ttl=64,bos=1)";
	static constexpr const char *TWO =
		"recirc_id(0),in_port(1),eth(),eth_type(0x8847),mpls(label=101,tc=0,ttl=64,bos=0,"
		"label=100,tc=0,ttl=64,bos=1)";
	static constexpr const char *PUSH = "push_mpls(label=100,tc=0,ttl=64,bos=1,eth_type=0x8847)";
};

TEST_F(ActionMpls, Push)
{
	EXPECT_BYTES(through(V4, std::string(PUSH) + ",2", udp_frame()), labelled("00064140"));
}

TEST_F(ActionMpls, PushMulticast)
{
	EXPECT_BYTES(through(V4, "push_mpls(label=100,tc=5,ttl=64,bos=1,eth_type=0x8848),2", udp_frame()),
		     labelled("00064b40", 0x8848));
}

TEST_F(ActionMpls, PushTwo)
{
	EXPECT_BYTES(through(V4, std::string(PUSH) + ",push_mpls(label=101,tc=0,ttl=64,bos=0,eth_type=0x8847),2",
			     udp_frame()),
		     labelled("00065040 00064140"));
}

TEST_F(ActionMpls, PushThenTag)
{
	EXPECT_BYTES(through(V4, std::string(PUSH) + ",push_vlan(vid=5,pcp=0),2", udp_frame()),
		     raw_frame(0x8100, hex("0005 8847 00064140") +
					       View(udp_frame()).subspan(14)));
}

TEST_F(ActionMpls, Pop)
{
	EXPECT_BYTES(through(ONE, "pop_mpls(eth_type=0x0800),2", labelled("00064140")), udp_frame());
}

TEST_F(ActionMpls, PopOneOfTwoAndBoth)
{
	EXPECT_BYTES(through(TWO, "pop_mpls(eth_type=0x8847),2", labelled("00065040 00064140")),
		     labelled("00064140"));
	EXPECT_BYTES(through(TWO, "pop_mpls(eth_type=0x8847),pop_mpls(eth_type=0x0800),2",
			     labelled("00065040 00064140")),
		     udp_frame());
}

TEST_F(ActionMpls, PoppedPacketIsParsedAnew)
{
	dp.flow(ONE, "pop_mpls(eth_type=0x0800),recirc(1)");
	dp.flow("recirc_id(1),in_port(1),eth(),eth_type(0x0800),ipv4(proto=17),udp(src=1000)",
		"set(udp(src=7)),2");
	p1.tap.send(labelled("00064140"));
	EXPECT_BYTES(p2.tap.receive_bytes(), udp_frame(7));
}

TEST_F(ActionMpls, PushedPacketMatchesAsLabelled)
{
	dp.flow(V4, std::string(PUSH) + ",recirc(1)");
	dp.flow("recirc_id(1),in_port(1),eth(),eth_type(0x8847),mpls(label=100,tc=0,ttl=64,bos=1)", "2");
	p1.tap.send(udp_frame());
	EXPECT_BYTES(p2.tap.receive_bytes(), labelled("00064140"));
}

TEST_F(ActionMpls, SetRewritesTheOutermost)
{
	EXPECT_BYTES(through(TWO, "set(mpls(label=7,tc=1,ttl=9,bos=0)),2", labelled("00065040 00064140")),
		     labelled("00007209 00064140"));
	EXPECT_BYTES(through(TWO, "hex:10000b00 0c001500 00000009 000000ff 08000100 02000000",
			     labelled("00065040 00064140")),
		     labelled("00065009 00064140"));
}

TEST_F(ActionMpls, AddInFrontOfTheFrameAndOff)
{
	/* add_mpls, not layer 3, then the frame comes out again: pop_mpls(0x6558). */
	EXPECT_BYTES(through(V4, "add_mpls(label=100,tc=0,ttl=64,bos=1,eth_type=0x8847),pop_mpls(eth_type=0x6558),2",
			     udp_frame()),
		     udp_frame());
	/* With an Ethernet header in front it can leave by an Ethernet device. */
	EXPECT_BYTES(through(V4, "add_mpls(label=100,tc=0,ttl=64,bos=1,eth_type=0x8847,tun_flags=1),2",
			     udp_frame()),
		     labelled("00064140"));
}

TEST_F(ActionMpls, CopyGoesOutWithoutTheLabel)
{
	dp.flow(V4, std::string("clone(") + PUSH + ",3),2");
	p1.tap.send(udp_frame());
	EXPECT_BYTES(p3.tap.receive_bytes(), labelled("00064140"));
	EXPECT_BYTES(p2.tap.receive_bytes(), udp_frame());
}

TEST_F(ActionMpls, SuperPacketIsLabelledInEverySegment)
{
	constexpr uint16_t MSS = 1400;
	const Bytes data = pattern(7000);
	Tins::TCP tcp(80, 1000);

	tcp.flags(Tins::TCP::ACK);
	Bytes super = frame(eth() / Tins::IP(IP_B, IP_A) / tcp /
			    Tins::RawPDU(data.data(), static_cast<uint32_t>(data.size())));
	leave_checksum(super);
	dp.flow(V4, std::string(PUSH) + fmt::format(",userspace(pid={})", upcalls.pid()));
	p1.tap.send(super, {GSO_TCPV4, MSS, 54, 34, 16});
	for (size_t left = data.size(); left; left -= std::min<size_t>(left, MSS)) {
		const auto upcall = upcalls.next();

		ASSERT_TRUE(upcall) << left << " bytes left";
		ASSERT_EQ(upcall->packet.size(), 58 + std::min<size_t>(left, MSS));
		EXPECT_BYTES(Bytes(upcall->packet.begin() + 12, upcall->packet.begin() + 18),
			     hex("8847 00064140"));
		EXPECT_EQ(l4_checksum(View(upcall->packet).subspan(18)), 0);
	}
}

TEST_F(ActionMpls, RefusedWhereNoLabelCanBe)
{
	const struct {
		const char *key, *actions;
	} rows[] = {
		{V4, "push_mpls(label=1,tc=0,ttl=64,bos=1,eth_type=0x0800),2"},
		{V4, "pop_mpls(eth_type=0x0800),2"},
		{V4, "set(mpls(label=7,tc=1,ttl=9,bos=0)),2"},
		{"in_port(1),eth(),eth_type(0x1234)", PUSH},
		{"in_port(1),eth(),eth_type(0x8100),vlan(vid=5),encap(eth_type(0x0800),ipv4())", PUSH},
		{V4, "push_mpls(label=1,tc=0,ttl=64,bos=1,eth_type=0x8847),set(ipv4(ttl=1)),2"},
		{ONE, "pop_mpls(eth_type=0x0800),set(ipv4(ttl=1)),2"},
		{ONE, "pop_mpls(eth_type=0x6558),2"},
		{ONE, "pop_mpls(eth_type=0x0800),pop_mpls(eth_type=0x0800),2"},
	};

	for (const auto &row : rows)
		EXPECT_REFUSED(install(row.key, row.actions), EINVAL) << row.key << " " << row.actions;
	EXPECT_EQ(dp.info().stats.n_flows, 0u);
}

TEST_F(ActionMpls, RoundTrips)
{
	const struct {
		const char *key, *actions;
	} rows[] = {
		{V4, "push_mpls(label=100,tc=0,ttl=64,bos=1,eth_type=0x8847),2"},
		{V4, "add_mpls(label=100,tc=0,ttl=64,bos=1,eth_type=0x8847,tun_flags=0x1),2"},
		{"in_port(1),eth(),eth_type(0x1234)", "add_mpls(label=0,tc=0,ttl=0,bos=0,eth_type=0x8847)"},
		{ONE, "pop_mpls(eth_type=0x800),2"},
		{ONE, "set(mpls(label=7,tc=1,ttl=9,bos=0)),2"},
		{ONE, "hex:10000b00 0c001500 00000009 000000ff"},
	};

	for (const auto &row : rows) {
		EXPECT_OK(install(row.key, row.actions)) << row.actions;
		const Bytes shown = dp.get_flow(row.key).actions.value();
		EXPECT_BYTES(shown, actions_of_text(row.actions));
		dp.flush();
		EXPECT_OK(install(row.key, "hex:" + mf::to_hex(shown))) << row.actions;
		EXPECT_BYTES(dp.get_flow(row.key).actions.value(), shown);
		dp.flush();
	}
}

class HazardPacketLabels : public ActionMpls
{
};

TEST_F(HazardPacketLabels, H78_LabelThatIsCutOff)
{
	/* Type says MPLS, and the frame ends within the label. */
	for (const char *actions : {"pop_mpls(eth_type=0x0800),2", "set(mpls(label=7,tc=1,ttl=9,bos=0)),2"}) {
		dp.flow("in_port(1),eth(),eth_type(0x8847),mpls(label=0/0)", actions);
		for (size_t length : {0u, 1u, 3u})
			p1.tap.send(raw_frame(0x8847, pattern(length)));
		EXPECT_TRUE(p2.tap.receive_bytes(100).empty()) << actions;
		dp.flush();
	}
	EXPECT_BYTES(through(V4, "2", udp_frame()), udp_frame()) << "still at work";
}

TEST_F(HazardPacketLabels, H74_UnparsableAfterPopThenRecirc)
{
	dp.flow(ONE, "pop_mpls(eth_type=0x894f),recirc(1)");
	p1.tap.send(labelled("00064140"));
	EXPECT_TRUE(p2.tap.receive_bytes(100).empty());
	dp.flush();
	EXPECT_BYTES(through(V4, "2", udp_frame()), udp_frame()) << "still at work";
}
