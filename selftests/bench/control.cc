/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What control-plane threads get done beside each other.
 *
 *   control MODULE SECONDS
 *
 * Makes datapaths of its own and prints lines of
 *
 *   MODULE WHAT OPERATIONS-A-SECOND
 *
 * where WHAT is `flows-alone`, one thread that installs and deletes flows;
 * `flows-1` and `flows-2`, two such threads with a datapath each, at the same time;
 * `ports-alone`, one thread that creates and deletes internal ports; `flows-beside`
 * and `ports-beside`, one of either kind in one datapath, at the same time.
 */
#include "action.h"
#include "error.h"
#include "port.h"
#include "stage.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <functional>
#include <thread>

namespace
{

constexpr unsigned FLOWS = 1000;
constexpr uint64_t SEED = 20261123;

using Stop = std::atomic<bool>;
/* Does operations until it is told to stop; returns their number. */
using Work = std::function<uint64_t(const Stop &)>;

/* Installs flows of one mask and deletes them, over and over. */
uint64_t put_flows(int dp, const Stop &stop)
{
	bench::Random random(SEED);
	mf::Client client;
	const mf::Bytes drop;
	std::vector<mf::Request> install, remove;
	uint64_t done = 0;

	for (const bench::Flow &flow : bench::shape_of("exact").make(1, FLOWS, random)) {
		const auto index = static_cast<uint32_t>(install.size());

		install.push_back(bench::flow_request(client, dp, index, flow.key, flow.mask, drop));
		remove.push_back(bench::flow_removal(client, dp, index));
	}
	while (!stop)
		for (std::vector<mf::Request> *batch : {&install, &remove})
			for (mf::Request &request : *batch) {
				client.transact(request);
				done++;
			}
	return done;
}

/* Creates an internal port and deletes it, over and over. */
uint64_t change_ports(int dp, const Stop &stop)
{
	mf::Client client;
	mf::PortWish wish;
	uint64_t done = 0;

	wish.name = "control-port";
	wish.type = OVS_VPORT_TYPE_INTERNAL;
	wish.upcall_pids = {0};
	while (!stop) {
		mf::delete_port(client, dp, mf::new_port(client, dp, wish).number);
		done += 2;
	}
	return done;
}

/* Runs them beside each other; returns what each did in a second. */
std::vector<double> race(unsigned seconds, const std::vector<Work> &works)
{
	std::vector<double> rates(works.size());
	std::vector<std::thread> threads;
	Stop stop{false};

	for (size_t i = 0; i < works.size(); i++)
		threads.emplace_back([&, i] {
			const auto begin = std::chrono::steady_clock::now();
			const auto done = static_cast<double>(works[i](stop));

			rates[i] = done / std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
		});
	std::this_thread::sleep_for(std::chrono::seconds(seconds));
	stop = true;
	for (std::thread &thread : threads)
		thread.join();
	return rates;
}

void run(const std::string &module, unsigned seconds)
{
	const bench::OwnDatapath first("control1"), second("control2");
	const auto flows = [](int dp) { return [dp](const Stop &stop) { return put_flows(dp, stop); }; };
	const auto ports = [](int dp) { return [dp](const Stop &stop) { return change_ports(dp, stop); }; };
	const auto show = [&](const std::vector<const char *> &names, const std::vector<Work> &works) {
		const std::vector<double> rates = race(seconds, works);

		for (size_t i = 0; i < names.size(); i++)
			fmt::print("{} {} {:.0f}\n", module, names[i], rates[i]);
		std::fflush(stdout);
	};

	show({"flows-alone"}, {flows(first.ifindex)});
	show({"flows-1", "flows-2"}, {flows(first.ifindex), flows(second.ifindex)});
	show({"ports-alone"}, {ports(first.ifindex)});
	show({"flows-beside", "ports-beside"}, {flows(first.ifindex), ports(first.ifindex)});
}

} // namespace

int main(int argc, char **argv)
try {
	if (argc != 3)
		throw mf::UsageError("usage: control MODULE SECONDS");
	run(argv[1], static_cast<unsigned>(std::stoul(argv[2])));
	return 0;
} catch (const std::exception &error) {
	std::fprintf(stderr, "control: %s\n", error.what());
	return 1;
}
