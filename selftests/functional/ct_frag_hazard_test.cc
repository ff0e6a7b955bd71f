// SPDX-License-Identifier: GPL-2.0-only
/* What has gone wrong with fragments before, and real hosts that talk in fragments. */
#include "lab.h"
#include "lab/fragments.h"
#include "lab/ping.h"
#include "lab/proc.h"

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

using namespace lab;

class CtFragHazard : public Lab
{
protected:
	static constexpr const char *V6 = "recirc_id(0),in_port(1),eth(),eth_type(0x86dd),ipv6()";

	static Bytes udp(size_t length, const Bytes &dst_mac = {})
	{
		Bytes out = frame(eth() / Tins::IP(IP_B, IP_A) / Tins::UDP(2000, 1000) /
				  Tins::RawPDU(pattern(length)));

		std::copy(dst_mac.begin(), dst_mac.end(), out.begin());
		return out;
	}

	static Bytes udp6(size_t length, const Bytes &dst_mac = {})
	{
		Bytes out = frame(eth() / Tins::IPv6(IP6_B, IP6_A) / Tins::UDP(2000, 1000) /
				  Tins::RawPDU(pattern(length)));

		std::copy(dst_mac.begin(), dst_mac.end(), out.begin());
		return out;
	}

	static std::vector<Bytes> received(Tap &tap)
	{
		std::vector<Bytes> out;

		for (;;) {
			const Bytes bytes = tap.receive_bytes(out.empty() ? 2000 : 200);
			if (bytes.empty())
				return out;
			out.push_back(bytes);
		}
	}

	void send(const std::vector<Bytes> &pieces)
	{
		for (const Bytes &piece : pieces)
			p1.tap.send(piece);
	}

	/** Fragments that wait in IPv4's queues of a namespace. */
	static std::string waiting(const Netns &where)
	{
		const std::string text = proc(where, "thread-self/net/sockstat");
		const size_t at = text.find("FRAG: ") + 6;

		return text.substr(at, text.find('\n', at) - at);
	}

	Answer execute(const Bytes &packet, const std::string &actions, uint16_t mru)
	{
		AttrWriter more;

		more.u16(OVS_PACKET_ATTR_MRU, mru);
		return dp.execute(packet, actions, "in_port(1)", more);
	}

	/** A port whose other end is a host's only device. */
	uint32_t add_host(const Netns &host, const std::string &name, const char *address, const char *address6)
	{
		host.sysctl("ipv6/conf/default/disable_ipv6", "0");
		veth_add(ns, name, "eth0", &host);
		address_add(host, "eth0", address);
		shell(host, fmt::format("ip addr add {}/64 dev eth0 nodad", address6));
		return dp.add(name, upcalls.pid());
	}

	/** Whatever is between two ports, tracked both ways; IP looked up again in between. */
	void connect(uint32_t a, uint32_t b)
	{
		const struct {
			uint32_t in, out;
		} ways[] = {{a, b}, {b, a}};

		for (const auto &way : ways) {
			const std::string out = fmt::format("{}", way.out);
			const auto key = [&](int recirc, const char *rest) {
				return fmt::format("recirc_id({}),in_port({}),eth(),{}", recirc, way.in, rest);
			};

			dp.flow(key(0, "eth_type(0x0806),arp()"), out);
			for (const char *ip : {"eth_type(0x0800),ipv4()", "eth_type(0x86dd),ipv6()"})
				dp.flow(key(0, ip), "ct(commit,zone=9),recirc(9)");
			for (const char *ip : {"eth_type(0x0800),ipv4(frag=no)", "eth_type(0x86dd),ipv6(frag=no)"})
				dp.flow(key(9, ip), out);
		}
	}
};

