// SPDX-License-Identifier: GPL-2.0-only
/* The command's own parsers: ports, lines of a file, filters, hints. */
#include "dpctl/describe.h"
#include "dpctl/filter.h"
#include "dpctl/flow_text.h"
#include "dpctl/hints.h"
#include "dpctl/verbs.h"

#include <cerrno>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace
{

using namespace dpctl;

TEST(PortArgument, OptionsAreRead)
{
	const PortWish wish =
		parse_port_argument("eth0,type=internal,port_no=7,ifindex=9,upcall_pid=1:2");

	EXPECT_EQ(wish.name, "eth0");
	EXPECT_EQ(wish.type, OVS_VPORT_TYPE_INTERNAL);
	EXPECT_EQ(wish.number, 7U);
	EXPECT_EQ(wish.ifindex, 9);
	EXPECT_EQ(wish.upcall_pids, (std::vector<uint32_t>{1, 2}));
}

struct Pair {
	const char *from, *to;
};

TEST(PortArgument, RefusalsAreOneClearLine)
{
	const Pair pairs[] = {
		{"eth0,typ=internal",
		 "port: column 6: \"typ\" is no option of a port: one of type port_no "
		 "ifindex upcall_pid; did you mean \"type\"?"},
		{"eth0,type=intern",
		 "port: column 11: \"intern\" is no type of port: system or internal"},
		{"eth0,port_no=65535",
		 "port: column 14: \"65535\" is too large for port_no=: at most 65534"},
		{"a-name-of-16-char",
		 "port: column 1: \"a-name-of-16-char\" is too long for a device name: "
		 "at most 15 characters"},
		{"", "port: at the end: nothing where a device name should be"},
	};

	for (const Pair &pair : pairs) {
		try {
			parse_port_argument(pair.from);
			ADD_FAILURE() << pair.from << " was accepted";
		} catch (const SyntaxError &error) {
			EXPECT_STREQ(error.what(), pair.to);
		}
	}
}

TEST(FlowLine, VerbsAndForms)
{
	const FlowLine plain = parse_flow_line("in_port(1),eth() 2,3", FlowVerb::ADD, nullptr);
	EXPECT_EQ(plain.verb, FlowVerb::ADD);
	EXPECT_EQ(plain.actions,
		  parse_flow_line("in_port(1),eth() 2 3", FlowVerb::ADD, nullptr).actions);

	EXPECT_EQ(parse_flow_line("modify in_port(1) drop", FlowVerb::ADD, nullptr).verb,
		  FlowVerb::MODIFY);
	EXPECT_EQ(parse_flow_line("delete in_port(1)", FlowVerb::ADD, nullptr).verb,
		  FlowVerb::DELETE);

	/* What dump-flows prints is read back. */
	const FlowLine dumped = parse_flow_line(
		"ufid:01234567-89ab-cdef-0011-223344556677, in_port(1), packets:1, bytes:2, "
		"used:never, dp:ovs, actions:2,3",
		FlowVerb::ADD, nullptr);
	EXPECT_EQ(dumped.name.ufid.size(), 16U);
	EXPECT_EQ(dumped.actions, plain.actions);

	EXPECT_THROW(parse_flow_line("in_port(1)", FlowVerb::ADD, nullptr), SyntaxError);
	EXPECT_THROW(parse_flow_line("", FlowVerb::DELETE, nullptr), SyntaxError);
}

bool picks(const char *filter, const char *flow)
{
	return Filter(filter, nullptr).picks(parse_key("flow", flow, nullptr));
}

TEST(Filter, PicksWhatOverlaps)
{
	const char *tcp =
		"in_port(1),eth(),eth_type(0x0800),ipv4(src=10.0.0.0/8,proto=6),tcp(dst=80)";

	EXPECT_TRUE(picks("in_port(1)", tcp));
	EXPECT_FALSE(picks("in_port(2)", tcp));
	EXPECT_TRUE(picks("tcp,nw_src=10.1.2.3,tp_dst=80", tcp));
	EXPECT_FALSE(picks("tcp,nw_src=11.1.2.3", tcp));
	EXPECT_FALSE(picks("tcp,tp_dst=81", tcp));
	EXPECT_TRUE(picks("tcp,tp_src=5", tcp)); /* the flow does not look at it */
	EXPECT_FALSE(picks("udp", tcp));
	EXPECT_FALSE(picks("arp", tcp));
	EXPECT_TRUE(picks("ip,in_port=1", tcp));
	EXPECT_TRUE(picks("tcp,tp_src=100", "eth_type(0x0800),ipv4(proto=6),"
					    "tcp(src=64/0xffc0)"));
	EXPECT_TRUE(picks("dl_vlan=3,arp", "eth_type(0x8100),vlan(vid=3),encap(eth_type(0x0806))"));
	EXPECT_FALSE(picks("dl_vlan=4", "eth_type(0x8100),vlan(vid=3),encap(eth_type(0x0806))"));
	EXPECT_THROW(picks("nonsense", tcp), SyntaxError);
}

TEST(Hint, IsForTheVerb)
{
	EXPECT_NE(error_hint("add-dp", EEXIST), "");
	EXPECT_NE(error_hint("add-flow", EEXIST), error_hint("add-dp", EEXIST));
	EXPECT_NE(error_hint("show", EPERM), "");
	EXPECT_EQ(error_hint("show", EIO), "");
}

TEST(Name, OnlyKernelDatapaths)
{
	EXPECT_EQ(plain_name("system@br0"), "br0");
	EXPECT_EQ(plain_name("br0"), "br0");
	EXPECT_THROW(plain_name("netdev@br0"), UsageError);
}

TEST(Describe, AFieldTellsWhereItLiesAndWhetherItIsSet)
{
	const Json keys = json_key_rows();
	const auto ipv6 = std::find_if(keys.begin(), keys.end(), [](const Json &key) {
		return key["attribute"] == "OVS_KEY_ATTR_IPV6";
	});

	ASSERT_NE(ipv6, keys.end());
	EXPECT_EQ((*ipv6)["type"], OVS_KEY_ATTR_IPV6);
	EXPECT_EQ((*ipv6)["length"], sizeof(ovs_key_ipv6));
	EXPECT_EQ((*ipv6)["required_with"], "IPV6");

	const Json &label = (*ipv6)["fields"][2];
	EXPECT_EQ(label["name"], "label");
	EXPECT_EQ(label["offset"], offsetof(ovs_key_ipv6, ipv6_label));
	EXPECT_EQ(label["max"], 0xfffff);
	EXPECT_TRUE(label["settable"]);
}

TEST(Describe, ActionsTellWhatTheyCarry)
{
	for (const Json &action : json_action_rows()) {
		const bool has_body = action["body"];

		/* A list of actions is a nest; nothing may follow a drop. */
		EXPECT_TRUE(!has_body || action.contains("nest")) << action;
		EXPECT_EQ(action["must_be_last"], action["text"] == "drop") << action;
		if (action["attribute"] == "OVS_ACTION_ATTR_TRUNC") {
			EXPECT_EQ(action["length"], sizeof(ovs_action_trunc));
		}
	}
}

TEST(Describe, ATableHasALineForEachRowAndFourMore)
{
	const std::string table = action_table();

	EXPECT_EQ(static_cast<size_t>(std::count(table.begin(), table.end(), '\n')),
		  json_action_rows().size() + 4);
}

} // namespace
