// SPDX-License-Identifier: GPL-2.0-only
/* CT with NAT: what leaves, what comes back, and what is told of it. */
#include "lab.h"

using namespace lab;

/* A goes in by p1 and leaves by p2; B answers by p2 and leaves by p1. */
class CtNat : public Lab
{
protected:
	static Bytes udp(const char *src, uint16_t sport, const char *dst, uint16_t dport)
	{
		return frame(eth() / Tins::IP(dst, src) / Tins::UDP(dport, sport) /
			     Tins::RawPDU("hello hello hello hello"));
	}

	/** "10.1.0.1:1000>10.1.0.2:2000" of what comes out, or why not. */
	static std::string flow_of(const Bytes &bytes)
	{
		if (bytes.empty())
			return "nothing";
		if (l4_checksum(View(bytes).subspan(14)))
			return "wrong checksum";
		const Tins::EthernetII packet(bytes.data(), bytes.size());
		const auto &ip = packet.rfind_pdu<Tins::IP>();
		const auto &l4 = packet.rfind_pdu<Tins::UDP>();
		return fmt::format("{}:{}>{}:{}", ip.src_addr().to_string(), l4.sport(),
				   ip.dst_addr().to_string(), l4.dport());
	}

	void both_ways(const std::string &there, const std::string &back = "ct(nat)")
	{
		dp.flow(from(1), there + ",2");
		dp.flow(from(2), back + ",1");
	}

	std::string there(const Bytes &packet)
	{
		p1.tap.send(packet);
		return flow_of(p2.tap.receive_bytes());
	}

	std::string back(const Bytes &packet)
	{
		p2.tap.send(packet);
		return flow_of(p1.tap.receive_bytes());
	}
};

TEST_F(CtNat, SourceAndBack)
{
	both_ways("ct(commit,nat(src=10.9.0.9))");
	EXPECT_EQ(there(udp("10.1.0.1", 1000, "10.1.0.2", 2000)), "10.9.0.9:1000>10.1.0.2:2000");
	EXPECT_EQ(back(udp("10.1.0.2", 2000, "10.9.0.9", 1000)), "10.1.0.2:2000>10.1.0.1:1000");
	EXPECT_EQ(there(udp("10.1.0.1", 1000, "10.1.0.2", 2000)), "10.9.0.9:1000>10.1.0.2:2000");
}

TEST_F(CtNat, DestinationAndBack)
{
	both_ways("ct(commit,nat(dst=10.9.0.9:80))");
	EXPECT_EQ(there(udp("10.1.0.1", 1000, "10.1.0.2", 2000)), "10.1.0.1:1000>10.9.0.9:80");
	EXPECT_EQ(back(udp("10.9.0.9", 80, "10.1.0.1", 1000)), "10.1.0.2:2000>10.1.0.1:1000");
}

TEST_F(CtNat, PortRange)
{
	both_ways("ct(commit,nat(src=10.9.0.9:5000-5000))");
	EXPECT_EQ(there(udp("10.1.0.1", 1000, "10.1.0.2", 2000)), "10.9.0.9:5000>10.1.0.2:2000");
	EXPECT_EQ(back(udp("10.1.0.2", 2000, "10.9.0.9", 5000)), "10.1.0.2:2000>10.1.0.1:1000");
}

TEST_F(CtNat, ExhaustedRangeDrops)
{
	both_ways("ct(commit,nat(src=10.9.0.9:5000-5000))");
	EXPECT_EQ(there(udp("10.1.0.1", 1000, "10.1.0.2", 2000)), "10.9.0.9:5000>10.1.0.2:2000");
	p1.tap.send(udp("10.1.0.1", 1001, "10.1.0.2", 2000));
	EXPECT_EQ(flow_of(p2.tap.receive_bytes(200)), "nothing");
	if (is_megaflow()) {
		EXPECT_EQ(dp.drops()["CONNTRACK"], 1u);
	}
}

TEST_F(CtNat, AddressRangeStaysInside)
{
	both_ways("ct(commit,nat(src=10.9.0.4-10.9.0.7,random))");
	for (uint16_t port = 1000; port < 1010; port++) {
		const std::string out = there(udp("10.1.0.1", port, "10.1.0.2", 2000));
		EXPECT_EQ(out.substr(0, 7), "10.9.0.") << out;
		EXPECT_GE(out[7], '4') << out;
		EXPECT_LE(out[7], '7') << out;
	}
}

