// SPDX-License-Identifier: GPL-2.0-only
/* CT: what the key says of a connection, and what a commit writes into it. */
#include "lab.h"

#include <thread>

using namespace lab;

/* A goes in by p1, B by p2; after ct() both are looked up again as recirculation 1. */
class CtState : public Lab
{
protected:
	static Bytes tcp(bool reply, uint16_t flags, uint32_t seq = 1, uint32_t ack = 0)
	{
		Tins::TCP segment = reply ? Tins::TCP(1000, 80) : Tins::TCP(80, 1000);

		segment.flags(flags);
		segment.seq(seq);
		segment.ack_seq(ack);
		segment.window(1000);
		return frame(eth() / (reply ? Tins::IP(IP_A, IP_B) : Tins::IP(IP_B, IP_A)) /
			     segment);
	}

	static Bytes udp(bool reply, uint16_t sport = 1000)
	{
		return reply ? frame(eth() / Tins::IP(IP_A, IP_B) / Tins::UDP(sport, 2000) /
				     Tins::RawPDU("x"))
			     : frame(eth() / Tins::IP(IP_B, IP_A) / Tins::UDP(2000, sport) /
				     Tins::RawPDU("x"));
	}

	/** Both directions run through the action, and what comes after is missed. */
	void track(const std::string &action)
	{
		dp.flow(from(1), action + ",recirc(1)");
		dp.flow(from(2), action + ",recirc(1)");
	}

	/** The key with which a packet is looked up after the action. */
	std::string key_after(Wire &wire, const Bytes &packet)
	{
		wire.tap.send(packet);
		const auto upcall = upcalls.next();

		return upcall ? key_text(*upcall) : "none";
	}

	/** A field of a key as it is written; the state's bits by their names. */
	static std::string field(const std::string &key, const std::string &name)
	{
		static constexpr const char *NAMES[] = {"+new", "+est", "+rel",  "+rpl",
							"+inv", "+trk", "+snat", "+dnat"};
		const size_t at = key.find(name + "(");
		std::string text;

		if (at == std::string::npos)
			return "";
		if (name != "ct_state")
			return key.substr(at, key.find(')', at) + 1 - at);
		const unsigned long bits = std::stoul(key.substr(at + name.size() + 1), nullptr, 16);
		for (unsigned int i = 0; i < 8; i++)
			if (bits & 1u << i)
				text += NAMES[i];
		return "ct_state(" + text + ")";
	}

	std::string state_after(Wire &wire, const Bytes &packet)
	{
		return field(key_after(wire, packet), "ct_state");
	}

	Answer install(const std::string &actions, const std::string &key = from(1))
	{
		return dp.ask_flow(OVS_FLOW_CMD_NEW, key, {.actions = actions, .flags = NLM_F_CREATE});
	}
};

TEST_F(CtState, NewUntilAReplyIsSeen)
{
	track("ct(commit)");
	EXPECT_EQ(state_after(p1, udp(false)), "ct_state(+new+trk)");
	EXPECT_EQ(state_after(p1, udp(false)), "ct_state(+new+trk)");
	EXPECT_EQ(state_after(p2, udp(true)), "ct_state(+est+rpl+trk)");
	EXPECT_EQ(state_after(p1, udp(false)), "ct_state(+est+trk)");
}

TEST_F(CtState, WithoutCommitNothingIsRemembered)
{
	track("ct");
	EXPECT_EQ(state_after(p1, udp(false)), "ct_state(+new+trk)");
	EXPECT_EQ(state_after(p2, udp(true)), "ct_state(+new+trk)");
}

TEST_F(CtState, TcpHandshake)
{
	track("ct(commit)");
	EXPECT_EQ(state_after(p1, tcp(false, Tins::TCP::SYN, 100)), "ct_state(+new+trk)");
	EXPECT_EQ(state_after(p2, tcp(true, Tins::TCP::SYN | Tins::TCP::ACK, 200, 101)),
		  "ct_state(+est+rpl+trk)");
	EXPECT_EQ(state_after(p1, tcp(false, Tins::TCP::ACK, 101, 201)), "ct_state(+est+trk)");
}

TEST_F(CtState, TruncatedHeaderIsInvalid)
{
	dp.flow(from(1), "ct(zone=7),recirc(1)");
	const std::string key = key_after(
	    p1, raw_frame(0x0800, hex("4500 0018 0001 0000 4006 0000 0a010001 0a010002 00500051")));

	EXPECT_EQ(field(key, "ct_state"), "ct_state(+inv+trk)") << key;
	EXPECT_EQ(field(key, "ct_zone"), "ct_zone(0x7)") << key;
}

