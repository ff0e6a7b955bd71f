// SPDX-License-Identifier: GPL-2.0-only
/* Upcalls when user space cannot keep up: a port that floods leaves room for the others. */
#include "lab.h"

#include <atomic>
#include <map>
#include <memory>
#include <sched.h>
#include <thread>
#include <unistd.h>

using namespace lab;

class UpcallFair : public Bare
{
protected:
	static constexpr unsigned IDLE = 63;
	static constexpr unsigned ROUNDS = 10;

	/** Sends misses of ever new microflows on a port as fast as it can. */
	void flood(const std::atomic<bool> &stop, Tap &tap)
	{
		for (uint32_t i = 0; !stop; i++, flooded++)
			tap.try_send(udp_frame(static_cast<uint16_t>(i), static_cast<uint16_t>(i >> 16)));
	}

	/** Waits until the flood is more than who listens can hold: a debug kernel sends 600 a second. */
	void await_losses()
	{
		for (unsigned i = 0; i < 600 && lost() < 100; i++)
			usleep(100'000);
		ASSERT_GE(lost(), 100u) << "no flood: this proves nothing; missed " << dp.info().stats.n_missed;
	}

	/** Ten packets a second on each of the idle ports, while the first one floods. */
	void send_both(std::vector<std::unique_ptr<Wire>> &wires)
	{
		std::atomic<bool> stop{false};
		std::thread flooding([&] { flood(stop, wires[0]->tap); });

		await_losses();
		const uint64_t before = lost();
		for (unsigned round = 0; round < ROUNDS; round++) {
			for (unsigned i = 1; i <= IDLE; i++)
				wires[i]->tap.send(udp_frame(static_cast<uint16_t>(round), 7));
			usleep(100'000);
		}
		stop = true;
		flooding.join();
		EXPECT_GT(lost(), before + 100) << "the flood came to an end: this proves nothing";
	}

	/** Wires, the misses of each to a socket of its own or to one for all. */
	std::vector<std::unique_ptr<Wire>> make_wires(const std::function<uint32_t(unsigned)> &pid)
	{
		std::vector<std::unique_ptr<Wire>> wires;

		for (unsigned i = 0; i <= IDLE; i++)
			wires.push_back(std::make_unique<Wire>(ns, dp, fmt::format("w{}", i), pid(i)));
		return wires;
	}

	uint64_t lost() { return dp.info().stats.n_lost; }

	static uint32_t port_of(const Bytes &raw)
	{
		const mf::Upcall upcall = mf::parse_upcall(message_of(raw));

		for (const mf::Attr &attr : mf::split_attrs(upcall.key))
			if (attr.type == OVS_KEY_ATTR_IN_PORT)
				return attr.u32();
		return UINT32_MAX;
	}

	Datapath dp{ns, "br0"};
	/** Packets that the flood has sent. */
	std::atomic<uint64_t> flooded{0};
};

/* By CPU all ports share a socket, which a slow reader lets run full. */
TEST_F(UpcallFair, IdlePortsAreHeardByCpu)
{
	auto wires = make_wires([](unsigned) { return 0; });
	Upcalls upcalls(ns);
	AttrWriter attrs;

	attrs.u32(OVS_DP_ATTR_USER_FEATURES, OVS_DP_F_DISPATCH_UPCALL_PER_CPU);
	put_u32s(attrs, OVS_DP_ATTR_PER_CPU_PIDS, {upcalls.pid()});
	ASSERT_OK(ask_dp(OVS_DP_CMD_SET, attrs, 0, dp.ifindex()));

	std::map<uint32_t, unsigned> heard;
	std::atomic<bool> done{false};
	std::thread reader([&] {
		/* Some at a time and a rest, and at most half of what the flood sends, until all is read. */
		for (uint64_t n = 0;; n++) {
			const auto raw = upcalls.next_raw(done ? 0 : 100);

			if (raw)
				heard[port_of(*raw)]++;
			else if (done)
				return;
			if (n % 5 == 0 && !done)
				usleep(1000);
			while (2 * n > flooded && !done)
				usleep(1000);
		}
	});
	send_both(wires);
	done = true;
	reader.join();

	unsigned idle = 0, sent = 0, lost = 0;
	for (unsigned i = 1; i <= IDLE; i++) {
		const mf::Port port = dp.port(wires[i]->port);

		idle += heard[wires[i]->port];
		sent += static_cast<unsigned>(port.upcalls_sent.value_or(0));
		lost += static_cast<unsigned>(port.upcalls_lost.value_or(0));
	}
	EXPECT_EQ(sent + lost, IDLE * ROUNDS);
	EXPECT_EQ(sent, idle);
	EXPECT_GE(idle * 100, IDLE * ROUNDS * 96) << "the flooding port had " << heard[wires[0]->port];
	EXPECT_LE(idle, IDLE * ROUNDS);
	EXPECT_GT(heard[wires[0]->port], 100u) << "what the others leave is for it";
}

/* By port each has a socket of its own; one that is full is no other's business. */
TEST_F(UpcallFair, IdlePortsAreHeardByPort)
{
	std::vector<std::unique_ptr<Upcalls>> upcalls;

	for (unsigned i = 0; i <= IDLE; i++)
		upcalls.push_back(std::make_unique<Upcalls>(ns));
	auto wires = make_wires([&](unsigned i) { return upcalls[i]->pid(); });

	send_both(wires);
	for (unsigned i = 1; i <= IDLE; i++)
		for (unsigned n = 0; n < ROUNDS; n++) {
			const auto raw = upcalls[i]->next_raw();

			ASSERT_TRUE(raw) << "port " << i << ", packet " << n;
			EXPECT_EQ(port_of(*raw), wires[i]->port);
		}
}
