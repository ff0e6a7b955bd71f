// SPDX-License-Identifier: GPL-2.0-only
/* push_eth, pop_eth, push_nsh, pop_nsh: whole frames as payload, and link headers on and off. */
#include "lab.h"

using namespace lab;

class ActionEthNsh : public Lab
{
protected:
	Answer install(const std::string &key, const std::string &actions)
	{
		return dp.ask_flow(OVS_FLOW_CMD_NEW, key, {.actions = actions, .flags = NLM_F_CREATE});
	}

	/** A frame of the network service header, mdtype 1, around something. */
	static Bytes nsh_frame(const char *np, View inside)
	{
		return raw_frame(0x894f, hex(std::string("0fc601") + np +
					     "00000a05 00112233 44556677 8899aabb ccddeeff") + inside);
	}

	static std::string push_nsh()
	{
		return "push_nsh(flags=0,ttl=63,mdtype=1,np=3,spi=0xa,si=5,c1=0x112233,c2=0x44556677,"
		       "c3=0x8899aabb,c4=0xccddeeff)";
	}

	static constexpr const char *V4 = "recirc_id(0),in_port(1),eth(),eth_type(0x0800),ipv4()";
	static constexpr const char *NSH =
		"recirc_id(0),in_port(1),eth(),eth_type(0x894f),nsh(mdtype=1,np=3)";
	static constexpr const char *PUSH_ETH =
		"push_eth(src=02:00:00:00:00:0a,dst=02:00:00:00:00:0b)";
};

TEST_F(ActionEthNsh, LinkHeaderOffAndOn)
{
	EXPECT_BYTES(through(V4, std::string("pop_eth,") + PUSH_ETH + ",2", udp_frame()), udp_frame());
	EXPECT_BYTES(through(V4, std::string("pop_eth,") + PUSH_ETH + ",push_vlan(vid=5,pcp=0),2",
			     udp_frame()),
		     raw_frame(0x8100, hex("0005 0800") + View(udp_frame()).subspan(14)));
}

TEST_F(ActionEthNsh, BarePacketIsNothingForAnEthernetDevice)
{
	dp.flow(V4, "pop_eth,2");
	p1.tap.send(udp_frame());
	EXPECT_TRUE(p2.tap.receive_bytes(100).empty());
}

TEST_F(ActionEthNsh, BarePacketMatchesAsSuch)
{
	dp.flow(V4, "pop_eth,recirc(1)");
	dp.flow("recirc_id(1),in_port(1),eth_type(0x0800),ipv4(proto=17),udp(src=1000)",
		std::string("set(ipv4(ttl=9)),") + PUSH_ETH + ",2");
	p1.tap.send(udp_frame());
	const Bytes out = p2.tap.receive_bytes();
	ASSERT_EQ(out.size(), udp_frame().size());
	EXPECT_EQ(out[22], 9);
}

TEST_F(ActionEthNsh, PushNsh)
{
	EXPECT_BYTES(through(V4, push_nsh() + "," + PUSH_ETH + ",2", udp_frame()),
		     nsh_frame("03", udp_frame()));
	EXPECT_BYTES(through(V4, "pop_eth," + push_nsh() + "," + PUSH_ETH + ",2", udp_frame()),
		     nsh_frame("01", View(udp_frame()).subspan(14)));
}

TEST_F(ActionEthNsh, PopNsh)
{
	EXPECT_BYTES(through(NSH, "pop_eth,pop_nsh,2", nsh_frame("03", udp_frame())), udp_frame());
}

TEST_F(ActionEthNsh, InnerFrameMatchesAfterwards)
{
	dp.flow(NSH, "pop_eth,pop_nsh,recirc(1)");
	dp.flow("recirc_id(1),in_port(1),eth(),eth_type(0x0800),ipv4(proto=17),udp(src=1000)",
		"set(udp(src=7)),2");
	p1.tap.send(nsh_frame("03", udp_frame()));
	EXPECT_BYTES(p2.tap.receive_bytes(), udp_frame(7));
}

TEST_F(ActionEthNsh, Refused)
{
	const struct {
		const char *key;
		std::string actions;
	} rows[] = {
		{V4, PUSH_ETH},
		{V4, "pop_eth,pop_eth"},
		{"in_port(1),eth(),eth_type(0x8100),vlan(vid=5),encap(eth_type(0x0800),ipv4())", "pop_eth"},
		{V4, "pop_nsh()"},
		{V4, "pop_eth,push_vlan(vid=5,pcp=0)"},
	};

	for (const auto &row : rows)
		EXPECT_REFUSED(install(row.key, row.actions), EINVAL) << row.actions;
	EXPECT_EQ(dp.info().stats.n_flows, 0u);
}

