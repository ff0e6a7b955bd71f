// SPDX-License-Identifier: GPL-2.0-only
/* Dumps of very many flows while packets run. */
#include "flood.h"

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