TEST_F(CtFragHazard, HostsPingEachOtherWith8000Bytes)
{
	const Netns a, b;
	const uint32_t to_a = add_host(a, "ha", IP_A, IP6_A), to_b = add_host(b, "hb", IP_B, IP6_B);
	Tap wire(b, "eth0");

	connect(to_a, to_b);
	for (int i = 0; i < 3; i++) {
		EXPECT_TRUE(ping(a, IP_B, 8000)) << i;
		EXPECT_TRUE(ping(b, IP_A, 8000)) << i;
	}
	EXPECT_TRUE(ping(a, IP6_B, 8000));
	EXPECT_TRUE(ping(b, IP6_A, 8000));
	/* Requests and replies that B received, in pieces. */
	size_t pieces = 0;
	for (const Bytes &packet : received(wire)) {
		EXPECT_LE(packet.size(), 1514u);
		pieces += packet.size() > 1000;
	}
	EXPECT_GE(pieces, 8u * 5);
	EXPECT_EQ(waiting(ns), "inuse 0 memory 0");
}

TEST_F(CtFragHazard, TheDatapathsHostPingsWith8000Bytes)
{
	const Netns b;
	ns.sysctl("ipv6/conf/default/disable_ipv6", "0");
	const uint32_t local = dp.add_internal("int0", upcalls.pid());
	const uint32_t to_b = add_host(b, "hb", IP_B, IP6_B);

	link_up(ns, "int0");
	address_add(ns, "int0", IP_A);
	shell(ns, fmt::format("ip addr add {}/64 dev int0 nodad", IP6_A));
	connect(local, to_b);
	EXPECT_TRUE(ping(ns, IP_B, 8000));
	EXPECT_TRUE(ping(b, IP_A, 8000));
	EXPECT_TRUE(ping(ns, IP6_B, 8000));
	EXPECT_TRUE(ping(b, IP6_A, 8000));
	EXPECT_EQ(waiting(ns), "inuse 0 memory 0");
}

/* H60: the tuple of an earlier packet, and neighbour discovery, are not both in one key. */
TEST_F(CtFragHazard, H60_TupleOfNeighbourDiscovery)
{
	const char *key = "ct_state(0x21),ct_zone(0),ct_tuple6(src=fc00::1,dst=fc00::2,proto=58,tp_src=135,tp_dst=0),"
			  "in_port(1)";
	const Bytes solicit = frame(eth() / Tins::IPv6(IP6_B, IP6_A) /
				    Tins::ICMPv6(Tins::ICMPv6::NEIGHBOUR_SOLICIT));
	const Bytes echo = frame(eth() / Tins::IPv6(IP6_B, IP6_A) / Tins::ICMPv6(Tins::ICMPv6::ECHO_REQUEST));

	EXPECT_REFUSED(dp.execute(solicit, "recirc(1)", key), EINVAL);
	ASSERT_OK(dp.execute(echo, "recirc(1)", key));
	const auto upcall = upcalls.next();
	ASSERT_TRUE(upcall);
	EXPECT_NE(key_text(*upcall).find("ct_tuple6(src=fc00::1,dst=fc00::2,proto=58"), std::string::npos)
		<< key_text(*upcall);
}

/* H57: labels, translation and sequence numbers have their place before the helper keeps a pointer to its own. */
TEST_F(CtFragHazard, H57_AllExtensionsAtOneCommit)
{
	const std::string key = "recirc_id(0),in_port({}),eth(),eth_type(0x0800),ipv4(proto=17,frag=no),udp()";
	const Bytes request = frame(eth() / Tins::IP(IP_B, IP_A) / Tins::UDP(69, 1000) /
				    Tins::RawPDU(std::string("\0\1file\0octet\0", 13)));

	dp.flow(fmt::format(fmt::runtime(key), 1),
		"ct(commit,zone=1,mark=0x9/0xff,label=0x5/0xff,helper=tftp,nat(src=10.9.0.9)),2");
	dp.flow(fmt::format(fmt::runtime(key), 2), "ct(zone=1,nat),recirc(1)");
	for (int i = 0; i < 3; i++) {
		p1.tap.send(request);
		ASSERT_FALSE(p2.tap.receive_bytes().empty());
	}
	p2.tap.send(frame(eth() / Tins::IP("10.9.0.9", IP_B) / Tins::UDP(1000, 4321) / Tins::RawPDU("data")));
	const auto upcall = upcalls.next();
	ASSERT_TRUE(upcall);
	EXPECT_NE(key_text(*upcall).find("ct_label(0x5)"), std::string::npos) << key_text(*upcall);
}

