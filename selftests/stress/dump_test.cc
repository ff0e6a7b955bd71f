// SPDX-License-Identifier: GPL-2.0-only
/* Dumps of very many flows while packets run, and while other flows come and go. */
#include "flood.h"

#include <algorithm>
#include <chrono>
#include <unistd.h>

using namespace lab;
using stress::Flood;

namespace
{

/** Wakes every millisecond, and remembers how late it was at worst. */
class Heartbeat
{
public:
	Heartbeat() : worker([this] { run(); }) {}

	~Heartbeat()
	{
		stop = true;
		worker.join();
	}

	std::chrono::milliseconds longest() const { return std::chrono::milliseconds(worst); }

private:
	void run()
	{
		using clock = std::chrono::steady_clock;

		for (auto last = clock::now(); !stop;) {
			usleep(1000);
			const auto now = clock::now();
			const auto gap = std::chrono::duration_cast<std::chrono::milliseconds>(now - last);

			worst = std::max<int64_t>(worst, gap.count());
			last = now;
		}
	}

	std::atomic<bool> stop{false};
	std::atomic<int64_t> worst{0};
	std::thread worker;
};

/** Flows of which each has a number, as its IPv4 source address and in its UFID. */
class Numbered
{
public:
	/* One text parsed, many flows made of it. */
	explicit Numbered(Datapath &datapath)
	    : dp(datapath), model(dp.flow_request(OVS_FLOW_CMD_NEW,
						  "in_port(2),eth(),eth_type(0x0800),ipv4(src=170.170.170.170)",
						  {.actions = "1", .ufid = ufid(0), .flags = NLM_F_CREATE | NLM_F_EXCL})),
	      source_at(place_of(hex("aaaaaaaa"))), ufid_at(place_of(ufid(0)))
	{
	}

	void add(Netlink &via, uint32_t number) const
	{
		Request asked = model;

		for (const size_t at : {source_at, ufid_at})
			mf::store_be(std::span(asked.bytes()).subspan(at, 4), number);
		EXPECT_OK(via.ask(asked));
	}

	void remove(Netlink &via, uint32_t number) const
	{
		Request asked = dp.flow_request(OVS_FLOW_CMD_DEL, "", {.ufid = ufid(number)});

		EXPECT_OK(via.ask(asked));
	}

	/** How often each of the first ones comes in a dump. */
	std::vector<unsigned> dump(uint32_t first_ones) const
	{
		std::vector<unsigned> times(first_ones);

		for (const mf::Flow &flow : dp.dump_flows())
			if (const uint64_t number = mf::load_be(View(flow.ufid).first(4)); number < first_ones)
				times[number]++;
		return times;
	}

private:
	static Bytes ufid(uint32_t number)
	{
		Bytes bytes(16, 0x5a);

		mf::store_be(std::span(bytes).first(4), number);
		return bytes;
	}

	/** Where the model has those bytes. */
	size_t place_of(const Bytes &bytes)
	{
		const Bytes &all = model.bytes();

		return static_cast<size_t>(std::search(all.begin(), all.end(), bytes.begin(), bytes.end()) - all.begin());
	}

	Datapath &dp;
	Request model;
	size_t source_at, ufid_at;
};

} // namespace

TEST(Dump, H96_ManyFlowsUnderTraffic)
{
	/* A kernel that checks every access takes ten times as long. */
	const int flows = stress::checking_kernel() ? 20000 : 200000;
	const Netns ns;
	Upcalls upcalls(ns);
	Datapath dp(ns);
	const Wire p1(ns, dp, "p1", upcalls.pid());
	const Wire p2(ns, dp, "p2", upcalls.pid());

	stress::busy_flows(dp, upcalls.pid());
	const size_t before = dp.dump_flows().size();
	for (int i = 0; i < flows; i++)
		dp.flow(fmt::format("in_port(2),eth(),eth_type(0x0800),ipv4(src=10.{}.{}.{})", i >> 16,
				    i >> 8 & 255, i & 255), "1");

	const Flood flood(ns, "p1x");
	const Heartbeat heart;
	for (int round = 0; round < 3; round++)
		EXPECT_EQ(dp.dump_flows().size(), before + flows);
	EXPECT_GT(flood.sent(), 0u);
	EXPECT_LT(heart.longest(), std::chrono::seconds(5));
	fmt::print("{} flows, longest pause {} ms\n", flows, heart.longest().count());
}

TEST(Dump, ExactlyOnceUnderChurn)
{
	const uint32_t stay = stress::checking_kernel() ? 5000 : 200000, go = stay / 2;
	const Netns ns;
	Datapath dp(ns);
	const Wire p1(ns, dp, "p1");
	const Wire p2(ns, dp, "p2");
	Numbered flows(dp);
	std::atomic<bool> stop{false};
	std::atomic<uint64_t> changes{0};

	/* Two that stay, then one that goes: they share whatever a table keeps them in. */
	for (uint32_t i = 0; i < go; i++) {
		flows.add(dp.socket(), 2 * i);
		flows.add(dp.socket(), 2 * i + 1);
		flows.add(dp.socket(), stay + i);
	}
	std::thread churn([&] {
		Netlink own(ns);

		for (uint32_t i = 0; !stop; i = (i + 7919) % go, changes++) {
			flows.remove(own, stay + i);
			flows.add(own, stay + i);
		}
	});
	{
		const Flood flood(ns, "p2x", {udp_frame()});

		for (int round = 0; round < 3; round++) {
			const uint64_t before = changes;
			const auto times = flows.dump(stay);

			EXPECT_EQ(std::count(times.begin(), times.end(), 0u), 0) << "flows that are missing";
			EXPECT_EQ(std::count(times.begin(), times.end(), 1u), stay) << "flows that came once";
			EXPECT_GT(changes, before) << "nothing changed meanwhile: this proves nothing";
		}
		EXPECT_GT(flood.sent(), 0u);
	}
	stop = true;
	churn.join();
	fmt::print("{} flows that stay, {} changes\n", stay, changes.load());
}
