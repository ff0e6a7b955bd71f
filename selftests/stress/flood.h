/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "lab.h"

#include <atomic>
#include <cstdlib>
#include <fcntl.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace stress
{

/** How often a storm is to be raised: MF_ROUNDS, or what the test says. */
inline int rounds(int otherwise)
{
	const char *text = getenv("MF_ROUNDS");

	return text ? std::atoi(text) : otherwise;
}

/** The kernel checks memory, locks and leaks, and takes ten times as long for all it does. */
inline bool checking_kernel() { return access("/sys/kernel/debug/kmemleak", F_OK) == 0; }

using lab::operator+;

/** Sends on a device without pause as long as it lives, come what may. */
class Flood
{
public:
	Flood(const lab::Netns &ns, const std::string &device,
	      std::vector<lab::Bytes> what = any_packets())
	    : packets(std::move(what)), tap(ns, device), worker([this] { run(); })
	{
	}

	~Flood()
	{
		stop = true;
		worker.join();
	}

	/** Frames that the device took. */
	uint64_t sent() const { return count; }

	/** Waits until it has sent that many more. */
	void wait_for(uint64_t packets_more) const
	{
		const uint64_t before = sent();

		while (sent() < before + packets_more)
			usleep(1000);
	}

	/** UDP, a frame of no known type, and a tagged one. */
	static std::vector<lab::Bytes> any_packets()
	{
		return {lab::udp_frame(), lab::udp_frame(7, 8),
			lab::raw_frame(0x1234, lab::pattern(900)),
			lab::raw_frame(0x8100, lab::hex("00050800") + lab::pattern(60))};
	}

private:
	void run()
	{
		while (!stop)
			for (const lab::Bytes &packet : packets)
				count += tap.try_send(packet) == 0;
	}

	std::vector<lab::Bytes> packets;
	lab::Tap tap;
	std::atomic<bool> stop{false};
	std::atomic<uint64_t> count{0};
	std::thread worker;
};

/** Takes upcalls away, but not for ever: the flood may be faster. */
inline void drain(lab::Upcalls &upcalls)
{
	for (int i = 0; i < 1000 && upcalls.next_raw(0); i++)
		;
}

/** Waits for a device to go. @return false if it is still there after ten seconds */
inline bool wait_gone(const lab::Netns &ns, const std::string &device)
{
	for (int i = 0; i < 1000 && lab::link_find(ns, device); i++)
		usleep(10000);
	return !lab::link_find(ns, device);
}

/** Takes the module out of the kernel; false with errno if it does not go. */
inline bool unload()
{
	/* A request of someone else's may hold it for a moment. */
	for (int tries = 0; tries < 100; tries++) {
		if (!syscall(SYS_delete_module, "openvswitch", O_NONBLOCK))
			return true;
		usleep(10000);
	}
	return false;
}

/** Brings it back. */
inline void load()
{
	ASSERT_EQ(std::system("modprobe openvswitch"), 0);
	lab::forget_families();
}

/** Flows that give the flood something to do: copies, rewrites, recirculation, upcalls. */
inline void busy_flows(lab::Datapath &dp, uint32_t upcall_pid)
{
	dp.flow("recirc_id(0),in_port(1),eth(),eth_type(0x0800),ipv4(proto=17),udp()",
		fmt::format("userspace(pid={}),clone(set(ipv4(ttl=3)),2),set(udp(dst=9)),recirc(1)",
			    upcall_pid));
	dp.flow("recirc_id(1),in_port(1),eth(),eth_type(0x0800),ipv4()", "2");
	dp.flow("recirc_id(0),in_port(1),eth(),eth_type(0x1234)", "sample(sample=50.0%,actions(1)),2");
}

} // namespace stress
