/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One cell of the benchmark: a shape of flows in a datapath, and what it costs.
 *
 *   cell MODULE DATAPATH SHAPE MASKS FLOWS PACKETS SINK IN-DEVICE...
 *
 * SINK, a device that is a port, gets all packets. The shape's input ports are
 * the IN-DEVICEs in order. With DATAPATH `-` the same packets go to SINK at
 * once: what sending costs by itself. With PACKETS 0 it installs the flows and
 * leaves them there. Prints lines of
 *
 *   MODULE SHAPE MASKS FLOWS WHAT VALUE LEAST MOST NOTE...
 *
 * with nanoseconds for each flow or packet: the median of some rounds, and their
 * extremes. Under QEMU's -icount a nanosecond is an instruction.
 */
#include "action.h"
#include "datapath.h"
#include "error.h"
#include "port.h"
#include "shape.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fmt/format.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace
{

constexpr unsigned ROUNDS = 3;
constexpr unsigned AT_ONCE = 64;
constexpr uint64_t SEED = 20261123;

uint64_t now()
{
	timespec t{};

	clock_gettime(CLOCK_MONOTONIC, &t);
	return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(t.tv_nsec);
}

[[noreturn]] void fail(const char *what)
{
	throw std::system_error(errno, std::generic_category(), what);
}

/* Devices to send from, past queues. */
class Wire
{
public:
	explicit Wire(const std::vector<std::string> &devices) : fd(socket(AF_PACKET, SOCK_RAW, 0))
	{
		const int on = 1;

		if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on)))
			fail("packet socket");
		for (const std::string &name : devices) {
			sockaddr_ll to{};

			to.sll_family = AF_PACKET;
			to.sll_ifindex = static_cast<int>(if_nametoindex(name.c_str()));
			if (!to.sll_ifindex)
				fail(name.c_str());
			addresses.push_back(to);
		}
	}
	~Wire() { close(fd); }
	Wire(const Wire &) = delete;
	Wire &operator=(const Wire &) = delete;

	/* A frame to be sent by the device of a number. */
	void add(unsigned device, const bench::Frame &frame)
	{
		frames.push_back(frame);
		targets.push_back(std::min<size_t>(device, addresses.size() - 1));
	}

	/* Sends all frames; returns nanoseconds for each. */
	double send()
	{
		std::vector<iovec> parts(frames.size());
		std::vector<mmsghdr> messages(frames.size());

		for (size_t i = 0; i < frames.size(); i++) {
			parts[i] = {.iov_base = frames[i].data(), .iov_len = frames[i].size()};
			messages[i].msg_hdr = {.msg_name = &addresses[targets[i]],
					       .msg_namelen = sizeof(sockaddr_ll),
					       .msg_iov = &parts[i],
					       .msg_iovlen = 1,
					       .msg_control = nullptr,
					       .msg_controllen = 0,
					       .msg_flags = 0};
		}
		const uint64_t begin = now();
		for (size_t i = 0; i < messages.size();) {
			const auto n = static_cast<unsigned>(std::min<size_t>(AT_ONCE, messages.size() - i));
			const int sent = sendmmsg(fd, &messages[i], n, 0);

			if (sent <= 0)
				fail("send");
			i += static_cast<size_t>(sent);
		}
		return static_cast<double>(now() - begin) / static_cast<double>(frames.size());
	}

private:
	int fd;
	std::vector<sockaddr_ll> addresses;
	std::vector<bench::Frame> frames;
	std::vector<size_t> targets;
};

/* What the command line says. */
struct Cell {
	std::string module, datapath, shape;
	unsigned masks, flows, packets;
	std::string sink;
	std::vector<std::string> devices;

	bool bare() const { return datapath == "-"; }

	void print(const char *what, std::vector<double> values, const std::string &note = "") const
	{
		std::sort(values.begin(), values.end());
		fmt::print("{} {} {} {} {} {:.1f} {:.1f} {:.1f} {}\n", module, shape, masks, flows, what,
			   values[values.size() / 2], values.front(), values.back(), note);
		std::fflush(stdout);
	}
};

uint32_t port_number(mf::Client &client, int dp, const std::string &name)
{
	return mf::get_port(client, dp, name).number;
}

