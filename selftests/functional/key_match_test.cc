// SPDX-License-Identifier: GPL-2.0-only
/* Every field of the key: one packet that matches, one that differs in that field only. */
#include "lab.h"

#include <functional>

using namespace lab;
using namespace Tins;

class KeyMatch : public Lab
{
protected:
	static constexpr const char *V4 = "in_port(1),eth(),eth_type(0x0800),";
	static constexpr const char *V6 = "in_port(1),eth(),eth_type(0x86dd),";

	static Bytes ip4(const std::function<void(IP &)> &change)
	{
		IP ip(IP_B, IP_A);

		ip.ttl(64);
		change(ip);
		return frame(eth() / ip / UDP(2000, 1000) / RawPDU("hello"));
	}

	static Bytes ip6(const std::function<void(IPv6 &)> &change)
	{
		IPv6 ip(IP6_B, IP6_A);

		ip.hop_limit(64);
		change(ip);
		return frame(eth() / ip / UDP(2000, 1000) / RawPDU("hello"));
	}

	static Bytes arp(const std::function<void(ARP &)> &change)
	{
		ARP packet(IP_B, IP_A, HWAddress<6>("00:00:00:00:00:00"), HWAddress<6>(MAC_A));

		packet.opcode(ARP::REQUEST);
		change(packet);
		return frame(eth() / packet);
	}

	static Bytes tcp(uint16_t sport, uint16_t dport, small_uint<12> flags)
	{
		TCP packet(dport, sport);

		packet.flags(flags);
		return frame(eth() / IP(IP_B, IP_A) / packet);
	}

	static Bytes icmp(uint8_t type, uint8_t code)
	{
		ICMP packet(static_cast<ICMP::Flags>(type));

		packet.code(code);
		return frame(eth() / IP(IP_B, IP_A) / packet / RawPDU("data"));
	}

	static Bytes icmp6(uint8_t type, uint8_t code)
	{
		ICMPv6 packet(static_cast<ICMPv6::Types>(type));

		packet.code(code);
		return frame(eth() / IPv6(IP6_B, IP6_A) / packet);
	}

	static Bytes nd(ICMPv6::Types type, const char *target, const char *lla, bool tll)
	{
		ICMPv6 packet(type);

		packet.target_addr(target);
		if (tll)
			packet.target_link_layer_addr(HWAddress<6>(lla));
		else
			packet.source_link_layer_addr(HWAddress<6>(lla));
		return frame(eth() / IPv6(IP6_B, IP6_A) / packet);
	}

	static Bytes sctp_frame(uint16_t sport, uint16_t dport)
	{
		IP ip(IP_B, IP_A);

		ip.protocol(132);
		const Bytes payload = sctp(sport, dport);
		return frame(eth() / ip / RawPDU(payload.data(), static_cast<uint32_t>(payload.size())));
	}

	static Bytes tagged(uint16_t vid, uint8_t pcp, uint16_t type = 0x8100)
	{
		const uint16_t tci = static_cast<uint16_t>(pcp << 13 | vid);

		return raw_frame(type, Bytes{static_cast<uint8_t>(tci >> 8), static_cast<uint8_t>(tci)} +
					       hex("1234") + pattern(50));
	}
};

TEST_F(KeyMatch, InPort)
{
	dp.flow("in_port(1),eth(),eth_type(0x0800),ipv4()", "3");
	dp.flow("in_port(2),eth(),eth_type(0x0800),ipv4()", "1");
	p1.tap.send(udp_frame());
	EXPECT_BYTES(p3.tap.receive_bytes(), udp_frame());
	p2.tap.send(udp_frame());
	EXPECT_BYTES(p1.tap.receive_bytes(), udp_frame());
}

TEST_F(KeyMatch, EthernetSource)
{
	expect_match("in_port(1),eth(src=02:00:00:00:00:0a),eth_type(0x1234)",
		     raw_frame(0x1234, pattern(50)),
		     raw_frame(0x1234, pattern(50), MAC_B, "02:00:00:00:01:0a"));
}

TEST_F(KeyMatch, EthernetDestination)
{
	expect_match("in_port(1),eth(dst=02:00:00:00:00:0b),eth_type(0x1234)",
		     raw_frame(0x1234, pattern(50)),
		     raw_frame(0x1234, pattern(50), "02:00:00:00:00:0c"));
}

