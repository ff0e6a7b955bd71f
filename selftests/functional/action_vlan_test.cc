// SPDX-License-Identifier: GPL-2.0-only
/* push_vlan and pop_vlan, one tag and two. */
#include "lab.h"

using namespace lab;

class ActionVlan : public Lab
{
protected:
	static Bytes untagged() { return raw_frame(0x1234, pattern(50)); }
	static Bytes tags(const std::string &digits)
	{
		return raw_frame(static_cast<uint16_t>(std::stoul(digits.substr(0, 4), nullptr, 16)),
				 hex(digits.substr(4)) + hex("1234") + pattern(50));
	}

	static constexpr const char *PLAIN = "recirc_id(0),in_port(1),eth(),eth_type(0x1234)";
	static constexpr const char *ONE =
		"recirc_id(0),in_port(1),eth(),eth_type(0x8100),vlan(vid=5,pcp=0),encap(eth_type(0x1234))";
	static constexpr const char *TWO =
		"recirc_id(0),in_port(1),eth(),eth_type(0x88a8),vlan(vid=5,pcp=0),"
		"encap(eth_type(0x8100),vlan(vid=7,pcp=0),encap(eth_type(0x1234)))";
};

TEST_F(ActionVlan, Push)
{
	EXPECT_BYTES(through(PLAIN, "push_vlan(vid=5,pcp=3),2", untagged()), tags("8100 6005"));
}

TEST_F(ActionVlan, PushServiceTag)
{
	EXPECT_BYTES(through(PLAIN, "push_vlan(tpid=0x88a8,vid=5,pcp=0),2", untagged()),
		     tags("88a8 0005"));
}

TEST_F(ActionVlan, PushOnTagged)
{
	EXPECT_BYTES(through(ONE, "push_vlan(tpid=0x88a8,vid=9,pcp=0),2", tags("8100 0005")),
		     tags("88a8 0009 8100 0005"));
}

TEST_F(ActionVlan, PushTwice)
{
	EXPECT_BYTES(through(PLAIN, "push_vlan(vid=5,pcp=0),push_vlan(tpid=0x88a8,vid=6,pcp=0),2",
			     untagged()),
		     tags("88a8 0006 8100 0005"));
}

TEST_F(ActionVlan, Pop)
{
	EXPECT_BYTES(through(ONE, "pop_vlan,2", tags("8100 0005")), untagged());
}

TEST_F(ActionVlan, PopOneOfTwo)
{
	EXPECT_BYTES(through(TWO, "pop_vlan,2", tags("88a8 0005 8100 0007")), tags("8100 0007"));
}

TEST_F(ActionVlan, PopBothOfTwo)
{
	EXPECT_BYTES(through(TWO, "pop_vlan,pop_vlan,2", tags("88a8 0005 8100 0007")), untagged());
}

TEST_F(ActionVlan, PopOfUntaggedDoesNothing)
{
	EXPECT_BYTES(through(PLAIN, "pop_vlan,2", untagged()), untagged());
}

TEST_F(ActionVlan, TagsPassUntouched)
{
	EXPECT_BYTES(through(ONE, "2", tags("8100 0005")), tags("8100 0005"));
	EXPECT_BYTES(through(TWO, "2", tags("88a8 0005 8100 0007")), tags("88a8 0005 8100 0007"));
}

TEST_F(ActionVlan, PoppedPacketMatchesAsUntagged)
{
	dp.flow(ONE, "pop_vlan,recirc(1)");
	dp.flow("recirc_id(1),in_port(1),eth(),eth_type(0x1234)", "2");
	p1.tap.send(tags("8100 0005"));
	EXPECT_BYTES(p2.tap.receive_bytes(), untagged());
}

TEST_F(ActionVlan, PushedPacketMatchesAsTagged)
{
	dp.flow(PLAIN, "push_vlan(vid=5,pcp=0),recirc(1)");
	dp.flow("recirc_id(1),in_port(1),eth(),eth_type(0x8100),vlan(vid=5,pcp=0),"
		"encap(eth_type(0x1234))", "2");
	p1.tap.send(untagged());
	EXPECT_BYTES(p2.tap.receive_bytes(), tags("8100 0005"));
}

TEST_F(ActionVlan, UpcallShowsTheTagInTheFrame)
{
	p1.tap.send(tags("8100 0005"));
	const auto upcall = upcalls.next();
	ASSERT_TRUE(upcall);
	EXPECT_BYTES(upcall->packet, tags("8100 0005"));
	EXPECT_NE(key_text(*upcall).find("vlan(vid=5,pcp=0)"), std::string::npos) << key_text(*upcall);
}

TEST_F(ActionVlan, BadTagsAreRefused)
{
	/* PUSH_VLAN 4 with TPID 0x8101; with TCI that lacks CFI; too short; too long */
	for (const char *bad : {"08000400 8101 1005", "08000400 8100 0005", "06000400 8100 0000",
				"0c000400 8100 1005 00000000"})
		EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_NEW, PLAIN,
					   {.actions = std::string("hex:") + bad}), EINVAL) << bad;
}