/* Installs them; prints what one cost, all of them and the last tenth. */
void install(const Cell &cell, mf::Client &client, int dp, const std::vector<bench::Flow> &flows)
{
	const mf::Bytes actions = mf::parse_actions(
		"actions", std::to_string(port_number(client, dp, cell.sink)), nullptr);
	std::vector<uint32_t> number;
	std::vector<mf::Request> requests;

	for (const std::string &device : cell.devices)
		number.push_back(port_number(client, dp, device));
	for (bench::Flow flow : flows) {
		flow.key.in_port = number.at(flow.key.in_port);
		requests.push_back(bench::flow_request(client, dp, static_cast<uint32_t>(requests.size()),
						       flow.key, flow.mask, actions));
	}
	const size_t tail = requests.size() - requests.size() / 10;
	const uint64_t begin = now();
	uint64_t late = begin;

	for (size_t i = 0; i < requests.size(); i++) {
		if (i == tail)
			late = now();
		client.transact(requests[i]);
	}
	const uint64_t end = now();

	cell.print("install", {static_cast<double>(end - begin) / static_cast<double>(requests.size())});
	if (tail < requests.size())
		cell.print("install-last", {static_cast<double>(end - late) /
					    static_cast<double>(requests.size() - tail)});
}

/* Sends the frames some times; what the datapath counted meanwhile stands beside. */
void send(const Cell &cell, mf::Client &client, const char *what, Wire &wire)
{
	std::vector<double> values;
	ovs_dp_stats before{};
	uint64_t masks_before = 0;
	std::string note;

	wire.send();
	if (!cell.bare()) {
		const mf::Datapath dp = mf::get_datapath(client, cell.datapath);

		before = dp.stats;
		masks_before = dp.megaflow->n_mask_hit;
	}
	for (unsigned i = 0; i < ROUNDS; i++)
		values.push_back(wire.send());
	if (!cell.bare()) {
		const mf::Datapath dp = mf::get_datapath(client, cell.datapath);
		const uint64_t hit = dp.stats.n_hit - before.n_hit, missed = dp.stats.n_missed - before.n_missed;

		note = fmt::format("hit {} missed {} lost {} masks-tried {:.2f} masks {}", hit, missed,
				   dp.stats.n_lost - before.n_lost,
				   static_cast<double>(dp.megaflow->n_mask_hit - masks_before) /
					   static_cast<double>(hit + missed),
				   dp.megaflow->n_masks);
	}
	cell.print(what, values, note);
}

/* Reads all flows as raw messages, so that next to nothing is spent on this side. */
void dump(const Cell &cell, mf::Client &client, int dp, const char *what, uint32_t ufid_flags)
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
	cell.print(what, {static_cast<double>(end - begin) / flows});
}

void run(Cell &cell)
{
	bench::Random random(SEED);
	const std::vector<bench::Flow> flows = bench::shape_of(cell.shape).make(cell.masks, cell.flows, random);
	Wire hits(cell.bare() ? std::vector{cell.sink} : cell.devices);
	Wire misses(cell.bare() ? std::vector{cell.sink} : cell.devices);
	mf::Client client;

	cell.flows = static_cast<unsigned>(flows.size());
	for (unsigned i = 0; i < cell.packets; i++) {
		const bench::Flow &flow = flows[random() % flows.size()];

		hits.add(flow.key.in_port, bench::frame_of(flow, random));
		misses.add(flow.key.in_port, bench::frame_of_none(flow, random));
	}
	if (cell.bare()) {
		send(cell, client, "hit", hits);
		return;
	}
	const int dp = mf::get_datapath(client, cell.datapath).ifindex;

	install(cell, client, dp, flows);
	if (!cell.packets)
		return;
	/* What is put off until after an install has time to happen. */
	usleep(500'000);
	send(cell, client, "hit", hits);
	send(cell, client, "miss", misses);
	dump(cell, client, dp, "dump", 0);
	dump(cell, client, dp, "dump-terse",
	     OVS_UFID_F_OMIT_KEY | OVS_UFID_F_OMIT_MASK | OVS_UFID_F_OMIT_ACTIONS);
	mf::Request flush = client.request(OVS_FLOW_FAMILY, OVS_FLOW_CMD_DEL, 0, dp);
	const uint64_t begin = now();
	client.transact(flush);
	cell.print("flush", {static_cast<double>(now() - begin) / cell.flows});
}

} // namespace

int main(int argc, char **argv)
try {
	if (argc < 9)
		throw mf::UsageError("usage: cell MODULE DATAPATH|- SHAPE MASKS FLOWS PACKETS SINK IN-DEVICE...");
	const auto number = [argv](int i) { return static_cast<unsigned>(std::stoul(argv[i])); };
	Cell cell = {argv[1], argv[2], argv[3], number(4), number(5), number(6), argv[7],
		     std::vector<std::string>(argv + 8, argv + argc)};

	run(cell);
	return 0;
} catch (const std::exception &error) {
	std::fprintf(stderr, "cell: %s\n", error.what());
	return 1;
}