TEST_F(KeyMatch, EthernetUnderAMask)
{
	expect_match("in_port(1),eth(dst=01:00:00:00:00:00/01:00:00:00:00:00),eth_type(0x1234)",
		     raw_frame(0x1234, pattern(50), "03:00:00:00:00:0c"),
		     raw_frame(0x1234, pattern(50), "02:00:00:00:00:0c"));
}

TEST_F(KeyMatch, EtherType)
{
	expect_match("in_port(1),eth(),eth_type(0x1234)", raw_frame(0x1234, pattern(50)),
		     raw_frame(0x1235, pattern(50)));
}

TEST_F(KeyMatch, WithoutEtherTypeAnyMatches)
{
	dp.flow("in_port(1),eth()", "2");
	for (const Bytes &packet : {raw_frame(46, hex("424203") + pattern(43)), raw_frame(0x1234, pattern(50)),
				    udp_frame()}) {
		p1.tap.send(packet);
		EXPECT_BYTES(p2.tap.receive_bytes(), packet);
	}
}

TEST_F(KeyMatch, SnapHasItsInnerEtherType)
{
	expect_match("in_port(1),eth(),eth_type(0x1234)",
		     raw_frame(46, hex("aaaa03 000000 1234") + pattern(38)),
		     raw_frame(46, hex("aaaa03 000001 1234") + pattern(38)));
}

TEST_F(KeyMatch, VlanId)
{
	expect_match("in_port(1),eth(),eth_type(0x8100),vlan(vid=5),encap(eth_type(0x1234))",
		     tagged(5, 0), tagged(6, 0));
}

TEST_F(KeyMatch, VlanPriority)
{
	expect_match("in_port(1),eth(),eth_type(0x8100),vlan(vid=5,pcp=3),encap(eth_type(0x1234))",
		     tagged(5, 3), tagged(5, 2));
}

TEST_F(KeyMatch, VlanProtocol)
{
	expect_match("in_port(1),eth(),eth_type(0x88a8),vlan(vid=5,pcp=0),encap(eth_type(0x1234))",
		     tagged(5, 0, 0x88a8), tagged(5, 0));
}

TEST_F(KeyMatch, UntaggedIsNotTagged)
{
	expect_match("in_port(1),eth(),eth_type(0x1234)", raw_frame(0x1234, pattern(50)),
		     tagged(5, 0));
}

TEST_F(KeyMatch, InnerVlan)
{
	const auto qinq = [](const char *inner) {
		return raw_frame(0x88a8, hex("0005 8100") + hex(inner) + hex("1234") + pattern(50));
	};

	expect_match("in_port(1),eth(),eth_type(0x88a8),vlan(vid=5,pcp=0),"
		     "encap(eth_type(0x8100),vlan(vid=7,pcp=0),encap(eth_type(0x1234)))",
		     qinq("0007"), qinq("0008"));
}

TEST_F(KeyMatch, Ipv4Source)
{
	expect_match(std::string(V4) + "ipv4(src=10.1.0.1)", ip4([](IP &) {}),
		     ip4([](IP &ip) { ip.src_addr("10.1.0.9"); }));
}

TEST_F(KeyMatch, Ipv4Destination)
{
	expect_match(std::string(V4) + "ipv4(dst=10.1.0.0/255.255.255.0)", ip4([](IP &) {}),
		     ip4([](IP &ip) { ip.dst_addr("10.1.1.2"); }));
}

TEST_F(KeyMatch, Ipv4Protocol)
{
	expect_match(std::string(V4) + "ipv4(proto=17),udp()", udp_frame(), icmp(8, 0));
}

TEST_F(KeyMatch, Ipv4Tos)
{
	expect_match(std::string(V4) + "ipv4(tos=0x20)", ip4([](IP &ip) { ip.tos(0x20); }),
		     ip4([](IP &ip) { ip.tos(0x21); }));
}

TEST_F(KeyMatch, Ipv4Ttl)
{
	expect_match(std::string(V4) + "ipv4(ttl=64)", ip4([](IP &) {}),
		     ip4([](IP &ip) { ip.ttl(63); }));
}