TEST_F(CtState, ZonesAreApart)
{
	dp.flow(from(1), "ct(commit,zone=1),recirc(1)");
	dp.flow(from(2), "ct(commit,zone=2),recirc(1)");
	EXPECT_EQ(state_after(p1, udp(false)), "ct_state(+new+trk)");
	const std::string key = key_after(p2, udp(true));
	EXPECT_EQ(field(key, "ct_state"), "ct_state(+new+trk)");
	EXPECT_EQ(field(key, "ct_zone"), "ct_zone(0x2)");
}

TEST_F(CtState, KeyShowsWhereTheConnectionBegan)
{
	track("ct(commit,zone=5)");
	EXPECT_EQ(field(key_after(p1, udp(false)), "ct_tuple4"),
		  "ct_tuple4(src=10.1.0.1,dst=10.1.0.2,proto=17,tp_src=1000,tp_dst=2000)");
	EXPECT_EQ(field(key_after(p2, udp(true)), "ct_tuple4"),
		  "ct_tuple4(src=10.1.0.1,dst=10.1.0.2,proto=17,tp_src=1000,tp_dst=2000)");
}

TEST_F(CtState, Ipv6)
{
	const std::string key6 = "recirc_id(0),in_port(1),eth(),eth_type(0x86dd),ipv6()";

	dp.flow(key6, "ct(commit,zone=5),recirc(1)");
	const std::string key = key_after(p1, frame(eth() / Tins::IPv6(IP6_B, IP6_A) /
						    Tins::UDP(2000, 1000) / Tins::RawPDU("x")));
	EXPECT_EQ(field(key, "ct_state"), "ct_state(+new+trk)");
	EXPECT_EQ(field(key, "ct_tuple6"),
		  "ct_tuple6(src=fc00::1,dst=fc00::2,proto=17,tp_src=1000,tp_dst=2000)");
}

TEST_F(CtState, MarkIsWrittenUnderItsMask)
{
	track("ct(commit,mark=0x1204/0xff0f)");
	EXPECT_EQ(field(key_after(p1, udp(false)), "ct_mark"), "ct_mark(0x1204)");
	dp.flush();
	track("ct(commit,mark=0xf0/0xf0)");
	EXPECT_EQ(field(key_after(p1, udp(false)), "ct_mark"), "ct_mark(0x12f4)");
	dp.flush();
	track("ct");
	EXPECT_EQ(field(key_after(p2, udp(true)), "ct_mark"), "ct_mark(0x12f4)");
}

TEST_F(CtState, LabelIsWrittenUnderItsMask)
{
	track("ct(commit,label=0x1204/0xff0f)");
	EXPECT_EQ(field(key_after(p1, udp(false)), "ct_label"), "ct_label(0x1204)");
	dp.flush();
	track("ct(commit,label=0xf0/0xf0)");
	EXPECT_EQ(field(key_after(p1, udp(false)), "ct_label"), "ct_label(0x12f4)");
	dp.flush();
	track("ct");
	EXPECT_EQ(field(key_after(p2, udp(true)), "ct_label"), "ct_label(0x12f4)");
}

TEST_F(CtState, BitsOutsideTheMaskAreNotWritten)
{
	if (!is_megaflow())
		GTEST_SKIP() << "the in-tree module writes them";
	track("ct(commit,mark=0xff/0xf0,label=0xff/0xf0)");
	const std::string key = key_after(p1, udp(false));
	EXPECT_EQ(field(key, "ct_mark"), "ct_mark(0xf0)");
	EXPECT_EQ(field(key, "ct_label"), "ct_label(0xf0)");
}

TEST_F(CtState, ForceCommitTurnsTheConnectionAround)
{
	dp.flow(from(1), "ct(commit),recirc(1)");
	dp.flow(from(2), "ct(force_commit),recirc(1)");
	EXPECT_EQ(state_after(p1, udp(false)), "ct_state(+new+trk)");
	const std::string key = key_after(p2, udp(true));
	EXPECT_EQ(field(key, "ct_state"), "ct_state(+new+trk)");
	EXPECT_EQ(field(key, "ct_tuple4"),
		  "ct_tuple4(src=10.1.0.2,dst=10.1.0.1,proto=17,tp_src=2000,tp_dst=1000)");
	EXPECT_EQ(state_after(p1, udp(false)), "ct_state(+est+rpl+trk)");
}

TEST_F(CtState, ClearForgetsAll)
{
	track("ct(commit,zone=3,mark=0x1/0xffffffff,label=0x1/0x1),ct_clear");
	const std::string key = key_after(p1, udp(false));

	EXPECT_EQ(field(key, "ct_tuple4"), "") << key;
	EXPECT_EQ(field(key, "ct_state"), "ct_state()") << key;
	EXPECT_EQ(field(key, "ct_zone"), "ct_zone(0)") << key;
	EXPECT_EQ(field(key, "ct_mark"), "ct_mark(0)") << key;
}

