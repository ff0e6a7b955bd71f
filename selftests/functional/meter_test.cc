// SPDX-License-Identifier: GPL-2.0-only
/* Meters: the family, and what the action does to packets. */
#include "lab.h"

#include "meter.h"

#include <thread>
#include <unistd.h>

using namespace lab;

/** A band as user space sends it; what is absent is left out. */
struct BandAsk {
	std::optional<uint32_t> type = OVS_METER_BAND_TYPE_DROP;
	std::optional<uint32_t> rate = 1;
	std::optional<uint32_t> burst = 1;
};

static AttrWriter meter_attrs(uint32_t id, const std::vector<BandAsk> &bands, bool kbps = false)
{
	AttrWriter attrs;

	attrs.u32(OVS_METER_ATTR_ID, id);
	if (kbps)
		attrs.flag(OVS_METER_ATTR_KBPS);
	const size_t all = attrs.begin(OVS_METER_ATTR_BANDS);
	for (const BandAsk &band : bands) {
		const size_t nest = attrs.begin(OVS_BAND_ATTR_UNSPEC);

		if (band.type)
			attrs.u32(OVS_BAND_ATTR_TYPE, *band.type);
		if (band.rate)
			attrs.u32(OVS_BAND_ATTR_RATE, *band.rate);
		if (band.burst)
			attrs.u32(OVS_BAND_ATTR_BURST, *band.burst);
		attrs.end(nest);
	}
	attrs.end(all);
	return attrs;
}

static AttrWriter id_attr(uint32_t id)
{
	AttrWriter attrs;

	attrs.u32(OVS_METER_ATTR_ID, id);
	return attrs;
}

class MeterAbi : public Lab
{
protected:
	Answer meter(uint8_t cmd, const AttrWriter &attrs, uint16_t flags = 0)
	{
		return ask(dp.socket(), OVS_METER_FAMILY, cmd, dp.ifindex(), attrs, flags);
	}

	Answer set(uint32_t id, const BandAsk &band, bool kbps = false)
	{
		return meter(OVS_METER_CMD_SET, meter_attrs(id, {band}, kbps));
	}

	mf::Meter get(uint32_t id)
	{
		const Answer answer = meter(OVS_METER_CMD_GET, id_attr(id));

		EXPECT_TRUE(answer.ok()) << answer.why;
		return answer.messages.empty() ? mf::Meter{} :
						 mf::parse_meter(message_of(answer.messages[0]));
	}

	/** Sends frames to p1. @return how many leave p2 */
	int flood(int n)
	{
		int out = 0;

		for (int i = 0; i < n; i++)
			p1.tap.send(udp_frame());
		while (!p2.tap.receive_bytes(out < n ? 300 : 0).empty())
			out++;
		return out;
	}
};

TEST_F(MeterAbi, Features)
{
	const Answer answer = meter(OVS_METER_CMD_FEATURES, {});

	ASSERT_OK(answer);
	const auto features = mf::parse_meter_features(message_of(answer.messages.at(0)));
	/* OVS_METER_ATTR_MAX_METERS, OVS_METER_ATTR_MAX_BANDS */
	EXPECT_GT(features.max_meters, 1000u);
	EXPECT_EQ(features.max_bands, 1u);
	EXPECT_EQ(features.band_types, std::vector<uint32_t>{OVS_METER_BAND_TYPE_DROP});
}

TEST_F(MeterAbi, SetGetDelete)
{
	EXPECT_REFUSED(meter(OVS_METER_CMD_GET, id_attr(7)), ENOENT);
	const Answer made = set(7, {.rate = 5, .burst = 6}, true);
	ASSERT_OK(made);
	EXPECT_EQ(mf::parse_meter(message_of(made.messages.at(0))).id, 7u);

	mf::Meter found = get(7);
	EXPECT_EQ(found.id, 7u);
	EXPECT_EQ(found.stats.n_packets, 0u);
	ASSERT_EQ(found.bands.size(), 1u);
	if (is_megaflow()) {
		EXPECT_EQ(mf::format_meter(found), "meter=7,kbps,band=type=drop,rate=5,burst_size=6");
	}

	const Answer deleted = meter(OVS_METER_CMD_DEL, id_attr(7));
	ASSERT_OK(deleted);
	EXPECT_TRUE(mf::find_attr(attrs_of(deleted.messages.at(0)), OVS_METER_ATTR_STATS));
	EXPECT_REFUSED(meter(OVS_METER_CMD_GET, id_attr(7)), ENOENT);
}

