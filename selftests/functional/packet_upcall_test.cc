// SPDX-License-Identifier: GPL-2.0-only
/* Upcalls: what is in them, in which order, and who gets them. */
#include "lab.h"

#include <algorithm>
#include <sched.h>
#include <unistd.h>

using namespace lab;

class PacketUpcall : public Lab
{
protected:
	static std::vector<uint16_t> order_of(const Bytes &raw)
	{
		std::vector<uint16_t> types;

		for (const mf::Attr &attr : attrs_of(raw))
			types.push_back(attr.type);
		/* What aligns 64-bit values holds nothing. */
		std::erase(types, 0);
		return types;
	}

	std::string userspace(const std::string &more, const Upcalls &to)
	{
		return fmt::format("userspace(pid={}{})", to.pid(), more);
	}

	static constexpr const char *KEY = "in_port(1),eth(),eth_type(0x0800),ipv4()";
};

TEST_F(PacketUpcall, MissHoldsKeyHashAndPacket)
{
	p1.tap.send(udp_frame());
	const auto raw = upcalls.next_raw();
	ASSERT_TRUE(raw);
	const mf::Message message = message_of(*raw);
	EXPECT_EQ(message.cmd, OVS_PACKET_CMD_MISS);
	EXPECT_EQ(message.dp_ifindex, dp.ifindex());
	EXPECT_EQ(message.seq, 0u);
	EXPECT_EQ(message.portid, 0u);
	EXPECT_EQ(order_of(*raw), (std::vector<uint16_t>{OVS_PACKET_ATTR_KEY, OVS_PACKET_ATTR_HASH,
							 OVS_PACKET_ATTR_PACKET}));
	EXPECT_BYTES(mf::parse_upcall(message).packet, udp_frame());
}

TEST_F(PacketUpcall, KeyAttributesComeInTheirOrder)
{
	p1.tap.send(udp_frame());
	const auto upcall = upcalls.next();
	ASSERT_TRUE(upcall);
	std::vector<uint16_t> types;
	for (const mf::Attr &attr : mf::split_attrs(upcall->key))
		types.push_back(attr.type);
	EXPECT_EQ(types, (std::vector<uint16_t>{
				 OVS_KEY_ATTR_RECIRC_ID, OVS_KEY_ATTR_DP_HASH, OVS_KEY_ATTR_PRIORITY,
				 OVS_KEY_ATTR_IN_PORT, OVS_KEY_ATTR_SKB_MARK, OVS_KEY_ATTR_CT_STATE,
				 OVS_KEY_ATTR_CT_ZONE, OVS_KEY_ATTR_CT_MARK, OVS_KEY_ATTR_CT_LABELS,
				 OVS_KEY_ATTR_ETHERNET, OVS_KEY_ATTR_ETHERTYPE, OVS_KEY_ATTR_IPV4,
				 OVS_KEY_ATTR_UDP}));
}

TEST_F(PacketUpcall, ActionHoldsUserdataAndActions)
{
	Upcalls own(ns);

	dp.flow(KEY, userspace(",userdata(0102030405),actions", own) + ",2");
	p1.tap.send(udp_frame());
	const auto raw = own.next_raw();
	ASSERT_TRUE(raw);
	EXPECT_EQ(message_of(*raw).cmd, OVS_PACKET_CMD_ACTION);
	EXPECT_EQ(order_of(*raw),
		  (std::vector<uint16_t>{OVS_PACKET_ATTR_KEY, OVS_PACKET_ATTR_USERDATA,
					 OVS_PACKET_ATTR_ACTIONS, OVS_PACKET_ATTR_HASH,
					 OVS_PACKET_ATTR_PACKET}));
	const mf::Upcall upcall = mf::parse_upcall(message_of(*raw));
	EXPECT_BYTES(upcall.userdata.value(), hex("0102030405"));
	EXPECT_BYTES(upcall.actions.value(), dp.get_flow(KEY).actions.value());
	EXPECT_FALSE(p2.tap.receive_bytes().empty()) << "the rest of the list is run";
}

