// SPDX-License-Identifier: GPL-2.0-only
#include "action.h"

#include "action_rows.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <linux/openvswitch.h>
#include <nlohmann/json.hpp>
#include <set>

namespace
{

using namespace mf;

std::string round_trip(const std::string &text)
{
	return format_actions(parse_actions("actions", text, nullptr), {});
}

/* What ovs-dpctl can write was seen to come out of it as it stands here. */
const char *const same_texts[] = {
	"2",
	"2,3",
	"drop",
	"userspace(pid=3)",
	"userspace(pid=3,userdata(aabbccddeeff0011))",
	"userspace(pid=3,userdata(aabbccddeeff0011),tunnel_out_port=3)",
	"userspace(pid=3,userdata(aabbccddeeff0011),actions)",
	"push_vlan(vid=3,pcp=2)",
	"push_vlan(tpid=0x88a8,vid=3,pcp=2)",
	"push_vlan(vid=3,pcp=2,cfi=0)",
	"pop_vlan",
	"recirc(0x3)",
	"recirc(0)",
	"hash(l4(7))",
	"hash(sym_l4(0))",
	"sample(sample=50.0%,actions(2,3))",
	"sample(sample=0.0%,actions(2))",
	"sample(sample=100.0%,actions(drop))",
	"clone(2)",
	"clone(drop)",
	"clone(clone(clone(3),2),1)",
	"trunc(100)",
	"drop(0)",
	"2,drop(42)",
	"set(skb_mark(0x12))",
	"set(skb_mark(0x2/0xf))",
	"set(eth(src=00:01:02:03:04:05,dst=00:01:02:03:04:06))",
	"set(eth(src=00:01:02:00:00:00/ff:ff:ff:00:00:00))",
	"set(ipv4(src=1.2.3.4))",
	"set(ipv4(tos=0/0xfc,frag=later))",
	"set(ipv6(src=fe80::1,dst=::1,label=0x12,proto=58,tclass=0x3,hlimit=3,frag=no))",
	"set(tcp(src=80,dst=80))",
	"set(skb_priority(0x7))",
	"set(ct_state(0x21))",
	"set(mpls(label=100,tc=3,ttl=64,bos=1))",
	"set(mpls(label=100/0xff,tc=3/7,ttl=64/0xff,bos=1/1))",
	"set(mpls(label=1,tc=0,ttl=2,bos=0,label=2,tc=3,ttl=4,bos=1))",
	"set(tunnel(tun_id=0x1,src=1.2.3.4,dst=3.4.5.6,tos=0x3,ttl=64,flags(df|csum|key)))",
	"set(tunnel(dst=1.2.3.4,ttl=3,geneve({class=0x1,type=0x2,len=4,0xaabbccdd}{class=0x2,"
	"type=0x82,len=0}),flags(oam|csum)))",
	"set(tunnel(ipv6_src=::1,ipv6_dst=::2,ttl=64,vxlan(gbp(id=3,flags=0x1)),flags(oam)))",
	"set(tunnel(dst=1.2.3.4,erspan(ver=1,idx=0x7),flags(0)))",
	"set(tunnel(dst=1.2.3.4,ttl=3,erspan(ver=2,dir=1,hwid=0x4),flags(0)))",
	"push_mpls(label=1,tc=2,ttl=3,bos=1,eth_type=0x8847)",
	"pop_mpls(eth_type=0x800)",
	"add_mpls(label=1,tc=2,ttl=3,bos=1,eth_type=0x8847)",
	"add_mpls(label=1,tc=2,ttl=3,bos=1,eth_type=0x8847,tun_flags=0x1)",
	"push_eth(src=00:00:00:00:00:01,dst=00:00:00:00:00:02)",
	"pop_eth",
	"push_nsh(flags=0,ttl=63,mdtype=1,np=3,spi=0x1234,si=255,c1=0x1,c2=0x2,c3=0x3,c4=0x4)",
	"push_nsh(flags=0,ttl=63,mdtype=2,np=3,spi=0x1234,si=255,"
	"md2=0x10000a041234567820001408fedcba9876543210)",
	"pop_nsh()",
	"ct_clear",
	"ct",
	"ct(commit)",
	"ct(commit,zone=5,mark=0x1/0xff,label=0x1/0x3,helper=ftp,timeout=foo,"
	"nat(src=10.0.0.1-10.0.0.5:1-5,persistent,random))",
	"ct(force_commit,nat)",
	"ct(commit,eventmask=0x7,nat(dst=[fe80::1]-[fe80::5]:3))",
	"ct(commit,nat(dst=fe80::1-fe80::5))",
	"ct(commit,nat(src))",
	"meter(3)",
	"check_pkt_len(size=200,gt(4),le(5))",
	"check_pkt_len(size=200,gt(drop),le(clone(5)))",
	"dec_ttl(le_1(userspace(pid=3)))",
	"psample(group=1)",
	"psample(group=1,cookie=0xaabb)",
};

TEST(Action, TextComesBack)
{
	for (const char *text : same_texts)
		EXPECT_EQ(round_trip(text), text);
}

TEST(Action, EveryRowHasAText)
{
	std::set<std::string> seen;

	for (const char *text : same_texts) {
		const Bytes list = parse_actions("actions", text, nullptr);

		for (const Attr &action : split_attrs(list))
			if (const ActionRow *row = find_action(action.type))
				seen.insert(fmt::format("{}{}", row->name, row->type));
	}
	for (const ActionRow *row : all_actions())
		EXPECT_TRUE(seen.contains(fmt::format("{}{}", row->name, row->type)))
			<< row->name << " is in no test";
}

struct Pair {
	const char *from, *to;
};

TEST(Action, OtherSpellingsAreRead)
{
	const Pair pairs[] = {
		{"1 2", "1,2"},
		{"", "drop"},
		{"hash(hash_l4(0))", "hash(l4(0))"},
		{"recirc(0x3)", "recirc(0x3)"},
		{"output(4)", "4"},
		{"clone()", "clone(drop)"},
		{"set(ipv4(src=10.0.0.0/8))", "set(ipv4(src=10.0.0.0/255.0.0.0))"},
		{"push_vlan(pcp=2,vid=3)", "push_vlan(vid=3,pcp=2)"},
	};

	for (const Pair &pair : pairs)
		EXPECT_EQ(round_trip(pair.from), pair.to) << pair.from;
}

TEST(Action, RefusalsAreOneClearLine)
{
	const Pair pairs[] = {
		{"outputt",
		 "actions: column 1: \"outputt\" is neither an action nor a port; did you mean "
		 "\"output\"?"},
		{"1,,drop",
		 "actions: column 4: \"drop\" stands alone: at the end of a list write drop(0)"},
		{"drop,1",
		 "actions: column 1: \"drop\" stands alone: a list that ends here needs drop(0)"},
		{"recirc", "actions: column 1: \"recirc\" needs its arguments: recirc(...)"},
		{"set(tcp(src=1)", "actions: at the end: nothing where \")\" should be"},
		{"set(tpc(src=1))",
		 "actions: column 5: \"tpc\" is no field of a flow key; did you mean "
		 "\"tcp\"?"},
		{"set(ipv4(src=10.0.0.1/8))",
		 "actions: column 5: \"ipv4\" sets bits that its mask leaves out"},
		{"99999999999",
		 "actions: column 1: \"99999999999\" is too large for a port: at most "
		 "4294967295"},
		{"2)", "actions: column 2: \")\" is one parenthesis too many"},
		{"2x", "actions: column 1: \"2x\" is not a number for a port"},
		{"trunc(x)", "actions: column 7: \"x\" is not a number for trunc()"},
		{"userspace(pid=1,userdata(abc))",
		 "actions: column 26: \"abc\" is not hex in whole bytes"},
		{"userspace(port=1)", "actions: column 10: \"(\" where \"(pid=\" should be"},
		{"userspace(pid=1,data(aa))", "actions: column 17: \"data\" is no part of "
					      "userspace(): one of userdata() actions "
					      "tunnel_out_port="},
		{"sample(sample=101%,actions(1))",
		 "actions: column 15: \"101%\" is not a percentage from 0 to 100"},
		{"sample(sample=50,actions(1))", "actions: column 17: \",\" where \"%\" should be"},
		{"hash(l5(0))", "actions: column 6: \"l5\" is no hash algorithm: l4 or sym_l4"},
		{"push_vlan(vid=4096)",
		 "actions: column 15: \"4096\" is too large for push_vlan(vid=): at most 4095"},
		{"ct(comit)", "actions: column 4: \"comit\" is no part of ct(): one of commit "
			      "force_commit zone= "
			      "mark= label= helper= timeout= eventmask= nat()"},
		{"ct(nat(src=1.2.3))", "actions: column 12: \"1.2.3\" is no IP address"},
		{"ct(nat(sorc))",
		 "actions: column 8: \"sorc\" is no part of nat(): one of src dst persistent "
		 "hash random"},
		{"psample(group=1,cookie=0xa)",
		 "actions: column 24: \"0xa\" is not hex in whole bytes"},
		{"set(tunnel(dts=1.2.3.4))",
		 "actions: column 12: \"dts\" is no part of tunnel(): one of tun_id src dst "
		 "ipv6_src ipv6_dst "
		 "tos ttl tp_src tp_dst geneve() vxlan() erspan() flags() info_bridge"},
		{"set(tunnel(geneve({class=0x1,type=0x2,len=4,0xaa})))",
		 "actions: column 45: \"0xaa\" is not hex of 4 bytes, which len= promised"},
		{"set(mpls(lable=1))",
		 "actions: column 10: \"lable\" is no part of mpls(): one of label tc ttl bos"},
		{"push_nsh(mdtype=3)",
		 "actions: column 18: \")\" where mdtype=1 or mdtype=2 should have been"},
		{"push_vlan(id=1)",
		 "actions: column 11: \"id\" is no part of push_vlan(): one of tpid vid pcp cfi"},
	};

	for (const Pair &pair : pairs) {
		try {
			parse_actions("actions", pair.from, nullptr);
			ADD_FAILURE() << pair.from << " was accepted";
		} catch (const SyntaxError &error) {
			EXPECT_STREQ(error.what(), pair.to) << pair.from;
		}
	}
}

TEST(Action, NestingIsBounded)
{
	std::string deep, fine;

	for (int i = 0; i < 17; i++)
		fine += "clone(";
	EXPECT_NO_THROW(parse_actions("actions", fine + "1" + std::string(17, ')'), nullptr));
	for (int i = 0; i < 100000; i++)
		deep += "clone(";
	EXPECT_THROW(parse_actions("actions", deep, nullptr), SyntaxError);
}

TEST(Action, PortsByName)
{
	PortNames names;
	names.add(7, "eth7");
	names.add(8, "drop-box");

	const Bytes list = parse_actions("actions", "eth7,clone(drop-box)", &names);
	EXPECT_EQ(format_actions(list, {}), "7,clone(8)");
	EXPECT_EQ(format_actions(list, {false, &names}), "eth7,clone(drop-box)");
}

TEST(Action, WireFormOfASetIsTheABIs)
{
	/* Exact: SET with the value; masked: SET_MASKED with value and mask. */
	const auto exact = split_attrs(parse_actions("actions", "set(skb_mark(1))", nullptr));
	EXPECT_EQ(exact.at(0).type, OVS_ACTION_ATTR_SET);

	const Bytes list = parse_actions("actions", "set(skb_mark(0x1/0x3))", nullptr);
	const auto masked = split_attrs(list);
	ASSERT_EQ(masked.at(0).type, OVS_ACTION_ATTR_SET_MASKED);
	const auto inner = split_attrs(masked[0].data);
	ASSERT_EQ(inner.at(0).type, OVS_KEY_ATTR_SKB_MARK);
	EXPECT_EQ(load<uint32_t>(inner[0].data), 1U);
	EXPECT_EQ(load<uint32_t>(inner[0].data, 4), 3U);
}

TEST(Action, WhatIsUnknownShowsAsHex)
{
	AttrWriter list;

	list.u16(200, 0x0201);
	list.put(OVS_ACTION_ATTR_TRUNC, Bytes{1, 2});
	EXPECT_EQ(format_actions(list.bytes(), {}), "action200(0102),action13(0102)");
}

TEST(Action, JsonHasTheSameValues)
{
	EXPECT_EQ(
		json_actions(parse_actions("actions",
					   "2,trunc(64),clone(set(skb_mark(3)),pop_vlan)", nullptr),
			     {})
			.dump(),
		"[{\"output\":2},{\"trunc\":64},{\"clone\":[{\"set\":{\"skb_mark\":3}},"
		"{\"pop_vlan\":true}]}]");
}

} // namespace
