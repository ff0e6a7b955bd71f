/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One cell of the benchmark: a shape of flows in a datapath, and what it costs.
 *
 *   cell MODULE DATAPATH NAME MASKS FLOWS PACKETS[xROUNDS] SINK IN-DEVICE...
 *
 * NAME is a SHAPE, or KIND:SHAPE: time is for packets only, without installs,
 * dumps and upcalls; of the others (grow, victim, memory) cell_kinds.cc and
 * cell_memory.cc say what they do.
 * Hits are measured with packets that come again in each round (hit),
 * with packets of each round's own, random in what flows leave open (hit-fresh),
 * with the former and without the datapath's cache (hit-nocache), and, of exact
 * flows, chosen by Zipf's law with s = 1 instead of uniformly (hit-zipf).
 *
 * SINK, a device that is a port, gets all packets. The shape's input ports are
 * the IN-DEVICEs in order. With DATAPATH `-` the same packets go to SINK at
 * once: what sending costs by itself. With PACKETS 0 it installs the flows and
 * leaves them there. ROUNDS is three by default. Prints lines of
 *
 *   MODULE NAME MASKS FLOWS WHAT VALUE LEAST MOST NOTE...
 *
 * with nanoseconds for each flow or packet: the median of some rounds, and their
 * extremes. Under QEMU's -icount a nanosecond is an instruction.
 */
#include "cell.h"

