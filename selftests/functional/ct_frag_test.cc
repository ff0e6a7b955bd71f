// SPDX-License-Identifier: GPL-2.0-only
/* CT and fragments: what comes in pieces is tracked whole and leaves in pieces. */
#include "lab.h"
#include "lab/fragments.h"
#include "lab/proc.h"

using namespace lab;

/* What comes in by p1 is tracked, looked up again as recirculation 1, and leaves by p2. */
class CtFrag : public Lab
{
protected:
	static constexpr const char *V6 = "recirc_id(0),in_port(1),eth(),eth_type(0x86dd),ipv6()";
	static constexpr const char *THEN4 =
		"recirc_id(1),in_port(1),eth(),eth_type(0x0800),ipv4(frag=no)";
	static constexpr const char *THEN6 =
		"recirc_id(1),in_port(1),eth(),eth_type(0x86dd),ipv6(frag=no)";

	/** An echo request over IPv4 with that many bytes. */
	static Bytes ping(size_t length)
	{
		Tins::ICMP echo(Tins::ICMP::ECHO_REQUEST);

		echo.id(7);
		return frame(eth() / Tins::IP(IP_B, IP_A) / echo / Tins::RawPDU(pattern(length)));
	}

	static Bytes ping6(size_t length)
	{
		Tins::ICMPv6 echo(Tins::ICMPv6::ECHO_REQUEST);

		echo.identifier(7);
		return frame(eth() / Tins::IPv6(IP6_B, IP6_A) / echo / Tins::RawPDU(pattern(length)));
	}

	void track(const std::string &then = "2", const std::string &action = "ct(commit)")
	{
		dp.flow(from(1), action + ",recirc(1)");
		dp.flow(V6, action + ",recirc(1)");
		dp.flow(THEN4, then);
		dp.flow(THEN6, then);
	}

	void send(const std::vector<Bytes> &pieces)
	{
		for (const Bytes &piece : pieces)
			p1.tap.send(piece);
	}

	/** All that comes out by p2, or a given wire. */
	std::vector<Bytes> received(Wire *wire = nullptr, int timeout_ms = 200)
	{
		std::vector<Bytes> out;

		for (;;) {
			Bytes bytes = (wire ? *wire : p2).tap.receive_bytes(out.empty() ? 2000 : timeout_ms);
			if (bytes.empty())
				return out;
			out.push_back(bytes);
		}
	}

	bool silent(Wire &wire) { return wire.tap.receive_bytes(200).empty(); }

	/** Drops of a reason, once there are that many. */
	uint64_t drops_of(const std::string &reason, uint64_t wanted)
	{
		for (int i = 0; i < 100 && dp.drops()[reason] < wanted; i++)
			usleep(10000);
		return dp.drops()[reason];
	}

	/** Fragments that wait in IPv4's queues: "inuse 0 memory 0" if none does. */
	std::string waiting() const
	{
		const std::string text = proc(ns, "thread-self/net/sockstat");
		const size_t at = text.find("FRAG: ") + 6;

		return text.substr(at, text.find('\n', at) - at);
	}

	int connections() const
	{
		return std::stoi(proc(ns, "sys/net/netfilter/nf_conntrack_count"));
	}

	/** EXECUTE, as user space does with what it got in one piece. */
	Answer execute(const Bytes &packet, const std::string &actions, uint16_t mru)
	{
		AttrWriter more;

		more.u16(OVS_PACKET_ATTR_MRU, mru);
		return dp.execute(packet, actions, "in_port(1)", more);
	}
};

TEST_F(CtFrag, Ipv4PacketLeavesAsItCame)
{
	const auto pieces = fragments(ping(8000), 1500);

	track();
	send(pieces);
	const auto out = received();
	ASSERT_EQ(out.size(), pieces.size());
	for (size_t i = 0; i < out.size(); i++)
		EXPECT_BYTES(out[i], pieces[i]) << i;
	EXPECT_EQ(waiting(), "inuse 0 memory 0");
	EXPECT_EQ(connections(), 1);
}

TEST_F(CtFrag, Ipv6PacketLeavesInTheSameSizes)
{
	const auto pieces = fragments(ping6(8000), 1500);

	track();
	send(pieces);
	const auto out = received();
	EXPECT_EQ(sizes_of(out), sizes_of(pieces));
	EXPECT_BYTES(whole(out), ping6(8000));
	EXPECT_EQ(connections(), 1);
}

