// SPDX-License-Identifier: GPL-2.0-only
/* SET of TUNNEL through real tunnel devices, and what user space is told of them. */
#include "lab.h"

#include <atomic>
#include <thread>

using namespace lab;

/** A kind of tunnel device that takes its orders from packets. */
struct Kind {
	const char *name;
	const char *device; /**< for ip link add t0 */
	const char *options; /**< that belong in its tunnel() */
	bool ipv6 = false;
};

static const Kind kinds[] = {
	{"vxlan", "type vxlan dstport 4789 external nolearning", ""},
	{"vxlan over IPv6", "type vxlan dstport 4789 external nolearning udp6zerocsumrx", "", true},
	{"vxlan with GBP", "type vxlan dstport 4789 external gbp nolearning",
	 ",vxlan(gbp(id=3,flags=0x8))"},
	{"geneve", "type geneve dstport 6081 external", ""},
	{"geneve with options", "type geneve dstport 6081 external",
	 ",geneve({class=0x1,type=0x2,len=4,0xaabbccdd})"},
	{"gretap", "type gretap external", ""},
	{"ip6gretap", "type ip6gretap external", "", true},
	{"erspan", "type erspan external", ",erspan(ver=1,idx=0x3)"},
	{"erspan version 2", "type erspan external", ",erspan(ver=2,dir=1,hwid=0x4)"},
};

/** Two datapaths, a wire between their namespaces, and a tunnel device at each end of it. */
class TunnelLab : public Lab
{
protected:
	TunnelLab()
	{
		for (const Netns *end : {&ns, &far})
			end->sysctl("ipv6/conf/default/disable_ipv6", "0");
		veth_add(ns, "u0", "u1", &far);
		address_add(ns, "u0", "10.9.0.1");
		address_add(far, "u1", "10.9.0.2");
		shell(ns, "ip addr add fc09::1/64 dev u0 nodad");
		shell(far, "ip addr add fc09::2/64 dev u1 nodad");
	}

	void open(const Kind &kind)
	{
		for (const Netns *end : {&ns, &far})
			shell(*end, fmt::format("ip link add t0 {} && ip link set t0 up", kind.device));
		port = dp.add("t0", upcalls.pid());
		far_port = far_dp.add("t0", far_upcalls.pid());
	}

	void close()
	{
		dp.flush();
		far_dp.flush();
		for (const Netns *end : {&ns, &far})
			EXPECT_OK(link_del(*end, "t0"));
	}

	static std::string to_far(const Kind &kind, unsigned id = 7)
	{
		return fmt::format("set(tunnel(tun_id={:#x},{},tos=0,ttl=64{},flags(key)))", id,
				   kind.ipv6 ? "ipv6_dst=fc09::2" : "dst=10.9.0.2", kind.options);
	}

	Netns far;
	Upcalls far_upcalls{far};
	Datapath far_dp{far};
	Wire far1{far, far_dp, "q1"};
	uint32_t port = 0, far_port = 0;
};

TEST_F(TunnelLab, EveryKindCarriesPacketAndMetadata)
{
	for (const Kind &kind : kinds) {
		SCOPED_TRACE(kind.name);
		open(kind);
		dp.flow(from(1), fmt::format("{},{}", to_far(kind), port));
		p1.tap.send(udp_frame());
		const auto upcall = far_upcalls.next();
		ASSERT_TRUE(upcall);
		EXPECT_BYTES(upcall->packet, udp_frame());
		const std::string key = key_text(*upcall);
		EXPECT_NE(key.find(kind.ipv6 ? "ipv6_src=fc09::1,ipv6_dst=fc09::2" :
					       "src=10.9.0.1,dst=10.9.0.2"),
			  std::string::npos) << key;
		EXPECT_NE(key.find("tun_id=0x7"), std::string::npos) << key;
		if (std::string(kind.options).starts_with(",geneve") ||
		    std::string(kind.options).starts_with(",vxlan")) {
			EXPECT_NE(key.find(kind.options), std::string::npos) << key;
		}
		close();
	}
}

TEST_F(TunnelLab, KeyTunnelIsMatched)
{
	for (const Kind &kind : {kinds[0], kinds[3], kinds[5]}) {
		SCOPED_TRACE(kind.name);
		open(kind);
		dp.flow(from(1), fmt::format("{},{}", to_far(kind, 7), port));
		dp.flow(from(2), fmt::format("{},{}", to_far(kind, 8), port));
		/* OVS_KEY_ATTR_TUNNEL */
		far_dp.flow(fmt::format("tunnel(tun_id=0x7,src=10.9.0.1,dst=10.9.0.2,ttl=0/0,flags(+key)),"
					"in_port({}),eth(),eth_type(0x0800),ipv4()", far_port),
			    fmt::format("{}", far1.port));
		p1.tap.send(udp_frame());
		EXPECT_BYTES(far1.tap.receive_bytes(), udp_frame());
		EXPECT_FALSE(far_upcalls.next(0));
		p2.tap.send(udp_frame());
		EXPECT_TRUE(far_upcalls.next()) << "another id must miss";
		close();
	}
}