#include "action.h"
#include "datapath.h"
#include "deferred.h"
#include "error.h"
#include "port.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench
{

std::string Cell::kind() const
{
	const size_t colon = name.find(':');

	return colon == std::string::npos ? "" : name.substr(0, colon);
}

std::string Cell::shape() const
{
	const size_t colon = name.find(':'), begin = colon == std::string::npos ? 0 : colon + 1;

	return name.substr(begin);
}

void Cell::print(const char *what, std::vector<double> values, const std::string &note) const
{
	std::sort(values.begin(), values.end());
	fmt::print("{} {} {} {} {} {:.1f} {:.1f} {:.1f} {}\n", module, name, masks, flows, what,
		   values[values.size() / 2], values.front(), values.back(), note);
	std::fflush(stdout);
}

Installer::Installer(const Cell &cell) : dp(mf::get_datapath(client, cell.datapath).ifindex)
{
	const auto port = [this](const std::string &name) {
		return mf::get_port(client, dp, name).number;
	};

	actions = mf::parse_actions("actions", std::to_string(port(cell.sink)), nullptr);
	for (const std::string &device : cell.devices)
		number.push_back(port(device));
}

std::vector<mf::Request> Installer::requests(const std::vector<Flow> &flows, uint32_t first)
{
	std::vector<mf::Request> out;

	for (Flow flow : flows) {
		flow.key.in_port = number.at(flow.key.in_port);
		out.push_back(flow_request(client, dp, first++, flow.key, flow.mask, actions));
	}
	return out;
}

double Installer::send(std::vector<mf::Request> &requests, size_t begin, size_t end)
{
	const uint64_t start = now();

	for (size_t i = begin; i < end; i++)
		client.transact(requests[i]);
	return static_cast<double>(now() - start) / static_cast<double>(end - begin);
}

void Installer::remove(uint32_t index)
{
	mf::Request request = flow_removal(client, dp, index);

	client.transact(request);
}

void Installer::remove_all()
{
	mf::Request flush = client.request(OVS_FLOW_FAMILY, OVS_FLOW_CMD_DEL, 0, dp);

	client.transact(flush);
}

void send_rounds(const Cell &cell, mf::Client &client, const char *what, Wire &wire,
		 const Refill &refill)
{
	std::vector<double> values;
	ovs_dp_stats before{};
	ovs_dp_megaflow_stats masks_before{};
	unsigned rounds = cell.rounds;

	for (unsigned i = 0; i <= rounds; i++) {
		if (refill)
			refill(wire);
		const double ns = wire.send();

		if (i) {
			values.push_back(ns);
			continue;
		}
		if (ns > DEAR_NS)
			rounds = 1;
		if (!cell.bare()) {
			const mf::Datapath dp = mf::get_datapath(client, cell.datapath);

			before = dp.stats;
			masks_before = dp.megaflow.value();
		}
	}
	if (cell.bare()) {
		cell.print(what, values);
		return;
	}
	const mf::Datapath after = mf::get_datapath(client, cell.datapath);
	const uint64_t hit = after.stats.n_hit - before.n_hit;
	const uint64_t missed = after.stats.n_missed - before.n_missed;
	const auto packets = static_cast<double>(hit + missed);

	cell.print(what, values,
		   fmt::format("hit {} missed {} lost {} masks-tried {:.2f} cached {:.2f} masks {}", hit,
			       missed, after.stats.n_lost - before.n_lost,
			       static_cast<double>(after.megaflow->n_mask_hit - masks_before.n_mask_hit) /
				       packets,
			       static_cast<double>(after.megaflow->n_cache_hit - masks_before.n_cache_hit) /
				       packets,
			       after.megaflow->n_masks));
}

namespace
{

/* A datapath without its cache for as long as this lives. */
class NoCache
{
public:
	NoCache(mf::Client &client_, std::string name_) : client(client_), name(std::move(name_))
	{
		before = mf::get_datapath(client, name).masks_cache_size.value();
		set(0);
	}
	~NoCache() { set(before); }
	NoCache(const NoCache &) = delete;
	NoCache &operator=(const NoCache &) = delete;

private:
	void set(uint32_t size)
	{
		mf::DatapathWish wish;

		wish.masks_cache_size = size;
		mf::set_datapath(client, name, wish);
	}

	mf::Client &client;
	std::string name;
	uint32_t before;
};

/* The frames of a shape's flows. */
class Traffic
{
public:
	using Make = Frame (*)(const Flow &flow, Random &random);

	Traffic(const std::vector<Flow> &flows_, Random &random_)
	    : flows(flows_), random(random_)
	{
		double sum = 0;

		for (size_t i = 1; i <= flows.size(); i++)
			sums.push_back(sum += 1 / static_cast<double>(i));
	}

	void fill(Wire &wire, Make make, unsigned packets, bool zipf = false)
	{
		wire.clear();
		for (unsigned i = 0; i < packets; i++) {
			const Flow &flow = flows[zipf ? by_zipf() : random() % flows.size()];

			wire.add(flow.key.in_port, make(flow, random));
		}
	}

	/** One for each flow. */
	void fill_each(Wire &wire)
	{
		wire.clear();
		for (const Flow &flow : flows)
			wire.add(flow.key.in_port, frame_of(flow, random));
	}

private:
	/* A flow's number is also its rank. */
	size_t by_zipf()
	{
		const double at = static_cast<double>(random() >> 11) * 0x1p-53 * sums.back();
		const auto found = std::upper_bound(sums.begin(), sums.end(), at);

		return std::min(static_cast<size_t>(found - sums.begin()), flows.size() - 1);
	}

	const std::vector<Flow> &flows;
	Random &random;
	std::vector<double> sums;
};

/* Installs them; prints what one cost, all of them and the last tenth. */
void install(const Cell &cell, Installer &installer, const std::vector<Flow> &flows)
{
	std::vector<mf::Request> requests = installer.requests(flows, 0);
	const size_t tail = requests.size() - requests.size() / 10;
	const double early = installer.send(requests, 0, tail);

	if (tail == requests.size()) {
		cell.print("install", {early});
		return;
	}
	const double late = installer.send(requests, tail, requests.size());
	const auto n = static_cast<double>(requests.size()), begun = static_cast<double>(tail);

	cell.print("install", {(early * begun + late * (n - begun)) / n});
	cell.print("install-last", {late});
}

/* Packets that match nothing cost about the same each, and many masks a lot. Where time counts, a call does, too. */
constexpr unsigned MISSES = 100;

constexpr uint32_t TERSE = OVS_UFID_F_OMIT_KEY | OVS_UFID_F_OMIT_MASK | OVS_UFID_F_OMIT_ACTIONS;

/* Reads all flows as raw messages, so that next to nothing is spent on this side. Returns nanoseconds. */
double dump_once(const Cell &cell, mf::Client &client, int dp, uint32_t ufid_flags)
{
	static uint8_t buffer[65536];
	mf::Request request = client.request(OVS_FLOW_FAMILY, OVS_FLOW_CMD_GET, NLM_F_DUMP, dp);
	const int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	unsigned flows = 0;
	bool done = false;

	request.u32(OVS_FLOW_ATTR_UFID_FLAGS, ufid_flags);
	request.seal(1, 0);
	const uint64_t begin = now();
	if (fd < 0 || ::send(fd, request.bytes().data(), request.bytes().size(), 0) < 0)
		fail("dump");
	while (!done) {
		auto left = static_cast<uint32_t>(recv(fd, buffer, sizeof(buffer), 0));

		for (auto *m = reinterpret_cast<nlmsghdr *>(buffer); NLMSG_OK(m, left); m = NLMSG_NEXT(m, left)) {
			done = m->nlmsg_type == NLMSG_DONE || m->nlmsg_type == NLMSG_ERROR;
			flows += !done;
		}
	}
	const uint64_t end = now();

	close(fd);
	if (flows != cell.flows)
		throw mf::Error(fmt::format("a dump of {} flows gave {}", cell.flows, flows));
	return static_cast<double>(end - begin) / flows;
}

void dump(const Cell &cell, mf::Client &client, int dp, const char *what, uint32_t ufid_flags)
{
	std::vector<double> values;

	/* What is put off by what was before has time to happen. */
	Workers().settle();
	for (unsigned i = 0; i < 3; i++)
		values.push_back(dump_once(cell, client, dp, ufid_flags));
	cell.print(what, values);
}

void send_hits(const Cell &cell, mf::Client &client, Wire &wire, Traffic &traffic)
{
	traffic.fill(wire, frame_of, cell.packets);
	send_rounds(cell, client, "hit", wire);
	if (cell.bare())
		return;
	{
		const NoCache without(client, cell.datapath);

		send_rounds(cell, client, "hit-nocache", wire);
	}
	send_rounds(cell, client, "hit-fresh", wire, [&](Wire &to) { traffic.fill(to, frame_of, cell.packets); });
	if (cell.shape() == "exact" && cell.flows > 1) {
		traffic.fill(wire, frame_of, cell.packets, true);
		send_rounds(cell, client, "hit-zipf", wire);
	}
}

/* Dumps before and after packets. */
void dump_both(const Cell &cell, Installer &installer, bool used)
{
	dump(cell, installer.client, installer.dp, used ? "dump-used" : "dump", 0);
	dump(cell, installer.client, installer.dp, used ? "dump-terse-used" : "dump-terse", TERSE);
}

/* A shape's flows: packets that match and packets that do not, and perhaps installs, dumps, removals. */
void run_packets(Cell &cell)
{
	const bool all = cell.kind().empty();
	Random random(SEED);
	const std::vector<Flow> flows = shape_of(cell.shape()).make(cell.masks, cell.flows, random);
	Wire wire(cell.bare() ? std::vector{cell.sink} : cell.devices);
	Traffic traffic(flows, random);
	mf::Client client;

	cell.flows = static_cast<unsigned>(flows.size());
	if (cell.bare()) {
		send_hits(cell, client, wire, traffic);
		return;
	}
	Installer installer(cell);

	install(cell, installer, flows);
	if (!cell.packets)
		return;
	if (all)
		dump_both(cell, installer, false);
	else
		Workers().settle();
	send_hits(cell, client, wire, traffic);
	traffic.fill(wire, frame_of_none, all ? std::min(cell.packets, MISSES) : cell.packets);
	send_rounds(cell, client, "miss", wire);
	if (all) {
		run_upcalls(cell, installer, wire);
		if (cell.masks == 1) {
			/* So that each flow has counters; with many masks that takes long in-tree. */
			traffic.fill_each(wire);
			wire.send();
		}
		dump_both(cell, installer, true);
	}
	const uint64_t begin = now();
	installer.remove_all();
	cell.print("flush", {static_cast<double>(now() - begin) / cell.flows});
}

void run(Cell &cell)
{
	const std::string kind = cell.kind();

	if (kind.empty() || kind == "time")
		run_packets(cell);
	else if (kind == "grow")
		run_grow(cell);
	else if (kind == "victim")
		run_victim(cell);
	else if (kind == "memory")
		run_memory(cell);
	else
		throw mf::UsageError("kinds of cells are time, grow, victim and memory");
}

} // namespace

} // namespace bench

/* PACKETS[xROUNDS] */
static std::pair<unsigned, unsigned> packets_and_rounds(const std::string &text)
{
	const size_t x = text.find('x');

	return {static_cast<unsigned>(std::stoul(text)),
		x == std::string::npos ? 3 : static_cast<unsigned>(std::stoul(text.substr(x + 1)))};
}

int main(int argc, char **argv)
try {
	if (argc < 9)
		throw mf::UsageError("usage: cell MODULE DATAPATH|- NAME MASKS FLOWS PACKETS[xROUNDS] SINK IN-DEVICE...");
	const auto number = [argv](int i) { return static_cast<unsigned>(std::stoul(argv[i])); };
	const auto [packets, rounds] = packets_and_rounds(argv[6]);
	bench::Cell cell = {argv[1], argv[2], argv[3], number(4), number(5), packets, rounds, argv[7],
			    std::vector<std::string>(argv + 8, argv + argc)};

	bench::run(cell);
	return 0;
} catch (const std::exception &error) {
	std::fprintf(stderr, "cell: %s\n", error.what());
	return 1;
}