TEST_F(CtFrag, UnevenSizesAreKept)
{
	const auto pieces4 = cut(ping(2000), {56, 1000, 400}), pieces6 = cut(ping6(2000), {56, 1000, 400});

	track();
	send(pieces4);
	EXPECT_EQ(received(), pieces4);
	send(pieces6);
	EXPECT_EQ(sizes_of(received()), sizes_of(pieces6));
}

TEST_F(CtFrag, NoneIsLargerThanTheLargest)
{
	/* Two ports: the first gets a copy, which is cut anew. */
	track("3,2");
	send(cut(ping(3000), {1200, 800, 8}));
	for (Wire *wire : {&p3, &p2}) {
		const auto out = received(wire);
		EXPECT_BYTES(whole(out), whole(cut(ping(3000), {}))) << wire->port;
		for (const size_t size : sizes_of(out))
			EXPECT_LE(size, 1220u);
	}
}

TEST_F(CtFrag, OrderDoesNotMatter)
{
	const auto pieces4 = fragments(ping(8000), 1500), pieces6 = fragments(ping6(8000), 1500);

	track();
	for (const std::vector<size_t> &order : {std::vector<size_t>{5, 4, 3, 2, 1, 0}, {1, 0, 2, 5, 3, 4},
						 {0, 2, 4, 1, 3, 5}}) {
		for (const size_t i : order)
			p1.tap.send(pieces4.at(i));
		EXPECT_EQ(received(), pieces4);
		for (const size_t i : order)
			p1.tap.send(pieces6.at(i));
		EXPECT_BYTES(whole(received()), ping6(8000));
	}
}

TEST_F(CtFrag, RepeatedFragmentsAreIgnored)
{
	const auto pieces4 = fragments(ping(4000), 1500), pieces6 = fragments(ping6(4000), 1500);

	track();
	send({pieces4[0], pieces4[1], pieces4[0], pieces4[1], pieces4[2]});
	EXPECT_EQ(received(), pieces4);
	send({pieces6[0], pieces6[1], pieces6[0], pieces6[1], pieces6[2]});
	EXPECT_BYTES(whole(received()), ping6(4000));
}

TEST_F(CtFrag, OverlappingFragmentsAreDropped)
{
	const Bytes packet4 = ping(2000), packet6 = ping6(2000);

	track();
	send({fragment(packet4, 0, 1480, true), fragment(packet4, 1472, 2008, false)});
	send({fragment(packet6, 0, 1448, true), fragment(packet6, 1440, 2008, false)});
	EXPECT_TRUE(silent(p2));
	EXPECT_FALSE(upcalls.next(0));
	EXPECT_EQ(waiting(), "inuse 0 memory 0");
	EXPECT_EQ(connections(), 0);
	if (is_megaflow()) {
		EXPECT_EQ(drops_of("CONNTRACK", 2), 2u);
	}
}

TEST_F(CtFrag, IncompletePacketsExpire)
{
	const auto pieces4 = fragments(ping(4000), 1500), pieces6 = fragments(ping6(4000), 1500);

	ns.sysctl("ipv4/ipfrag_time", "1");
	ns.sysctl("netfilter/nf_conntrack_frag6_timeout", "1");
	track();
	send({pieces4[0], pieces4[1]});
	send({pieces6[0], pieces6[1]});
	EXPECT_TRUE(waiting().starts_with("inuse 1 ")) << waiting();
	for (int i = 0; i < 500 && waiting() != "inuse 0 memory 0"; i++)
		usleep(10000);
	EXPECT_EQ(waiting(), "inuse 0 memory 0");
	usleep(1000000);
	send({pieces4[2], pieces6[2]});
	EXPECT_TRUE(silent(p2)) << "what came too late made it whole";
	EXPECT_FALSE(upcalls.next(0));
	EXPECT_EQ(connections(), 0);
}

TEST_F(CtFrag, TruncatedFragmentsAreDropped)
{
	Bytes cut4 = fragment(ping(3000), 0, 1480, true), cut6 = fragment(ping6(3000), 0, 1448, true);

	cut4.resize(cut4.size() - 1);
	cut6.resize(cut6.size() - 1);
	track();
	send({cut4, cut6});
	if (is_megaflow()) {
		EXPECT_EQ(drops_of("CONNTRACK", 2), 2u);
		EXPECT_EQ(waiting(), "inuse 0 memory 0");
	}
}