TEST_F(TunnelLab, LaterSetWinsAndCopiesKeepTheirs)
{
	open(kinds[0]);
	dp.flow(from(1), fmt::format("{0},clone({1},{2}),{2}", to_far(kinds[0], 7), to_far(kinds[0], 8),
				     port));
	p1.tap.send(udp_frame());
	std::string keys;
	for (int i = 0; i < 2; i++) {
		const auto upcall = far_upcalls.next();

		ASSERT_TRUE(upcall) << i;
		keys += key_text(*upcall);
	}
	EXPECT_NE(keys.find("tun_id=0x7"), std::string::npos) << keys;
	EXPECT_NE(keys.find("tun_id=0x8"), std::string::npos) << keys;
}

/* OVS_PACKET_ATTR_EGRESS_TUN_KEY, asked for with OVS_USERSPACE_ATTR_EGRESS_TUN_PORT */
TEST_F(TunnelLab, EgressKeyTellsTheOuterHeader)
{
	for (const Kind &kind : kinds) {
		SCOPED_TRACE(kind.name);
		if (kind.ipv6)
			continue;
		open(kind);
		dp.flow(from(1), fmt::format("{},userspace(pid={},tunnel_out_port={})", to_far(kind),
					     upcalls.pid(), port));
		p1.tap.send(udp_frame());
		const auto raw = upcalls.next_raw();
		ASSERT_TRUE(raw);
		const auto attrs = attrs_of(*raw);
		const auto egress = mf::find_attr(attrs, OVS_PACKET_ATTR_EGRESS_TUN_KEY);
		ASSERT_TRUE(egress);
		EXPECT_EQ(attrs.at(1).type, OVS_PACKET_ATTR_EGRESS_TUN_KEY) << "its place";
		const auto parts = mf::split_attrs(egress->data);
		const auto src = mf::find_attr(parts, OVS_TUNNEL_KEY_ATTR_IPV4_SRC);
		ASSERT_TRUE(src) << "the device chooses the source address";
		EXPECT_EQ(mf::to_hex(src->data), "0a090001");
		EXPECT_EQ(mf::to_hex(mf::find_attr(parts, OVS_TUNNEL_KEY_ATTR_ID).value().data),
			  "0000000000000007");
		if (std::string(kind.name).starts_with("vxlan")) {
			EXPECT_EQ(mf::to_hex(mf::find_attr(parts, OVS_TUNNEL_KEY_ATTR_TP_DST).value().data),
				  "12b5");
			EXPECT_TRUE(mf::find_attr(parts, OVS_TUNNEL_KEY_ATTR_TP_SRC));
		}
		close();
	}
}

TEST_F(TunnelLab, NoEgressKeyWhereThereIsNone)
{
	open(kinds[0]);
	/* a port that is no tunnel; no such port; a packet that was given no tunnel */
	for (const std::string &actions :
	     {fmt::format("{},userspace(pid={},tunnel_out_port=2)", to_far(kinds[0]), upcalls.pid()),
	      fmt::format("{},userspace(pid={},tunnel_out_port=999)", to_far(kinds[0]), upcalls.pid()),
	      fmt::format("userspace(pid={},tunnel_out_port={})", upcalls.pid(), port)}) {
		dp.flow(from(1), actions);
		p1.tap.send(udp_frame());
		const auto raw = upcalls.next_raw();
		ASSERT_TRUE(raw) << actions;
		EXPECT_FALSE(mf::find_attr(attrs_of(*raw), OVS_PACKET_ATTR_EGRESS_TUN_KEY)) << actions;
		dp.flush();
	}
}

TEST_F(TunnelLab, DumpIsWhatWasInstalled)
{
	/* OVS_TUNNEL_KEY_ATTR_TOS, OVS_TUNNEL_KEY_ATTR_DONT_FRAGMENT, OVS_TUNNEL_KEY_ATTR_OAM among them */
	for (const char *text :
	     {"set(tunnel(tun_id=0x1,src=1.2.3.4,dst=3.4.5.6,tos=0x3,ttl=64,tp_src=1,tp_dst=2,"
	      "flags(df|csum|key)))",
	      "set(tunnel(ipv6_src=::1,ipv6_dst=::2,ttl=64,vxlan(gbp(id=3,flags=0x1)),flags(oam)))",
	      "set(tunnel(dst=1.2.3.4,ttl=3,geneve({class=0x1,type=0x82,len=4,0xaabbccdd}"
	      "{class=0x2,type=0x3,len=0}),flags(0)))",
	      "set(tunnel(dst=1.2.3.4,ttl=3,erspan(ver=1,idx=0x7),flags(0)))"}) {
		const std::string actions = std::string(text) + ",2";

		dp.flow(from(1), actions);
		const Bytes dumped = dp.get_flow(from(1)).actions.value();
		EXPECT_BYTES(dumped, actions_of_text(actions));
		EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_NEW, from(2),
				      {.actions = "hex:" + mf::to_hex(dumped), .flags = NLM_F_CREATE}));
		EXPECT_BYTES(dp.get_flow(from(2)).actions.value(), dumped);
		dp.flush();
	}
}