TEST_F(MeterAbi, DeletingWhatIsNotThereSucceeds)
{
	const Answer answer = meter(OVS_METER_CMD_DEL, id_attr(9));

	ASSERT_OK(answer);
	ASSERT_EQ(answer.messages.size(), 1u);
	EXPECT_TRUE(attrs_of(answer.messages[0]).empty());
}

TEST_F(MeterAbi, ReplacingTellsTheLastOfTheOld)
{
	dp.flow(from(1), "meter(3),2");
	ASSERT_OK(set(3, {.rate = 1000, .burst = 1000}));
	EXPECT_EQ(flood(2), 2);
	const Answer answer = set(3, {.rate = 2000, .burst = 2000});
	ASSERT_OK(answer);
	const mf::Meter old = mf::parse_meter(message_of(answer.messages.at(0)));
	EXPECT_EQ(old.id, 3u);
	EXPECT_EQ(old.stats.n_packets, 2u);
	EXPECT_EQ(get(3).stats.n_packets, 0u) << "a new meter begins at zero";
}

TEST_F(MeterAbi, GivenCountsAreTheFirst)
{
	const ovs_flow_stats given = {10, 1000};
	AttrWriter attrs = meter_attrs(3, {{}});

	attrs.put(OVS_METER_ATTR_STATS, mf::bytes_of(given));
	ASSERT_OK(meter(OVS_METER_CMD_SET, attrs));
	EXPECT_EQ(get(3).stats.n_packets, 10u);
	EXPECT_EQ(get(3).stats.n_bytes, 1000u);

	/* With CLEAR they are not, and who replaces it is told no counts. */
	attrs.flag(OVS_METER_ATTR_CLEAR);
	ASSERT_OK(meter(OVS_METER_CMD_SET, attrs));
	EXPECT_EQ(get(3).stats.n_packets, 0u);
	const Answer answer = meter(OVS_METER_CMD_SET, attrs);
	ASSERT_OK(answer);
	EXPECT_FALSE(mf::find_attr(attrs_of(answer.messages.at(0)), OVS_METER_ATTR_STATS));
}

TEST_F(MeterAbi, BadRequestsAreRefused)
{
	AttrWriter no_bands = id_attr(1);
	AttrWriter no_id;

	no_id.end(no_id.begin(OVS_METER_ATTR_BANDS));
	EXPECT_REFUSED(meter(OVS_METER_CMD_SET, no_bands), EINVAL);
	EXPECT_REFUSED(meter(OVS_METER_CMD_SET, no_id), EINVAL);
	EXPECT_REFUSED(meter(OVS_METER_CMD_GET, {}), EINVAL);
	EXPECT_REFUSED(meter(OVS_METER_CMD_DEL, {}), EINVAL);
	EXPECT_REFUSED(set(1, {.rate = 0}), EINVAL);
	EXPECT_REFUSED(set(1, {.type = std::nullopt}), EINVAL);
	EXPECT_REFUSED(set(1, {.rate = std::nullopt}), EINVAL);
	EXPECT_REFUSED(set(1, {.burst = std::nullopt}), EINVAL);
	EXPECT_REFUSED(meter(OVS_METER_CMD_SET, meter_attrs(1, {{}, {}})), EINVAL);
	for (uint8_t cmd : {OVS_METER_CMD_FEATURES, OVS_METER_CMD_SET, OVS_METER_CMD_GET,
			    OVS_METER_CMD_DEL})
		EXPECT_REFUSED(ask(dp.socket(), OVS_METER_FAMILY, cmd, 4711,
				   meter_attrs(1, {{}})), ENODEV) << int(cmd);
	EXPECT_REFUSED(meter(OVS_METER_CMD_GET, id_attr(1)), ENOENT);
}

