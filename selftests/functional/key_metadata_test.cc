// SPDX-License-Identifier: GPL-2.0-only
/* What a packet carries besides its bytes: mark, priority, hash; and segments it is yet to become. */
#include "lab.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace lab;

namespace
{

/** The host as a sender: an internal port with an address, and a neighbour that need not answer. */
class KeyMetadata : public Lab
{
protected:
	void SetUp() override
	{
		host = dp.add_internal("int0", upcalls.pid());
		shell(ns, "ip link set int0 up");
		address_add(ns, "int0", "10.0.0.1");
		shell(ns, "ip neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev int0");
		const Inside inside(ns);
		fd = socket(AF_INET, SOCK_DGRAM, 0);
		ASSERT_GE(fd, 0);
	}

	void TearDown() override { close(fd); }

	void option(int level, int name, int value)
	{
		ASSERT_EQ(setsockopt(fd, level, name, &value, sizeof(value)), 0) << strerror(errno);
	}

	void send_udp(size_t length)
	{
		sockaddr_in to{};

		to.sin_family = AF_INET;
		to.sin_port = htons(2000);
		to.sin_addr.s_addr = inet_addr("10.0.0.2");
		const Bytes data = pattern(length);
		ASSERT_EQ(sendto(fd, data.data(), length, 0, reinterpret_cast<sockaddr *>(&to),
				 sizeof(to)), static_cast<ssize_t>(length)) << strerror(errno);
	}

	/** A flow for the host's UDP packets that match @p metadata. */
	std::string udp_with(const std::string &metadata) const
	{
		return fmt::format("{},in_port({}),eth(),eth_type(0x0800),ipv4(proto=17),udp(dst=2000)",
				   metadata, host);
	}

	/** Takes all packets that came. @return how many by UDP source port */
	static std::map<uint64_t, int> source_ports(Tap &tap)
	{
		std::map<uint64_t, int> count;

		for (Bytes got = tap.receive_bytes(500); got.size() >= 36; got = tap.receive_bytes(100))
			count[mf::load_be(View(got).subspan(34, 2))]++;
		return count;
	}

	uint32_t host = 0;
	int fd = -1;
};

/** Chooses among two flows by a socket option that the packet inherits. */
struct Inherited {
	const char *key;
	int option;
};

} // namespace

TEST_F(KeyMetadata, MarkAndPriorityComeFromTheSocket)
{
	for (const Inherited &row : {Inherited{"skb_mark", SO_MARK}, Inherited{"skb_priority", SO_PRIORITY}}) {
		dp.flow(udp_with(fmt::format("{}(0x5)", row.key)), "2");
		dp.flow(udp_with(fmt::format("{}(0x6)", row.key)), "3");
		option(SOL_SOCKET, row.option, 5);
		send_udp(10);
		EXPECT_FALSE(p2.tap.receive_bytes().empty()) << row.key;
		option(SOL_SOCKET, row.option, 6);
		send_udp(10);
		EXPECT_FALSE(p3.tap.receive_bytes().empty()) << row.key;
		EXPECT_TRUE(p2.tap.receive_bytes(50).empty()) << row.key << " is not compared";
		option(SOL_SOCKET, row.option, 0);
		dp.flush();
	}
}

TEST_F(KeyMetadata, MarkIsMatchedUnderItsMask)
{
	dp.flow(udp_with("skb_mark(0x10/0xf0)"), "2");
	option(SOL_SOCKET, SO_MARK, 0x1f);
	send_udp(10);
	EXPECT_FALSE(p2.tap.receive_bytes().empty());
	option(SOL_SOCKET, SO_MARK, 0x2f);
	send_udp(10);
	EXPECT_TRUE(p2.tap.receive_bytes(50).empty());
}

TEST_F(KeyMetadata, SetMarkAndPriorityAreMatchedAfterRecirculation)
{
	for (const char *field : {"skb_mark", "skb_priority"}) {
		dp.flow("recirc_id(0),in_port(1),eth(),eth_type(0x0800),ipv4(proto=17),udp(src=1000)",
			fmt::format("set({}(0x7)),recirc(1)", field));
		dp.flow("recirc_id(0),in_port(1),eth(),eth_type(0x0800),ipv4(proto=17),udp(src=1001)",
			fmt::format("set({}(0x8)),recirc(1)", field));
		dp.flow(fmt::format("{}(0x7),recirc_id(1),in_port(1),eth(),eth_type(0x0800),ipv4()",
				    field), "2");
		dp.flow(fmt::format("{}(0x8),recirc_id(1),in_port(1),eth(),eth_type(0x0800),ipv4()",
				    field), "3");
		p1.tap.send(udp_frame(1000));
		EXPECT_BYTES(p2.tap.receive_bytes(), udp_frame(1000)) << field;
		p1.tap.send(udp_frame(1001));
		EXPECT_BYTES(p3.tap.receive_bytes(), udp_frame(1001)) << field;
		dp.flush();
	}
}

TEST_F(KeyMetadata, HashSpreadsFlowsOverBuckets)
{
	dp.flow("recirc_id(0),in_port(1),eth(),eth_type(0x0800),ipv4(proto=17),udp()",
		"hash(hash_l4(0)),recirc(1)");
	dp.flow("recirc_id(1),dp_hash(0/0x1),in_port(1),eth(),eth_type(0x0800),ipv4()", "2");
	dp.flow("recirc_id(1),dp_hash(0x1/0x1),in_port(1),eth(),eth_type(0x0800),ipv4()", "3");

	for (int round = 0; round < 2; round++)
		for (uint16_t port = 1; port <= 64; port++)
			p1.tap.send(udp_frame(port));
	const auto second = source_ports(p2.tap), third = source_ports(p3.tap);
	EXPECT_GE(second.size(), 16u);
	EXPECT_GE(third.size(), 16u);
	EXPECT_EQ(second.size() + third.size(), 64u) << "a connection changed sides, or got lost";
	for (const auto &[port, packets] : second)
		EXPECT_EQ(packets, 2) << "port " << port;
}

TEST_F(KeyMetadata, UpcallsOfALargeSendAreItsSegments)
{
	option(SOL_UDP, UDP_SEGMENT, 1000);
	send_udp(3500);
	for (size_t length : {1000u, 1000u, 1000u, 500u}) {
		const auto upcall = upcalls.next();

		ASSERT_TRUE(upcall) << "a segment is missing";
		ASSERT_EQ(upcall->packet.size(), 14 + 20 + 8 + length);
		const Bytes ip(upcall->packet.begin() + 14, upcall->packet.end());
		EXPECT_EQ(ip[2] << 8 | ip[3], static_cast<int>(28 + length)) << "total length";
		EXPECT_EQ(ip[24] << 8 | ip[25], static_cast<int>(8 + length)) << "UDP length";
		EXPECT_EQ(l4_checksum(ip), 0) << "checksum";
	}
}