TEST_F(CtFrag, ZonesAreApart)
{
	const auto pieces = fragments(ping(2000), 1500);

	dp.flow(from(1), "ct(commit,zone=1),2");
	dp.flow(from(3), "ct(commit,zone=2),2");
	p1.tap.send(pieces[0]);
	p3.tap.send(pieces[1]);
	EXPECT_TRUE(silent(p2));
	p1.tap.send(pieces[1]);
	EXPECT_EQ(received(), pieces);
	p3.tap.send(pieces[0]);
	EXPECT_EQ(received(), pieces);
}

TEST_F(CtFrag, TagsAreKept)
{
	const Bytes one = raw_frame(0x8100, hex("0005 0800") + View(ping(3000)).subspan(14));
	const Bytes two = raw_frame(0x88a8, hex("0005 8100 0007 0800") + View(ping(3000)).subspan(14));

	for (const bool out : {false, true}) {
		const std::string port = out ? "pop_vlan,push_vlan(vid=5,pcp=0),2" : "2";
		dp.flow("recirc_id(0),in_port(1),eth(),eth_type(0x8100),vlan(vid=5),encap(eth_type(0x0800),ipv4())",
			"ct(commit,zone=3),recirc(2)");
		dp.flow("recirc_id(2),in_port(1),eth(),eth_type(0x8100),vlan(vid=5),encap(eth_type(0x0800),"
			"ipv4(frag=no))", port);
		send(fragments(one, 1500));
		EXPECT_EQ(received(), fragments(one, 1500));
		dp.flush();
	}
	dp.flow("recirc_id(0),in_port(1),eth(),eth_type(0x88a8),vlan(vid=5),encap(eth_type(0x8100),vlan(vid=7),"
		"encap(eth_type(0x0800),ipv4()))", "ct(commit,zone=3),2");
	send(fragments(two, 1400));
	EXPECT_EQ(received(), fragments(two, 1400));
}

TEST_F(CtFrag, ATagIsPushedOnAll)
{
	const Bytes tagged = raw_frame(0x8100, hex("0005 0800") + View(ping(3000)).subspan(14));

	track("push_vlan(vid=5,pcp=0),2");
	send(fragments(ping(3000), 1500));
	EXPECT_EQ(received(), fragments(tagged, 1500));
}

TEST_F(CtFrag, BothDirectionsAreOneConnection)
{
	Tins::ICMP reply(Tins::ICMP::ECHO_REPLY);

	reply.id(7);
	track();
	dp.flow(from(2), "ct,recirc(2)");
	send(fragments(ping(8000), 1500));
	EXPECT_EQ(received().size(), 6u);
	const Bytes back = frame(eth() / Tins::IP(IP_A, IP_B) / reply / Tins::RawPDU(pattern(8000)));
	for (const Bytes &piece : fragments(back, 1500))
		p2.tap.send(piece);
	const auto upcall = upcalls.next();
	ASSERT_TRUE(upcall);
	/* est, rpl, trk */
	EXPECT_NE(key_text(*upcall).find("ct_state(0x2a)"), std::string::npos) << key_text(*upcall);
	EXPECT_EQ(connections(), 1);
}

TEST_F(CtFrag, UpcallHoldsTheWholeAndItsMru)
{
	dp.flow(from(1), "ct(commit),recirc(1)");
	dp.flow(V6, "ct(commit),recirc(1)");
	for (const Bytes &packet : {ping(8000), ping6(8000)}) {
		send(fragments(packet, 1400));
		const auto upcall = upcalls.next();
		ASSERT_TRUE(upcall);
		EXPECT_EQ(upcall->mru, sizes_of(fragments(packet, 1400))[0]);
		EXPECT_EQ(upcall->packet.size(), packet.size());
		const std::string key = key_text(*upcall);
		EXPECT_NE(key.find("frag=no"), std::string::npos) << key;
		EXPECT_NE(key.find("in_port(1)"), std::string::npos) << key;
		EXPECT_NE(key.find("type="), std::string::npos) << key;
		EXPECT_FALSE(upcalls.next(50));
		/* What user space sends on leaves as it came. */
		ASSERT_OK(execute(upcall->packet, "2", *upcall->mru));
		EXPECT_EQ(sizes_of(received()), sizes_of(fragments(packet, 1400)));
	}
}

TEST_F(CtFrag, ExecuteFragmentsToTheMru)
{
	for (uint16_t mru : {1500, 1499, 1300, 1280}) {
		for (const Bytes &packet : {ping(8000), ping6(8000)}) {
			ASSERT_OK(execute(packet, "2", mru));
			const auto out = received();
			EXPECT_EQ(sizes_of(out), sizes_of(fragments(packet, mru))) << mru;
			EXPECT_EQ(whole(out).size(), packet.size()) << mru;
		}
	}
	/* IPv6 needs no smaller ones, IPv4 takes what there is. */
	ASSERT_OK(execute(ping6(2000), "2", 100));
	EXPECT_EQ(sizes_of(received()), sizes_of(fragments(ping6(2000), 1280)));
	ASSERT_OK(execute(ping(2000), "2", 28));
	EXPECT_EQ(received().size(), 251u);
}

