// SPDX-License-Identifier: GPL-2.0-only
/* set(): every field, and the checksums that cover it; libtins writes the wanted packet. */
#include "lab.h"

#include <functional>

using namespace lab;
using namespace Tins;

class ActionSet : public Lab
{
protected:
	static constexpr const char *V4 = "recirc_id(0),in_port(1),eth(),eth_type(0x0800),ipv4(proto=17),udp()";
	static constexpr const char *V6 = "recirc_id(0),in_port(1),eth(),eth_type(0x86dd),ipv6(proto=17),udp()";

	static Bytes ip4(const std::function<void(IP &)> &change = [](IP &) {})
	{
		IP ip(IP_B, IP_A);

		ip.ttl(64);
		change(ip);
		return frame(eth() / ip / UDP(2000, 1000) / RawPDU("hello, world and all!!"));
	}

	static Bytes ip6(const std::function<void(IPv6 &)> &change = [](IPv6 &) {})
	{
		IPv6 ip(IP6_B, IP6_A);

		ip.hop_limit(64);
		change(ip);
		return frame(eth() / ip / UDP(2000, 1000) / RawPDU("hello, world and all!!"));
	}

	static Bytes tcp(uint16_t sport, uint16_t dport, const char *src = IP_A)
	{
		return frame(eth() / IP(IP_B, src) / TCP(dport, sport) / RawPDU("hello, world"));
	}

	static Bytes sctp_frame(uint16_t sport, uint16_t dport)
	{
		IP ip(IP_B, IP_A);
		const Bytes payload = sctp(sport, dport);

		ip.protocol(132);
		return frame(eth() / ip / RawPDU(payload.data(), static_cast<uint32_t>(payload.size())));
	}

	void expect(const char *key, const std::string &set, const Bytes &in, const Bytes &out)
	{
		EXPECT_BYTES(through(key, "set(" + set + "),2", in), out) << set;
	}
};

TEST_F(ActionSet, Ethernet)
{
	EthernetII header = eth();

	header.src_addr(HWAddress<6>("02:11:22:33:44:55"));
	expect(V4, "eth(src=02:11:22:33:44:55)", udp_frame(),
	       frame(header / IP(IP_B, IP_A) / UDP(2000, 1000) / RawPDU("hello")));
	expect(V4, "eth(dst=02:00:00:00:00:00/ff:ff:ff:ff:ff:ff)", udp_frame(), [] {
		Bytes wanted = udp_frame();

		wanted[5] = 0;
		return wanted;
	}());
	expect(V4, "eth(src=00:00:00:00:00:05/00:00:00:00:00:0f)", udp_frame(), [] {
		Bytes wanted = udp_frame();

		wanted[11] = 0x05;
		return wanted;
	}());
}

TEST_F(ActionSet, Ipv4Addresses)
{
	expect(V4, "ipv4(src=192.168.7.9)", ip4(), ip4([](IP &ip) { ip.src_addr("192.168.7.9"); }));
	expect(V4, "ipv4(dst=192.168.7.9)", ip4(), ip4([](IP &ip) { ip.dst_addr("192.168.7.9"); }));
	expect(V4, "ipv4(dst=0.0.0.77/0.0.0.255)", ip4(), ip4([](IP &ip) { ip.dst_addr("10.1.0.77"); }));
}

TEST_F(ActionSet, Ipv4AddressOfTcp)
{
	expect("in_port(1),eth(),eth_type(0x0800),ipv4(proto=6),tcp(),tcp_flags(0/0)", "ipv4(src=172.16.255.1)",
	       tcp(1000, 80), tcp(1000, 80, "172.16.255.1"));
}

TEST_F(ActionSet, Ipv4Tos)
{
	expect(V4, "ipv4(tos=0xb8)", ip4(), ip4([](IP &ip) { ip.tos(0xb8); }));
	expect(V4, "ipv4(tos=0xb8/0xfc)", ip4([](IP &ip) { ip.tos(0x03); }),
	       ip4([](IP &ip) { ip.tos(0xbb); }));
}

TEST_F(ActionSet, Ipv4Ttl)
{
	expect(V4, "ipv4(ttl=1)", ip4(), ip4([](IP &ip) { ip.ttl(1); }));
	expect(V4, "ipv4(ttl=255)", ip4(), ip4([](IP &ip) { ip.ttl(255); }));
}

TEST_F(ActionSet, Ipv6Addresses)
{
	expect(V6, "ipv6(src=fd00::abcd)", ip6(), ip6([](IPv6 &ip) { ip.src_addr("fd00::abcd"); }));
	expect(V6, "ipv6(dst=fd00:1:2:3:4:5:6:7)", ip6(),
	       ip6([](IPv6 &ip) { ip.dst_addr("fd00:1:2:3:4:5:6:7"); }));
}

TEST_F(ActionSet, Ipv6LabelClassAndHopLimit)
{
	expect(V6, "ipv6(label=0xabcde)", ip6(), ip6([](IPv6 &ip) { ip.flow_label(0xabcde); }));
	expect(V6, "ipv6(tclass=0x5a)", ip6(), ip6([](IPv6 &ip) { ip.traffic_class(0x5a); }));
	expect(V6, "ipv6(hlimit=9)", ip6(), ip6([](IPv6 &ip) { ip.hop_limit(9); }));
}

