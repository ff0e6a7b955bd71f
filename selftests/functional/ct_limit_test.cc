// SPDX-License-Identifier: GPL-2.0-only
/* Family ovs_ct_limit: how many connections a zone may have, and what happens to one more. */
#include "lab.h"

#include <atomic>
#include <thread>
#include <unistd.h>

using namespace lab;

static constexpr int REST = OVS_ZONE_LIMIT_DEFAULT_ZONE;

static bool operator==(const ovs_zone_limit &a, const ovs_zone_limit &b)
{
	return a.zone_id == b.zone_id && a.limit == b.limit && a.count == b.count;
}

static void PrintTo(const ovs_zone_limit &zone, std::ostream *out)
{
	*out << fmt::format("zone={},limit={},count={}", zone.zone_id, zone.limit, zone.count);
}

using Zones = std::vector<ovs_zone_limit>;

static AttrWriter zone_attrs(const Zones &zones)
{
	AttrWriter attrs;

	attrs.put(OVS_CT_LIMIT_ATTR_ZONE_LIMIT,
		  {reinterpret_cast<const uint8_t *>(zones.data()), zones.size() * sizeof(zones[0])});
	return attrs;
}

static Answer ask_limit(Netlink &netlink, uint8_t cmd, const AttrWriter &attrs)
{
	return ask(netlink, OVS_CT_LIMIT_FAMILY, cmd, 0, attrs);
}

static Zones zones_of(const Answer &answer)
{
	Zones zones;

	for (const Bytes &message : answer.messages)
		for (const mf::Attr &attr : attrs_of(message))
			for (size_t at = 0; at < attr.data.size(); at += sizeof(ovs_zone_limit))
				zones.push_back(mf::load<ovs_zone_limit>(attr.data, at));
	return zones;
}

class CtLimit : public Lab
{
protected:
	Answer set(const Zones &zones)
	{
		return ask_limit(dp.socket(), OVS_CT_LIMIT_CMD_SET, zone_attrs(zones));
	}

	Answer del(const Zones &zones)
	{
		return ask_limit(dp.socket(), OVS_CT_LIMIT_CMD_DEL, zone_attrs(zones));
	}

	Zones get(const Zones &zones)
	{
		const Answer answer =
			ask_limit(dp.socket(), OVS_CT_LIMIT_CMD_GET, zone_attrs(zones));

		EXPECT_OK(answer);
		return zones_of(answer);
	}

	Zones get_all()
	{
		const Answer answer = ask_limit(dp.socket(), OVS_CT_LIMIT_CMD_GET, {});

		EXPECT_OK(answer);
		return zones_of(answer);
	}

	uint32_t count(int zone) { return get({{zone, 0, 0}}).at(0).count; }

	/** The first packet of a connection of its own, or one more of it. */
	Answer commit(uint16_t port, int zone)
	{
		return dp.execute(udp_frame(port, 2000), fmt::format("ct(commit,zone={})", zone));
	}

	/** How many of so many new connections are let through. */
	int committed(int n, int zone, uint16_t first)
	{
		int passed = 0;

		for (int i = 0; i < n; i++)
			passed += commit(static_cast<uint16_t>(first + i), zone).ok();
		return passed;
	}

	std::string state_of_reply(uint16_t port, int zone)
	{
		const Bytes reply = frame(eth() / Tins::IP(IP_A, IP_B) / Tins::UDP(port, 2000) /
					  Tins::RawPDU("x"));

		EXPECT_OK(dp.execute(reply, fmt::format("ct(zone={}),recirc(9)", zone), "in_port(2)"));
		const auto upcall = upcalls.next();
		const std::string key = upcall ? key_text(*upcall) : "";

		return key.substr(key.find("ct_state("), 14);
	}
};

TEST_F(CtLimit, NobodyIsLimitedAtFirst)
{
	EXPECT_EQ(get_all(), (Zones{{REST, 0, 0}}));
	EXPECT_EQ(get({{7, 0, 0}, {REST, 0, 0}}), (Zones{{7, 0, 0}, {REST, 0, 0}}));
	EXPECT_OK(del({{7, 0, 0}, {REST, 0, 0}}));
	EXPECT_EQ(committed(50, 7, 1000), 50);
}

TEST_F(CtLimit, WhatIsSetIsTold)
{
	EXPECT_OK(set({{REST, 10, 0}, {0, 3, 0}, {65535, UINT32_MAX, 0}, {5, 0, 0}}));
	EXPECT_EQ(get({{65535, 0, 0}, {6, 0, 0}, {0, 0, 0}, {5, 0, 0}}),
		  (Zones{{65535, UINT32_MAX, 0}, {6, 10, 0}, {0, 3, 0}, {5, 0, 0}}));
	if (is_megaflow()) { /* in tree in the order of a hash */
		EXPECT_EQ(get_all(),
			  (Zones{{REST, 10, 0}, {0, 3, 0}, {5, 0, 0}, {65535, UINT32_MAX, 0}}));
	}
	EXPECT_OK(set({{0, 4, 0}}));
	EXPECT_EQ(get({{0, 0, 0}}), (Zones{{0, 4, 0}}));
}

