// SPDX-License-Identifier: GPL-2.0-only
/* Packets that have hurt datapaths in the past; each test has its hazard's number. */
#include "lab.h"

#include <unistd.h>

using namespace lab;

class HazardPacket : public Lab
{
protected:
	/** A packet to no flow. @return the text of its key */
	std::string key_of(const Bytes &packet)
	{
		p1.tap.send(packet);
		const auto upcall = upcalls.next();

		return upcall ? key_text(*upcall) : "no upcall";
	}

	/** A later fragment over IPv6: what follows its fragment header is no header. */
	static Bytes later6()
	{
		return ipv6_frame(44, hex("11000011 00000001") + pattern(8));
	}

	static bool has(const std::string &text, const char *part)
	{
		return text.find(part) != std::string::npos;
	}
};

TEST_F(HazardPacket, H08_ActionsThatDoNotFitIntoAnUpcall)
{
	AttrWriter list;
	const size_t nest = list.begin(OVS_ACTION_ATTR_USERSPACE);

	list.u32(OVS_USERSPACE_ATTR_PID, upcalls.pid());
	list.flag(OVS_USERSPACE_ATTR_ACTIONS);
	list.end(nest);
	for (int i = 0; i < 8000; i++)
		list.u32(OVS_ACTION_ATTR_OUTPUT, 77);
	dp.flow(from(1), "hex:" + mf::to_hex(list.bytes()));
	p1.tap.send(udp_frame());
	const auto upcall = upcalls.next();
	ASSERT_TRUE(upcall);
	EXPECT_BYTES(upcall->packet, udp_frame());
	if (upcall->actions) {
		EXPECT_BYTES(*upcall->actions, list.bytes());
	}
}

TEST_F(HazardPacket, H29_OrderOfHeadersBehindAFragmentHeader)
{
	/* Next header, and 4 bytes of it; AH of 12 bytes, then UDP or what `next` says. */
	const Bytes udp = hex("03e8 07d0 0008 0000");
	const Bytes fragment_of_ah = hex("33000001 00000001"), fragment_of_udp = hex("11000001 00000001");
	const Bytes ah_of_udp = hex("11010000 00000001 00000001"), ah_of_fragment = hex("2c010000 00000001 00000001");

	const std::string right = key_of(ipv6_frame(44, fragment_of_ah + ah_of_udp + udp));
	const std::string wrong = key_of(ipv6_frame(51, ah_of_fragment + fragment_of_udp + udp));
	EXPECT_TRUE(has(right, "ipv6_exthdrs(0x14)")) << right;
	EXPECT_TRUE(has(wrong, "ipv6_exthdrs(0x114)")) << wrong;
}

TEST_F(HazardPacket, H39_MasksGrowUnderTraffic)
{
	dp.flow("in_port(1),eth(),eth_type(0x1234)", "2");
	for (int i = 1; i < 256; i++) {
		dp.flow(fmt::format("in_port({1}),eth(),eth_type(0x0800),ipv4(tos={0:#x}/{0:#x})", i, 100 + i), "2");
		p1.tap.send(raw_frame(0x1234, pattern(50)));
		ASSERT_FALSE(p2.tap.receive_bytes().empty()) << i;
	}
	EXPECT_EQ(dp.info().megaflow->n_masks, 256u);
}

TEST_F(HazardPacket, H75_SuperPacketCutByTheSegment)
{
	constexpr uint16_t MSS = 1400;
	const Bytes data = pattern(60000);
	Tins::TCP tcp(80, 1000);

	tcp.flags(Tins::TCP::ACK);
	const Bytes super = frame(eth() / Tins::IP(IP_B, IP_A) / tcp /
				  Tins::RawPDU(data.data(), static_cast<uint32_t>(data.size())));
	dp.flow(from(1), fmt::format("trunc(1000),userspace(pid={})", upcalls.pid()));
	p1.tap.send(super, {GSO_TCPV4, MSS, 54, 34, 16});
	size_t left = data.size();
	while (left) {
		const auto upcall = upcalls.next();
		const size_t whole = 54 + std::min<size_t>(left, MSS);

		ASSERT_TRUE(upcall) << left << " bytes left";
		EXPECT_EQ(upcall->packet.size(), std::min<size_t>(whole, 1000));
		if (whole > 1000) {
			EXPECT_EQ(upcall->length, whole);
		}
		left -= whole - 54;
	}
}

TEST_F(HazardPacket, H76_FramesShorterThanAHeader)
{
	for (size_t length = 0; length < 14; length++)
		EXPECT_REFUSED(dp.execute(pattern(length), "2", "in_port(1)"), ERANGE) << length;
	for (size_t length = 1; length < 14; length++)
		p1.tap.try_send(pattern(length));
	for (size_t length = 14; length < 40; length++) {
		Bytes packet = raw_frame(0x0800, hex("45") + pattern(26));

		packet.resize(length);
		p1.tap.send(packet);
	}
	while (upcalls.next(50))
		;
	EXPECT_TRUE(has(key_of(udp_frame()), "udp(")) << "still at work";
}

TEST_F(HazardPacket, H77_LabelsWithoutEnd)
{
	Bytes labels;

	for (int i = 0; i < 300; i++)
		labels = labels + hex("00001040");
	const std::string key = key_of(raw_frame(0x8847, labels));
	EXPECT_TRUE(has(key, "eth_type(0x8847)") || key == "no upcall") << key;
	EXPECT_TRUE(has(key_of(udp_frame()), "udp(")) << "still at work";
}