TEST_F(MeterAbi, UnknownMeterPasses)
{
	dp.flow(from(1), "meter(99),2");
	EXPECT_EQ(flood(5), 5);
	EXPECT_EQ(dp.actions_of(from(1)), "meter(99),2");
}

TEST_F(MeterAbi, BurstPassesAndTheRestIsDropped)
{
	ASSERT_OK(set(1, {.rate = 1, .burst = 5}));
	dp.flow(from(1), "meter(1),2");
	const int out = flood(20);
	/* One may have trickled in on a slow machine, or a few. */
	EXPECT_GE(out, 5);
	EXPECT_LT(out, 20);
	const mf::Meter meter = get(1);
	EXPECT_EQ(meter.stats.n_packets, 20u);
	EXPECT_EQ(meter.stats.n_bytes, 20 * udp_frame().size());
	/* OVS_BAND_ATTR_STATS */
	EXPECT_EQ(meter.bands.at(0).exceeded.n_packets, 20u - static_cast<unsigned>(out));
	if (is_megaflow()) {
		EXPECT_EQ(dp.drops()["METER"], 20u - static_cast<unsigned>(out));
	}
}

TEST_F(MeterAbi, KilobitsAreCountedByLength)
{
	/* 8 kbit are a thousand bytes. */
	ASSERT_OK(set(1, {.rate = 1, .burst = 8}, true));
	dp.flow("in_port(1),eth(),eth_type(0x1234)", "meter(1),2");
	p1.tap.send(raw_frame(0x1234, pattern(986)));
	EXPECT_EQ(p2.tap.receive_bytes().size(), 1000u);
	p1.tap.send(raw_frame(0x1234, pattern(986)));
	EXPECT_TRUE(p2.tap.receive_bytes(300).empty());
	EXPECT_EQ(get(1).stats.n_bytes, 2000u);
	EXPECT_EQ(get(1).bands.at(0).exceeded.n_bytes, 1000u);
}

TEST_F(MeterAbi, FlowsShareOne)
{
	ASSERT_OK(set(1, {.rate = 1, .burst = 4}));
	dp.flow(from(1), "meter(1),3");
	dp.flow(from(2), "meter(1),3");
	for (int i = 0; i < 10; i++) {
		p1.tap.send(udp_frame());
		p2.tap.send(udp_frame());
	}
	int out = 0;
	while (!p3.tap.receive_bytes(300).empty())
		out++;
	EXPECT_GE(out, 4);
	EXPECT_LT(out, 20);
	EXPECT_EQ(get(1).stats.n_packets, 20u);
}

TEST_F(MeterAbi, DropEndsItsCopyOnly)
{
	ASSERT_OK(set(1, {.rate = 1, .burst = 0}));
	dp.flow(from(1), "clone(meter(1),3),2");
	EXPECT_EQ(flood(3), 3);
	EXPECT_TRUE(p3.tap.receive_bytes(100).empty());
}

TEST_F(MeterAbi, BucketFillsAgain)
{
	ASSERT_OK(set(1, {.rate = 50, .burst = 1}));
	dp.flow(from(1), "meter(1),2");
	for (int i = 0; i < 5; i++) {
		EXPECT_EQ(flood(1), 1) << i;
		usleep(50000);
	}
}

/* OVS_METER_ATTR_USED is when the last packet came. */
TEST_F(MeterAbi, UsedFollowsThePackets)
{
	ASSERT_OK(set(1, {.rate = 1000, .burst = 1000}));
	const uint64_t before = get(1).used.value();
	dp.flow(from(1), "meter(1),2");
	usleep(20000);
	EXPECT_EQ(flood(1), 1);
	const uint64_t after = get(1).used.value();
	EXPECT_GE(after, before + 20);
	EXPECT_LT(after, before + 60000);
}