TEST_F(CtFrag, WhatFitsIsNotFragmented)
{
	ASSERT_OK(execute(ping(1400), "2", 1500));
	EXPECT_BYTES(p2.tap.receive_bytes(), ping(1400));
	ASSERT_OK(execute(ping(1472), "2", 1500));
	EXPECT_BYTES(p2.tap.receive_bytes(), ping(1472));
}

TEST_F(CtFrag, OptionsOfTheFirstFragmentAreNotRepeated)
{
	if (!is_megaflow())
		GTEST_SKIP() << "the in-tree module repeats them";
	/* A record of the route, 7 bytes, and a byte of padding. */
	Bytes packet = raw_frame(0x0800, hex("4700 0000 0001 0000 4011 0000 0a010001 0a010002 07070400 00000001") +
						 hex("03e8 07d0 07d8 0000") + pattern(2000));
	packet[16] = static_cast<uint8_t>((packet.size() - 14) >> 8);
	packet[17] = static_cast<uint8_t>(packet.size() - 14);

	ASSERT_OK(execute(packet, "2", 1000));
	const auto out = received();
	ASSERT_EQ(out.size(), 3u);
	EXPECT_EQ(mf::to_hex(View(out[0]).subspan(34, 8)), "0707040000000001");
	EXPECT_EQ(mf::to_hex(View(out[1]).subspan(34, 8)), "0101010101010101");
	EXPECT_EQ(mf::to_hex(View(out[2]).subspan(34, 8)), "0101010101010101");
}

TEST_F(CtFrag, WhatCannotBeFragmentedIsDropped)
{
	const std::string label = "push_mpls(label=100,tc=0,ttl=64,bos=1,eth_type=0x8847)";
	const std::string more = ",push_mpls(label=100,tc=0,ttl=64,bos=0,eth_type=0x8847)";
	const std::string nsh = "push_nsh(flags=0,ttl=63,mdtype=1,np=1,spi=0xa,si=5,c1=0x1,c2=0x2,c3=0x3,c4=0x4),"
				"push_eth(src=02:00:00:00:00:0a,dst=02:00:00:00:00:0b)";
	const struct {
		std::string actions;
		uint16_t mru;
		const char *reason;
	} rows[] = {
	    {label + more + more + more + more + ",2", 1400, "FRAG_L2_TOO_LONG"},
	    {"pop_eth," + nsh + ",2", 1400, "FRAG_INVALID_PROTO"},
	    {"2", 1501, "PKT_TOO_BIG"},
	    {"2", 27, "PKT_TOO_BIG"},
	    {"9", 1400, "DEV_READY"},
	};

	for (const auto &row : rows) {
		const uint64_t before = dp.drops()[row.reason];
		ASSERT_OK(execute(ping(2000), row.actions, row.mru));
		if (is_megaflow()) {
			EXPECT_EQ(drops_of(row.reason, before + 1), before + 1) << row.actions;
			EXPECT_TRUE(silent(p2)) << row.actions;
		}
	}
}

TEST_F(CtFrag, LengthIsThatOfTheFragments)
{
	/* Of the largest: 1500 and the link header. */
	track("check_pkt_len(size=1514,gt(3),le(2))");
	send(fragments(ping(4000), 1500));
	EXPECT_EQ(received().size(), 3u);
	dp.flush();
	track("check_pkt_len(size=1513,gt(3),le(2))");
	send(fragments(ping(4000), 1500));
	EXPECT_EQ(received(&p3).size(), 3u);
}

TEST_F(CtFrag, TranslatedInOnePieceAndSentInMany)
{
	dp.flow(from(1), "ct(commit,nat(src=10.9.0.9)),recirc(1)");
	dp.flow(std::string(THEN4), "2");
	const Bytes packet = frame(eth() / Tins::IP(IP_B, IP_A) / Tins::UDP(2000, 1000) /
				   Tins::RawPDU(pattern(4000)));
	send(fragments(packet, 1500));
	const Bytes out = whole(received());
	EXPECT_EQ(mf::to_hex(View(out).subspan(26, 4)), "0a090009");
	EXPECT_EQ(l4_checksum(View(out).subspan(14)), 0);
}