TEST_F(PacketUpcall, UserdataOfAnyLength)
{
	for (size_t length : {0u, 1u, 4u, 255u, 5000u}) {
		AttrWriter list;
		const size_t nest = list.begin(OVS_ACTION_ATTR_USERSPACE);

		list.u32(OVS_USERSPACE_ATTR_PID, upcalls.pid());
		list.put(OVS_USERSPACE_ATTR_USERDATA, pattern(length));
		list.end(nest);
		dp.flow(KEY, "hex:" + mf::to_hex(list.bytes()));
		p1.tap.send(udp_frame());
		const auto upcall = upcalls.next();
		ASSERT_TRUE(upcall) << length;
		EXPECT_BYTES(upcall->userdata.value(), pattern(length));
		dp.flush();
	}
}

TEST_F(PacketUpcall, UserspaceShowsTheRewrittenPacket)
{
	dp.flow("in_port(1),eth(),eth_type(0x0800),ipv4(proto=17),udp()",
		"set(udp(src=7))," + userspace("", upcalls));
	p1.tap.send(udp_frame());
	const auto upcall = upcalls.next();
	ASSERT_TRUE(upcall);
	EXPECT_BYTES(upcall->packet, udp_frame(7, 2000));
	EXPECT_NE(key_text(*upcall).find("udp(src=7"), std::string::npos) << key_text(*upcall);
}

TEST_F(PacketUpcall, TruncatedTellsTheLength)
{
	dp.flow(KEY, "trunc(20)," + userspace("", upcalls) + ",2");
	p1.tap.send(udp_frame());
	const auto raw = upcalls.next_raw();
	ASSERT_TRUE(raw);
	EXPECT_EQ(order_of(*raw), (std::vector<uint16_t>{OVS_PACKET_ATTR_KEY, OVS_PACKET_ATTR_LEN,
							 OVS_PACKET_ATTR_HASH, OVS_PACKET_ATTR_PACKET}));
	const mf::Upcall upcall = mf::parse_upcall(message_of(*raw));
	EXPECT_EQ(upcall.packet.size(), 20u);
	EXPECT_EQ(upcall.length, udp_frame().size());
	EXPECT_EQ(p2.tap.receive_bytes().size(), udp_frame().size());
}

TEST_F(PacketUpcall, PacketIsPaddedUnlessUnaligned)
{
	const Bytes odd = raw_frame(0x1234, pattern(47));
	AttrWriter features;

	p1.tap.send(odd);
	auto raw = upcalls.next_raw();
	ASSERT_TRUE(raw);
	EXPECT_EQ(raw->size() % 4, 0u);
	EXPECT_BYTES(mf::parse_upcall(message_of(*raw)).packet, odd);

	features.u32(OVS_DP_ATTR_USER_FEATURES, OVS_DP_F_UNALIGNED);
	EXPECT_OK(ask(dp.socket(), OVS_DATAPATH_FAMILY, OVS_DP_CMD_SET, dp.ifindex(), features));
	p1.tap.send(odd);
	raw = upcalls.next_raw();
	ASSERT_TRUE(raw);
	EXPECT_EQ(raw->size() % 4, odd.size() % 4);
	EXPECT_BYTES(mf::parse_upcall(message_of(*raw)).packet, odd);
}

TEST_F(PacketUpcall, HashChoosesAmongThePortsPids)
{
	Upcalls other(ns);
	AttrWriter attrs;
	int first = 0, second = 0;

	attrs.u32(OVS_VPORT_ATTR_PORT_NO, 1);
	put_u32s(attrs, OVS_VPORT_ATTR_UPCALL_PID, {upcalls.pid(), other.pid()});
	EXPECT_OK(dp.ask_port(OVS_VPORT_CMD_SET, attrs));
	for (uint16_t sport = 1; sport <= 40; sport++)
		p1.tap.send(udp_frame(sport));
	while (upcalls.next(100))
		first++;
	while (other.next(100))
		second++;
	EXPECT_EQ(first + second, 40);
	EXPECT_GT(first, 0);
	EXPECT_GT(second, 0);
}

