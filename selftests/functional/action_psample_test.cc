// SPDX-License-Identifier: GPL-2.0-only
/* PSAMPLE: what listeners of the kernel's psample get. */
#include "lab.h"

#include <linux/genetlink.h>
#include <linux/psample.h>
#include <sys/utsname.h>

/* Newer than the headers that this is built with. */
static constexpr uint16_t SAMPLE_COOKIE = 15;
static constexpr uint16_t SAMPLE_PROBABILITY = 16;

using namespace lab;

class PsampleLab : public Lab
{
protected:
	void SetUp() override
	{
		utsname name{};
		int major = 0, minor = 0;

		uname(&name);
		ASSERT_EQ(sscanf(name.release, "%d.%d", &major, &minor), 2);
		if (std::pair(major, minor) >= std::pair(6, 11))
			return;
		/* The older kernels' samples carry no cookie: refused, and said so. */
		const Answer answer = dp.ask_flow(OVS_FLOW_CMD_NEW, from(1),
						  {.actions = "psample(group=5)", .flags = NLM_F_CREATE});
		if (is_megaflow())
			EXPECT_REFUSED(answer, EOPNOTSUPP);
		else
			EXPECT_REFUSED(answer, EINVAL);
		GTEST_SKIP() << "psample carries cookies since Linux 6.11";
	}

	/** Listens to samples; a flow that samples must have loaded the module. */
	std::unique_ptr<Netlink> listen()
	{
		auto netlink = std::make_unique<Netlink>(ns);
		const auto psample = netlink->find_family("psample");

		EXPECT_TRUE(psample);
		if (psample)
			netlink->join(psample->groups.at("packets"));
		return netlink;
	}

	/** Sends a frame to p1. @return the attributes of the sample, empty if none came */
	std::map<uint16_t, Bytes> sample(Netlink &netlink, const Bytes &frame = udp_frame())
	{
		std::map<uint16_t, Bytes> found;

		p1.tap.send(frame);
		const auto raw = netlink.receive();
		if (!raw)
			return found;
		for (const mf::Attr &attr : mf::split_attrs(View(*raw).subspan(NLMSG_HDRLEN + GENL_HDRLEN)))
			found[attr.type] = Bytes(attr.data.begin(), attr.data.end());
		return found;
	}

	static uint32_t number(const Bytes &bytes) { return mf::load<uint32_t>(bytes); }
};

TEST_F(PsampleLab, SampleHoldsGroupCookieRateAndPacket)
{
	/* OVS_PSAMPLE_ATTR_GROUP, OVS_PSAMPLE_ATTR_COOKIE */
	dp.flow(from(1), "psample(group=5,cookie=0x0102030405060708090a0b0c0d0e0f10),2");
	const auto netlink = listen();
	auto got = sample(*netlink);
	ASSERT_FALSE(got.empty());
	EXPECT_EQ(number(got[PSAMPLE_ATTR_SAMPLE_GROUP]), 5u);
	EXPECT_EQ(number(got[PSAMPLE_ATTR_SAMPLE_RATE]), UINT32_MAX);
	EXPECT_TRUE(got.contains(SAMPLE_PROBABILITY));
	EXPECT_BYTES(got[SAMPLE_COOKIE], hex("0102030405060708090a0b0c0d0e0f10"));
	EXPECT_BYTES(got[PSAMPLE_ATTR_DATA], udp_frame());
	EXPECT_EQ(number(got[PSAMPLE_ATTR_ORIGSIZE]), udp_frame().size());
	EXPECT_EQ(mf::load<uint16_t>(got[PSAMPLE_ATTR_IIFINDEX]), link_get(ns, "p1").ifindex);
	EXPECT_BYTES(p2.tap.receive_bytes(), udp_frame());
}

TEST_F(PsampleLab, NoCookieIsNone)
{
	dp.flow(from(1), "psample(group=7)");
	const auto netlink = listen();
	auto got = sample(*netlink);
	ASSERT_FALSE(got.empty());
	EXPECT_EQ(number(got[PSAMPLE_ATTR_SAMPLE_GROUP]), 7u);
	EXPECT_FALSE(got.contains(SAMPLE_COOKIE));
}