TEST_F(MeterAbi, DumpShowsEachOnce)
{
	std::vector<uint32_t> ids;

	if (!is_megaflow())
		GTEST_SKIP() << "only Megaflow lists meters";
	for (uint32_t id = 0; id < 500; id++)
		ASSERT_OK(set(id * 3, {}));
	const Answer answer = meter(OVS_METER_CMD_GET, {}, NLM_F_DUMP);
	ASSERT_OK(answer);
	for (const Bytes &message : answer.messages)
		ids.push_back(mf::parse_meter(message_of(message)).id);
	ASSERT_EQ(ids.size(), 500u);
	for (uint32_t i = 0; i < 500; i++)
		EXPECT_EQ(ids[i], i * 3);
}

TEST_F(MeterAbi, DieWithTheirDatapath)
{
	for (int i = 0; i < 20; i++) {
		Datapath other(ns, "dp1");

		for (uint32_t id = 0; id < 20; id++)
			EXPECT_OK(ask(other.socket(), OVS_METER_FAMILY, OVS_METER_CMD_SET,
				      other.ifindex(), meter_attrs(id * 100000, {{}})));
	}
	EXPECT_REFUSED(meter(OVS_METER_CMD_GET, id_attr(0)), ENOENT);
}

class HazardMeter : public MeterAbi
{
};

/* ovs-vswitchd asks whether meters keep their numbers. */
TEST_F(HazardMeter, H93_ProbeOfVswitchd)
{
	for (uint32_t id : {1021u, 1022u})
		EXPECT_REFUSED(meter(OVS_METER_CMD_GET, id_attr(id)), ENOENT);
	for (uint32_t id : {1021u, 1022u})
		EXPECT_OK(set(id, {}, true));
	for (uint32_t id : {1021u, 1022u})
		EXPECT_EQ(get(id).id, id);
	for (uint32_t id : {1021u, 1022u})
		EXPECT_OK(meter(OVS_METER_CMD_DEL, id_attr(id)));
}

TEST_F(HazardMeter, H41_NumbersDoNotCollide)
{
	if (!is_megaflow())
		GTEST_SKIP() << "numbers share places there";
	EXPECT_OK(set(1, {.rate = 11}));
	EXPECT_OK(set(1025, {.rate = 22}));
	EXPECT_OK(set(1, {.rate = 33}));
	EXPECT_OK(set(UINT32_MAX, {.rate = 44}));
	EXPECT_EQ(get(1).bands.at(0).rate, 33u);
	EXPECT_EQ(get(1025).bands.at(0).rate, 22u);
	EXPECT_EQ(get(UINT32_MAX).bands.at(0).rate, 44u);
}

/* Meters come and go while packets use them: KASAN and kmemleak watch. */
TEST_F(HazardMeter, H42_ReplacedUnderTraffic)
{
	std::atomic<bool> stop = false;

	dp.flow(from(1), "meter(1),meter(2),2");
	std::thread traffic([&] {
		Tap tap(ns, "p1x");

		while (!stop)
			tap.try_send(udp_frame());
	});
	Netlink own(ns);
	for (uint32_t i = 0; i < 2000; i++) {
		const uint32_t id = 1 + i % 2;

		EXPECT_OK(ask(own, OVS_METER_FAMILY, i % 5 ? OVS_METER_CMD_SET : OVS_METER_CMD_DEL,
			      dp.ifindex(), meter_attrs(id, {{.rate = i + 1, .burst = i}})));
	}
	stop = true;
	traffic.join();
}

/* A burst that does not fit 32 bits of bits, and time enough to fill it. */
TEST_F(HazardMeter, H92_LargeBurstFillsAgain)
{
	const uint32_t gigabits = 5000000;

	ASSERT_OK(set(1, {.rate = gigabits, .burst = gigabits}, true));
	dp.flow(from(1), "meter(1),2");
	EXPECT_EQ(flood(5), 5);
	sleep(1);
	EXPECT_EQ(flood(50), 50);
	EXPECT_EQ(get(1).bands.at(0).exceeded.n_packets, 0u);
	ASSERT_OK(set(1, {.rate = UINT32_MAX, .burst = UINT32_MAX}, true));
	sleep(1);
	EXPECT_EQ(flood(5), 5);
}