TEST_F(PacketUpcall, CpuChoosesWithPerCpuDispatch)
{
	const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	std::vector<std::unique_ptr<Upcalls>> all;
	std::vector<uint32_t> pids;
	AttrWriter attrs;
	cpu_set_t before;

	for (long i = 0; i < cpus; i++) {
		all.push_back(std::make_unique<Upcalls>(ns));
		pids.push_back(all.back()->pid());
	}
	attrs.u32(OVS_DP_ATTR_USER_FEATURES, OVS_DP_F_DISPATCH_UPCALL_PER_CPU);
	put_u32s(attrs, OVS_DP_ATTR_PER_CPU_PIDS, pids);
	EXPECT_OK(ask(dp.socket(), OVS_DATAPATH_FAMILY, OVS_DP_CMD_SET, dp.ifindex(), attrs));
	sched_getaffinity(0, sizeof(before), &before);
	for (long i = 0; i < cpus; i++) {
		cpu_set_t one;

		CPU_ZERO(&one);
		CPU_SET(static_cast<size_t>(i), &one);
		ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
		/* EXECUTE runs on the caller's CPU; a frame's softirq may run elsewhere. */
		EXPECT_OK(dp.execute(udp_frame(), "userspace(pid=1)", "in_port(1)"));
		EXPECT_TRUE(all[static_cast<size_t>(i)]->next()) << "CPU " << i;
	}
	sched_setaffinity(0, sizeof(before), &before);
	EXPECT_FALSE(upcalls.next(0));
}

TEST_F(PacketUpcall, ShortCpuTableWrapsAround)
{
	AttrWriter attrs;

	attrs.u32(OVS_DP_ATTR_USER_FEATURES, OVS_DP_F_DISPATCH_UPCALL_PER_CPU);
	put_u32s(attrs, OVS_DP_ATTR_PER_CPU_PIDS, {upcalls.pid()});
	EXPECT_OK(ask(dp.socket(), OVS_DATAPATH_FAMILY, OVS_DP_CMD_SET, dp.ifindex(), attrs));
	for (int i = 0; i < 4; i++) {
		EXPECT_OK(dp.execute(udp_frame(), "userspace(pid=1)", "in_port(1)"));
		EXPECT_TRUE(upcalls.next());
	}
}

TEST_F(PacketUpcall, CountedByDatapathAndPort)
{
	const auto before = dp.info().stats;

	p1.tap.send(udp_frame());
	ASSERT_TRUE(upcalls.next());
	EXPECT_EQ(dp.info().stats.n_missed, before.n_missed + 1);
	EXPECT_EQ(dp.info().stats.n_lost, before.n_lost);
	EXPECT_EQ(dp.port(1).upcalls_sent, 1u);
	EXPECT_EQ(dp.port(1).upcalls_lost, 0u);
}

TEST_F(PacketUpcall, NobodyListeningIsALossOfTheDatapathOnly)
{
	const Wire mute(ns, dp, "p4", 0);
	const auto before = dp.info().stats;

	Tap(ns, "p4x").send(udp_frame());
	for (int i = 0; i < 100 && dp.info().stats.n_lost == before.n_lost; i++)
		usleep(10000);
	EXPECT_EQ(dp.info().stats.n_lost, before.n_lost + 1);
	EXPECT_EQ(dp.port(mute.port).upcalls_sent, 0u);
	EXPECT_EQ(dp.port(mute.port).upcalls_lost, 0u);
}