TEST_F(CtLimit, ADeletedLimitIsTheDefault)
{
	EXPECT_OK(set({{REST, 10, 0}, {1, 3, 0}, {2, 4, 0}}));
	EXPECT_OK(del({{1, 99, 0}}));
	EXPECT_EQ(get({{1, 0, 0}, {2, 0, 0}}), (Zones{{1, 10, 0}, {2, 4, 0}}));
	EXPECT_EQ(get_all().size(), 2u);
	EXPECT_OK(del({{REST, 0, 0}}));
	EXPECT_EQ(get({{1, 0, 0}, {2, 0, 0}}), (Zones{{1, 0, 0}, {2, 4, 0}}));
}

TEST_F(CtLimit, OneMoreIsDropped)
{
	const auto before = dp.drops();

	ASSERT_OK(set({{3, 4, 0}}));
	EXPECT_EQ(committed(4, 3, 1000), 4);
	EXPECT_EQ(commit(1100, 3).error, ENOMEM);
	EXPECT_EQ(state_of_reply(1000, 3), "ct_state(0x2a)"); /* est+rpl+trk */
	EXPECT_EQ(state_of_reply(1100, 3), "ct_state(0x21)"); /* new+trk: never committed */
	/* What was committed goes on, and without a commit nothing is limited. */
	EXPECT_OK(commit(1000, 3));
	EXPECT_OK(dp.execute(udp_frame(1200), "ct(zone=3)"));
	if (is_megaflow()) {
		EXPECT_EQ(dp.drops().at("CT_LIMIT") - before.at("CT_LIMIT"), 1u);
	}
	/* Told when nf_conncount has looked again after what was refused. */
	usleep(100000);
	EXPECT_EQ(count(3), 4u);
}

TEST_F(CtLimit, ZonesAreApart)
{
	ASSERT_OK(set({{REST, 3, 0}, {1, 5, 0}, {2, 0, 0}}));
	EXPECT_EQ(committed(10, 1, 1000), 5);
	EXPECT_EQ(committed(10, 2, 1000), 10);
	EXPECT_EQ(committed(10, 3, 1000), 3);
	EXPECT_EQ(committed(10, 4, 1000), 3);
	EXPECT_EQ(committed(10, 0, 1000), 3);
}

TEST_F(CtLimit, NamespacesAreApart)
{
	const Netns other;
	Netlink theirs(other);

	ASSERT_OK(set({{1, 2, 0}}));
	EXPECT_EQ(zones_of(ask_limit(theirs, OVS_CT_LIMIT_CMD_GET, {})), (Zones{{REST, 0, 0}}));
	Datapath their_dp(other);
	for (uint16_t i = 0; i < 5; i++)
		EXPECT_OK(their_dp.execute(udp_frame(1000 + i), "ct(commit,zone=1)"));
}

/* A connection that ends makes room for another. */
TEST_F(CtLimit, RoomIsGivenBack)
{
	ASSERT_OK(set({{3, 2, 0}}));
	EXPECT_EQ(committed(3, 3, 1000), 2);
	shell(ns, "conntrack -D -w 3 -p udp --sport 1000 >/dev/null 2>&1");
	usleep(100000);
	EXPECT_EQ(count(3), 1u);
	EXPECT_OK(commit(1001, 3));
	EXPECT_OK(commit(1002, 3));
	EXPECT_EQ(commit(1003, 3).error, ENOMEM);
}

TEST_F(CtLimit, Ipv6IsCountedToo)
{
	const Bytes packet = frame(eth() / Tins::IPv6(IP6_B, IP6_A) / Tins::UDP(2000, 1000) /
				   Tins::RawPDU("x"));

	ASSERT_OK(set({{3, 2, 0}}));
	EXPECT_OK(commit(1000, 3));
	EXPECT_OK(dp.execute(packet, "ct(commit,zone=3)"));
	EXPECT_EQ(commit(1001, 3).error, ENOMEM);
	usleep(100000);
	EXPECT_EQ(count(3), 2u);
}

