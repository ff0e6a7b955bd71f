// SPDX-License-Identifier: GPL-2.0-only
#include "models.h"

#include "lab.h"
#include "lab/samples.h"

#include <linux/if_ether.h>

using namespace lab;

namespace fuzz
{

namespace
{

/** A packet, and a list of actions that suits it. */
struct Run {
	Bytes packet;
	std::string actions;
};

const std::vector<Run> &runs()
{
	static const Bytes ports = hex("03e8 07d0"), udp = ports + hex("0010 0000") + pattern(8);
	static const Bytes whole = udp_frame(), inside(whole.begin() + ETH_HLEN, whole.end());
	static const std::vector<Run> rows = {
		{udp_frame(),
		 "set(udp(src=7,dst=8/0xff)),set(ipv4(src=1.2.3.4,dst=5.6.7.8,tos=4,ttl=9)),2,3"},
		{udp_frame(), "2,clone(clone(set(ipv4(ttl=3)),2),recirc(1)),sample(sample=99.0%,"
			      "actions(trunc(20),2)),"
			      "hash(sym_l4(1)),recirc(2)"},
		{udp_frame(),
		 "ct(commit,zone=1,mark=1,nat(dst=10.1.0.9)),ct_clear,ct(zone=1),recirc(1)"},
		{udp_frame(), "userspace(pid=77,userdata(0102),actions,tunnel_out_port=2),drop(7)"},
		{frame(eth() / Tins::IP(IP_B, IP_A) / Tins::ICMP()),
		 "ct(commit),set(ipv4(ttl=1)),dec_ttl(le_1(2)),2"},
		{raw_frame(0x0800, hex("45000024 00012001 40110000 0a010001 0a010002") + udp),
		 "2,recirc(1)"},
		{raw_frame(0x0800,
			   hex("46000028 00000000 40110000 0a010001 0a010002 01010101") + udp),
		 "set(udp(src=9)),2"},
		{raw_frame(0x0800,
			   hex("45000028 00000000 40840000 0a010001 0a010002") + sctp(1, 2)),
		 "set(sctp(src=7,dst=8)),2"},
		{ipv6_frame(17, udp), "set(ipv6(src=fc00::9,dst=fc00::8,label=0x5,tclass=0x4,hlimit=9)),"
				"set(udp(dst=1)),2"},
		{ipv6_frame(58,
		      hex("8700 0000 00000000 fe800000000000000000000000000001 0101 020000000001")),
		 "set(nd(target=fe80::2,sll=02:00:00:00:00:07)),2,ct(commit),recirc(1)"},
		{ipv6_frame(58, hex("8000 0000 00010001")), "ct(commit,zone=2,nat(src=fc00::5)),2"},
		{ipv6_frame(0, hex("2b000100 00000000 3c000000 00000000 2c000000 00000000 11000001 "
			     "00000007") +
				 udp),
		 "set(ipv6(dst=fc00::8)),2"},
		{ipv6_frame(43, hex("33020100 00000000 fc000000000000000000000000000003") +
				  hex("11010000 00000001 00000001") + udp),
		 "set(ipv6(src=fc00::9)),recirc(2)"},
		{ipv6_frame(44, hex("11000011 00000001") + pattern(16)), "set(ipv6(src=fc00::9)),2"},
		{raw_frame(0x0806,
			   hex("0001 0800 0604 0001 02000000000a 0a010001 000000000000 0a010002")),
		 "push_vlan(vid=5,pcp=1),push_vlan(tpid=0x88a8,vid=6,pcp=0),pop_vlan,2,recirc(1)"},
		{raw_frame(0x88a8, hex("0005 8100 0007 0800") + inside),
		 "pop_vlan,2,pop_vlan,3,recirc(4)"},
		{raw_frame(0x8100, hex("3005 0800") + inside),
		 "set(vlan(vid=9,pcp=1)),2,pop_eth,push_eth(src=00:00:00:00:00:01,dst=00:00:00:00:"
		 "00:02),3"},
		{raw_frame(0x8847, hex("0006403f 00065140") + inside),
		 "set(mpls(label=1,tc=2,ttl=3,bos=0)),2,pop_mpls(eth_type=0x8847),2,pop_mpls(eth_"
		 "type=0x800),recirc(1)"},
		{raw_frame(0x8847, hex("00065140") + udp_frame()),
		 "pop_mpls(eth_type=0x6558),2,recirc(1)"},
		{raw_frame(0x894f, hex("0fc60103 00000a05 01020304 05060708 090a0b0c 0d0e0f10") +
					   udp_frame()),
		 "2,pop_eth,pop_nsh(),recirc(1)"},
		{raw_frame(0x894f, hex("0fc30201 00000a05 00010104") + inside),
		 "pop_eth,pop_nsh(),2"},
		{raw_frame(0x0030, hex("aaaa03 000000 0800") + inside), "2,recirc(1)"},
		{raw_frame(0x0020, pattern(32)), "set(eth(src=02:00:00:00:00:01)),2"},
		{raw_frame(0x1234, pattern(50)),
		 "push_nsh(flags=0,ttl=63,mdtype=2,np=3,spi=0x1234,si=255,"
		 "md2=0x10000a0412345678),2,pop_nsh(),recirc(1)"},
	};

	return rows;
}

void put_actions(AttrWriter &out, uint16_t type, const std::string &actions)
{
	out.put(type | NLA_F_NESTED, actions_of_text(actions));
}

void add_flow_models(std::vector<Model> &models, const std::string &text,
		     const std::string &actions)
{
	const mf::Key key = mf::parse_key("key", text, nullptr);
	AttrWriter name, all;
	size_t nest = all.begin(OVS_FLOW_ATTR_KEY | NLA_F_NESTED);

	mf::encode_key(key, all);
	all.end(nest);
	name = all;
	nest = all.begin(OVS_FLOW_ATTR_MASK | NLA_F_NESTED);
	mf::encode_mask(key, all);
	all.end(nest);
	put_actions(all, OVS_FLOW_ATTR_ACTIONS, actions);
	models.push_back({OVS_FLOW_FAMILY, OVS_FLOW_CMD_NEW, all.bytes()});
	models.push_back({OVS_FLOW_FAMILY, OVS_FLOW_CMD_SET, all.bytes()});
	all.put(OVS_FLOW_ATTR_UFID, pattern(16));
	all.u32(OVS_FLOW_ATTR_UFID_FLAGS, 1);
	all.flag(OVS_FLOW_ATTR_CLEAR);
	models.push_back({OVS_FLOW_FAMILY, OVS_FLOW_CMD_NEW, all.bytes()});
	models.push_back({OVS_FLOW_FAMILY, OVS_FLOW_CMD_SET, all.bytes()});
	models.push_back({OVS_FLOW_FAMILY, OVS_FLOW_CMD_GET, name.bytes()});
	models.push_back({OVS_FLOW_FAMILY, OVS_FLOW_CMD_DEL, name.bytes()});
}

void add_packet_model(std::vector<Model> &models, const Bytes &packet, const std::string &actions,
		      const std::string &metadata)
{
	AttrWriter all;
	const size_t nest = all.begin(OVS_PACKET_ATTR_KEY | NLA_F_NESTED);

	mf::encode_key(mf::parse_key("key", metadata, nullptr), all);
	all.end(nest);
	put_actions(all, OVS_PACKET_ATTR_ACTIONS, actions);
	all.u16(OVS_PACKET_ATTR_MRU, 1000);
	all.u64(OVS_PACKET_ATTR_HASH, 0x312345678);
	all.u32(OVS_PACKET_ATTR_UPCALL_PID, 88);
	all.put(OVS_PACKET_ATTR_PACKET, packet);
	models.push_back({OVS_PACKET_FAMILY, OVS_PACKET_CMD_EXECUTE, all.bytes()});
}

std::vector<Model> datapath_models()
{
	std::vector<Model> models;
	AttrWriter all = datapath_attrs("fz0", 1, 8);

	all.u32(OVS_DP_ATTR_MASKS_CACHE_SIZE, 64);
	all.u32(OVS_DP_ATTR_IFINDEX, 900);
	put_u32s(all, OVS_DP_ATTR_PER_CPU_PIDS, {1, 2});
	for (uint8_t cmd : {OVS_DP_CMD_NEW, OVS_DP_CMD_SET, OVS_DP_CMD_GET, OVS_DP_CMD_DEL})
		models.push_back({OVS_DATAPATH_FAMILY, cmd, all.bytes()});
	return models;
}

std::vector<Model> port_models()
{
	std::vector<Model> models;
	AttrWriter make = port_attrs("fzp0", OVS_VPORT_TYPE_INTERNAL, {1, 2});
	AttrWriter name;

	name.u32(OVS_VPORT_ATTR_PORT_NO, 3);
	name.u32(OVS_VPORT_ATTR_UPCALL_PID, 5);
	models.push_back({OVS_VPORT_FAMILY, OVS_VPORT_CMD_NEW, make.bytes()});
	make.u32(OVS_VPORT_ATTR_PORT_NO, 3);
	make.u32(OVS_VPORT_ATTR_IFINDEX, 901);
	models.push_back({OVS_VPORT_FAMILY, OVS_VPORT_CMD_NEW, make.bytes()});
	for (uint8_t cmd : {OVS_VPORT_CMD_SET, OVS_VPORT_CMD_GET, OVS_VPORT_CMD_DEL})
		models.push_back({OVS_VPORT_FAMILY, cmd, name.bytes()});
	return models;
}

std::vector<Model> flow_models()
{
	std::vector<Model> models;

	for (const std::string &key : sample_keys())
		add_flow_models(models, key, "2,clone(push_vlan(vid=1,pcp=0),3),recirc(1)");
	for (const ListSample &row : sample_lists())
		add_flow_models(models, row.key, row.actions);
	return models;
}

std::vector<Model> packet_models()
{
	static const std::string tunnel =
		"tunnel(tun_id=0x5,src=10.0.0.1,dst=10.0.0.2,ttl=64,"
		"geneve({class=0x1,type=0x2,len=4,0xaabbccdd}),flags(+key)),in_port(1)";
	std::vector<Model> models;

	for (const Run &run : runs())
		add_packet_model(models, run.packet, run.actions,
				 "skb_priority(1),in_port(1),skb_mark(5)");
	for (const ListSample &row : sample_lists())
		add_packet_model(models, tcp_frame(1, 80, Tins::TCP::SYN), row.actions, tunnel);
	return models;
}

} // namespace

std::vector<Model> models_of(const std::string &family)
{
	static constexpr struct {
		const char *family;
		std::vector<Model> (*models)();
	} makers[] = {
		{OVS_DATAPATH_FAMILY, datapath_models},
		{OVS_VPORT_FAMILY, port_models},
		{OVS_FLOW_FAMILY, flow_models},
		{OVS_PACKET_FAMILY, packet_models},
	};

	for (const auto &maker : makers)
		if (family == maker.family)
			return maker.models();
	return {};
}

} // namespace fuzz
