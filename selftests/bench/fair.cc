/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whom user space hears of when one port floods.
 *
 *   fair MODULE SECONDS
 *
 * 64 internal ports; nothing matches any flow. On one of them a thread sends ever new
 * microflows as fast as it can, on each of the others another one ten packets a second. A
 * listener reads less than the flood sends, at a rate, and what is left when the senders have
 * stopped. Prints lines of
 *
 *   MODULE MODE WHO SENT HEARD SECONDS LEAST
 *
 * where MODE is `per-cpu`, one socket for the misses of all CPUs, so of all ports, or
 * `per-port`, a socket for each port; WHO is `idle` or `flood`; and HEARD counts the upcalls
 * that user space has received of what was SENT on such ports meanwhile; LEAST is the share in percent of the port that was
 * heard least.
 */
#include "error.h"
#include "packet.h"
#include "stage.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <fmt/format.h>
#include <linux/netlink.h>
#include <map>
#include <memory>
#include <thread>

namespace
{

constexpr unsigned PORTS = 64; /* the first one floods */
constexpr unsigned A_SECOND = 10;
constexpr unsigned READ_A_SECOND = 5000;
/* Upcalls that are read at once, before the listener rests. */
constexpr unsigned AT_ONCE = 50;
/* Of a socket of Open vSwitch's. */
constexpr int RECEIVE_BUFFER = 1 << 20;
/* Where the IPv4 source address is in a frame. */
constexpr size_t SOURCE = 26;
constexpr uint64_t SEED = 20261128;

/* A frame of a microflow that has a number. */
bench::Frame frame_of(const bench::Frame &model, uint32_t microflow)
{
	bench::Frame frame = model;

	mf::store_be(std::span(frame).subspan(SOURCE, 4), microflow);
	return frame;
}

/* Frames of ports, and upcalls that user space got of them. */
struct Tally {
	uint64_t sent = 0, heard = 0;
	double least = 100;

	double share() const { return sent ? 100 * static_cast<double>(heard) / static_cast<double>(sent) : 0; }

	void add(const Tally &port)
	{
		sent += port.sent;
		heard += port.heard;
		least = std::min(least, port.share());
	}
};

class Contest
{
public:
	explicit Contest(bool per_cpu)
	{
		bench::Random random(SEED);

		model = bench::frame_of(bench::shape_of("exact").make(1, 1, random).at(0), random);
		for (unsigned i = 0; i < (per_cpu ? 1 : PORTS); i++) {
			sockets.push_back(std::make_unique<mf::Socket>(NETLINK_GENERIC));
			sockets.back()->set_receive_buffer(RECEIVE_BUFFER);
		}
		if (per_cpu) {
			mf::DatapathWish wish;

			wish.user_features = OVS_DP_F_DISPATCH_UPCALL_PER_CPU;
			wish.per_cpu_pids = {sockets[0]->portid()};
			mf::set_datapath(client, NAME, wish);
		}
		for (unsigned i = 0; i < PORTS; i++) {
			const std::string name = fmt::format("fair-{}", i);

			index[bench::add_port(client, dp.ifindex, name, per_cpu ? 0 : sockets[i]->portid())] = i;
			wires.push_back(std::make_unique<bench::Wire>(name));
		}
	}

	/* Runs it; returns how long the idle ports were watched. */
	double run(unsigned seconds)
	{
		using clock = std::chrono::steady_clock;
		std::thread listener([this] { listen(); });
		std::thread flooding([this] { flood(); });

		/* Before the flood is one there is nothing to see. */
		while (lost() < 1000)
			std::this_thread::sleep_for(std::chrono::milliseconds(10));
		const uint64_t before = lost();
		const auto begin = clock::now();
		whisper(seconds);
		const double took = std::chrono::duration<double>(clock::now() - begin).count();
		const uint64_t after = lost();

		stop = true;
		flooding.join();
		done = true;
		listener.join();
		if (after < before + 1000)
			throw mf::Error("the flood came to an end: this proves nothing");
		return took;
	}

	/* What became of the frames of some ports. */
	Tally sum_of(unsigned first, unsigned end) const
	{
		Tally sum;

		for (unsigned i = first; i < end; i++)
			sum.add(tally[i]);
		return sum;
	}

private:
	static constexpr const char *NAME = "fair";

	uint64_t lost() { return mf::get_datapath(client, NAME).stats.n_lost; }

	void flood()
	{
		for (uint32_t i = 0; !stop; i++)
			tally[0].sent += wires[0]->send(frame_of(model, i));
	}

	/* The idle ports take turns, so that each has its rate and there are no bursts. */
	void whisper(unsigned seconds)
	{
		bench::Pace pace(A_SECOND * (PORTS - 1));

		for (uint32_t round = 0; round < seconds * A_SECOND; round++)
			for (unsigned i = 1; i < PORTS; i++) {
				tally[i].sent += wires[i]->send(frame_of(model, round));
				pace.wait();
			}
	}

	/* Reads an upcall of each socket that has one, up to a number in all. */
	unsigned read(unsigned most)
	{
		unsigned n = 0;

		for (size_t i = 0; i < sockets.size() && n < most; i++) {
			turn = (turn + 1) % sockets.size();
			n += sockets[turn]->receive(0, [this](const mf::Message &message) { count(message); });
		}
		return n;
	}

	void count(const mf::Message &message)
	{
		const mf::Upcall upcall = mf::parse_upcall(message);

		/* Nothing that a device may say by itself. */
		if (!upcall.is_miss || !std::equal(model.begin(), model.begin() + 12, upcall.packet.begin()))
			return;
		for (const mf::Attr &attr : mf::split_attrs(upcall.key))
			if (attr.type == OVS_KEY_ATTR_IN_PORT)
				tally[index.at(attr.u32())].heard++;
	}

	void listen()
	{
		bench::Pace pace(static_cast<double>(READ_A_SECOND) / AT_ONCE);

		while (!done) {
			for (unsigned n = 0, more = 1; more && n < AT_ONCE; n += more)
				more = read(AT_ONCE - n);
			pace.wait();
		}
		while (read(PORTS))
			;
	}

	mf::Client client;
	bench::OwnDatapath dp{NAME};
	std::vector<std::unique_ptr<mf::Socket>> sockets;
	std::vector<std::unique_ptr<bench::Wire>> wires;
	bench::Frame model;
	/* From a port's number to its place in the other lists. */
	std::map<uint32_t, unsigned> index;
	std::array<Tally, PORTS> tally;
	size_t turn = 0;
	std::atomic<bool> stop{false}, done{false};
};

} // namespace

int main(int argc, char **argv)
try {
	if (argc != 3)
		throw mf::UsageError("usage: fair MODULE SECONDS");
	for (const bool per_cpu : {true, false}) {
		Contest contest(per_cpu);
		const double seconds = contest.run(static_cast<unsigned>(std::stoul(argv[2])));
		const auto show = [&](const char *who, const Tally &tally) {
			fmt::print("{} {} {} {} {} {:.2f} {:.2f}\n", argv[1], per_cpu ? "per-cpu" : "per-port", who,
				   tally.sent, tally.heard, seconds, tally.least);
		};

		show("idle", contest.sum_of(1, PORTS));
		show("flood", contest.sum_of(0, 1));
		std::fflush(stdout);
	}
	return 0;
} catch (const std::exception &error) {
	std::fprintf(stderr, "fair: %s\n", error.what());
	return 1;
}