/* H66: the destination is one, the client's ports are the same. */
TEST_F(CtNat, H66DestinationCollision)
{
	dp.flow("recirc_id(0),in_port(1),eth(),eth_type(0x0800),ipv4(dst=10.1.0.2)",
		"ct(commit,nat(dst=10.9.0.9:80)),2");
	dp.flow("recirc_id(0),in_port(1),eth(),eth_type(0x0800),ipv4(dst=10.1.0.3)",
		"ct(commit,nat(dst=10.9.0.9:80)),2");
	EXPECT_EQ(there(udp("10.1.0.1", 1000, "10.1.0.2", 80)), "10.1.0.1:1000>10.9.0.9:80");
	const std::string second = there(udp("10.1.0.1", 1000, "10.1.0.3", 80));
	EXPECT_NE(second, "10.1.0.1:1000>10.9.0.9:80");
	EXPECT_EQ(second.substr(second.find('>')), ">10.9.0.9:80");
}

/* H65: source and destination of one connection, both undone on the way back. */
TEST_F(CtNat, H65BothSidesOfOneConnection)
{
	dp.flow(from(1), "ct(commit,zone=1,nat(dst=10.9.0.9)),recirc(1)");
	dp.flow("recirc_id(1),in_port(1),eth(),eth_type(0x0800),ipv4()",
		"ct(commit,zone=2,nat(src=10.8.0.8)),2");
	dp.flow(from(2), "ct(zone=2,nat),recirc(2)");
	dp.flow("recirc_id(2),in_port(2),eth(),eth_type(0x0800),ipv4()", "ct(zone=1,nat),1");
	EXPECT_EQ(there(udp("10.1.0.1", 1000, "10.1.0.2", 2000)), "10.8.0.8:1000>10.9.0.9:2000");
	EXPECT_EQ(back(udp("10.9.0.9", 2000, "10.8.0.8", 1000)), "10.1.0.2:2000>10.1.0.1:1000");
}

/* A server that calls itself by its public address. */
TEST_F(CtNat, Hairpin)
{
	dp.flow(from(1), "ct(commit,zone=1,nat(dst=10.1.0.1)),recirc(1)");
	dp.flow("recirc_id(1),in_port(1),eth(),eth_type(0x0800),ipv4()",
		"ct(commit,zone=2,nat(src=10.9.0.9)),1");
	p1.tap.send(udp("10.1.0.1", 1000, "10.1.0.2", 2000));
	EXPECT_EQ(flow_of(p1.tap.receive_bytes()), "10.9.0.9:1000>10.1.0.1:2000");
}

TEST_F(CtNat, KeyFollowsTheTranslation)
{
	const auto key_after = [&](Wire &wire, const Bytes &packet) {
		wire.tap.send(packet);
		const auto upcall = upcalls.next();
		return upcall ? key_text(*upcall) : "none";
	};

	dp.flow(from(1), "ct(commit,nat(src=10.9.0.9)),recirc(1)");
	dp.flow(from(2), "ct(nat),recirc(1)");
	const std::string first = key_after(p1, udp("10.1.0.1", 1000, "10.1.0.2", 2000));
	EXPECT_NE(first.find("ipv4(src=10.9.0.9,dst=10.1.0.2"), std::string::npos) << first;
	EXPECT_NE(first.find("ct_state(0x61)"), std::string::npos) << first;
	EXPECT_NE(first.find("ct_tuple4(src=10.1.0.1,"), std::string::npos) << first;
	const std::string reply = key_after(p2, udp("10.1.0.2", 2000, "10.9.0.9", 1000));
	EXPECT_NE(reply.find("ipv4(src=10.1.0.2,dst=10.1.0.1"), std::string::npos) << reply;
	EXPECT_NE(reply.find("ct_state(0xaa)"), std::string::npos) << reply;
}

