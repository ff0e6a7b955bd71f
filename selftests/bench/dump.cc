/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Dumps of very many flows while others come and go.
 *
 *   dump MODULE FLOWS ROUNDS churn|nothing
 *
 * FLOWS flows stay. Half as many more do not: a thread on CPU 1 deletes all of those and installs
 * them again, in ever new orders, as fast as it can; another one there sends packets that match. With
 * `nothing` all stay. The caller dumps on CPU 0, and after each dump computes there for as long. Prints
 * lines of
 *
 *   MODULE dump|rest whole|terse N MS MISSING TWICE HEARD LONGEST LEAST CHANGES PACKETS
 *
 * where MS is the time of each of N; MISSING and TWICE count flows that stay and did not come, or
 * came more than once, in all dumps; LONGEST and LEAST are of the times in which no softirq ran on
 * CPU 0 (heartbeat.h), in microseconds: the longest of all HEARD, and the longest of the best one. A
 * first round tells how long one takes and has no heartbeat, nor has what took far longer than that.
 * The last two are installs and deletes, and packets, a second.
 */
#include "error.h"
#include "heartbeat.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <functional>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <numeric>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace
{

constexpr unsigned MASKS = 16;
constexpr uint32_t TERSE = OVS_UFID_F_OMIT_KEY | OVS_UFID_F_OMIT_MASK | OVS_UFID_F_OMIT_ACTIONS;
constexpr uint64_t SEED = 20261128;

/* The flows: those below `stay` stay. A flow's index is in its UFID. */
struct Flows {
	std::vector<mf::Request> install, remove;
	std::vector<bench::Frame> frames;
	unsigned stay;
};

Flows make_flows(mf::Client &client, int dp, uint32_t port, unsigned stay)
{
	bench::Random random(SEED);
	Flows flows{.install = {}, .remove = {}, .frames = {}, .stay = stay};

	for (bench::Flow flow : bench::shape_of("tenants").make(MASKS, stay + stay / 2, random)) {
		const auto index = static_cast<uint32_t>(flows.install.size());

		flow.key.in_port = port;
		flows.install.push_back(bench::flow_request(client, dp, index, flow.key, flow.mask, {}));
		flows.remove.push_back(bench::flow_removal(client, dp, index));
		if (index < stay && index % (stay / 1000) == 0)
			flows.frames.push_back(bench::frame_of(flow, random));
	}
	return flows;
}

/* Those that go are mixed with those that stay, wherever a table keeps them. */
void install(mf::Client &client, Flows &flows)
{
	std::vector<unsigned> order(flows.install.size());
	bench::Random random(SEED);

	std::iota(order.begin(), order.end(), 0);
	std::shuffle(order.begin(), order.end(), random);
	for (const unsigned i : order)
		client.transact(flows.install[i]);
}

/* What runs beside the dumps. */
class Churn
{
public:
	Churn(Flows &flows, const std::string &port, bool nothing)
	{
		if (nothing)
			return;
		threads.emplace_back([this, &flows] { change(flows); });
		threads.emplace_back([this, &flows, port] { send(flows, port); });
	}
	~Churn()
	{
		stop = true;
		for (std::thread &thread : threads)
			thread.join();
	}

	std::atomic<uint64_t> changes{0}, packets{0};

private:
	void change(Flows &flows)
	{
		std::vector<unsigned> order(flows.install.size() - flows.stay);
		bench::Random random(SEED);
		mf::Client client;

		bench::stay_on(1);
		std::iota(order.begin(), order.end(), flows.stay);
		while (!stop)
			for (std::vector<mf::Request> *what : {&flows.remove, &flows.install}) {
				std::shuffle(order.begin(), order.end(), random);
				for (size_t i = 0; i < order.size() && !stop; i++) {
					client.transact((*what)[order[i]]);
					changes++;
				}
			}
	}

	void send(const Flows &flows, const std::string &port)
	{
		bench::Wire wire(port);

		bench::stay_on(1);
		while (!stop)
			for (const bench::Frame &frame : flows.frames)
				packets += wire.send(frame);
	}

	std::atomic<bool> stop{false};
	std::vector<std::thread> threads;
};

/* How often each flow that stays came. */
class Seen
{
public:
	explicit Seen(unsigned stay) : times(stay) {}

	void add(const nlmsghdr *message)
	{
		const auto *attr = reinterpret_cast<const nlattr *>(reinterpret_cast<const char *>(message) +
								     NLMSG_HDRLEN + GENL_HDRLEN + NLA_ALIGN(sizeof(int)));
		const auto *end = reinterpret_cast<const char *>(message) + message->nlmsg_len;

		while (reinterpret_cast<const char *>(attr + 1) <= end) {
			if (attr->nla_type == OVS_FLOW_ATTR_UFID) {
				uint32_t ufid[4];

				std::memcpy(ufid, attr + 1, sizeof(ufid));
				if (ufid[3] < times.size() && times[ufid[3]] < 2)
					times[ufid[3]]++;
				return;
			}
			attr = reinterpret_cast<const nlattr *>(reinterpret_cast<const char *>(attr) +
								NLA_ALIGN(attr->nla_len));
		}
		throw mf::Error("a flow has no UFID");
	}

	uint64_t count(uint8_t wanted) const
	{
		return static_cast<uint64_t>(std::count(times.begin(), times.end(), wanted));
	}

private:
	std::vector<uint8_t> times;
};

/* One dump, as it comes, since a copy of each message would cost more than the dump. */
Seen dump(mf::Client &client, int dp, unsigned stay, uint32_t ufid_flags)
{
	static uint8_t buffer[65536];
	mf::Request request = client.request(OVS_FLOW_FAMILY, OVS_FLOW_CMD_GET, NLM_F_DUMP, dp);
	const int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	Seen seen(stay);

	request.u32(OVS_FLOW_ATTR_UFID_FLAGS, ufid_flags);
	request.seal(1, 0);
	if (fd < 0 || send(fd, request.bytes().data(), request.bytes().size(), 0) < 0)
		bench::fail("dump");
	for (bool done = false; !done;) {
		const ssize_t got = recv(fd, buffer, sizeof(buffer), 0);

		if (got < 0)
			bench::fail("dump");
		auto left = static_cast<uint32_t>(got);
		for (auto *m = reinterpret_cast<nlmsghdr *>(buffer); !done && NLMSG_OK(m, left); m = NLMSG_NEXT(m, left)) {
			if (m->nlmsg_type == NLMSG_ERROR)
				throw mf::Error("the dump was refused");
			done = m->nlmsg_type == NLMSG_DONE;
			if (!done)
				seen.add(m);
		}
	}
	close(fd);
	return seen;
}

/* All that is known of the dumps of one kind, or of the rests after them. */
struct Sum {
	unsigned n = 0, heard = 0;
	double ms = 0;
	uint64_t missing = 0, twice = 0, longest = 0, least = UINT64_MAX, changes = 0, packets = 0;

	void print(const std::string &module, const char *what, const char *kind) const
	{
		const double seconds = ms / 1000;

		if (!heard)
			throw mf::Error(fmt::format("no heartbeat during any {} {}", kind, what));
		fmt::print("{} {} {} {} {:.1f} {} {} {} {:.1f} {:.1f} {:.0f} {:.0f}\n", module, what, kind, n, ms / n, missing,
			   twice, heard, static_cast<double>(longest) / 1000, static_cast<double>(least) / 1000,
			   static_cast<double>(changes) / seconds, static_cast<double>(packets) / seconds);
		std::fflush(stdout);
	}
};

/* Does something; what happened beside it goes to its sum at once, how the heart beat when that is known. */
class Watch
{
public:
	Watch(Sum &sum, const Churn &churn, const std::function<void()> &work) : sum(sum)
	{
		const uint64_t changes = churn.changes, packets = churn.packets;

		begin = bench::real_time();
		work();
		end = bench::real_time();
		sum.n++;
		sum.ms += static_cast<double>(took()) / 1e6;
		sum.changes += churn.changes - changes;
		sum.packets += churn.packets - packets;
	}

	uint64_t took() const { return end - begin; }

	void listen(const bench::Heartbeat &heart) const
	{
		const std::optional<uint64_t> late = heart.latest(begin, end);

		if (!late)
			return;
		sum.heard++;
		sum.longest = std::max(sum.longest, *late);
		sum.least = std::min(sum.least, *late);
	}

private:
	Sum &sum;
	uint64_t begin, end;
};

/* Computes as long as a dump took, and asks nothing of the kernel. */
void rest(uint64_t nanoseconds)
{
	const uint64_t end = bench::real_time() + nanoseconds;

	while (bench::real_time() < end)
		;
}

/* A dump of either kind, and a rest after each. */
std::vector<Watch> dump_round(mf::Client &client, int dp, const Flows &flows, const Churn &churn, Sum *dumps, Sum *rests)
{
	std::vector<Watch> watches;

	for (const bool terse : {false, true}) {
		watches.emplace_back(dumps[terse], churn, [&] {
			const Seen seen = dump(client, dp, flows.stay, terse ? TERSE : 0);

			dumps[terse].missing += seen.count(0);
			dumps[terse].twice += seen.count(2);
		});
		const uint64_t took = watches.back().took();
		watches.emplace_back(rests[terse], churn, [took] { rest(took); });
	}
	return watches;
}

double seconds_of(const std::vector<Watch> &watches)
{
	return std::accumulate(watches.begin(), watches.end(), 0.0,
			       [](double sum, const Watch &watch) { return sum + static_cast<double>(watch.took()) / 1e9; });
}

void run(const std::string &module, unsigned stay, unsigned rounds, bool nothing)
{
	mf::Client client;
	const bench::OwnDatapath dp("dump");
	Flows flows = make_flows(client, dp.ifindex, bench::add_port(client, dp.ifindex, "dump-in", 0), stay);
	bench::Heartbeat heart("beat", "beat-end");
	Sum dumps[2], rests[2];

	bench::stay_on(0);
	install(client, flows);
	const Churn churn(flows, "dump-in", nothing);
	/* How long the heart has to beat: as long as a round before took, and much more to be sure. */
	auto watches = dump_round(client, dp.ifindex, flows, churn, dumps, rests);
	for (unsigned i = 0; i < rounds; i++) {
		heart.start(2 + 3 * seconds_of(watches));
		watches = dump_round(client, dp.ifindex, flows, churn, dumps, rests);
		heart.finish();
		for (const Watch &watch : watches)
			watch.listen(heart);
	}
	for (const bool terse : {false, true}) {
		dumps[terse].print(module, "dump", terse ? "terse" : "whole");
		rests[terse].print(module, "rest", terse ? "terse" : "whole");
	}
}

} // namespace

int main(int argc, char **argv)
try {
	const std::string beside = argc == 5 ? argv[4] : "";

	if (beside != "churn" && beside != "nothing")
		throw mf::UsageError("usage: dump MODULE FLOWS ROUNDS churn|nothing");
	run(argv[1], static_cast<unsigned>(std::stoul(argv[2])), static_cast<unsigned>(std::stoul(argv[3])),
	    beside == "nothing");
	return 0;
} catch (const std::exception &error) {
	std::fprintf(stderr, "dump: %s\n", error.what());
	return 1;
}
