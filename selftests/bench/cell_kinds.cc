/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kinds of cells beside a shape's packets.
 *
 * grow:SHAPE,MASKS,FLOWS,0
 *   With MASKS masks there, one flow each, and the kernel's workers at rest:
 *   what it takes to install FLOWS flows more, of masks that are there (known)
 *   and of new ones (new). What the workers ran afterwards is told apart; what
 *   they ran before the last one was acked is in the figure, and beside it.
 * victim:SHAPE,MASKS,FLOWS,PACKETS
 *   One port's packets: before another port gets the shape's flows, after that,
 *   and (late) after the one port's own flow was removed and came back.
 */
#include "cell.h"

#include "datapath.h"
#include "deferred.h"

#include <cerrno>
#include <fmt/format.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench
{

namespace
{

constexpr uint32_t FIRST_NEW = 1'000'000;
constexpr uint32_t VICTIM = 2'000'000;

/* What some installs cost in each round, and what they left to be done. */
struct Installs {
	const char *what, *later;
	std::vector<double> acked, deferred;
	uint64_t meanwhile = 0;

	void measure(Installer &installer, std::vector<mf::Request> &requests, size_t begin)
	{
		const auto n = static_cast<double>(requests.size() - begin);
		Workers workers;

		acked.push_back(installer.send(requests, begin, requests.size()));
		meanwhile = workers.spent();
		deferred.push_back(static_cast<double>(workers.settle()) / n);
	}

	void print(const Cell &cell) const
	{
		if (acked.empty())
			return;
		cell.print(what, acked, fmt::format("workers meanwhile {}", meanwhile / cell.flows));
		cell.print(later, deferred);
	}
};

/* The one flow of the victim: any source, so that its packets are not all alike. */
Flow victim_flow(Random &random)
{
	Flow flow = shape_of("exact").make(1, 1, random)[0];

	flow.key.in_port = 1;
	flow.key.ipv4.ipv4_src = flow.mask.ipv4.ipv4_src = 0;
	flow.key.ports.udp_src = flow.mask.ports.udp_src = 0;
	return flow;
}

/* A socket for upcalls; what comes is thrown away. */
class Listener
{
public:
	Listener() : fd(socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, NETLINK_GENERIC))
	{
		const int room = 64 << 20;
		sockaddr_nl own{};
		socklen_t len = sizeof(own);

		own.nl_family = AF_NETLINK;
		if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
		    bind(fd, reinterpret_cast<sockaddr *>(&own), sizeof(own)) ||
		    getsockname(fd, reinterpret_cast<sockaddr *>(&own), &len))
			fail("socket for upcalls");
		port = own.nl_pid;
	}
	~Listener() { close(fd); }
	Listener(const Listener &) = delete;
	Listener &operator=(const Listener &) = delete;

	void drain() const
	{
		static uint8_t buffer[65536];

		while (recv(fd, buffer, sizeof(buffer), 0) >= 0)
			;
	}

	uint32_t port;

private:
	int fd;
};

/* As ovs-vswitchd does it: who listens follows the CPU, not the port. */
void listen(const Cell &cell, mf::Client &client, uint32_t pid)
{
	mf::DatapathWish wish;

	wish.user_features = mf::get_datapath(client, cell.datapath).user_features |
			     OVS_DP_F_DISPATCH_UPCALL_PER_CPU;
	wish.per_cpu_pids = {pid};
	mf::set_datapath(client, cell.datapath, wish);
}

} // namespace

void run_upcalls(const Cell &cell, Installer &installer, Wire &wire)
{
	const Listener listener;

	listen(cell, installer.client, listener.port);
	send_rounds(cell, installer.client, "upcall", wire, [&](Wire &) { listener.drain(); });
	listen(cell, installer.client, 0);
}

void run_grow(const Cell &cell)
{
	const Shape &shape = shape_of(cell.shape());
	Installs known = {"install-known", "later-known", {}, {}};
	Installs fresh = {"install-new", "later-new", {}, {}};
	Random random(SEED);
	unsigned rounds = cell.rounds;
	const std::vector<Flow> both = shape.make(cell.masks + cell.flows, cell.masks + cell.flows, random);

	if (cell.bare())
		return;
	Installer installer(cell);
	std::vector<mf::Request> added = installer.requests(both, FIRST_NEW);

	for (unsigned i = 0; i <= rounds; i++) {
		Installs warm_known = known, warm_fresh = fresh;

		if (cell.masks) {
			random.seed(SEED);
			std::vector<mf::Request> requests = installer.requests(
				shape.make(cell.masks, cell.masks + cell.flows, random), 0);

			installer.send(requests, 0, cell.masks);
			Workers().settle();
			(i ? known : warm_known).measure(installer, requests, cell.masks);
		}
		(i ? fresh : warm_fresh).measure(installer, added, cell.masks);
		if (!i && warm_fresh.acked.back() > DEAR_NS)
			rounds = 1;
		installer.remove_all();
		Workers().settle();
	}
	known.print(cell);
	fresh.print(cell);
}

void run_victim(const Cell &cell)
{
	Random random(SEED);
	const Flow victim = victim_flow(random);
	Wire wire(cell.bare() ? std::vector{cell.sink} : cell.devices);
	const Refill refill = [&](Wire &to) {
		to.clear();
		for (unsigned i = 0; i < cell.packets; i++)
			to.add(victim.key.in_port, frame_of(victim, random));
	};
	mf::Client client;

	if (cell.bare()) {
		send_rounds(cell, client, "hit", wire, refill);
		return;
	}
	Installer installer(cell);
	std::vector<mf::Request> own = installer.requests({victim}, VICTIM);
	std::vector<mf::Request> attack =
		installer.requests(shape_of(cell.shape()).make(cell.masks, cell.flows, random), 0);
	const auto measure = [&](const char *what) {
		Workers().settle();
		send_rounds(cell, client, what, wire, refill);
	};

	installer.send(own, 0, 1);
	measure("victim-before");
	installer.send(attack, 0, attack.size());
	measure("victim-after");
	installer.remove(VICTIM);
	installer.send(own, 0, 1);
	measure("victim-late");
	installer.remove_all();
	Workers().settle();
}

} // namespace bench
