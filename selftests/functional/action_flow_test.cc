// SPDX-License-Identifier: GPL-2.0-only
/* Actions that steer: output, clone, sample, recirc, hash, trunc, drop. */
#include "lab.h"

#include <unistd.h>

using namespace lab;

class ActionFlow : public Lab
{
protected:
	static Bytes hello() { return raw_frame(0x1234, pattern(50)); }

	static Bytes cut(Bytes packet, size_t length)
	{
		packet.resize(length);
		return packet;
	}

	/** Waits for a drop counter to reach a value, then tells what it is. */
	uint64_t drops_of(const std::string &reason, uint64_t wanted)
	{
		for (int i = 0; i < 100 && dp.drops()[reason] < wanted; i++)
			usleep(10000);
		return dp.drops()[reason];
	}

	Answer install(const std::string &actions)
	{
		return dp.ask_flow(OVS_FLOW_CMD_NEW, KEY, {.actions = actions, .flags = NLM_F_CREATE});
	}

	static constexpr const char *KEY = "recirc_id(0),in_port(1),eth(),eth_type(0x1234)";
};

TEST_F(ActionFlow, OutputToSeveral)
{
	dp.flow(KEY, "2,3");
	p1.tap.send(hello());
	EXPECT_BYTES(p2.tap.receive_bytes(), hello());
	EXPECT_BYTES(p3.tap.receive_bytes(), hello());
}

TEST_F(ActionFlow, OutputBackWhereItCameFrom)
{
	dp.flow(KEY, "1");
	p1.tap.send(hello());
	EXPECT_BYTES(p1.tap.receive_bytes(), hello());
}

TEST_F(ActionFlow, OutputToNowhereIsCounted)
{
	dp.flow(KEY, "77,2");
	p1.tap.send(hello());
	EXPECT_BYTES(p2.tap.receive_bytes(), hello());
	if (is_megaflow()) {
		EXPECT_EQ(drops_of("DEV_READY", 1), 1u);
	}
}

TEST_F(ActionFlow, OutputToADownDeviceIsDropped)
{
	LinkChange change;

	change.up = false;
	link_set(ns, "p3", change);
	dp.flow(KEY, "3,2");
	p1.tap.send(hello());
	EXPECT_BYTES(p2.tap.receive_bytes(), hello());
	if (is_megaflow()) {
		EXPECT_EQ(drops_of("DEV_READY", 1), 1u);
	}
}

TEST_F(ActionFlow, PortNumberBeyondTheLastIsRefused)
{
	EXPECT_REFUSED(install("hex:08000100 ffff0000"), EINVAL);
	EXPECT_REFUSED(install("hex:08000100 ffffffff"), EINVAL);
	EXPECT_OK(install("hex:08000100 feff0000"));
}

TEST_F(ActionFlow, PacketLargerThanTheMtuIsDropped)
{
	LinkChange change;

	change.mtu = 500;
	link_set(ns, "p2", change);
	dp.flow(KEY, "2,3");
	p1.tap.send(raw_frame(0x1234, pattern(501)));
	EXPECT_EQ(p3.tap.receive_bytes().size(), 515u);
	EXPECT_TRUE(p2.tap.receive_bytes(100).empty());
	p1.tap.send(raw_frame(0x1234, pattern(500)));
	EXPECT_EQ(p2.tap.receive_bytes().size(), 514u);
	if (is_megaflow()) {
		EXPECT_EQ(drops_of("PKT_TOO_BIG", 1), 1u);
	}
}

TEST_F(ActionFlow, OneTagDoesNotCountForTheMtu)
{
	dp.flow("in_port(1),eth(),eth_type(0x8100),vlan(vid=5),encap(eth_type(0x1234))", "2");
	const Bytes full = raw_frame(0x8100, hex("00051234") + pattern(1500));
	p1.tap.send(full);
	EXPECT_BYTES(p2.tap.receive_bytes(), full);
}

TEST_F(ActionFlow, CloneDoesNotTouchTheRest)
{
	dp.flow(KEY, "clone(push_vlan(vid=5,pcp=0),3),2");
	p1.tap.send(hello());
	EXPECT_BYTES(p2.tap.receive_bytes(), hello());
	EXPECT_BYTES(p3.tap.receive_bytes(), raw_frame(0x8100, hex("0005 1234") + pattern(50)));
}

TEST_F(ActionFlow, CloneAsLast)
{
	EXPECT_BYTES(through(KEY, "clone(push_vlan(vid=5,pcp=0),2)", hello()),
		     raw_frame(0x8100, hex("0005 1234") + pattern(50)));
}

