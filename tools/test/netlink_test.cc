// SPDX-License-Identifier: GPL-2.0-only
/* Attributes, messages, and the names of what an error points at. */
#include "names.h"

#include "error.h"
#include "flow.h"

#include <gtest/gtest.h>
#include <linux/netlink.h>
#include <nlohmann/json.hpp>

namespace
{

using namespace mf;

TEST(Attr, WriterAndSplitterAgree)
{
	AttrWriter out;

	out.u8(1, 7);
	out.str(2, "name");
	const size_t nest = out.begin(3 | NLA_F_NESTED);
	out.u32(4, 0x01020304);
	out.end(nest);

	const auto attrs = split_attrs(out.bytes());
	ASSERT_EQ(attrs.size(), 3U);
	EXPECT_EQ(attrs[0].u8(), 7);
	EXPECT_EQ(attrs[1].str(), "name");
	EXPECT_TRUE(attrs[2].nested);
	EXPECT_EQ(attrs[2].type, 3);
	EXPECT_EQ(split_attrs(attrs[2].data).at(0).u32(), 0x01020304U);
}

TEST(Attr, MalformedRunsAreRefused)
{
	EXPECT_THROW(split_attrs(Bytes{8, 0, 1, 0}), Error);        /* longer than the run */
	EXPECT_THROW(split_attrs(Bytes{3, 0, 1, 0}), Error);        /* shorter than its header */
	EXPECT_TRUE(split_attrs(Bytes{1, 2, 3}).empty());           /* trailing bytes */
	EXPECT_EQ(split_attrs(Bytes{5, 0, 1, 0, 9}).at(0).u8(), 9); /* no padding at the end */
}

TEST(Attr, ShortPayloadsReadAsZero)
{
	const Bytes two = {1, 2};
	const Attr attr{1, false, two};

	EXPECT_EQ(attr.u64(), 0x0201U);
	EXPECT_TRUE(attr.u32s().empty());
}

TEST(Attr, TooMuchForOneAttributeIsRefused)
{
	AttrWriter out;
	const size_t nest = out.begin(1);

	out.put(2, Bytes(40000));
	out.put(2, Bytes(40000));
	EXPECT_THROW(out.end(nest), Error);
}

TEST(Names, AnOffsetBecomesAPath)
{
	Request request(30, OVS_FLOW_CMD_NEW, 1, 0, 5, AttrSet::FLOW);
	const size_t key = request.begin(OVS_FLOW_ATTR_KEY | NLA_F_NESTED);
	request.u32(OVS_KEY_ATTR_IN_PORT, 1);
	const size_t encap = request.begin(OVS_KEY_ATTR_ENCAP);
	const size_t ipv4 = request.bytes().size();
	request.put(OVS_KEY_ATTR_IPV4, Bytes(12));
	request.end(encap);
	request.end(key);
	const size_t actions = request.begin(OVS_FLOW_ATTR_ACTIONS);
	const size_t trunc = request.bytes().size();
	request.u32(OVS_ACTION_ATTR_TRUNC, 3);
	request.end(actions);

	EXPECT_EQ(attr_path(request, key), "KEY");
	EXPECT_EQ(attr_path(request, ipv4), "KEY/encap/ipv4");
	EXPECT_EQ(attr_path(request, trunc), "ACTIONS/trunc");
	EXPECT_EQ(attr_path(request, 3), "");
	EXPECT_EQ(attr_path(request, request.bytes().size()), "");
	EXPECT_EQ(missing_attr_path(request, OVS_FLOW_ATTR_KEY, 0), "KEY, which is missing");
}

TEST(Ufid, IsReadWithAndWithoutDashes)
{
	for (const char *text : {"ufid:01234567-89ab-cdef-0011-223344556677",
				 "ufid:0123456789abcdef0011223344556677"}) {
		Cursor in("flow", text);
		const auto ufid = parse_ufid(in);

		ASSERT_TRUE(ufid);
		EXPECT_EQ(format_ufid(*ufid), "ufid:01234567-89ab-cdef-0011-223344556677");
		/* The first number of the text is the first four bytes, in host order. */
		EXPECT_EQ(load<uint32_t>(*ufid), 0x01234567U);
	}
	Cursor bad("flow", "ufid:0123");
	EXPECT_THROW(parse_ufid(bad), SyntaxError);
}

TEST(Flow, IsReadFromAMessage)
{
	AttrWriter payload(Bytes{5, 0, 0, 0}); /* struct ovs_header */
	size_t nest = payload.begin(OVS_FLOW_ATTR_KEY);
	payload.u32(OVS_KEY_ATTR_IN_PORT, 1);
	payload.end(nest);
	nest = payload.begin(OVS_FLOW_ATTR_ACTIONS);
	payload.u32(OVS_ACTION_ATTR_OUTPUT, 2);
	payload.end(nest);
	payload.put(OVS_FLOW_ATTR_STATS, bytes_of(ovs_flow_stats{3, 300}));
	payload.u8(OVS_FLOW_ATTR_TCP_FLAGS, 0x12);

	Message message;
	message.payload = payload.bytes();
	message.dp_ifindex = 5;
	EXPECT_EQ(format_flow(parse_flow(message), {}),
		  "in_port(1), packets:3, bytes:300, used:never, flags:S., actions:2");
	EXPECT_EQ(json_flow(parse_flow(message), {}).dump(),
		  "{\"key\":{\"in_port\":1},\"packets\":3,\"bytes\":300,\"used_seconds\":null,"
		  "\"tcp_flags\":\"syn|ack\",\"actions\":[{\"output\":2}]}");
}

TEST(Hex, ReadsPairsOnly)
{
	Bytes out;

	EXPECT_TRUE(from_hex("00:11 2233", out));
	EXPECT_EQ(out, (Bytes{0, 0x11, 0x22, 0x33}));
	EXPECT_FALSE(from_hex("001", out));
	EXPECT_FALSE(from_hex("0g", out));
	EXPECT_FALSE(from_hex("0x00", out));
}

} // namespace