TEST_F(CtState, IcmpErrorIsRelated)
{
	track("ct(commit,zone=9)");
	EXPECT_EQ(state_after(p1, udp(false)), "ct_state(+new+trk)");
	const Bytes sent = udp(false);
	Tins::ICMP unreachable(Tins::ICMP::DEST_UNREACHABLE);
	unreachable.code(3);
	const Bytes error = frame(eth() / Tins::IP(IP_A, IP_B) / unreachable /
				  Tins::RawPDU(sent.begin() + 14, sent.end()));
	EXPECT_EQ(state_after(p2, error), "ct_state(+rel+rpl+trk)");
}

/* H68: bytes behind the packet are no part of its checksum. */
TEST_F(CtState, H68PaddingIsTrimmed)
{
	dp.flow(from(1), "ct(commit),2");
	Bytes packet = udp(false);
	packet.resize(14 + 20 + 8 + 1);
	p1.tap.send(packet + Bytes(17, 0xee));
	EXPECT_BYTES(p2.tap.receive_bytes(), packet);
}

/* H59: the copy that was sent on keeps what it saw. */
TEST_F(CtState, H59CloneDoesNotShareAnUncommittedConnection)
{
	track("ct,clone(ct(commit,mark=0x1/0xffffffff),recirc(1)),ct(commit,mark=0x2/0xffffffff)");
	p1.tap.send(udp(false));
	const auto first = upcalls.next();
	const auto second = upcalls.next();
	ASSERT_TRUE(first && second);
	EXPECT_NE(key_text(*first).find("ct_mark(0x1)"), std::string::npos);
	EXPECT_NE(key_text(*second).find("ct_mark(0x2)"), std::string::npos);
}

/* H61: another packet, another connection. */
TEST_F(CtState, H61RewriteForgetsTheConnection)
{
	track("ct(commit),set(ipv4(src=10.1.0.9)),ct");
	EXPECT_EQ(field(key_after(p1, udp(false)), "ct_tuple4"),
		  "ct_tuple4(src=10.1.0.9,dst=10.1.0.2,proto=17,tp_src=1000,tp_dst=2000)");
}

/* H58: what others can see does not grow. Every connection has room for labels from the start. */
TEST_F(CtState, H58LabelOnACommittedConnection)
{
	track("ct(commit)");
	EXPECT_EQ(state_after(p1, udp(false)), "ct_state(+new+trk)");
	dp.flush();
	track("ct(commit,label=0x5/0xf)");
	EXPECT_EQ(field(key_after(p1, udp(false)), "ct_label"), "ct_label(0x5)");
}

/* H56: connections get room for labels however many flows that write them come and go at once. */
TEST_F(CtState, H56_LabelsWhileFlowsComeAndGo)
{
	std::vector<std::thread> threads;

	family(OVS_FLOW_FAMILY);
	for (int t = 0; t < 4; t++)
		threads.emplace_back([this, t] {
			Netlink own(ns);

			for (int i = 0; i < 200; i++) {
				const std::string key = fmt::format(
					"in_port(1),eth(),eth_type(0x0800),ipv4(proto=17),udp(src={})",
					2000 + t);
				Request made = dp.flow_request(OVS_FLOW_CMD_NEW, key,
							       {.actions = "ct(commit,label=0x1/0x1)",
								.flags = NLM_F_CREATE});
				Request gone = dp.flow_request(OVS_FLOW_CMD_DEL, key, {});

				EXPECT_OK(own.ask(made));
				EXPECT_OK(own.ask(gone));
			}
		});
	for (std::thread &thread : threads)
		thread.join();
	track("ct(commit,label=0x5/0xf)");
	EXPECT_EQ(field(key_after(p1, udp(false)), "ct_label"), "ct_label(0x5)");
}

/* H53: thousands of forced commits from both sides leave one connection, and no references. */
TEST_F(CtState, H53ForceCommitFromBothSides)
{
	track("ct(force_commit,zone=11)");
	for (int i = 0; i < 200; i++) {
		ASSERT_EQ(state_after(p1, udp(false)), "ct_state(+new+trk)") << i;
		ASSERT_EQ(state_after(p2, udp(true)), "ct_state(+new+trk)") << i;
	}
}