TEST_F(HazardPacket, H79_LaterFragmentsHaveNoPorts)
{
	Tins::IP ip(IP_B, IP_A);

	ip.protocol(17);
	ip.fragment_offset(8);
	const std::string key4 = key_of(frame(eth() / ip / Tins::RawPDU("0123456789abcdef")));
	EXPECT_TRUE(has(key4, "frag=later")) << key4;
	EXPECT_TRUE(has(key4, "proto=17")) << key4;
	EXPECT_FALSE(has(key4, "udp(")) << key4;
	const std::string key6 = key_of(later6());
	EXPECT_TRUE(has(key6, "frag=later")) << key6;
	EXPECT_TRUE(has(key6, "proto=44")) << key6;
	EXPECT_FALSE(has(key6, "udp(")) << key6;
}

TEST_F(HazardPacket, H80_AddressOfALaterFragment)
{
	Bytes wanted = later6();

	wanted[14 + 39] = 9;
	EXPECT_BYTES(through("in_port(1),eth(),eth_type(0x86dd),ipv6(frag=later)", "set(ipv6(dst=fc00::9)),2",
			     later6()), wanted);
	wanted = later6();
	wanted[14 + 23] = 9;
	EXPECT_BYTES(through("in_port(1),eth(),eth_type(0x86dd),ipv6(frag=later)", "set(ipv6(src=fc00::9)),2",
			     later6()), wanted);
}

TEST_F(HazardPacket, H80_AddressOfALaterIpv4Fragment)
{
	const auto fragment = [](const char *dst) {
		Tins::IP ip(dst, IP_A);

		ip.protocol(17);
		ip.fragment_offset(8);
		return frame(eth() / ip / Tins::RawPDU("0123456789abcdef"));
	};
	EXPECT_BYTES(through("in_port(1),eth(),eth_type(0x0800),ipv4(frag=later)", "set(ipv4(dst=10.1.0.9)),2",
			     fragment(IP_B)), fragment("10.1.0.9"));
}

TEST_F(HazardPacket, H83_OneTagIsFreeOfTheMtu)
{
	dp.flow("in_port(1),eth(),eth_type(0x1234)", "2");
	dp.flow("in_port(1),eth(),eth_type(0x8100),vlan(vid=5),encap(eth_type(0x1234))", "2");
	const Bytes untagged = raw_frame(0x1234, pattern(1500));
	const Bytes tagged = raw_frame(0x8100, hex("00051234") + pattern(1500));
	for (const Bytes &packet : {untagged, tagged}) {
		p1.tap.send(packet);
		EXPECT_BYTES(p2.tap.receive_bytes(), packet);
	}
	dp.flush();
	dp.flow("in_port(1),eth(),eth_type(0x1234)", "push_vlan(vid=5,pcp=0),2");
	p1.tap.send(untagged);
	EXPECT_BYTES(p2.tap.receive_bytes(), tagged);
}

TEST_F(HazardPacket, H84_BookkeepingOfTwoTags)
{
	const Bytes two = raw_frame(0x88a8, hex("0005 8100 0007 0800") +
						    View(udp_frame()).subspan(14));
	dp.flow("recirc_id(0),in_port(1),eth(),eth_type(0x88a8),vlan(vid=5,pcp=0),encap(eth_type(0x8100),"
		"vlan(vid=7,pcp=0),encap(eth_type(0x0800),ipv4()))",
		"pop_vlan,pop_vlan,push_vlan(vid=9,pcp=0),pop_vlan,recirc(1)");
	dp.flow("recirc_id(1),in_port(1),eth(),eth_type(0x0800),ipv4(proto=17),udp(src=1000)",
		"set(ipv4(ttl=7)),2");
	p1.tap.send(two);
	const Bytes out = p2.tap.receive_bytes();
	ASSERT_EQ(out.size(), udp_frame().size());
	EXPECT_EQ(out[14 + 8], 7);
	EXPECT_EQ(l4_checksum(View(out).subspan(14)), 0);
}

TEST_F(HazardPacket, H95_DevicesThatLeadBackIntoTheDatapath)
{
	const uint32_t host = dp.add_internal("int0");

	shell(ns, "ip link add link int0 name int0.5 type vlan id 5 && ip link set int0 up && "
		  "ip link set int0.5 up");
	usleep(100000);
	const uint32_t loop = dp.add("int0.5");
	/* The tag that the device puts on is taken off again. */
	dp.flow("in_port(1),eth(),eth_type(0x0800),ipv4()", fmt::format("{}", loop));
	const std::string again = fmt::format("in_port({}),eth(),eth_type(0x8100),vlan(vid=5),"
					      "encap(eth_type(0x0800),ipv4())", host);
	dp.flow(again, fmt::format("pop_vlan,{0},{0}", loop));
	for (int i = 0; i < 20; i++)
		p1.tap.send(udp_frame());
	usleep(200000);
	/* The datapath or the stack itself, whichever counts to its limit first, ends it. */
	EXPECT_GT(dp.packets_of(again), 20u) << "no packet came round a second time";
	dp.flush();
	dp.flow(from(1), "2");
	p1.tap.send(udp_frame());
	EXPECT_BYTES(p2.tap.receive_bytes(), udp_frame()) << "still at work";
	dp.remove(loop);
}