/* H67: who listens to new connections is told what the commit wrote into them. */
TEST_F(CtFragHazard, H67_TheFirstEventTellsMarkAndLabels)
{
	Netlink events(ns, NETLINK_NETFILTER);

	events.join(NFNLGRP_CONNTRACK_NEW);
	dp.flow(from(1), "ct(commit,zone=3,mark=0x1234/0xffffffff,label=0x5/0xf),2");
	/* The first listener has the kernel load a module, and is not made to wait for it. */
	std::optional<Bytes> event;
	for (uint16_t port = 1000; port < 1050 && !event; port++) {
		send(fragments(frame(eth() / Tins::IP(IP_B, IP_A) / Tins::UDP(2000, port) /
				     Tins::RawPDU(pattern(4000))), 1500));
		event = events.receive(100);
	}
	ASSERT_TRUE(event);
	const auto attrs = mf::split_attrs(View(*event).subspan(NLMSG_HDRLEN + sizeof(nfgenmsg)));
	const auto mark = mf::find_attr(attrs, CTA_MARK);
	const auto labels = mf::find_attr(attrs, CTA_LABELS);
	ASSERT_TRUE(mark && labels);
	EXPECT_EQ(mf::to_hex(mark->data), "00001234");
	EXPECT_EQ(labels->data[0], 5);
}

/* H69: what waits for others is nobody's any more; the copy that goes on is whole, and stays as it is. */
TEST_F(CtFragHazard, H69_AFragmentThatWaitsIsGone)
{
	const auto pieces4 = fragments(udp(6000), 1500), pieces6 = fragments(udp6(6000), 1500);

	dp.flow(from(1), "clone(ct(commit,zone=5),3),2");
	dp.flow(V6, "clone(ct(commit,zone=5),3),2");
	for (const auto &pieces : {pieces4, pieces6}) {
		for (int i = 0; i < 10; i++)
			send(pieces);
		const auto copies = received(p2.tap);
		ASSERT_EQ(copies.size(), 10 * pieces.size());
		/* In tree the kernel writes into what the copies share. */
		for (size_t i = 0; is_megaflow() && i < copies.size(); i++)
			EXPECT_BYTES(copies[i], pieces[i % pieces.size()]) << i;
		EXPECT_EQ(received(p3.tap).size(), 10 * pieces.size());
	}
	dp.flush();
	dp.flow(from(1), "ct(commit,zone=6),2");
	p1.tap.send(pieces4[0]);
	EXPECT_TRUE(p2.tap.receive_bytes(200).empty());
	if (is_megaflow()) {
		for (const auto &[reason, packets] : dp.drops())
			EXPECT_EQ(packets, 0u) << reason;
	}
}

/* H70: what the kernel's fragmentation reads of a packet's route is there. */
TEST_F(CtFragHazard, H70_RouteOfAPacketThatIsFragmented)
{
	for (uint16_t mru = 68; mru <= 1500; mru = static_cast<uint16_t>(mru + 179)) {
		for (const Bytes &packet : {udp(3000), udp6(3000)}) {
			const auto wanted = fragments(packet, packet[14] >> 4 == 6 && mru < 1280 ? 1280 : mru);

			ASSERT_OK(execute(packet, "2", mru));
			EXPECT_EQ(sizes_of(received(p2.tap)), sizes_of(wanted)) << mru;
		}
	}
}