TEST_F(ActionSet, UdpPorts)
{
	expect(V4, "udp(src=7)", udp_frame(), udp_frame(7, 2000));
	expect(V4, "udp(dst=65535)", udp_frame(), udp_frame(1000, 65535));
	expect(V6, "udp(src=7,dst=8)", ip6(),
	       frame([] {
		       IPv6 ip(IP6_B, IP6_A);

		       ip.hop_limit(64);
		       return eth() / ip / UDP(8, 7) / RawPDU("hello, world and all!!");
	       }()));
}

TEST_F(ActionSet, UdpWithoutChecksumStaysSo)
{
	Bytes in = udp_frame(), wanted = udp_frame(1000, 7);

	for (Bytes *packet : {&in, &wanted})
		(*packet)[40] = (*packet)[41] = 0;
	expect(V4, "udp(dst=7)", in, wanted);
}

TEST_F(ActionSet, TcpPorts)
{
	const char *key = "in_port(1),eth(),eth_type(0x0800),ipv4(proto=6),tcp(),tcp_flags(0/0)";

	expect(key, "tcp(src=7)", tcp(1000, 80), tcp(7, 80));
	expect(key, "tcp(dst=443)", tcp(1000, 80), tcp(1000, 443));
	expect(key, "tcp(dst=0x1/0xff)", tcp(1000, 0x5050), tcp(1000, 0x5001));
}

TEST_F(ActionSet, SctpPorts)
{
	const char *key = "in_port(1),eth(),eth_type(0x0800),ipv4(proto=132),sctp()";

	expect(key, "sctp(src=7)", sctp_frame(1000, 80), sctp_frame(7, 80));
	expect(key, "sctp(dst=9)", sctp_frame(1000, 80), sctp_frame(1000, 9));
}

TEST_F(ActionSet, WrongSctpChecksumStaysWrong)
{
	Bytes in = sctp_frame(1000, 80);

	in[14 + 20 + 8] ^= 0x55;
	const Bytes out = through("in_port(1),eth(),eth_type(0x0800),ipv4(proto=132),sctp()",
				  "set(sctp(src=7)),2", in);
	ASSERT_EQ(out.size(), in.size());
	EXPECT_NE(out, sctp_frame(7, 80));
}

TEST_F(ActionSet, SeveralInARow)
{
	EXPECT_BYTES(through(V4, "set(ipv4(src=1.2.3.4)),set(ipv4(ttl=9)),set(udp(src=5)),2", ip4()),
		     [] {
			     IP ip(IP_B, "1.2.3.4");

			     ip.ttl(9);
			     return frame(eth() / ip / UDP(2000, 5) / RawPDU("hello, world and all!!"));
		     }());
}

TEST_F(ActionSet, CopyGoesOutUnchanged)
{
	dp.flow(V4, "3,set(ipv4(ttl=9)),2");
	p1.tap.send(ip4());
	EXPECT_BYTES(p2.tap.receive_bytes(), ip4([](IP &ip) { ip.ttl(9); }));
	EXPECT_BYTES(p3.tap.receive_bytes(), ip4());
}

TEST_F(ActionSet, MarkAndPriorityAreSeenAfterRecirculation)
{
	dp.flow(V4, "set(skb_mark(0x1234)),set(skb_priority(0x77)),recirc(5)");
	p1.tap.send(udp_frame());
	const auto upcall = upcalls.next();
	ASSERT_TRUE(upcall);
	EXPECT_NE(key_text(*upcall).find("skb_mark(0x1234)"), std::string::npos) << key_text(*upcall);
	EXPECT_NE(key_text(*upcall).find("skb_priority(0x77)"), std::string::npos);
	EXPECT_NE(key_text(*upcall).find("recirc_id(0x5)"), std::string::npos);
}

TEST_F(ActionSet, FieldsOfAbsentHeadersAreRefused)
{
	const auto refuse = [&](const char *key, const char *set) {
		EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_NEW, key,
					   {.actions = std::string("set(") + set + "),2"}), EINVAL)
			<< set;
	};

	refuse(V4, "ipv6(hlimit=1)");
	refuse(V6, "ipv4(ttl=1)");
	refuse(V4, "tcp(src=1)");
	refuse(V4, "sctp(src=1)");
	refuse("in_port(1),eth(),eth_type(0x0800),ipv4()", "udp(src=1)");
	refuse("in_port(1),eth(),eth_type(0x1234)", "ipv4(ttl=1)");
	refuse(V4, "arp(op=1)");
	refuse(V4, "icmp(type=1)");
	refuse(V4, "in_port(1)");
	refuse(V4, "recirc_id(1)");
	refuse(V4, "eth_type(0x0800)");
	refuse(V4, "tcp_flags(syn)");
	EXPECT_EQ(dp.info().stats.n_flows, 0u);
}
