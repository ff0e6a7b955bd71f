// SPDX-License-Identifier: GPL-2.0-only
/* Every row of key.def: text to netlink and back, exact, masked and refused. */
#include "key.h"

#include "key_class.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <linux/openvswitch.h>
#include <nlohmann/json.hpp>
#include <random>

namespace
{

using namespace mf;

/* Text to netlink to text. */
std::string round_trip(const std::string &text, bool all = false)
{
	const Key key = parse_key("flow", text, nullptr);
	AttrWriter value, mask;

	encode_key(key, value);
	encode_mask(key, mask);
	return format_key(decode_key(value.bytes(), mask.bytes()), {all, nullptr});
}

/* Random bytes that a field may hold. */
void fill_random(const KeyFieldRow &row, std::mt19937 &random, std::span<uint8_t> value)
{
	const Bytes full = full_mask(row);

	for (size_t i = 0; i < value.size(); i++)
		value[i] = static_cast<uint8_t>(random()) & full[i];
	if (row.show == Show::FRAG)
		value[0] %= OVS_FRAG_TYPE_LATER + 1;
	else if (row.show == Show::PORT)
		store_host(value, random() % (row.max + 1));
	else if (row.show == Show::CT_STATE)
		store_host(value, random() & 0xff);
	else if (row.max)
		store_be(value, random() % (row.max + 1));
}

class EveryRow : public testing::TestWithParam<KeyAttrRow>
{
};

// Rows that are a list of fields; the others have tests of their own below.
class FieldRow : public EveryRow
{
};

TEST_P(FieldRow, ExactRandomValuesComeBack)
{
	std::mt19937 random(42);
	const KeyAttrRow &row = GetParam();

	for (int i = 0; i < 200; i++) {
		KeyItem item{row.type,
			     find_key_attr(row.type),
			     Bytes(row.length),
			     Bytes(row.length),
			     {}};

		for (const KeyFieldRow &field : row.fields) {
			const Bytes full = full_mask(field);

			fill_random(field, random,
				    std::span(item.value).subspan(field.offset, field.width));
			std::copy(full.begin(), full.end(), item.mask.begin() + field.offset);
		}
		const std::string text = format_key({{item}}, {});
		const Key back = parse_key("flow", text, nullptr);

		ASSERT_EQ(back.items.size(), 1U) << text;
		EXPECT_EQ(back.items[0].value, item.value) << text;
		EXPECT_EQ(back.items[0].mask, item.mask) << text;
		EXPECT_EQ(round_trip(text), text);
	}
}

TEST_P(FieldRow, RandomMasksComeBack)
{
	std::mt19937 random(43);
	const KeyAttrRow &row = GetParam();

	for (int i = 0; i < 200; i++) {
		KeyItem item{row.type,
			     find_key_attr(row.type),
			     Bytes(row.length),
			     Bytes(row.length),
			     {}};

		for (const KeyFieldRow &field : row.fields) {
			const auto value = std::span(item.value).subspan(field.offset, field.width);
			const auto mask = std::span(item.mask).subspan(field.offset, field.width);

			if (field.show == Show::FRAG) /* all or nothing, nothing is left out */
				continue;
			fill_random(field, random, mask);
			fill_random(field, random, value);
			for (size_t b = 0; b < mask.size(); b++)
				value[b] &= mask[b];
		}
		const std::string text = format_key({{item}}, {true, nullptr});
		const Key back = parse_key("flow", text, nullptr);

		ASSERT_EQ(back.items.size(), 1U) << text;
		EXPECT_EQ(back.items[0].value, item.value) << text;
		EXPECT_EQ(back.items[0].mask, item.mask) << text;
	}
}

TEST_P(EveryRow, UnknownPartIsRefused)
{
	const KeyAttrRow &row = GetParam();

	EXPECT_THROW(parse_key("flow", fmt::format("{}(nonsense=1)", row.name), nullptr),
		     SyntaxError);
	EXPECT_THROW(parse_key("flow", fmt::format("{}(", row.name), nullptr), SyntaxError);
	EXPECT_THROW(parse_key("flow", row.name, nullptr), SyntaxError);
}

TEST_P(EveryRow, TooLargeIsRefused)
{
	const KeyAttrRow &row = GetParam();

	for (const KeyFieldRow &field : row.fields) {
		if (!field.max || field.show == Show::FRAG)
			continue;
		const std::string name = *field.text ? fmt::format("{}=", field.text) : "";
		const auto text = [&](uint64_t value) {
			return fmt::format("{}({}{})", row.name, name, value);
		};

		EXPECT_NO_THROW(parse_key("flow", text(field.max), nullptr));
		EXPECT_THROW(parse_key("flow", text(field.max + 1), nullptr), SyntaxError);
	}
}

std::vector<KeyAttrRow> all_rows()
{
	return {key_attrs().begin(), key_attrs().end()};
}

std::vector<KeyAttrRow> field_rows()
{
	std::vector<KeyAttrRow> rows;

	for (const KeyAttrRow &row : key_attrs())
		if (row.form == Form::FIELDS)
			rows.push_back(row);
	return rows;
}

INSTANTIATE_TEST_SUITE_P(Key, FieldRow, testing::ValuesIn(field_rows()),
			 [](const auto &row) { return std::string(row.param.name); });
INSTANTIATE_TEST_SUITE_P(Key, EveryRow, testing::ValuesIn(all_rows()),
			 [](const auto &row) { return std::string(row.param.name); });

/* ---- Text as ovs-dpctl writes it: each was seen to come out of it so ---- */

class SameText : public testing::TestWithParam<const char *>
{
};

TEST_P(SameText, ComesBack)
{
	EXPECT_EQ(round_trip(GetParam()), GetParam());
}

INSTANTIATE_TEST_SUITE_P(
	Key, SameText,
	testing::Values(
		"recirc_id(0)", "dp_hash(0x1/0xf)", "skb_priority(0x7/0xff)", "in_port(3)",
		"skb_mark(0x12/0xff)", "eth()", "eth_type(0x0800)",
		"eth(dst=01:00:00:00:00:00/01:00:00:00:00:00)",
		"eth_type(0x8100),vlan(vid=3,pcp=2),encap(eth_type(0x0800),ipv4(frag=no))",
		"vlan(vid=3/0xf,pcp=2/0x3)", "vlan(vid=3,cfi=0)", "vlan()",
		"ipv4(src=1.2.3.0/255.255.255.0,proto=6/0xf,tos=0x3/0x3,ttl=64,frag=no)",
		"ipv6(src=fe80::1/ffff::ffff,label=0x12/0xff,tclass=0/0x3,frag=later)",
		"tcp(src=80/0xff00)", "tcp_flags(syn|ack)", "tcp_flags(+syn-ack)", "tcp_flags(0)",
		"tcp_flags(+[200])", "ct_tuple4(src=1.2.3.4,proto=6,tp_dst=2)", "icmp(type=8/0xf)",
		"nd(target=fe80::1,sll=00:00:00:00:00:01)", "ct_state(-est+trk)",
		"ct_zone(0x5/0xff)", "ct_mark(0x5/0xff)", "ct_label(0x5/0xff)",
		"ct_label(0x123456789abcdef0123456789abcdef0)", "arp(sip=1.2.3.4,op=1/0xff)",
		"ipv6_exthdrs(0x3)", "mpls(label=1,tc=2,ttl=3,bos=1)",
		"mpls(label=100/0xff,tc=3/7,ttl=0/0x0,bos=1/1)",
		"nsh(flags=0,ttl=63,mdtype=1,np=3,spi=0x1234,si=255,c1=0x1,c2=0x2,c3=0x3,"
		"c4=0x4)",
		"nsh(spi=0x1200/0xff00)",
		"tunnel(tun_id=0x1/0xff,src=1.2.3.0/255.255.255.0,dst=3.4.5.6,tos=0/0x3,ttl=64,"
		"tp_src=3,tp_dst=4/0xf,flags(+df-csum+key))",
		"tunnel(dst=1.2.3.4,geneve({class=0x1/0xff,type=0x2,len=4,0xaabbccdd/0xffff0000}"
		"),flags(-oam))",
		"tunnel(dst=1.2.3.4,vxlan(gbp(id=3/0xff,flags=0x1)),flags(+csum))"));

struct Rewritten {
	const char *from, *to;
};

class OtherText : public testing::TestWithParam<Rewritten>
{
};

TEST_P(OtherText, IsRewritten)
{
	EXPECT_EQ(round_trip(GetParam().from), GetParam().to);
}

INSTANTIATE_TEST_SUITE_P(
	Key, OtherText,
	testing::Values(Rewritten{"ipv4(src=10.0.0.0/8)", "ipv4(src=10.0.0.0/255.0.0.0)"},
			Rewritten{"ipv6(dst=fe80::/10)", "ipv6(dst=fe80::/ffc0::)"},
			Rewritten{"ipv4(src=1.2.3.4/32)", "ipv4(src=1.2.3.4)"},
			Rewritten{"eth(src=1:2:3:4:5:6)", "eth(src=01:02:03:04:05:06)"},
			Rewritten{"tcp_flags(0x12)", "tcp_flags(syn|ack)"},
			Rewritten{"tcp_flags(0x2/0x12)", "tcp_flags(+syn-ack)"},
			Rewritten{" in_port(1) , eth()", "in_port(1),eth()"},
			Rewritten{"skb_mark(0/0)", ""}, Rewritten{"tcp(),tcp_flags()", ""},
			Rewritten{"ct_state(0x21/0x21)", "ct_state(+new+trk)"},
			Rewritten{"packet_type(ns=1,id=0x800),ipv4(frag=no)",
				  "eth_type(0x0800),ipv4(frag=no)"},
			Rewritten{"packet_type(ns=0,id=0),eth()", "eth()"},
			Rewritten{"tcp(dst=0x50)", "tcp(dst=80)"}));

/* ---- Refusals: the whole line ---- */

class Refusal : public testing::TestWithParam<Rewritten>
{
};

TEST_P(Refusal, IsOneClearLine)
{
	try {
		parse_key("flow", GetParam().from, nullptr);
		FAIL() << "was accepted";
	} catch (const SyntaxError &error) {
		EXPECT_STREQ(error.what(), GetParam().to);
	}
}

INSTANTIATE_TEST_SUITE_P(
	Key, Refusal,
	testing::Values(
		Rewritten{"in_port(1),ip4(src=1)",
			  "flow: column 12: \"ip4\" is no field of a flow key; "
			  "did you mean \"ipv4\"?"},
		Rewritten{"in_port(1", "flow: at the end: nothing where \")\" should be"},
		Rewritten{"in_port 1", "flow: column 8: \" \" where \"(\" should be"},
		Rewritten{"in_port(x)", "flow: column 9: \"x\" is not a number for in_port()"},
		Rewritten{"in_port()", "flow: column 9: \")\" is not a number for in_port()"},
		Rewritten{"in_port(65535)",
			  "flow: column 9: \"65535\" is too large for in_port(): at most 65534"},
		Rewritten{"in_port(1),in_port(2)", "flow: column 12: \"in_port\" is given twice"},
		Rewritten{"in_port(1))", "flow: column 11: \")\" is one parenthesis too many"},
		Rewritten{"ipv4(sorc=1.2.3.4)", "flow: column 6: \"sorc\" is no part of ipv4(): "
						"one of src dst proto tos ttl "
						"frag; did you mean \"src\"?"},
		Rewritten{"ipv4(src=1.2.3)",
			  "flow: column 10: \"1.2.3\" is not an IPv4 address like 10.0.0.1"},
		Rewritten{"ipv4(src=1.2.3.4/33)",
			  "flow: column 18: \"33\" is too large for a prefix length: at most 32"},
		Rewritten{"ipv4(src=1.2.3.4,src=1.2.3.4)",
			  "flow: column 18: \"src\" is given twice"},
		Rewritten{
			"ipv4(frag=maybe)",
			"flow: column 11: \"maybe\" is not a kind of fragment: no, first or later"},
		Rewritten{"ipv6(src=fe80)",
			  "flow: column 10: \"fe80\" is not an IPv6 address like fe80::1"},
		Rewritten{"ipv6(label=0x100000)", "flow: column 12: \"0x100000\" is too large for "
						  "ipv6(label=): at most 1048575"},
		Rewritten{"eth(src=00:11:22:33:44)",
			  "flow: column 9: \"00:11:22:33:44\" is not an Ethernet "
			  "address like 00:11:22:33:44:55"},
		Rewritten{"eth_type(0800)",
			  "flow: column 10: \"0800\" starts with 0: write eth_type() decimal "
			  "without it, or hex with 0x"},
		Rewritten{
			"eth_type(0x10000)",
			"flow: column 10: \"0x10000\" is too large for eth_type(): at most 65535"},
		Rewritten{"tcp(dst=80;src=1)",
			  "flow: column 11: \";src\" where \",\" or \")\" should be"},
		Rewritten{"tcp_flags(sin)", "flow: column 11: \"sin\" is not a flag of "
					    "tcp_flags(): one of fin syn rst psh ack "
					    "urg ece cwr ns; did you mean \"fin\"?"},
		Rewritten{"tcp_flags(+syn-syn)", "flow: column 16: \"syn\" is given twice"},
		Rewritten{"vlan(vid=4096)",
			  "flow: column 10: \"4096\" is too large for vlan(vid=): at most 4095"},
		Rewritten{"vlan(id=3)",
			  "flow: column 6: \"id\" is no part of vlan(): one of vid pcp cfi tci"},
		Rewritten{"encap(ipv4(src=1)",
			  "flow: column 16: \"1\" is not an IPv4 address like 10.0.0.1"},
		Rewritten{"ct_label(0x)",
			  "flow: column 10: \"0x\" is not a hex number of at most 128 bits"}));

TEST(Key, PortNamesWorkBothWays)
{
	PortNames names;
	names.add(7, "eth7");

	const Key key = parse_key("flow", "in_port(eth7)", &names);
	EXPECT_EQ(load<uint32_t>(key.items.at(0).value), 7U);
	EXPECT_EQ(format_key(key, {false, &names}), "in_port(eth7)");
	EXPECT_EQ(format_key(key, {}), "in_port(7)");
	EXPECT_THROW(parse_key("flow", "in_port(eth8)", &names), SyntaxError);
}

TEST(Key, UnknownAttributesShowAsHex)
{
	AttrWriter key;

	key.u16(60, 0x0201);
	EXPECT_EQ(format_key(decode_key(key.bytes(), std::nullopt), {}), "key60(0102)");
	/* A known attribute of a wrong length is not read as what it is not. */
	AttrWriter odd;
	odd.put(OVS_KEY_ATTR_IPV4, Bytes{1, 2, 3});
	EXPECT_EQ(format_key(decode_key(odd.bytes(), std::nullopt), {}), "ipv4(010203)");
}

TEST(Key, SaysWhatIsMissing)
{
	const auto missing = [](const char *text) {
		return fmt::format("{}",
				   fmt::join(missing_attrs(parse_key("flow", text, nullptr)), " "));
	};

	EXPECT_EQ(missing("eth(),eth_type(0x0800)"), "ipv4()");
	EXPECT_EQ(missing("eth(),eth_type(0x0800),ipv4(proto=6,frag=no)"), "tcp() tcp_flags()");
	EXPECT_EQ(missing("eth(),eth_type(0x0800),ipv4(proto=6,frag=later)"), "");
	EXPECT_EQ(missing("eth(),eth_type(0x86dd),ipv6(proto=58,frag=no),icmpv6(type=135)"),
		  "nd()");
	EXPECT_EQ(missing("eth(),eth_type(0x8100),vlan(vid=1),encap(eth_type(0x0806))"), "arp()");
	EXPECT_EQ(missing("eth(),eth_type(0x1234)"), "");
	EXPECT_EQ(missing("in_port(1)"), "");
}

TEST(Key, JsonHasTheSameValues)
{
	const Key key = parse_key(
		"flow", "in_port(1),eth(),ipv4(src=10.0.0.0/8,proto=6,frag=no),tcp_flags(syn)",
		nullptr);

	EXPECT_EQ(json_key(key, {}).dump(),
		  "{\"in_port\":1,\"eth\":{},\"ipv4\":{\"src\":{\"value\":\"10.0.0.0\","
		  "\"mask\":\"255.0.0.0\"},\"proto\":6,\"frag\":\"no\"},\"tcp_flags\":\"syn\"}");
}

} // namespace