TEST_F(TunnelLab, BadTunnelsAreRefused)
{
	/* The TUNNEL attribute's payload, within SET. */
	for (const char *bad : {
		     "",                                             /* nothing */
		     "0800 0200 0a090002",                           /* no TTL */
		     "0500 0400 40000000",                           /* no address */
		     "0800 0200 00000000 0500 0400 40000000",        /* no destination */
		     "0800 0200 0a090002 0500 0400 40000000 0800 1100 00000000", /* unknown */
		     "0800 0200 0a090002 0500 0400 40000000 0c00 0800 0001 0002 0000 0000",
		     "0800 0200 0a090002 0500 0400 40000000 0900 0800 0001 0000 00000000",
	     }) {
		AttrWriter list;
		const size_t set = list.begin(OVS_ACTION_ATTR_SET);

		list.put(OVS_KEY_ATTR_TUNNEL, hex(bad));
		list.end(set);
		EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_NEW, from(1),
					   {.actions = "hex:" + mf::to_hex(list.bytes()),
					    .flags = NLM_F_CREATE}), EINVAL) << bad;
	}
}

class HazardTunnel : public TunnelLab
{
};

TEST_F(HazardTunnel, H03_RefusedListsLeaveNoTunnelBehind)
{
	AttrWriter list;
	const size_t nest = list.begin(OVS_ACTION_ATTR_CLONE);

	append(list, AttrWriter(actions_of_text(to_far(kinds[4]))));
	list.put(OVS_ACTION_ATTR_OUTPUT, {});
	list.end(nest);
	for (int i = 0; i < 200; i++)
		EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_NEW, from(1),
					   {.actions = "hex:" + mf::to_hex(list.bytes()),
					    .flags = NLM_F_CREATE}), EINVAL);
}

TEST_F(HazardTunnel, H30_OptionLengthsThatAddUpToTooMuch)
{
	Bytes options;

	/* Options of 31 words each: two of them fill 255 bytes but for 3. */
	for (int i = 0; i < 2; i++) {
		options.insert(options.end(), {0, 1, 2, 0x1f});
		options.insert(options.end(), 124, 0x5a);
	}
	options.resize(252);
	for (size_t size : {252u, 248u, 4u}) {
		AttrWriter list;
		const size_t set = list.begin(OVS_ACTION_ATTR_SET);
		const size_t nest = list.begin(OVS_KEY_ATTR_TUNNEL);

		list.put(OVS_TUNNEL_KEY_ATTR_IPV4_DST, hex("0a090002"));
		list.u8(OVS_TUNNEL_KEY_ATTR_TTL, 64);
		list.put(OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS, View(options).first(size));
		list.end(nest);
		list.end(set);
		EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_NEW, from(1),
					   {.actions = "hex:" + mf::to_hex(list.bytes()),
					    .flags = NLM_F_CREATE}), EINVAL) << size;
	}
}

/* Options of one kind through a device of another are not taken for its own. */
TEST_F(HazardTunnel, H31_OptionsOfAnotherKind)
{
	for (const Kind &device : {kinds[2], kinds[3], kinds[5]})
		for (const Kind &options : {kinds[2], kinds[4], kinds[7]}) {
			if (device.name[0] == options.name[0])
				continue;
			SCOPED_TRACE(fmt::format("{} told {}", device.name, options.options));
			open(device);
			dp.flow(from(1), fmt::format("{},{}", to_far(options), port));
			p1.tap.send(udp_frame());
			if (const auto upcall = far_upcalls.next(300)) {
				EXPECT_EQ(key_text(*upcall).find(options.options), std::string::npos)
					<< key_text(*upcall);
			}
			close();
		}
}

/* The flow goes while its packets wait in the tunnel's device. */
TEST_F(HazardTunnel, H44_FlowsAndDevicesGoUnderTraffic)
{
	std::atomic<bool> stop = false;

	std::thread traffic([&] {
		Tap tap(ns, "p1x");

		while (!stop)
			tap.try_send(udp_frame());
	});
	for (int i = 0; i < 5; i++) {
		open(kinds[i % 2 ? 3 : 0]);
		for (int k = 0; k < 40; k++) {
			dp.flow(from(1), fmt::format("{},{}", to_far(kinds[0]), port));
			dp.ask_flow(OVS_FLOW_CMD_SET, from(1),
				    {.actions = fmt::format("{},{}", to_far(kinds[4]), port)});
			dp.flush();
		}
		close();
	}
	stop = true;
	traffic.join();
}
