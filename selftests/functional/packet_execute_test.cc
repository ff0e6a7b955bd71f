// SPDX-License-Identifier: GPL-2.0-only
/* ovs_packet EXECUTE: a packet of user space, with metadata of its choice. */
#include "lab.h"

using namespace lab;

class PacketExecute : public Lab
{
protected:
	std::string to_user() const { return fmt::format("userspace(pid={})", pid); }

	std::string key_after(const std::string &key, const Bytes &packet = udp_frame(),
			      const AttrWriter &more = {})
	{
		EXPECT_OK(dp.execute(packet, to_user(), key, more));
		const auto upcall = upcalls.next();

		return upcall ? key_text(*upcall) : "no upcall";
	}

	static bool has(const std::string &text, const char *part)
	{
		return text.find(part) != std::string::npos;
	}

	const uint32_t pid = upcalls.pid();
};

TEST_F(PacketExecute, RunsTheActions)
{
	EXPECT_OK(dp.execute(udp_frame(), "2,set(ipv4(ttl=9)),3", "in_port(1)"));
	EXPECT_BYTES(p2.tap.receive_bytes(), udp_frame());
	EXPECT_EQ(p3.tap.receive_bytes().at(22), 9);
}

TEST_F(PacketExecute, NeedsPacketKeyAndActions)
{
	for (uint16_t missing : {OVS_PACKET_ATTR_PACKET, OVS_PACKET_ATTR_KEY, OVS_PACKET_ATTR_ACTIONS}) {
		Request sent = request(OVS_PACKET_FAMILY, OVS_PACKET_CMD_EXECUTE, dp.ifindex());

		if (missing != OVS_PACKET_ATTR_PACKET)
			sent.put(OVS_PACKET_ATTR_PACKET, udp_frame());
		if (missing != OVS_PACKET_ATTR_KEY)
			sent.put(OVS_PACKET_ATTR_KEY | NLA_F_NESTED, {});
		if (missing != OVS_PACKET_ATTR_ACTIONS)
			sent.put(OVS_PACKET_ATTR_ACTIONS | NLA_F_NESTED, {});
		EXPECT_REFUSED(dp.socket().ask(sent), EINVAL) << missing;
	}
}

TEST_F(PacketExecute, UnknownDatapath)
{
	Request sent = request(OVS_PACKET_FAMILY, OVS_PACKET_CMD_EXECUTE, 4711);

	sent.put(OVS_PACKET_ATTR_PACKET, udp_frame());
	sent.put(OVS_PACKET_ATTR_KEY | NLA_F_NESTED, {});
	sent.put(OVS_PACKET_ATTR_ACTIONS | NLA_F_NESTED, {});
	EXPECT_REFUSED(dp.socket().ask(sent), ENODEV);
}

TEST_F(PacketExecute, EmptyKeyAndActionsAreFine)
{
	EXPECT_OK(dp.execute(udp_frame(), "drop"));
}

TEST_F(PacketExecute, MetadataComesFromTheKey)
{
	const std::string key = key_after("recirc_id(3),dp_hash(0x99),skb_priority(0x12),in_port(2),"
					  "skb_mark(0x34)");

	for (const char *part : {"recirc_id(0x3)", "dp_hash(0x99)", "skb_priority(0x12)", "in_port(2)",
				 "skb_mark(0x34)"})
		EXPECT_TRUE(has(key, part)) << part << " in " << key;
}

TEST_F(PacketExecute, HeadersComeFromThePacket)
{
	const std::string key = key_after("in_port(1),eth(),eth_type(0x0800),ipv4(src=9.9.9.9,proto=6),"
					  "tcp(src=9),tcp_flags(0)");

	EXPECT_TRUE(has(key, "src=10.1.0.1")) << key;
	EXPECT_TRUE(has(key, "udp(src=1000,dst=2000)")) << key;
}

TEST_F(PacketExecute, UnknownInputPortMeansLocal)
{
	EXPECT_OK(dp.execute(udp_frame(), "2", "in_port(99)"));
	EXPECT_BYTES(p2.tap.receive_bytes(), udp_frame());
}