TEST_F(KeyMatch, Ipv4Fragments)
{
	const auto fragment = [](IP::Flags flags, uint16_t offset) {
		IP ip(IP_B, IP_A);

		ip.protocol(17);
		ip.flags(flags);
		ip.fragment_offset(offset);
		const Bytes data = pattern(64);
		return frame(eth() / ip / RawPDU(data.data(), 64));
	};
	const Bytes whole = fragment(static_cast<IP::Flags>(0), 0);
	const Bytes first = fragment(IP::MORE_FRAGMENTS, 0);
	const Bytes middle = fragment(IP::MORE_FRAGMENTS, 8);
	const Bytes last = fragment(static_cast<IP::Flags>(0), 8);

	expect_match(std::string(V4) + "ipv4(frag=no)", whole, first);
	expect_match(std::string(V4) + "ipv4(frag=no)", whole, last);
	expect_match(std::string(V4) + "ipv4(frag=first)", first, middle);
	expect_match(std::string(V4) + "ipv4(frag=later)", middle, first);
	expect_match(std::string(V4) + "ipv4(frag=later)", last, whole);
}

TEST_F(KeyMatch, Ipv6Source)
{
	expect_match(std::string(V6) + "ipv6(src=fc00::1)", ip6([](IPv6 &) {}),
		     ip6([](IPv6 &ip) { ip.src_addr("fc00::9"); }));
}

TEST_F(KeyMatch, Ipv6Destination)
{
	expect_match(std::string(V6) + "ipv6(dst=fc00::/ffff:ffff::)", ip6([](IPv6 &) {}),
		     ip6([](IPv6 &ip) { ip.dst_addr("fc00:1::2"); }));
}

TEST_F(KeyMatch, Ipv6Label)
{
	expect_match(std::string(V6) + "ipv6(label=0x12345)",
		     ip6([](IPv6 &ip) { ip.flow_label(0x12345); }),
		     ip6([](IPv6 &ip) { ip.flow_label(0x12344); }));
}

TEST_F(KeyMatch, Ipv6TrafficClass)
{
	expect_match(std::string(V6) + "ipv6(tclass=0x70)",
		     ip6([](IPv6 &ip) { ip.traffic_class(0x70); }),
		     ip6([](IPv6 &ip) { ip.traffic_class(0x71); }));
}

TEST_F(KeyMatch, Ipv6HopLimit)
{
	expect_match(std::string(V6) + "ipv6(hlimit=64)", ip6([](IPv6 &) {}),
		     ip6([](IPv6 &ip) { ip.hop_limit(65); }));
}

TEST_F(KeyMatch, Ipv6Protocol)
{
	expect_match(std::string(V6) + "ipv6(proto=17),udp()", ip6([](IPv6 &) {}), icmp6(128, 0));
}

TEST_F(KeyMatch, Ipv6ExtensionHeaders)
{
	const auto with = [](const char *extension, uint8_t first) {
		Bytes payload = hex(extension) + hex("03e807d0000800ff");
		Bytes out = raw_frame(0x86dd, hex("60000000") +
						      Bytes{0, static_cast<uint8_t>(payload.size()), first, 64} +
						      hex("fc000000000000000000000000000001"
							  "fc000000000000000000000000000002") +
						      payload);
		return out;
	};
	const Bytes hop = with("1100010400000000", 0);
	const Bytes destination = with("1100010400000000", 60);

	expect_match(std::string(V6) + "ipv6(proto=17),ipv6_exthdrs(0x40),udp()", hop, destination);
	expect_match(std::string(V6) + "ipv6(proto=17),ipv6_exthdrs(0x8),udp()", destination, hop);
}

TEST_F(KeyMatch, TcpPorts)
{
	const std::string tcp_key = std::string(V4) + "ipv4(proto=6),";

	expect_match(tcp_key + "tcp(src=1000),tcp_flags(0/0)", tcp(1000, 80, 2), tcp(1001, 80, 2));
	expect_match(tcp_key + "tcp(dst=80),tcp_flags(0/0)", tcp(1000, 80, 2), tcp(1000, 81, 2));
}

TEST_F(KeyMatch, TcpFlags)
{
	expect_match(std::string(V4) + "ipv4(proto=6),tcp(),tcp_flags(0x2/0xfff)", tcp(1, 80, 2),
		     tcp(1, 80, 0x12));
	expect_match(std::string(V4) + "ipv4(proto=6),tcp(),tcp_flags(0x800/0x800)",
		     tcp(1, 80, 0x802), tcp(1, 80, 0x402));
}

