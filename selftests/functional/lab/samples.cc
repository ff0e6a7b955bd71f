// SPDX-License-Identifier: GPL-2.0-only
#include "samples.h"

#include "frames.h"

#include <fmt/format.h>

namespace lab
{

namespace
{

const std::string ETH =
	"in_port(1),eth(src=02:00:00:00:00:0a/ff:ff:ff:00:00:00,dst=02:00:00:00:00:0b),";
const std::string IP4 = ETH + "eth_type(0x0800),ipv4(src=10.0.0.0/8,proto={},tos=0/0xfc,frag=no)";
const std::string IP6 =
	ETH + "eth_type(0x86dd),ipv6(dst=fc00::/16,label=0x10/0xf0,proto={},frag=no)";

std::string over4(int proto)
{
	return fmt::format(fmt::runtime(IP4), proto);
}

std::string over6(int proto)
{
	return fmt::format(fmt::runtime(IP6), proto);
}

const std::string LABELS = ETH + "eth_type(0x8847),mpls(label=100/0xff,tc=3,ttl=64,bos=1)";
const std::string NSH =
	ETH + "eth_type(0x894f),nsh(flags=0,ttl=63,mdtype=1,np=3,spi=0x1234,si=255,c1=0x1,c4=0x4/"
	      "0xf)";
const std::string TCP = over4(6) + ",tcp(src=1),tcp_flags()";

} // namespace

const std::vector<std::string> &sample_keys()
{
	static const std::vector<std::string> keys = {
		"recirc_id(0x5),dp_hash(0x10/0xf0),skb_priority(0x7),skb_mark(0x1/0xff)," +
			over4(6) + ",tcp(src=80,dst=1000/0xff00),tcp_flags(+syn-ack)",
		over4(17) + ",udp(src=53)",
		over4(132) + ",sctp(dst=9/0xf)",
		over4(1) + ",icmp(type=8,code=0/0x3)",
		over6(58) + ",icmpv6(type=135,code=0),nd(target=fe80::1,sll=02:00:00:00:00:01)",
		over6(58) + ",icmpv6(type=128)",
		over6(6) + ",ipv6_exthdrs(0x1),tcp(src=1),tcp_flags(0x2/0x2)",
		ETH + "eth_type(0x0806),arp(sip=10.0.0.1,tip=10.0.0.0/"
		      "8,op=1,sha=02:00:00:00:00:01)",
		ETH + "eth_type(0x8100),vlan(vid=5,pcp=3/"
		      "0x4),encap(eth_type(0x0800),ipv4(ttl=64,frag=no))",
		ETH + "eth_type(0x88a8),vlan(vid=5,pcp=3),encap(eth_type(0x8100),vlan(vid=6,pcp=0),"
		      "encap(eth_type(0x0806),arp(op=2)))",
		LABELS,
		NSH,
		"tunnel(tun_id=0x5,src=10.0.0.1,dst=10.0.0.0/255.0.0.0,tos=0x3,ttl=64,tp_src=0/"
		"0xf,flags(+key))," +
			over4(17) + ",udp(src=1)",
		"tunnel(ipv6_src=fc00::1,ipv6_dst=fc00::/ffff::,ttl=64,"
		"geneve({class=0x1,type=0x2,len=4,0xaabbccdd})),in_port(1),eth(),eth_type(0x0800),"
		"ipv4("
		"frag=no)",
		"tunnel(dst=10.0.0.1,ttl=64,vxlan(gbp(id=3,flags=0x8))),in_port(1),eth(),eth_type("
		"0x0800),"
		"ipv4("
		"frag=no)",
		"tunnel(dst=10.0.0.1,ttl=64,erspan(ver=1,idx=0x7)),in_port(1),eth(),eth_type("
		"0x0800),ipv4("
		"frag="
		"no)",
		"ct_state(+trk+est),ct_zone(0x5),ct_mark(0x1/0xff),ct_label(0x1/0x3),"
		"ct_tuple4(src=10.0.0.1,dst=10.0.0.0/8,proto=6,tp_src=1,tp_dst=2/0xf)," +
			over4(6) + ",tcp(),tcp_flags()",
		"ct_state(+trk),ct_tuple6(src=fc00::1,proto=17,tp_dst=2)," + over6(17) + ",udp()",
	};

	return keys;
}

const std::vector<ListSample> &sample_lists()
{
	static const std::vector<ListSample> lists = {
		{TCP, "2,userspace(pid=3),userspace(pid=3,userdata(aabbccddeeff0011),tunnel_out_"
		      "port=3)"},
		{TCP,
		 "set(skb_priority(0x7)),set(skb_mark(0x2/0xf)),set(ipv4(src=1.2.3.4,ttl=9)),2"},
		{TCP, "set(eth(src=00:01:02:00:00:00/ff:ff:ff:00:00:00)),set(tcp(src=80)),2"},
		{TCP, "push_vlan(vid=3,pcp=2),2,pop_vlan,push_vlan(tpid=0x88a8,vid=3,pcp=2),3"},
		{TCP, "sample(sample=50.0%,actions(2,3)),hash(l4(7)),recirc(0x3)"},
		{TCP, "hash(sym_l4(0)),clone(trunc(100),2),3"},
		{TCP, "push_mpls(label=1,tc=2,ttl=3,bos=1,eth_type=0x8847),2"},
		{TCP, "add_mpls(label=1,tc=2,ttl=3,bos=1,eth_type=0x8847,tun_flags=0x1),2"},
		{LABELS, "set(mpls(label=1/0xff,tc=0,ttl=2,bos=1/1)),pop_mpls(eth_type=0x800),2"},
		{TCP, "pop_eth,push_eth(src=00:00:00:00:00:01,dst=00:00:00:00:00:02),2"},
		{TCP, "push_nsh(flags=0,ttl=63,mdtype=1,np=3,spi=0x1234,si=255,c1=0x1,c2=0x2,c3="
		      "0x3,c4=0x4),2"},
		{NSH, "pop_eth,pop_nsh(),2"},
		{TCP, "ct_clear,ct(commit,zone=5,mark=0x1/0xff,label=0x1/0x3,"
		      "nat(src=10.0.0.1-10.0.0.5:1-5,persistent,random)),2"},
		{TCP, "ct(force_commit,zone=1,nat),recirc(0x3)"},
		{TCP,
		 "meter(3),check_pkt_len(size=200,gt(2),le(3)),dec_ttl(le_1(userspace(pid=3)))"},
		{TCP, "set(tunnel(tun_id=0x1,src=1.2.3.4,dst=3.4.5.6,tos=0x3,ttl=64,flags(df|csum|"
		      "key))),2"},
		{TCP, "set(tunnel(dst=1.2.3.4,ttl=3,geneve({class=0x1,type=0x2,len=4,0xaabbccdd}),"
		      "flags(0))),2"},
		{TCP, "psample(group=1,cookie=0xaabb),2"},
		{TCP, "trunc(100),2,drop(42)"},
		{TCP, "drop"},
		{TCP,
		 "clone(trunc(100),clone(sample(sample=1.0%,actions(2)))),userspace(pid=7,userdata("
		 "010203),actions)"},
	};

	return lists;
}

} // namespace lab