TEST_F(ActionEthNsh, RoundTrips)
{
	const struct {
		const char *key;
		std::string actions;
	} rows[] = {
		{V4, std::string("pop_eth,") + PUSH_ETH + ",2"},
		{V4, push_nsh() + "," + PUSH_ETH + ",2"},
		{NSH, "pop_eth,pop_nsh(),2"},
	};

	for (const auto &row : rows) {
		EXPECT_OK(install(row.key, row.actions)) << row.actions;
		const Bytes shown = dp.get_flow(row.key).actions.value();
		EXPECT_EQ(dp.actions_of(row.key), row.actions);
		dp.flush();
		EXPECT_OK(install(row.key, "hex:" + mf::to_hex(shown))) << row.actions;
		EXPECT_BYTES(dp.get_flow(row.key).actions.value(), shown);
		dp.flush();
	}
}

class HazardNsh : public ActionEthNsh
{
protected:
	/** PUSH_NSH around an NSH attribute around raw bytes. */
	static std::string push(const Bytes &inside)
	{
		AttrWriter list;
		const size_t outer = list.begin(OVS_ACTION_ATTR_PUSH_NSH);

		list.put(OVS_KEY_ATTR_NSH, inside);
		list.end(outer);
		return "hex:" + mf::to_hex(list.bytes());
	}

	static Bytes md2(size_t length)
	{
		AttrWriter nsh;

		nsh.put(OVS_NSH_KEY_ATTR_BASE, hex("003f0203 00000a05"));
		nsh.put(OVS_NSH_KEY_ATTR_MD2, pattern(length));
		return nsh.bytes();
	}
};

TEST_F(HazardNsh, H11_MiddleAttributeOfPushNsh)
{
	/* Nothing in the middle, of length 0, too long, of another type */
	for (const char *bad : {"04001100", "08001100 04001c00", "08001100 ff001c00", "08001100 00001c00",
				"10001100 0c000700 0102030405060708", "06001100 0400"})
		EXPECT_REFUSED(install(V4, std::string("hex:") + bad), EINVAL) << bad;
	EXPECT_REFUSED(install(V4, push(hex("0c000100 003f0103 00000a05"))), EINVAL);
	EXPECT_REFUSED(install(V4, push(hex("0c000100 003f0103 00000a05 08000200 00112233"))), EINVAL);
	EXPECT_EQ(dp.info().stats.n_flows, 0u);
}

TEST_F(HazardNsh, H32_LengthOfContext)
{
	for (size_t length : {0u, 245u, 248u, 4000u})
		EXPECT_REFUSED(install(V4, push(md2(length))), EINVAL) << length;
	for (size_t length : {4u, 244u}) {
		EXPECT_OK(install(V4, push(md2(length)))) << length;
		dp.flush();
	}
	Bytes wanted = raw_frame(0x894f, hex("0fff0203 00000a05") + pattern(244) + udp_frame());
	const std::string actions = mf::to_hex(actions_of_text(push(md2(244)))) +
				    mf::to_hex(actions_of_text(std::string(PUSH_ETH) + ",2"));
	EXPECT_BYTES(through(V4, "hex:" + actions, udp_frame()), wanted);
}

TEST_F(HazardNsh, H90_SuperPacketThroughNsh)
{
	constexpr uint16_t MSS = 1400;
	const Bytes data = pattern(7000);
	Tins::TCP tcp(80, 1000);

	tcp.flags(Tins::TCP::ACK);
	const Bytes super = frame(eth() / Tins::IP(IP_B, IP_A) / tcp /
				  Tins::RawPDU(data.data(), static_cast<uint32_t>(data.size())));
	dp.flow(V4, push_nsh() + "," + PUSH_ETH + fmt::format(",userspace(pid={})", upcalls.pid()));
	p1.tap.send(super, {GSO_TCPV4, MSS, 54, 34, 16});
	for (size_t left = data.size(); left; left -= std::min<size_t>(left, MSS)) {
		const auto upcall = upcalls.next();

		ASSERT_TRUE(upcall) << left << " bytes left";
		ASSERT_EQ(upcall->packet.size(), 14 + 24 + 54 + std::min<size_t>(left, MSS));
		EXPECT_EQ(upcall->packet[12], 0x89);
		EXPECT_EQ(upcall->packet[14 + 24 + 12], 0x08);
	}
}
