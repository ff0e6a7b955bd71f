// SPDX-License-Identifier: GPL-2.0-only
#include "packet.h"

#include "attr.h"

#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <netinet/in.h>

namespace diff
{

/* Few values of each, so that what is rolled apart meets again. */

static Bytes roll_mac(Dice &dice)
{
	return {0x02, 0, 0, 0, 0, dice.pick<uint8_t>({0x0a, 0x0b, 0x0c})};
}

static Bytes roll_address(Dice &dice, bool v6)
{
	if (!v6)
		return {10, 0, 0, dice.pick<uint8_t>({1, 2, 3})};
	Bytes address(16);
	address[0] = 0xfc;
	address[15] = dice.pick<uint8_t>({1, 2, 3});
	return address;
}

static uint16_t roll_port(Dice &dice)
{
	return dice.pick<uint16_t>({1, 53, 80, 4789, 0x8000, 65535});
}

static void roll_tags(Dice &dice, Packet &p)
{
	const uint32_t count = dice.pick<uint32_t>({0, 0, 0, 0, 1, 1, 1, 2, 2, 3});

	for (uint32_t i = 0; i < count; i++)
		p.tags.push_back({dice.pick<uint16_t>({ETH_P_8021Q, ETH_P_8021Q, ETH_P_8021AD}),
				  static_cast<uint16_t>(dice.pick({1, 7, 4095, 0}) |
							dice.pick({0, 3, 7}) << 13)});
}

static void roll_icmpv6(Dice &dice, Packet &p)
{
	p.type = dice.pick<uint8_t>({128, 129, 135, 136, 135, 136, 1});
	p.code = p.type >= 135 ? 0 : dice.pick<uint8_t>({0, 0, 4});
	p.nd_target = roll_address(dice, true);
	p.nd_sll = dice.percent(60) ? roll_mac(dice) : Bytes(6);
	p.nd_tll = dice.percent(40) ? roll_mac(dice) : Bytes(6);
}

static void roll_ip(Dice &dice, Packet &p, bool v6)
{
	p.ip_src = roll_address(dice, v6);
	p.ip_dst = roll_address(dice, v6);
	p.tos = dice.pick<uint8_t>({0, 0, 1, 0x10, 0xff});
	p.ttl = dice.pick<uint8_t>({64, 64, 255, 2, 1, 0});
	p.label = v6 ? dice.pick<uint32_t>({0, 0, 1, 0xfffff}) : 0;
	p.frag = dice.pick<uint8_t>({0, 0, 0, 0, 0, 0, 1, 2});
	p.proto = dice.pick<uint8_t>({IPPROTO_TCP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDP,
				      IPPROTO_SCTP, IPPROTO_SCTP, IPPROTO_ICMP, IPPROTO_ICMPV6,
				      IPPROTO_ICMPV6, IPPROTO_GRE, 253, IPPROTO_DCCP,
				      IPPROTO_UDPLITE});
	if (p.proto == IPPROTO_ICMP && v6)
		p.proto = IPPROTO_ICMPV6;
	if (p.proto == IPPROTO_ICMPV6 && !v6)
		p.proto = IPPROTO_ICMP;
	p.tp_src = roll_port(dice);
	p.tp_dst = roll_port(dice);
	p.tcp_flags = dice.pick<uint16_t>({0x002, 0x012, 0x010, 0x011, 0x0ff, 0xfff, 0});
	p.type = dice.pick<uint8_t>({8, 0, 3});
	p.code = dice.pick<uint8_t>({0, 0, 1});
	if (p.proto == IPPROTO_ICMPV6)
		roll_icmpv6(dice, p);
	while (v6 && dice.percent(25))
		p.headers.push_back(dice.pick<uint8_t>(
			{IPPROTO_HOPOPTS, IPPROTO_DSTOPTS, IPPROTO_ROUTING, IPPROTO_AH}));
	if (p.frag && v6)
		p.headers.push_back(IPPROTO_FRAGMENT);
}

static void roll_nsh(Dice &dice, Packet &p)
{
	const bool md1 = dice.percent(80);
	const uint8_t words = md1 ? 6 : dice.pick<uint8_t>({2, 4});

	p.nsh = {0x0f, static_cast<uint8_t>(0xc0 | words), static_cast<uint8_t>(md1 ? 1 : 2),
		 dice.pick<uint8_t>({1, 2, 3, 4, 5, 9}), 0x12, 0x34, 0x56,
		 dice.pick<uint8_t>({255, 1})};
	while (p.nsh.size() < words * 4u)
		p.nsh.push_back(static_cast<uint8_t>(p.nsh.size()));
}

static Bytes roll_tunnel(Dice &dice)
{
	mf::AttrWriter out;
	const bool v6 = dice.percent(40);

	if (dice.percent(80))
		out.put(OVS_TUNNEL_KEY_ATTR_ID, Bytes{0, 0, 0, 0, 0, 0, 0, 42});
	out.put(v6 ? OVS_TUNNEL_KEY_ATTR_IPV6_SRC : OVS_TUNNEL_KEY_ATTR_IPV4_SRC,
		roll_address(dice, v6));
	out.put(v6 ? OVS_TUNNEL_KEY_ATTR_IPV6_DST : OVS_TUNNEL_KEY_ATTR_IPV4_DST,
		roll_address(dice, v6));
	if (dice.percent(50))
		out.u8(OVS_TUNNEL_KEY_ATTR_TOS, dice.pick<uint8_t>({0, 4}));
	out.u8(OVS_TUNNEL_KEY_ATTR_TTL, dice.pick<uint8_t>({0, 64}));
	for (const uint16_t flag : {OVS_TUNNEL_KEY_ATTR_DONT_FRAGMENT, OVS_TUNNEL_KEY_ATTR_CSUM,
				    OVS_TUNNEL_KEY_ATTR_OAM})
		if (dice.percent(30))
			out.flag(flag);
	if (dice.percent(50)) {
		out.put(OVS_TUNNEL_KEY_ATTR_TP_SRC, Bytes{0x12, 0x34});
		out.put(OVS_TUNNEL_KEY_ATTR_TP_DST, Bytes{0x17, 0xc1});
	}
	switch (dice.below(5)) {
	case 0:
		out.put(OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS,
			Bytes{1, 2, 0x80, 1, 1, 2, 3, 4, 0, 1, 3, 0});
		break;
	case 1: {
		const size_t nest = out.begin(OVS_TUNNEL_KEY_ATTR_VXLAN_OPTS | NLA_F_NESTED);

		out.u32(OVS_VXLAN_EXT_GBP, 77);
		out.end(nest);
		break;
	}
	case 2:
		out.put(OVS_TUNNEL_KEY_ATTR_ERSPAN_OPTS,
			Bytes{1, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0});
		break;
	default:
		break;
	}
	return out.bytes();
}

static void roll_metadata(Dice &dice, Packet &p)
{
	p.in_port = dice.pick<uint32_t>({1, 1, 1, 2, 3, 0, 4});
	p.priority = dice.percent(10) ? dice.pick<uint32_t>({1, 0xffffffff}) : 0;
	p.mark = dice.percent(10) ? dice.pick<uint32_t>({1, 0x80000000}) : 0;
	p.recirc = dice.percent(20) ? 1 + dice.below(3) : 0;
	p.dp_hash = dice.percent(8) ? dice.pick<uint32_t>({1, 0xabcd}) : 0;
	if (dice.percent(15))
		p.tunnel = roll_tunnel(dice);
	if (dice.percent(15)) {
		p.ct_state = dice.pick<uint32_t>({0, 0x20, 0x21, 0x22, 0x2a, 0x61, 0xa2, 0x30});
		p.ct_zone = dice.pick<uint16_t>({0, 7});
		p.ct_mark = dice.pick<uint32_t>({0, 9});
		p.ct_labels = dice.percent(50) ? dice.bytes(16) : Bytes(16);
		p.ct_tuple = dice.percent(60);
	}
}

Packet roll_packet(Dice &dice)
{
	Packet p;

	roll_metadata(dice, p);
	p.src = roll_mac(dice);
	p.dst = roll_mac(dice);
	p.ethernet = !dice.percent(6);
	if (p.ethernet)
		roll_tags(dice, p);
	p.eth_type = dice.pick<uint16_t>({ETH_P_IP, ETH_P_IP, ETH_P_IP, ETH_P_IP, ETH_P_IPV6,
					  ETH_P_IPV6, ETH_P_IPV6, ETH_P_ARP, ETH_P_RARP,
					  ETH_P_MPLS_UC, ETH_P_MPLS_MC, ETH_P_NSH, 0x88b5, 0});
	p.payload = dice.pick<uint32_t>({0, 1, 8, 20, 46, 100, 1000});
	p.bad_sum = dice.percent(5);
	if (!p.eth_type && !p.ethernet)
		p.eth_type = ETH_P_IP;
	if (!p.eth_type)
		p.llc = true;
	if (p.is_ipv4() || p.is_ipv6())
		roll_ip(dice, p, p.is_ipv6());
	if (p.is_arp()) {
		p.ip_src = roll_address(dice, false);
		p.ip_dst = roll_address(dice, false);
		p.arp_op = dice.pick<uint8_t>({1, 2, 3});
	}
	for (uint32_t left = p.is_mpls() ? 1 + dice.below(4) : 0; left; left--)
		p.lse.push_back(dice.pick<uint32_t>({16, 100, 0xfffff}) << 12 |
				dice.below(8) << 9 | (left == 1 ? 0x100u : 0u) |
				dice.pick<uint32_t>({64, 1, 0}));
	if (p.is_nsh())
		roll_nsh(dice, p);
	return p;
}

Packet vary_packet(Dice &dice, const Packet &packet)
{
	Packet p = packet;
	const Packet other = roll_packet(dice);
	const bool ip = p.is_ipv4() || p.is_ipv6();

	switch (dice.below(13)) {
	case 0:
		p.in_port = other.in_port;
		break;
	case 1:
		p.src = other.src;
		p.dst = other.dst;
		break;
	case 2:
		p.tags = p.ethernet ? other.tags : p.tags;
		break;
	case 3:
		p.tp_src = roll_port(dice);
		break;
	case 4:
		p.tp_dst = roll_port(dice);
		break;
	case 5:
		if (ip)
			p.ip_dst = roll_address(dice, p.is_ipv6());
		break;
	case 6:
		p.tos = dice.pick<uint8_t>({0, 3});
		p.ttl = dice.pick<uint8_t>({1, 63});
		break;
	case 7:
		p.tcp_flags = dice.pick<uint16_t>({1, 2, 0x10});
		break;
	case 9:
	case 10:
		p.recirc = dice.below(4);
		break;
	case 8:
		p.payload = other.payload;
		break;
	default:
		break;
	}
	return p;
}

} // namespace diff
