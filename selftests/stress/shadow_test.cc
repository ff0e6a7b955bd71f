// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table checks itself while flows come and go under traffic: every lookup is
 * done again by looking at all flows, and none may have another answer.
 */
#include "flood.h"

#include <chrono>
#include <fstream>
#include <random>

using namespace lab;

namespace
{

const std::string PARAMETERS = "/sys/module/openvswitch/parameters/";

uint64_t parameter(const std::string &name)
{
	std::ifstream file(PARAMETERS + name);
	uint64_t value = 0;

	EXPECT_TRUE(file >> value) << name;
	return value;
}

void set_parameter(const std::string &name, unsigned value)
{
	std::ofstream file(PARAMETERS + name);

	file << value << std::flush;
	EXPECT_TRUE(file) << name;
}

/** Sends frames of many ports at random. */
class Ports
{
public:
	Ports(const Netns &ns, const std::string &device, unsigned seed)
	    : tap(ns, device), dice(seed), worker([this] { run(); })
	{
	}

	~Ports()
	{
		stop = true;
		worker.join();
	}

private:
	void run()
	{
		while (!stop) {
			const uint32_t some = dice();

			/* Often one of a few, which a cache comes to know. */
			tap.try_send(some % 4 ? udp_frame(some >> 8 & 3, some >> 16 & 3)
					      : udp_frame(some >> 8 & 63, some >> 16 & 63));
		}
	}

	Tap tap;
	std::mt19937 dice;
	std::atomic<bool> stop{false};
	std::thread worker;
};

/** Puts and deletes flows whose masks overlap in every way, about 600 at a time. */
uint64_t churn(const Netns &ns, Datapath &dp, unsigned seed, std::chrono::steady_clock::time_point end)
{
	std::vector<std::string> there;
	std::mt19937 dice(seed);
	Netlink own(ns);
	uint64_t changes = 0;

	while (std::chrono::steady_clock::now() < end) {
		if (there.size() < 600 && dice() % 2) {
			const unsigned src = dice() % 64, dst = dice() % 64;
			const std::string key = fmt::format(
				"in_port({}),eth(),eth_type(0x0800),ipv4(proto=17),udp(src={}/{:#x},dst={}/{:#x})",
				1 + dice() % 2, src, dice() % 8 ? dice() % 64 : 0xffff, dst,
				dice() % 8 ? dice() % 64 : 0xffff);
			Request asked = dp.flow_request(OVS_FLOW_CMD_NEW, key,
							{.actions = "", .flags = NLM_F_CREATE});
			const Answer answer = own.ask(asked);

			EXPECT_TRUE(answer.ok() || answer.error == EEXIST) << answer.error << ' ' << answer.why;
			if (answer.ok()) {
				there.push_back(key);
				changes++;
			}
		} else if (!there.empty()) {
			const size_t i = dice() % there.size();
			Request gone = dp.flow_request(OVS_FLOW_CMD_DEL, there[i], {});

			EXPECT_OK(own.ask(gone));
			there[i] = there.back();
			there.pop_back();
			changes++;
		}
		if (dice() % 2000 == 0) {
			AttrWriter attrs;

			attrs.u32(OVS_DP_ATTR_MASKS_CACHE_SIZE, dice() % 3 ? 1u << dice() % 9 : 0);
			EXPECT_OK(ask(own, OVS_DATAPATH_FAMILY, OVS_DP_CMD_SET, dp.ifindex(), attrs));
		}
		/* Lookups are checked that no change falls into: leave them some time. */
		if (dice() % 8 == 0)
			std::this_thread::sleep_for(std::chrono::microseconds(500));
	}
	return changes;
}

} // namespace

TEST(Shadow, ChurnUnderTraffic)
{
	if (!is_megaflow())
		GTEST_SKIP() << "another module has no shadow";
	const Netns ns;
	Upcalls upcalls(ns);
	Datapath dp(ns);
	Wire p1(ns, dp, "p1", upcalls.pid());
	Wire p2(ns, dp, "p2", upcalls.pid());
	const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(stress::rounds(30));
	const uint64_t checked = parameter("shadow_checked");
	const uint64_t wrong = parameter("shadow_wrong");
	uint64_t changes = 0;

	set_parameter("shadow", 1);
	{
		const Ports one(ns, "p1x", 1);
		const Ports two(ns, "p2x", 2);
		std::thread drain([&] {
			while (std::chrono::steady_clock::now() < end) {
				stress::drain(upcalls);
				std::this_thread::sleep_for(std::chrono::milliseconds(20));
			}
		});

		changes = churn(ns, dp, 3, end);
		drain.join();
	}
	set_parameter("shadow", 0);

	const auto info = dp.info();
	fmt::print("{} changes, {} lookups checked of {}, {} by the cache, {} wrong\n", changes,
		   parameter("shadow_checked") - checked, info.stats.n_hit + info.stats.n_missed,
		   info.megaflow->n_cache_hit, parameter("shadow_wrong") - wrong);
	EXPECT_EQ(parameter("shadow_wrong"), wrong);
	EXPECT_GT(parameter("shadow_checked") - checked, 1000u);
	EXPECT_GT(changes, 100u);
	EXPECT_GT(info.megaflow->n_cache_hit, 0u);
}