/* Translated or not. */
TEST_F(CtLimit, WithTranslation)
{
	ASSERT_OK(set({{3, 2, 0}}));
	dp.flow(from(1), "ct(commit,zone=3,nat(src=10.9.0.9)),2");
	for (uint16_t i = 0; i < 3; i++)
		p1.tap.send(udp_frame(1000 + i));
	EXPECT_FALSE(p2.tap.receive_bytes().empty());
	EXPECT_FALSE(p2.tap.receive_bytes().empty());
	EXPECT_TRUE(p2.tap.receive_bytes(300).empty());
}

/* Numbers that are no zone's are left out, without the request being refused. */
TEST_F(CtLimit, WhatIsNoZoneIsLeftOut)
{
	const Answer answer = set({{65536, 1, 0}, {-2, 1, 0}, {9, 8, 0}});

	EXPECT_OK(answer);
	if (is_megaflow()) {
		EXPECT_NE(answer.why, "");
	}
	EXPECT_EQ(get_all(), (Zones{{REST, 0, 0}, {9, 8, 0}}));
	EXPECT_EQ(get({{65536, 0, 0}, {9, 0, 0}}), (Zones{{9, 8, 0}}));
	EXPECT_OK(del({{65536, 0, 0}, {9, 0, 0}}));
	EXPECT_EQ(get_all(), (Zones{{REST, 0, 0}}));
}

TEST_F(CtLimit, Refusals)
{
	for (uint8_t cmd : {OVS_CT_LIMIT_CMD_SET, OVS_CT_LIMIT_CMD_DEL})
		EXPECT_REFUSED(ask_limit(dp.socket(), cmd, {}), EINVAL) << cmd;
	if (!is_megaflow())
		GTEST_SKIP() << "trailing bytes are let pass there";
	for (uint8_t cmd : {OVS_CT_LIMIT_CMD_SET, OVS_CT_LIMIT_CMD_DEL, OVS_CT_LIMIT_CMD_GET})
		for (size_t length : {1, 4, 11, 13, 35}) {
			AttrWriter attrs;

			attrs.put(OVS_CT_LIMIT_ATTR_ZONE_LIMIT, pattern(length));
			EXPECT_REFUSED(ask_limit(dp.socket(), cmd, attrs), EINVAL) << length;
		}
}

/* Answers go to who asked, with the header that came; the group hears nothing. */
TEST_F(CtLimit, AnswersAndGroup)
{
	Netlink listener(ns);
	AttrWriter attrs = zone_attrs({{1, 2, 0}});

	listener.join(family(OVS_CT_LIMIT_FAMILY).groups.at(OVS_CT_LIMIT_MCGROUP));
	for (uint8_t cmd : {OVS_CT_LIMIT_CMD_SET, OVS_CT_LIMIT_CMD_GET, OVS_CT_LIMIT_CMD_DEL}) {
		const Answer answer = ask(dp.socket(), OVS_CT_LIMIT_FAMILY, cmd, 4711, attrs);

		ASSERT_OK(answer);
		ASSERT_EQ(answer.messages.size(), 1u);
		EXPECT_EQ(message_of(answer.messages[0]).cmd, cmd);
		EXPECT_EQ(mf::load<int>(message_of(answer.messages[0]).payload), 4711);
		EXPECT_EQ(attrs_of(answer.messages[0]).size(), cmd == OVS_CT_LIMIT_CMD_GET ? 1u : 0u);
	}
	EXPECT_FALSE(listener.receive(200));
}

/* As many as fit a message, and one more. */
TEST_F(CtLimit, ManyZones)
{
	if (!is_megaflow())
		GTEST_SKIP() << "its answer holds fewer";
	Zones zones, more;
	const int most = (UINT16_MAX - 4) / 12 - 1;

	for (int i = 0; i < most; i++)
		zones.push_back({i, static_cast<uint32_t>(i) + 1, 0});
	ASSERT_OK(set(zones));
	more = get_all();
	EXPECT_EQ(more.at(0), (ovs_zone_limit{REST, 0, 0}));
	more.erase(more.begin());
	EXPECT_EQ(more, zones);
	EXPECT_EQ(get(zones), zones);
	ASSERT_OK(set({{most, 1, 0}}));
	EXPECT_REFUSED(ask_limit(dp.socket(), OVS_CT_LIMIT_CMD_GET, {}), EMSGSIZE);
	EXPECT_EQ(get({{most, 0, 0}}), (Zones{{most, 1, 0}}));
}

class HazardLimit : public CtLimit
{
protected:
	/** From another namespace, until told otherwise. Every packet is a new connection. */
	static void flood(const Netns &outside, const std::string &device, std::atomic<bool> &stop)
	{
		Tap tap(outside, device);
		uint16_t port = 1;

		while (!stop && tap.try_send(udp_frame(port++, 2000)) != ENXIO)
			;
	}
};