/* What is looked up before the answer has the addresses that it came with. */
TEST_F(CtNat, UntilTheAnswerOnlyCommitsTranslate)
{
	const Bytes packet = udp("10.1.0.1", 1000, "10.1.0.2", 2000);
	const auto looked_up = [&] {
		dp.flush();
		dp.flow(from(1), "ct(nat),recirc(1)");
		p1.tap.send(packet);
		const auto upcall = upcalls.next();
		return upcall ? key_text(*upcall) : "none";
	};

	both_ways("ct(commit,nat(src=10.9.0.9))");
	EXPECT_EQ(there(packet), "10.9.0.9:1000>10.1.0.2:2000");
	const std::string before = looked_up();
	EXPECT_NE(before.find("ipv4(src=10.1.0.1,"), std::string::npos) << before;
	EXPECT_NE(before.find("ct_state(0x21)"), std::string::npos) << before;
	dp.flush();
	both_ways("ct(commit,nat(src=10.9.0.9))");
	EXPECT_EQ(there(packet), "10.9.0.9:1000>10.1.0.2:2000");
	EXPECT_EQ(back(udp("10.1.0.2", 2000, "10.9.0.9", 1000)), "10.1.0.2:2000>10.1.0.1:1000");
	const std::string after = looked_up();
	EXPECT_NE(after.find("ipv4(src=10.9.0.9,"), std::string::npos) << after;
	EXPECT_NE(after.find("ct_state(0x62)"), std::string::npos) << after;
}

/* The source of what gets a new destination is bound as well, and the state says so. */
TEST_F(CtNat, NewDestinationTellsOfBothSides)
{
	dp.flow(from(1), "ct(commit,nat(dst=10.9.0.9)),recirc(1)");
	p1.tap.send(udp("10.1.0.1", 1000, "10.1.0.2", 2000));
	const auto upcall = upcalls.next();
	ASSERT_TRUE(upcall);
	EXPECT_NE(key_text(*upcall).find("ct_state(0xe1)"), std::string::npos) << key_text(*upcall);
}

TEST_F(CtNat, IcmpErrorIsTranslatedInsideAndOut)
{
	both_ways("ct(commit,nat(src=10.9.0.9))");
	p1.tap.send(udp("10.1.0.1", 1000, "10.1.0.2", 2000));
	const Bytes sent = p2.tap.receive_bytes();
	ASSERT_FALSE(sent.empty());
	Tins::ICMP unreachable(Tins::ICMP::DEST_UNREACHABLE);
	unreachable.code(3);
	p2.tap.send(frame(eth() / Tins::IP("10.9.0.9", "10.1.0.2") / unreachable /
			  Tins::RawPDU(sent.begin() + 14, sent.end())));
	const Bytes error = p1.tap.receive_bytes();
	ASSERT_GE(error.size(), 14u + 20 + 8 + 28);
	/* The error's destination, and the source of the packet inside it. */
	EXPECT_EQ(mf::to_hex(View(error).subspan(14 + 16, 4)), "0a010001");
	EXPECT_EQ(mf::to_hex(View(error).subspan(14 + 28 + 12, 4)), "0a010001");
}

TEST_F(CtNat, AttributesOfWrongLengthAreRefused)
{
	const struct {
		uint16_t type;
		size_t length;
	} rows[] = {{OVS_NAT_ATTR_SRC, 1},        {OVS_NAT_ATTR_DST, 4},
		    {OVS_NAT_ATTR_IP_MIN, 3},     {OVS_NAT_ATTR_IP_MIN, 16},
		    {OVS_NAT_ATTR_IP_MAX, 5},     {OVS_NAT_ATTR_IP_MAX, 16},
		    {OVS_NAT_ATTR_PROTO_MIN, 1},  {OVS_NAT_ATTR_PROTO_MAX, 4},
		    {OVS_NAT_ATTR_PERSISTENT, 1}, {OVS_NAT_ATTR_PROTO_HASH, 2},
		    {OVS_NAT_ATTR_PROTO_RANDOM, 4}};

	for (const auto &row : rows) {
		AttrWriter nat, inner, outer;

		if (row.type > OVS_NAT_ATTR_DST)
			nat.flag(OVS_NAT_ATTR_SRC);
		nat.put(row.type, Bytes(row.length));
		inner.flag(OVS_CT_ATTR_COMMIT);
		inner.put(OVS_CT_ATTR_NAT, nat.bytes());
		outer.put(OVS_ACTION_ATTR_CT, inner.bytes());
		EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_NEW, from(1),
					   {.actions = "hex:" + mf::to_hex(outer.bytes()),
					    .flags = NLM_F_CREATE}),
			       EINVAL)
		    << row.type << ' ' << row.length;
	}
}