TEST_F(PsampleLab, RateIsTheSamplesAround)
{
	dp.flow(from(1), "sample(sample=100.0%,actions(psample(group=1))),2");
	const auto netlink = listen();
	EXPECT_EQ(number(sample(*netlink)[PSAMPLE_ATTR_SAMPLE_RATE]), UINT32_MAX);

	/* Half of them are sampled, and each says so. */
	dp.flush();
	dp.flow(from(1), "sample(sample=50.0%,actions(psample(group=1)))");
	for (int i = 0; i < 200; i++)
		p1.tap.send(udp_frame());
	int n = 0;
	while (const auto raw = netlink->receive(300)) {
		const auto attrs = mf::split_attrs(View(*raw).subspan(NLMSG_HDRLEN + GENL_HDRLEN));
		const uint32_t rate = mf::find_attr(attrs, PSAMPLE_ATTR_SAMPLE_RATE)->u32();

		EXPECT_NEAR(rate, UINT32_MAX / 2.0, 2.0);
		n++;
	}
	EXPECT_GT(n, 50);
	EXPECT_LT(n, 150);
}

TEST_F(PsampleLab, TruncIsHonouredAndForgotten)
{
	dp.flow(from(1), "trunc(14),psample(group=1),2");
	const auto netlink = listen();
	auto got = sample(*netlink);
	EXPECT_EQ(got[PSAMPLE_ATTR_DATA].size(), 14u);
	EXPECT_EQ(number(got[PSAMPLE_ATTR_ORIGSIZE]), udp_frame().size());
	EXPECT_EQ(p2.tap.receive_bytes().size(), udp_frame().size());
}

TEST_F(PsampleLab, NobodyListens)
{
	dp.flow(from(1), "psample(group=1),2");
	p1.tap.send(udp_frame());
	EXPECT_BYTES(p2.tap.receive_bytes(), udp_frame());
}

TEST_F(PsampleLab, BesideUserspace)
{
	dp.flow(from(1), fmt::format("sample(sample=100.0%,actions(psample(group=1,cookie=0x0a),"
				     "userspace(pid={})))", upcalls.pid()));
	const auto netlink = listen();
	EXPECT_FALSE(sample(*netlink).empty());
	EXPECT_TRUE(upcalls.next());
}

TEST_F(PsampleLab, DumpIsWhatWasInstalled)
{
	for (const char *text : {"psample(group=1)", "psample(group=4294967295,cookie=0xaabb),2",
				 "sample(sample=50.0%,actions(psample(group=1),2))"}) {
		dp.flow(from(1), text);
		const Bytes dumped = dp.get_flow(from(1)).actions.value();
		EXPECT_EQ(dp.actions_of(from(1)), text);
		EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_NEW, from(2),
				      {.actions = "hex:" + mf::to_hex(dumped), .flags = NLM_F_CREATE}));
		EXPECT_BYTES(dp.get_flow(from(2)).actions.value(), dumped);
		dp.flush();
	}
}

TEST_F(PsampleLab, BadOnesAreRefused)
{
	static constexpr struct {
		const char *what, *list;
		int error;
	} rows[] = {
		{"not marked as nested", "0c00 1900 0800 0100 05000000", EINVAL},
		{"no group", "0400 1980", EINVAL},
		{"17 bytes of cookie",
		 "2400 1980 0800 0100 05000000 1500 0200 0102030405060708090a0b0c0d0e0f1011 000000",
		 ERANGE},
		{"unknown attribute", "1400 1980 0800 0100 05000000 0800 0300 00000000", EINVAL},
	};

	for (const auto &row : rows)
		EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_NEW, from(1),
					   {.actions = "hex:" + mf::to_hex(hex(row.list)),
					    .flags = NLM_F_CREATE}), row.error) << row.what;
}