TEST_F(ActionFlow, EmptyCloneIsDone)
{
	EXPECT_BYTES(through(KEY, "hex:04001400 08000100 02000000", hello()), hello());
}

TEST_F(ActionFlow, SampleAlwaysAndNever)
{
	dp.flow(KEY, "sample(sample=100.0%,actions(3)),2");
	p1.tap.send(hello());
	EXPECT_BYTES(p3.tap.receive_bytes(), hello());
	EXPECT_BYTES(p2.tap.receive_bytes(), hello());
	dp.flush();

	dp.flow(KEY, "sample(sample=0.0%,actions(3)),2");
	p1.tap.send(hello());
	EXPECT_BYTES(p2.tap.receive_bytes(), hello());
	EXPECT_TRUE(p3.tap.receive_bytes(100).empty());
}

TEST_F(ActionFlow, SampleHalf)
{
	constexpr int N = 400;
	int sampled = 0;

	dp.flow(KEY, "sample(sample=50.0%,actions(3)),2");
	for (int i = 0; i < N; i++) {
		p1.tap.send(hello());
		ASSERT_FALSE(p2.tap.receive_bytes().empty());
	}
	while (!p3.tap.receive_bytes(50).empty())
		sampled++;
	/* Five standard deviations of a fair coin. */
	EXPECT_GT(sampled, N / 2 - 50);
	EXPECT_LT(sampled, N / 2 + 50);
}

TEST_F(ActionFlow, SampleThatIsLastAndNotTakenIsADrop)
{
	dp.flow(KEY, "sample(sample=0.0%,actions(2))");
	p1.tap.send(hello());
	if (is_megaflow()) {
		EXPECT_EQ(drops_of("LAST_ACTION", 1), 1u);
	}
	EXPECT_TRUE(p2.tap.receive_bytes(50).empty());
}

TEST_F(ActionFlow, SixteenLevelsNestAndSeventeenDoNot)
{
	const auto nest = [](int depth) {
		std::string text = "2";

		for (int i = 0; i < depth; i++)
			text = "clone(" + text + ")";
		return text;
	};
	const std::string at_limit = nest(16);

	EXPECT_BYTES(through(KEY, at_limit, hello()), hello());
	Bytes inner = actions_of_text(at_limit);
	AttrWriter deeper;

	deeper.put(OVS_ACTION_ATTR_CLONE, inner);
	EXPECT_REFUSED(install("hex:" + mf::to_hex(deeper.bytes())), EOVERFLOW);
}

TEST_F(ActionFlow, RecircMatchesItsId)
{
	dp.flow(KEY, "recirc(1)");
	dp.flow("recirc_id(1),in_port(1),eth(),eth_type(0x1234)", "recirc(2)");
	dp.flow("recirc_id(2),in_port(1),eth(),eth_type(0x1234)", "2");
	p1.tap.send(hello());
	EXPECT_BYTES(p2.tap.receive_bytes(), hello());
}

TEST_F(ActionFlow, RecircMissTellsTheId)
{
	dp.flow(KEY, "recirc(7)");
	p1.tap.send(hello());
	const auto upcall = upcalls.next();
	ASSERT_TRUE(upcall);
	EXPECT_NE(key_text(*upcall).find("recirc_id(0x7)"), std::string::npos);
}

TEST_F(ActionFlow, RecircSeesRewrittenHeaders)
{
	dp.flow(from(1), "set(ipv4(ttl=9)),recirc(1)");
	dp.flow("recirc_id(1),in_port(1),eth(),eth_type(0x0800),ipv4(ttl=9)", "2");
	p1.tap.send(udp_frame());
	EXPECT_FALSE(p2.tap.receive_bytes().empty());
}

TEST_F(ActionFlow, LoopOfFlowsEnds)
{
	dp.flow(KEY, "recirc(1)");
	dp.flow("recirc_id(1),in_port(1),eth(),eth_type(0x1234)", "recirc(1)");
	p1.tap.send(hello());
	dp.flow("in_port(2),eth(),eth_type(0x1234)", "3");
	p2.tap.send(hello());
	EXPECT_BYTES(p3.tap.receive_bytes(), hello()) << "the machine must still work";
}

TEST_F(ActionFlow, DoublingLoopEnds)
{
	dp.flow(KEY, "recirc(1)");
	dp.flow("recirc_id(1),in_port(1),eth(),eth_type(0x1234)", "recirc(1),recirc(1)");
	p1.tap.send(hello());
	dp.flow("in_port(2),eth(),eth_type(0x1234)", "3");
	p2.tap.send(hello());
	EXPECT_BYTES(p3.tap.receive_bytes(), hello()) << "the machine must still work";
}