/* H71: a fragment that expires has no route, and its device may be gone. */
TEST_F(CtFragHazard, H71_FragmentsExpireWithAndWithoutTheirDevice)
{
	ns.sysctl("ipv4/ipfrag_time", "1");
	ns.sysctl("netfilter/nf_conntrack_frag6_timeout", "1");
	ns.sysctl("ipv6/conf/default/disable_ipv6", "0");
	for (const bool stays : {true, false}) {
		veth_add(ns, "q", "qx");
		shell(ns, "ip addr add fc00::2/64 dev q nodad");
		const uint32_t port = dp.add("q", upcalls.pid());
		const Bytes mac = link_get(ns, "q").address;
		Tap tap(ns, "qx");

		dp.flow(from(port), "ct(commit),2");
		dp.flow(fmt::format("recirc_id(0),in_port({}),eth(),eth_type(0x86dd),ipv6()", port), "ct(commit),2");
		tap.send(fragment(udp6(3000, mac), 0, 1440, true));
		tap.send(fragment(udp6(3000, mac), 1440, 2880, true));
		tap.send(fragment(udp(3000, mac), 0, 1480, true));
		if (!stays) {
			ASSERT_OK(link_del(ns, "q"));
		}
		for (int i = 0; i < 500 && waiting(ns) != "inuse 0 memory 0"; i++)
			usleep(10000);
		EXPECT_EQ(waiting(ns), "inuse 0 memory 0");
		usleep(1200000);
		dp.flush();
		if (stays) {
			ASSERT_OK(link_del(ns, "q"));
		}
	}
	received(p2.tap);
	dp.flow(from(1), "2");
	p1.tap.send(udp(100));
	EXPECT_BYTES(p2.tap.receive_bytes(), udp(100)) << "still at work";
}

/* H71: each fragment goes where the tunnel was told to send the whole. */
TEST_F(CtFragHazard, H71_FragmentsOutByATunnel)
{
	const Netns far;

	veth_add(ns, "u0", "u1", &far);
	address_add(ns, "u0", "10.9.0.1");
	address_add(far, "u1", "10.9.0.2");
	shell(ns, "ip link add t0 type vxlan dstport 4789 external nolearning && ip link set t0 up");
	const uint32_t tunnel = dp.add("t0");
	Tap tap(far, "u1");
	dp.flow(from(1), fmt::format("ct(commit),set(tunnel(tun_id=0x7,dst=10.9.0.2,tos=0,ttl=64,flags(key))),{}", tunnel));
	const auto pieces = fragments(udp(6000), 1400);
	send(pieces);

	std::vector<Bytes> inner;
	for (const Bytes &packet : received(tap))
		if (packet.size() > 50 && packet[12] == 8 && packet[13] == 0 && packet[23] == 17)
			inner.emplace_back(packet.begin() + 50, packet.end());
	EXPECT_EQ(inner, pieces);
	dp.remove(tunnel);
}

/* H72: labels in front of the packet are in front of each fragment. */
TEST_F(CtFragHazard, H72_LabelsInFrontOfFragments)
{
	const std::string label = "push_mpls(label=100,tc=0,ttl=64,bos=1,eth_type=0x8847)";
	const std::string more = ",push_mpls(label=101,tc=0,ttl=64,bos=0,eth_type=0x8847)";

	dp.flow(from(1), "ct(commit)," + label + more + more + more + ",2");
	const auto pieces = fragments(udp(4000), 1400);
	send(pieces);
	const auto out = received(p2.tap);
	ASSERT_EQ(out.size(), pieces.size());
	for (size_t i = 0; i < out.size(); i++)
		EXPECT_BYTES(out[i], raw_frame(0x8847, hex("00065040 00065040 00065040 00064140") +
							       View(pieces[i]).subspan(14)));
	dp.flush();
	dp.flow(V6, "ct(commit)," + label + ",2");
	send(fragments(udp6(4000), 1400));
	const auto out6 = received(p2.tap);
	EXPECT_EQ(sizes_of(out6), sizes_of(fragments(udp6(4000), 1400)));
	EXPECT_EQ(whole(out6), raw_frame(0x8847, hex("00064140") + View(udp6(4000)).subspan(14)));
}