/* H21: every byte of an answer was written by somebody: none is stale. */
TEST_F(HazardLimit, H21AnswerHoldsNothingElse)
{
	ASSERT_OK(set({{1, 2, 0xdeadbeef}}));
	for (int i = 0; i < 100; i++) {
		const Answer answer =
			ask_limit(dp.socket(), OVS_CT_LIMIT_CMD_GET, zone_attrs({{1, 0xdead, 0xbeef}}));

		ASSERT_EQ(answer.messages.size(), 1u);
		EXPECT_EQ(mf::to_hex(View(answer.messages[0]).subspan(20)),
			  "00000000" "10000100" "01000000" "02000000" "00000000");
	}
}

/* H34, H35: a namespace ends while packets are committed in its zones. KASAN watches. */
TEST(HazardLimitTeardown, H34H35NamespaceEndsUnderTraffic)
{
	for (int round = 0; round < 10; round++) {
		const Netns outside;
		std::atomic<bool> stop = false;
		std::thread traffic;
		{
			Netns ns;
			Datapath dp(ns);
			Zones zones{{REST, 5, 0}};

			for (int i = 0; i < 500; i++)
				zones.push_back({i, 50, 0});
			ASSERT_OK(ask_limit(dp.socket(), OVS_CT_LIMIT_CMD_SET, zone_attrs(zones)));
			veth_add(ns, "p1", "p1x", &outside);
			dp.add("p1");
			dp.flow(from(1), "ct(commit,zone=1),ct(commit,zone=7),ct(commit,zone=600)");
			traffic = std::thread([&] {
				Tap tap(outside, "p1x");
				uint16_t port = 1;

				while (!stop && !tap.try_send(udp_frame(port++, 2000)))
					;
			});
			usleep(50000);
			dp.forget();
		}
		/* The namespace is gone with its last socket; its devices go with it. */
		for (int i = 0; i < 500 && link_find(outside, "p1x"); i++)
			usleep(20000);
		EXPECT_FALSE(link_find(outside, "p1x")) << "round " << round;
		stop = true;
		traffic.join();
	}
}

/* H36: limits are set, deleted and listed at once, while packets ask for them. lockdep watches. */
TEST_F(HazardLimit, H36ChangedFromAllSides)
{
	std::atomic<bool> stop = false;
	std::vector<std::thread> threads;

	dp.flow(from(1), "ct(commit,zone=1),ct(commit,zone=2)");
	threads.emplace_back([&] { flood(ns, "p1x", stop); });
	for (int t = 0; t < 3; t++)
		threads.emplace_back([&, t] {
			Netlink own(ns);

			for (uint32_t i = 1; !stop; i++) {
				const Zones zones{{static_cast<int>(i % 3), i, 0}, {REST, i, 0}};
				const uint8_t change = i % 5 ? OVS_CT_LIMIT_CMD_SET : OVS_CT_LIMIT_CMD_DEL;

				if (t)
					EXPECT_OK(ask_limit(own, change, zone_attrs(zones)));
				else
					EXPECT_OK(ask_limit(own, OVS_CT_LIMIT_CMD_GET, {}));
			}
		});
	sleep(2);
	stop = true;
	for (std::thread &thread : threads)
		thread.join();
	ASSERT_OK(set({{1, 7, 0}}));
	EXPECT_EQ(get({{1, 0, 0}}).at(0).limit, 7u);
}

/* H73: those who commit at once do not get past a limit together. */
TEST_F(HazardLimit, H73CommittedAtOnce)
{
	static constexpr int LIMIT = 40;
	std::vector<std::thread> threads;
	std::atomic<int> passed = 0;

	ASSERT_OK(set({{5, LIMIT, 0}}));
	for (int t = 0; t < 4; t++)
		threads.emplace_back([&, t] {
			Netlink own(ns);

			for (int i = 0; i < 100; i++) {
				AttrWriter attrs, key;

				attrs.put(OVS_PACKET_ATTR_PACKET,
					  udp_frame(static_cast<uint16_t>(1000 + 100 * t + i)));
				attrs.put(OVS_PACKET_ATTR_KEY, {});
				attrs.put(OVS_PACKET_ATTR_ACTIONS,
					  actions_of_text("ct(commit,zone=5)"));
				passed += ask(own, OVS_PACKET_FAMILY, OVS_PACKET_CMD_EXECUTE,
					      dp.ifindex(), attrs)
						  .ok();
			}
		});
	for (std::thread &thread : threads)
		thread.join();
	EXPECT_LE(passed, LIMIT);
	/* Whoever was turned down while others were counted may come back. */
	usleep(100000);
	EXPECT_EQ(passed + committed(LIMIT, 5, 3000), LIMIT);
	usleep(100000);
	EXPECT_EQ(count(5), static_cast<uint32_t>(LIMIT));
}