TEST_F(PacketExecute, MruIsHandedOn)
{
	AttrWriter more;

	more.u16(OVS_PACKET_ATTR_MRU, 1234);
	EXPECT_OK(dp.execute(udp_frame(), to_user(), "in_port(1)", more));
	const auto upcall = upcalls.next();
	ASSERT_TRUE(upcall);
	EXPECT_EQ(upcall->mru, 1234);
}

TEST_F(PacketExecute, HashIsHandedOn)
{
	for (uint64_t hash : {0x12345678ull, 0x112345678ull, 0x212345678ull, 0x312345678ull}) {
		AttrWriter more;

		more.u64(OVS_PACKET_ATTR_HASH, hash);
		EXPECT_OK(dp.execute(udp_frame(), to_user(), "in_port(1)", more));
		const auto upcall = upcalls.next();
		ASSERT_TRUE(upcall);
		EXPECT_EQ(static_cast<uint32_t>(upcall->hash.value()), static_cast<uint32_t>(hash));
	}
}

TEST_F(PacketExecute, MissHasAHashOfItsOwn)
{
	static constexpr uint64_t SOFTWARE = 1ull << 32;
	AttrWriter more;

	more.u64(OVS_PACKET_ATTR_HASH, 0x12345678);
	EXPECT_OK(dp.execute(udp_frame(), "recirc(77)", "in_port(1)", more));
	const auto miss = upcalls.next();
	ASSERT_TRUE(miss);
	EXPECT_TRUE(miss->hash.value() & SOFTWARE) << "the kernel hashed it";
}

TEST_F(PacketExecute, ItsOwnPidGetsAllUpcalls)
{
	Upcalls own(ns);
	AttrWriter more;

	more.u32(OVS_PACKET_ATTR_UPCALL_PID, own.pid());
	EXPECT_OK(dp.execute(udp_frame(), to_user(), "in_port(1)", more));
	EXPECT_TRUE(own.next()) << "of an action";
	EXPECT_OK(dp.execute(udp_frame(), "recirc(77)", "in_port(1)", more));
	const auto miss = own.next();
	ASSERT_TRUE(miss) << "of a miss";
	EXPECT_TRUE(miss->is_miss);
	EXPECT_FALSE(upcalls.next(0));
}

TEST_F(PacketExecute, BadKeysAndActionsAreRefused)
{
	EXPECT_REFUSED(dp.execute(udp_frame(), "hex:0800ff00 00000000", "in_port(1)"), EINVAL);
	EXPECT_REFUSED(dp.execute(udp_frame(), "set(tcp(src=1)),2", "in_port(1)"), EINVAL);
	Request sent = request(OVS_PACKET_FAMILY, OVS_PACKET_CMD_EXECUTE, dp.ifindex());
	sent.put(OVS_PACKET_ATTR_PACKET, udp_frame());
	sent.put(OVS_PACKET_ATTR_KEY | NLA_F_NESTED, hex("06000300 0100 0000"));
	sent.put(OVS_PACKET_ATTR_ACTIONS | NLA_F_NESTED, {});
	EXPECT_REFUSED(dp.socket().ask(sent), EINVAL);
}

TEST_F(PacketExecute, IsNoMissAndNoHit)
{
	const auto before = dp.info().stats;

	EXPECT_OK(dp.execute(udp_frame(), "2", "in_port(1)"));
	EXPECT_EQ(dp.info().stats.n_hit, before.n_hit);
	EXPECT_EQ(dp.info().stats.n_missed, before.n_missed);
}

TEST_F(PacketExecute, LargestPacket)
{
	const Bytes large = raw_frame(0x1234, pattern(60000));

	EXPECT_OK(dp.execute(large, to_user(), "in_port(1)"));
	const auto upcall = upcalls.next();
	ASSERT_TRUE(upcall);
	EXPECT_EQ(upcall->packet.size(), large.size());
}