TEST_F(KeyMatch, UdpPorts)
{
	const std::string udp_key = std::string(V4) + "ipv4(proto=17),";

	expect_match(udp_key + "udp(src=1000)", udp_frame(1000, 1), udp_frame(1001, 1));
	expect_match(udp_key + "udp(dst=53)", udp_frame(1, 53), udp_frame(1, 54));
	expect_match(udp_key + "udp(dst=48/0xfff0)", udp_frame(1, 63), udp_frame(1, 64));
}

TEST_F(KeyMatch, UdpPortsOverIpv6)
{
	expect_match(std::string(V6) + "ipv6(proto=17),udp(dst=2000)", ip6([](IPv6 &) {}),
		     frame(eth() / IPv6(IP6_B, IP6_A) / UDP(2001, 1000)));
}

TEST_F(KeyMatch, SctpPorts)
{
	const std::string sctp_key = std::string(V4) + "ipv4(proto=132),";

	expect_match(sctp_key + "sctp(src=7)", sctp_frame(7, 8), sctp_frame(9, 8));
	expect_match(sctp_key + "sctp(dst=8)", sctp_frame(7, 8), sctp_frame(7, 9));
}

TEST_F(KeyMatch, IcmpTypeAndCode)
{
	const std::string icmp_key = std::string(V4) + "ipv4(proto=1),";

	expect_match(icmp_key + "icmp(type=8)", icmp(8, 0), icmp(0, 0));
	expect_match(icmp_key + "icmp(type=3,code=1)", icmp(3, 1), icmp(3, 2));
}

TEST_F(KeyMatch, Icmpv6TypeAndCode)
{
	const std::string icmp_key = std::string(V6) + "ipv6(proto=58),";

	expect_match(icmp_key + "icmpv6(type=128)", icmp6(128, 0), icmp6(129, 0));
	expect_match(icmp_key + "icmpv6(type=1,code=4)", icmp6(1, 4), icmp6(1, 3));
}

TEST_F(KeyMatch, NeighbourDiscovery)
{
	const std::string ns_key = std::string(V6) + "ipv6(proto=58),icmpv6(type=135,code=0),";
	const std::string na_key = std::string(V6) + "ipv6(proto=58),icmpv6(type=136,code=0),";
	const auto ask_for = ICMPv6::NEIGHBOUR_SOLICIT;
	const auto tell = ICMPv6::NEIGHBOUR_ADVERT;

	expect_match(ns_key + "nd(target=fc00::2)", nd(ask_for, "fc00::2", MAC_A, false),
		     nd(ask_for, "fc00::3", MAC_A, false));
	expect_match(ns_key + "nd(sll=02:00:00:00:00:0a)", nd(ask_for, "fc00::2", MAC_A, false),
		     nd(ask_for, "fc00::2", MAC_B, false));
	expect_match(na_key + "nd(tll=02:00:00:00:00:0a)", nd(tell, "fc00::2", MAC_A, true),
		     nd(tell, "fc00::2", MAC_B, true));
}

TEST_F(KeyMatch, Arp)
{
	const std::string key = "in_port(1),eth(),eth_type(0x0806),";
	const Bytes request = arp([](ARP &) {});

	expect_match(key + "arp(sip=10.1.0.1)", request,
		     arp([](ARP &a) { a.sender_ip_addr("10.1.0.3"); }));
	expect_match(key + "arp(tip=10.1.0.2)", request,
		     arp([](ARP &a) { a.target_ip_addr("10.1.0.3"); }));
	expect_match(key + "arp(op=1)", request, arp([](ARP &a) { a.opcode(ARP::REPLY); }));
	expect_match(key + "arp(sha=02:00:00:00:00:0a)", request,
		     arp([](ARP &a) { a.sender_hw_addr(HWAddress<6>(MAC_B)); }));
	expect_match(key + "arp(tha=00:00:00:00:00:00)", request,
		     arp([](ARP &a) { a.target_hw_addr(HWAddress<6>(MAC_B)); }));
}

TEST_F(KeyMatch, Rarp)
{
	const Bytes body = hex("0001080006040003") + pattern(20);
	const Bytes other = hex("0001080006040004") + pattern(20);

	expect_match("in_port(1),eth(),eth_type(0x8035),arp(op=3)", raw_frame(0x8035, body),
		     raw_frame(0x8035, other));
}
