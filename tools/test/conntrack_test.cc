// SPDX-License-Identifier: GPL-2.0-only
/* Connections and the limits of zones: text, JSON, and what ctnetlink says. */
#include "attr.h"
#include "conntrack.h"
#include "error.h"
#include "zone_limit.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>

namespace
{

using namespace mf;

CtTuple tuple4(uint8_t proto, const char *src, const char *dst, uint16_t sport, uint16_t dport)
{
	CtTuple tuple;

	tuple.family = AF_INET;
	tuple.proto = proto;
	inet_pton(AF_INET, src, tuple.src.data());
	inet_pton(AF_INET, dst, tuple.dst.data());
	tuple.src_port = sport;
	tuple.dst_port = dport;
	return tuple;
}

Connection tcp_connection()
{
	Connection connection;

	connection.orig = tuple4(IPPROTO_TCP, "10.0.0.1", "10.0.0.2", 1000, 80);
	connection.reply = tuple4(IPPROTO_TCP, "10.0.0.2", "10.9.0.9", 80, 2000);
	connection.orig_count = {3, 180};
	connection.tcp = CtTcp{TCP_CONNTRACK_ESTABLISHED,
			       IP_CT_TCP_FLAG_WINDOW_SCALE | IP_CT_TCP_FLAG_BE_LIBERAL, 0, 7, 0};
	connection.status = IPS_CONFIRMED | IPS_SEEN_REPLY | IPS_ASSURED | IPS_SRC_NAT;
	connection.id = 42;
	connection.mark = 5;
	connection.timeout = 299;
	connection.zone = 7;
	connection.labels[14] = 0x1;
	connection.labels[15] = 0x2;
	connection.helper = "ftp";
	return connection;
}

TEST(ConntrackText, AsOvsDpctlWritesIt)
{
	const Connection connection = tcp_connection();

	EXPECT_EQ(format_connection(connection, false, false),
		  "tcp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=1000,dport=80),"
		  "reply=(src=10.0.0.2,dst=10.9.0.9,sport=80,dport=2000),zone=7,mark=5,"
		  "labels=0x102,protoinfo=(state=ESTABLISHED),helper=ftp");
	EXPECT_EQ(format_connection(connection, true, true),
		  "tcp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=1000,dport=80,packets=3,bytes=180),"
		  "reply=(src=10.0.0.2,dst=10.9.0.9,sport=80,dport=2000),id=42,zone=7,"
		  "status=SEEN_REPLY|ASSURED|CONFIRMED|SRC_NAT,timeout=299,mark=5,labels=0x102,"
		  "protoinfo=(state_orig=ESTABLISHED,state_reply=ESTABLISHED,wscale_orig=7,"
		  "wscale_reply=0,flags_orig=WINDOW_SCALE|BE_LIBERAL,flags_reply=),helper=ftp");
}

/* In short, ovs-dpctl calls it established, and scales that are not used it does not mention. */
TEST(ConntrackText, TcpInShort)
{
	Connection connection = tcp_connection();

	connection.tcp = CtTcp{TCP_CONNTRACK_SYN_RECV, 0, 0, 0, 0};
	EXPECT_NE(format_connection(connection, false, false).find("(state=ESTABLISHED)"),
		  std::string::npos);
	EXPECT_NE(format_connection(connection, true, false)
			  .find("(state_orig=SYN_RECV,state_reply=SYN_RECV,flags_orig=,flags_reply="
				")"),
		  std::string::npos);
}

TEST(ConntrackText, Sctp)
{
	Connection connection;

	connection.orig = tuple4(IPPROTO_SCTP, "10.0.0.1", "10.0.0.2", 1, 2);
	connection.reply = tuple4(IPPROTO_SCTP, "10.0.0.2", "10.0.0.1", 2, 1);
	connection.sctp = CtSctp{4, 1, 2};
	EXPECT_EQ(format_connection(connection, true, false),
		  "sctp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=1,dport=2),"
		  "reply=(src=10.0.0.2,dst=10.0.0.1,sport=2,dport=1),id=0,status=,"
		  "protoinfo=(state=ESTABLISHED,vtag_orig=1,vtag_reply=2)");
}

TEST(ConntrackText, Icmp)
{
	Connection connection;

	connection.orig = tuple4(IPPROTO_ICMP, "10.0.0.1", "10.0.0.2", 0, 0);
	connection.reply = tuple4(IPPROTO_ICMP, "10.0.0.2", "10.0.0.1", 0, 0);
	connection.orig.icmp_id = connection.reply.icmp_id = 77;
	connection.orig.icmp_type = 8;
	EXPECT_EQ(format_connection(connection, false, false),
		  "icmp,orig=(src=10.0.0.1,dst=10.0.0.2,id=77,type=8,code=0),"
		  "reply=(src=10.0.0.2,dst=10.0.0.1,id=77,type=0,code=0)");
}

TEST(ConntrackText, Json)
{
	EXPECT_EQ(json_connection(tcp_connection()).dump(),
		  R"({"proto":"tcp","zone":7,"orig":{"src":"10.0.0.1","dst":"10.0.0.2",)"
		  R"("sport":1000,"dport":80,"packets":3,"bytes":180},"reply":{"src":"10.0.0.2",)"
		  R"("dst":"10.9.0.9","sport":80,"dport":2000},"id":42,"status":["SEEN_REPLY",)"
		  R"("ASSURED","CONFIRMED","SRC_NAT"],"mark":5,"labels":"0x102","timeout":299,)"
		  R"("tcp_state":"ESTABLISHED","helper":"ftp"})");
}

TEST(ConntrackText, Counts)
{
	Connection closing = tcp_connection();
	Connection udp;

	closing.tcp->state = TCP_CONNTRACK_TIME_WAIT;
	udp.orig = tuple4(IPPROTO_UDP, "10.0.0.1", "10.0.0.2", 1, 2);
	const CtCounts counts = count_connections({tcp_connection(), closing, udp, udp});
	EXPECT_EQ(format_ct_counts(counts, false),
		  "Connections Stats:\n    Total: 4\n  TCP: 2\n  UDP: 2\n");
	EXPECT_EQ(format_ct_counts(counts, true),
		  "Connections Stats:\n    Total: 4\n  TCP: 2\n    Conn per TCP states:\n"
		  "\t  [ESTABLISHED]=1\n\t  [TIME_WAIT]=1\n  UDP: 2\n");
	EXPECT_EQ(json_ct_counts(counts).dump(),
		  R"({"total":4,"tcp":2,"udp":2,"sctp":0,"icmp":0,"other":0,)"
		  R"("tcp_states":{"ESTABLISHED":1,"TIME_WAIT":1}})");
}

TEST(ConntrackFilter, PicksByWhatIsSaid)
{
	const struct {
		const char *orig, *reply;
		std::optional<uint16_t> zone;
		bool picks;
	} rows[] = {
		{"", "", std::nullopt, true},
		{"", "", 7, true},
		{"", "", 8, false},
		{"ct_nw_src=10.0.0.1,ct_nw_proto=6,ct_tp_dst=80", "", std::nullopt, true},
		{"ct_nw_src=10.0.0.2", "", std::nullopt, false},
		{"ct_nw_dst=10.0.0.2", "ct_tp_dst=2000", 7, true},
		{"ct_nw_dst=10.0.0.2", "ct_tp_dst=1000", 7, false},
		{"ct_ipv6_src=fc00::1", "", std::nullopt, false},
		{"ct_tp_src=1000", "ct_nw_dst=10.9.0.9", std::nullopt, true},
	};

	for (const auto &row : rows) {
		CtFilter filter;

		filter.zone = row.zone;
		parse_ct_tuple(row.orig, filter.orig);
		parse_ct_tuple(row.reply, filter.reply);
		EXPECT_EQ(filter.picks(tcp_connection()), row.picks)
			<< row.orig << ' ' << row.reply;
	}
}

/* A message as the kernel writes it, in its attributes' nests and byte order. */
Bytes icmp_message()
{
	AttrWriter out;
	const uint8_t id[2] = {0x12, 0x34};
	const auto put_tuple = [&](uint16_t direction, const char *src, const char *dst,
				   uint8_t type) {
		const size_t tuple = out.begin(direction | NLA_F_NESTED);
		const CtTuple addresses = tuple4(IPPROTO_ICMP, src, dst, 0, 0);
		const size_t ip = out.begin(CTA_TUPLE_IP | NLA_F_NESTED);

		out.put(CTA_IP_V4_SRC, View(addresses.src).first(4));
		out.put(CTA_IP_V4_DST, View(addresses.dst).first(4));
		out.end(ip);
		const size_t proto = out.begin(CTA_TUPLE_PROTO | NLA_F_NESTED);
		out.u8(CTA_PROTO_NUM, IPPROTO_ICMP);
		out.put(CTA_PROTO_ICMP_ID, id);
		out.u8(CTA_PROTO_ICMP_TYPE, type);
		out.u8(CTA_PROTO_ICMP_CODE, 0);
		out.end(proto);
		out.end(tuple);
	};

	out.bytes().resize(NLMSG_HDRLEN + sizeof(nfgenmsg));
	put_tuple(CTA_TUPLE_ORIG, "10.0.0.1", "10.0.0.2", 8);
	put_tuple(CTA_TUPLE_REPLY, "10.0.0.2", "10.9.0.9", 0);
	out.u32(CTA_STATUS, htonl(IPS_CONFIRMED));
	out.u32(CTA_TIMEOUT, htonl(30));
	out.u32(CTA_MARK, htonl(0x1f));
	out.u16(CTA_ZONE, htons(9));
	out.put(CTA_LABELS, Bytes{0x05, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80});
	const nlmsghdr header{static_cast<uint32_t>(out.bytes().size()),
			      NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW, 0, 0, 0};
	const nfgenmsg version{AF_INET, NFNETLINK_V0, 0};
	std::memcpy(out.bytes().data(), &header, sizeof(header));
	std::memcpy(out.bytes().data() + NLMSG_HDRLEN, &version, sizeof(version));
	return out.bytes();
}

TEST(Ctnetlink, MessageIsRead)
{
	const Bytes message = icmp_message();
	const auto connection =
		parse_connection(reinterpret_cast<const nlmsghdr *>(message.data()));

	EXPECT_EQ(format_connection(connection, true, true),
		  "icmp,orig=(src=10.0.0.1,dst=10.0.0.2,id=4660,type=8,code=0),"
		  "reply=(src=10.0.0.2,dst=10.9.0.9,id=4660,type=0,code=0),id=0,zone=9,"
		  "status=CONFIRMED,timeout=30,mark=31,"
		  "labels=0x80000000000000000000000000000005");
}

TEST(Ctnetlink, ShortMessageIsRefused)
{
	Bytes message = icmp_message();
	nlmsghdr header{};

	std::memcpy(&header, message.data(), sizeof(header));
	header.nlmsg_len = NLMSG_HDRLEN;
	std::memcpy(message.data(), &header, sizeof(header));
	EXPECT_THROW(parse_connection(reinterpret_cast<const nlmsghdr *>(message.data())), Error);
}

TEST(ZoneLimit, TextAndJson)
{
	EXPECT_EQ(format_zone_limit(parse_zone_limit("default=10")), "default limit=10");
	EXPECT_EQ(format_zone_limit(parse_zone_limit("zone=65535,limit=4294967295")),
		  "zone=65535,limit=4294967295,count=0");
	EXPECT_EQ(parse_zone_list("zone=1,2,65535"), (std::vector<int>{1, 2, 65535}));
	EXPECT_EQ(parse_zone_list("default"), (std::vector<int>{OVS_ZONE_LIMIT_DEFAULT_ZONE}));
	EXPECT_EQ(json_zone_limits({{OVS_ZONE_LIMIT_DEFAULT_ZONE, 10, 0}, {3, 5, 2}}).dump(),
		  R"({"zones":[{"zone":3,"limit":5,"count":2}],"default":10})");
}

TEST(ZoneLimit, RefusalsAreOneClearLine)
{
	const struct {
		const char *text, *error;
	} rows[] = {
		{"limit=3",
		 "limit: column 1: \"limit\" where default=N or zone=N,limit=N should be"},
		{"zone=65536,limit=1",
		 "limit: column 6: \"65536\" is too large for zone=: at most 65535"},
		{"zone=1", "limit: at the end: nothing where \",limit=\" should be"},
		{"default=1,limit=2", "limit: column 10: \",\" does not belong to a limit"},
	};

	for (const auto &row : rows) {
		try {
			parse_zone_limit(row.text);
			ADD_FAILURE() << row.text << " was accepted";
		} catch (const SyntaxError &error) {
			EXPECT_STREQ(error.what(), row.error);
		}
	}
	EXPECT_THROW(parse_zone_list("1,2"), SyntaxError);
	EXPECT_THROW(parse_zone_list("zone="), SyntaxError);
	EXPECT_THROW(parse_zone_list("zone=1;2"), SyntaxError);
}

TEST(ConntrackTuple, RefusalsAreOneClearLine)
{
	CtFilter filter;

	try {
		parse_ct_tuple("ct_nw_src=10.0.0", filter.orig);
		ADD_FAILURE();
	} catch (const SyntaxError &error) {
		EXPECT_STREQ(error.what(), "tuple: column 11: \"10.0.0\" is no IP address");
	}
	EXPECT_THROW(parse_ct_tuple("ct_nw_sr=10.0.0.1", filter.orig), SyntaxError);
	EXPECT_THROW(parse_ct_tuple("ct_tp_src=65536", filter.orig), SyntaxError);
}

} // namespace