TEST_F(PacketUpcall, ListenerThatIsGoneIsAFailure)
{
	uint32_t pid;
	{
		const Upcalls gone(ns);
		pid = gone.pid();
	}
	AttrWriter attrs;

	attrs.u32(OVS_VPORT_ATTR_PORT_NO, 1);
	attrs.u32(OVS_VPORT_ATTR_UPCALL_PID, pid);
	EXPECT_OK(dp.ask_port(OVS_VPORT_CMD_SET, attrs));
	p1.tap.send(udp_frame());
	for (int i = 0; i < 100 && !dp.port(1).upcalls_lost.value(); i++)
		usleep(10000);
	EXPECT_EQ(dp.port(1).upcalls_lost, 1u);
	EXPECT_EQ(dp.info().stats.n_lost, 1u);
}

TEST_F(PacketUpcall, BadUserspaceActionsAreRefused)
{
	/* no pid; pid 0; userdata cut short; unknown attribute */
	for (const char *bad : {"0400 0200", "0c00 0200 0800 0100 00000000",
				"0c00 0200 0600 0100 01000000"})
		EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_NEW, KEY,
					   {.actions = std::string("hex:") + bad}), EINVAL) << bad;
}

/* A TCP packet of 8 segments, as a virtual machine hands it over. */
struct Super {
	static constexpr uint16_t MSS = 1000;
	static constexpr size_t SEGMENTS = 8;

	Super()
	{
		Tins::TCP tcp(80, 1000);

		tcp.flags(Tins::TCP::ACK);
		const Bytes data = pattern(MSS * SEGMENTS);
		bytes = frame(eth() / Tins::IP(IP_B, IP_A) / tcp /
			      Tins::RawPDU(data.data(), static_cast<uint32_t>(data.size())));
		/* What is left to be done starts from the sum over the pseudo header. */
		Bytes pseudo(bytes.begin() + 14, bytes.end());
		std::fill(pseudo.begin() + 20, pseudo.end(), 0);
		mf::store_be(std::span(bytes).subspan(50, 2),
			     static_cast<uint16_t>(~l4_checksum(pseudo)));
		offload = {GSO_TCPV4, MSS, 54, 34, 16};
	}

	Bytes bytes;
	Offload offload;
};

TEST_F(PacketUpcall, EverySegmentIsAnUpcall)
{
	const Super super;

	p1.tap.send(super.bytes, super.offload);
	for (size_t i = 0; i < Super::SEGMENTS; i++) {
		const auto upcall = upcalls.next();

		ASSERT_TRUE(upcall) << "segment " << i;
		EXPECT_EQ(upcall->packet.size(), 54u + Super::MSS);
		EXPECT_EQ(l4_checksum(View(upcall->packet).subspan(14)), 0) << "segment " << i;
		EXPECT_BYTES(Bytes(upcall->packet.begin() + 54, upcall->packet.end()),
			     Bytes(super.bytes.begin() + 54 + static_cast<long>(i * Super::MSS),
				   super.bytes.begin() + 54 + static_cast<long>((i + 1) * Super::MSS)));
	}
	EXPECT_FALSE(upcalls.next(50));
	EXPECT_EQ(dp.port(1).upcalls_sent, 1u) << "counted once, not by segment";
}

TEST_F(PacketUpcall, TruncCutsEverySegment)
{
	const Super super;

	dp.flow(KEY, "trunc(60)," + userspace("", upcalls));
	p1.tap.send(super.bytes, super.offload);
	for (size_t i = 0; i < Super::SEGMENTS; i++) {
		const auto upcall = upcalls.next();

		ASSERT_TRUE(upcall) << "segment " << i;
		EXPECT_EQ(upcall->packet.size(), 60u);
		EXPECT_EQ(upcall->length, 54u + Super::MSS);
	}
}

TEST_F(PacketUpcall, SuperPacketPassesWhole)
{
	const Super super;

	dp.flow(KEY, "2");
	p1.tap.send(super.bytes, super.offload);
	const auto out = p2.tap.receive();
	ASSERT_TRUE(out);
	EXPECT_EQ(out->bytes.size(), super.bytes.size());
	EXPECT_EQ(out->offload.gso_size, Super::MSS);
}