/* A packet that was in user space finds its connection by what its key says. */
TEST_F(CtState, ExecuteKeepsTheConnection)
{
	track("ct(commit,zone=4,mark=0x7/0xf)");
	const std::string key = key_after(p1, udp(false));
	ASSERT_OK(dp.execute(udp(false), "ct(commit,zone=4),recirc(1)", key));
	const auto upcall = upcalls.next();
	ASSERT_TRUE(upcall);
	EXPECT_EQ(field(key_text(*upcall), "ct_state"), "ct_state(+new+trk)");
	EXPECT_EQ(field(key_text(*upcall), "ct_mark"), "ct_mark(0x7)");
}

TEST_F(CtState, Refusals)
{
	const struct {
		const char *actions;
		int code;
	} rows[] = {
	    {"ct(mark=0x1/0x1)", EINVAL},
	    {"ct(commit,mark=0x0/0x0)", EINVAL},
	    {"ct(label=0x1/0x1)", EINVAL},
	    {"ct(commit,label=0x0/0x0)", EINVAL},
	    {"ct(commit,helper=nosuchthing)", EINVAL},
	    {"ct(nat(src=10.0.0.1))", EINVAL},
	    {"ct(commit,nat(random))", EINVAL},
	    {"ct(commit,nat(src=fc00::1))", EINVAL},
	    /* ct{nat{src,dst},commit}; ct{zone of one byte}; ct{type 10}; ct{helper without NUL} */
	    {"hex:14000c00 0c000600 04000100 04000200 04000100", ERANGE},
	    {"hex:0c000c00 05000200 01000000", EINVAL},
	    {"hex:08000c00 04000a00", EINVAL},
	    {"hex:0c000c00 07000500 66747000", EINVAL},
	};

	for (const auto &row : rows)
		EXPECT_REFUSED(install(row.actions), row.code) << row.actions;
	EXPECT_REFUSED(install("ct", "in_port(1),eth(),eth_type(0x0806)"), EINVAL);
}

/* H16: types beyond the table. */
TEST_F(CtState, H16UnknownAttributesAreRefused)
{
	for (uint16_t type : {10, 11, 100, 16383}) {
		AttrWriter inner, outer;

		inner.u32(type, 0);
		outer.put(OVS_ACTION_ATTR_CT, inner.bytes());
		EXPECT_REFUSED(install("hex:" + mf::to_hex(outer.bytes())), EINVAL) << type;
	}
}

/* H33: OVS asks whether timeout policies are known by naming one that does not exist. */
TEST_F(CtState, H33UnknownTimeoutPolicyIsAccepted)
{
	EXPECT_OK(install("ct(commit,timeout=ovs_test_tp)"));
	EXPECT_EQ(dp.actions_of(from(1)), "ct(commit,timeout=ovs_test_tp)");
}

TEST_F(CtState, RoundTrip)
{
	for (const char *text :
	     {"ct(commit,zone=3,mark=0x1/0xf,label=0x2/0xff,eventmask=0x5),2",
	      "ct(force_commit,zone=3,nat(src=10.0.0.1-10.0.0.9:1000-2000,persistent,random)),2",
	      "ct(commit,zone=3,nat(dst=10.0.0.1:80)),2", "ct(zone=1,nat),ct_clear,2"}) {
		dp.flow(from(1), text);
		EXPECT_EQ(dp.actions_of(from(1)), text);
		dp.flush();
	}
}

TEST_F(CtState, AttributesOfWrongLengthAreRefused)
{
	const struct {
		uint16_t type;
		size_t length;
	} rows[] = {{OVS_CT_ATTR_COMMIT, 1},   {OVS_CT_ATTR_FORCE_COMMIT, 4},
		    {OVS_CT_ATTR_ZONE, 1},     {OVS_CT_ATTR_ZONE, 4},
		    {OVS_CT_ATTR_MARK, 4},     {OVS_CT_ATTR_MARK, 12},
		    {OVS_CT_ATTR_LABELS, 16},  {OVS_CT_ATTR_LABELS, 33},
		    {OVS_CT_ATTR_HELPER, 0},   {OVS_CT_ATTR_HELPER, 17},
		    {OVS_CT_ATTR_TIMEOUT, 0},  {OVS_CT_ATTR_TIMEOUT, 33},
		    {OVS_CT_ATTR_EVENTMASK, 2}, {OVS_CT_ATTR_NAT, 1}};

	for (const auto &row : rows) {
		AttrWriter inner, outer;

		inner.put(row.type, Bytes(row.length));
		outer.put(OVS_ACTION_ATTR_CT, inner.bytes());
		EXPECT_REFUSED(install("hex:" + mf::to_hex(outer.bytes())), EINVAL)
		    << row.type << ' ' << row.length;
	}
	AttrWriter clear;
	clear.u32(OVS_ACTION_ATTR_CT_CLEAR, 0);
	EXPECT_REFUSED(install("hex:" + mf::to_hex(clear.bytes())), EINVAL);
}