/* H86: what the datapath knows of a packet outlives the kernel's use of the same bytes. */
TEST_F(CtFragHazard, H86_ControlBlockOutlivesReassembly)
{
	dp.flow(from(1), "ct(commit),sample(sample=100%,actions(recirc(1))),clone(recirc(2)),recirc(3)");
	send(fragments(udp(5000), 1300));
	for (const char *recirc : {"recirc_id(0x1)", "recirc_id(0x2)", "recirc_id(0x3)"}) {
		const auto upcall = upcalls.next();
		ASSERT_TRUE(upcall) << recirc;
		const std::string key = key_text(*upcall);
		EXPECT_NE(key.find(recirc), std::string::npos) << key;
		EXPECT_NE(key.find("in_port(1)"), std::string::npos) << key;
		EXPECT_EQ(upcall->mru, 1300) << recirc;
	}
}

/* Segments that a sender promises of a fragment do not become the whole's. */
TEST_F(CtFragHazard, FragmentsThatClaimSegments)
{
	const auto pieces = fragments(udp(4000), 1500);
	Offload offload;

	offload.gso_type = 3; /* UDP */
	offload.gso_size = 100;
	offload.header_len = 42;
	offload.csum_start = 34;
	offload.csum_offset = 6;
	dp.flow(from(1), "ct(commit),2");
	for (const Bytes &piece : pieces)
		p1.tap.try_send(piece, offload);
	received(p2.tap);
	send(pieces);
	EXPECT_EQ(received(p2.tap).size(), pieces.size()) << "still at work";
}

TEST_F(CtFragHazard, DatapathIsDeletedWhileFragmentsWait)
{
	for (int i = 0; i < 20; i++) {
		Datapath other(ns, "dp1");
		Wire in(ns, other, "q");

		other.flow(from(1), "ct(commit,zone=1),recirc(1)");
		in.tap.send(fragments(udp(4000), 1500, static_cast<uint32_t>(i + 1)).at(static_cast<size_t>(i % 3)));
		for (int k = 0; k < 100 && waiting(ns).starts_with("inuse 0 "); k++)
			usleep(1000);
		EXPECT_FALSE(waiting(ns).starts_with("inuse 0 "));
		ASSERT_OK(link_del(ns, "q"));
	}
	/* The rest of a packet may come by another datapath: it is in the same namespace. */
	dp.flow(from(1), "ct(commit,zone=1),2");
	send(fragments(udp(4000), 1500));
	EXPECT_FALSE(received(p2.tap).empty());
}

TEST_F(CtFragHazard, NamespaceIsDeletedWhileFragmentsWait)
{
	for (int i = 0; i < 10; i++) {
		const Netns outside;
		{
			const Netns inside;
			Datapath other(inside);

			veth_add(inside, "q", "qx", &outside);
			const uint32_t port = other.add("q");
			Tap tap(outside, "qx");
			other.flow(from(port), "ct(commit,zone=1),recirc(1)");
			other.flow(fmt::format("recirc_id(0),in_port({}),eth(),eth_type(0x86dd),ipv6()", port),
				   "ct(commit,zone=1),recirc(1)");
			tap.send(fragments(udp(4000), 1500)[0]);
			tap.send(fragments(udp6(4000), 1500)[1]);
			for (int k = 0; k < 100 && waiting(inside).starts_with("inuse 0 "); k++)
				usleep(1000);
			EXPECT_FALSE(waiting(inside).starts_with("inuse 0 "));
			other.forget();
		}
		for (int k = 0; k < 1000 && link_find(outside, "qx"); k++)
			usleep(10000);
		EXPECT_FALSE(link_find(outside, "qx"));
	}
}
