/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Installs and deletes flows at a rate, on CPU 1, until it is told to end by SIGTERM.
 *
 *   churn MODULE DATAPATH IN-PORT RATE LIVE
 *
 * Each flow is deleted when LIVE others have come after it. Prints a line of
 *
 *   MODULE INSTALLS DELETES
 *
 * with what it got done a second.
 */
#include "datapath.h"
#include "error.h"
#include "stage.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fmt/format.h>

namespace
{

/* Ticks of the clock by which the rate is kept. */
constexpr unsigned A_SECOND = 100;
/* Not the UFIDs of the flows that packets match. */
constexpr uint32_t FIRST_INDEX = 1 << 24;
constexpr uint64_t SEED = 20261128;

volatile std::sig_atomic_t stop;

/* Flows in a ring: the one that is LIVE behind the next to be installed goes. */
struct Ring {
	std::vector<mf::Request> install, remove;
	size_t live;
	uint64_t installs = 0, deletes = 0;

	void step(mf::Client &client)
	{
		client.transact(install[installs % install.size()]);
		installs++;
		if (installs > live) {
			client.transact(remove[deletes % remove.size()]);
			deletes++;
		}
	}
};

Ring make_ring(mf::Client &client, int dp, uint32_t port, unsigned live)
{
	bench::Random random(SEED);
	Ring ring{.install = {}, .remove = {}, .live = live};

	for (bench::Flow flow : bench::shape_of("exact").make(1, 2 * live, random)) {
		const auto index = static_cast<uint32_t>(FIRST_INDEX + ring.install.size());

		flow.key.in_port = port;
		ring.install.push_back(bench::flow_request(client, dp, index, flow.key, flow.mask, {}));
		ring.remove.push_back(bench::flow_removal(client, dp, index));
	}
	return ring;
}

void run(const std::string &module, const std::string &datapath, uint32_t port, unsigned rate, unsigned live)
{
	using clock = std::chrono::steady_clock;
	mf::Client client;
	Ring ring = make_ring(client, mf::get_datapath(client, datapath).ifindex, port, live);
	bench::Pace pace(A_SECOND);

	bench::stay_on(1);
	for (unsigned i = 0; i < live; i++)
		ring.step(client);
	const uint64_t installs = ring.installs, deletes = ring.deletes;
	const auto begin = clock::now();

	while (!stop) {
		for (unsigned i = 0; i < rate / A_SECOND && !stop; i++)
			ring.step(client);
		pace.wait();
	}
	const double seconds = std::chrono::duration<double>(clock::now() - begin).count();

	fmt::print("{} {:.0f} {:.0f}\n", module, static_cast<double>(ring.installs - installs) / seconds,
		   static_cast<double>(ring.deletes - deletes) / seconds);
}

} // namespace

int main(int argc, char **argv)
try {
	if (argc != 6)
		throw mf::UsageError("usage: churn MODULE DATAPATH IN-PORT RATE LIVE");
	const auto number = [argv](int i) { return static_cast<unsigned>(std::stoul(argv[i])); };

	std::signal(SIGTERM, [](int) { stop = 1; });
	run(argv[1], argv[2], number(3), number(4), number(5));
	return 0;
} catch (const std::exception &error) {
	std::fprintf(stderr, "churn: %s\n", error.what());
	return 1;
}