TEST_F(ActionFlow, HashIsStableAndDependsOnBasis)
{
	const auto hash_of = [&](const char *actions, uint16_t sport) {
		dp.flow(from(1), actions);
		p1.tap.send(udp_frame(sport));
		const auto upcall = upcalls.next();
		dp.flush();
		if (!upcall)
			return std::string("none");
		const std::string text = key_text(*upcall);
		const size_t at = text.find("dp_hash(");

		return text.substr(at, text.find(')', at) - at);
	};
	const std::string first = hash_of("hash(hash_l4(0)),recirc(1)", 1000);

	EXPECT_NE(first, "dp_hash(0)");
	EXPECT_NE(first, "none");
	EXPECT_EQ(hash_of("hash(hash_l4(0)),recirc(1)", 1000), first);
	EXPECT_NE(hash_of("hash(hash_l4(1)),recirc(1)", 1000), first);
	EXPECT_NE(hash_of("hash(hash_l4(0)),recirc(1)", 1001), first);
	EXPECT_NE(hash_of("hash(sym_l4(0)),recirc(1)", 1000), "dp_hash(0)");
}

TEST_F(ActionFlow, SymmetricHashIsTheSameBothWays)
{
	dp.flow(from(1), "hash(sym_l4(0)),recirc(1)");
	std::string seen[2];
	for (int way = 0; way < 2; way++) {
		const char *src = way ? IP_B : IP_A, *dst = way ? IP_A : IP_B;
		const uint16_t sport = way ? 2000 : 1000, dport = way ? 1000 : 2000;

		p1.tap.send(frame(eth() / Tins::IP(dst, src) / Tins::UDP(dport, sport) /
				  Tins::RawPDU("x")));
		const auto upcall = upcalls.next();
		ASSERT_TRUE(upcall);
		const std::string text = key_text(*upcall);
		const size_t at = text.find("dp_hash(");
		seen[way] = text.substr(at, text.find(')', at) - at);
	}
	EXPECT_EQ(seen[0], seen[1]);
}

TEST_F(ActionFlow, UnknownHashIsRefused)
{
	EXPECT_REFUSED(install("hex:0c000800 02000000 00000000"), EINVAL);
}

TEST_F(ActionFlow, TruncCutsTheNextOutputOnly)
{
	dp.flow(KEY, "trunc(20),3,2");
	p1.tap.send(hello());
	EXPECT_BYTES(p3.tap.receive_bytes(), cut(hello(), 20));
	EXPECT_BYTES(p2.tap.receive_bytes(), hello());
}

TEST_F(ActionFlow, TruncLongerThanThePacketDoesNothing)
{
	EXPECT_BYTES(through(KEY, "trunc(2000),2", hello()), hello());
}

TEST_F(ActionFlow, TruncNeedsAnEthernetHeader)
{
	for (const char *bad : {"08000d00 0d000000", "08000d00 01000000", "08000d00 00000000"})
		EXPECT_REFUSED(install(std::string("hex:") + bad), EINVAL) << bad;
	EXPECT_BYTES(through(KEY, "trunc(14),2", hello()), cut(hello(), 14));
}

TEST_F(ActionFlow, DropIsCountedWithItsReason)
{
	if (!is_megaflow())
		GTEST_SKIP() << "the in-tree module keeps no such counters";
	const struct {
		const char *actions;
		const char *reason;
	} rows[] = {{"drop", "LAST_ACTION"},
		    {"hex:08001800 00000000", "EXPLICIT"},
		    {"hex:08001800 2a000000", "EXPLICIT_WITH_ERROR"}};

	for (const auto &row : rows) {
		dp.flow(KEY, row.actions);
		p1.tap.send(hello());
		EXPECT_EQ(drops_of(row.reason, 1), 1u) << row.reason;
		dp.flush();
	}
}

TEST_F(ActionFlow, DropMustBeLast)
{
	EXPECT_REFUSED(install("hex:08001800 00000000 08000100 02000000"), EINVAL);
}

TEST_F(ActionFlow, UnknownActionsAreRefused)
{
	for (uint16_t type : {0, 26, 100, 16383}) {
		AttrWriter list;

		list.u32(type, 0);
		EXPECT_REFUSED(install("hex:" + mf::to_hex(list.bytes())), EINVAL) << type;
	}
}
