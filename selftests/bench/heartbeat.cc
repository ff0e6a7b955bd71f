/* SPDX-License-Identifier: GPL-2.0-only */
#include "heartbeat.h"

#include "error.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench
{

/* Stamps are read after the race: who read them meanwhile would be in its way. */
static constexpr int RECEIVE_BUFFER = 1 << 30;
/* Longer than the queue holds the first frame back. */
static constexpr int WAIT_MS = 20'000;

static uint64_t nanoseconds(const timespec &t)
{
	return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(t.tv_nsec);
}

uint64_t real_time()
{
	timespec t{};

	clock_gettime(CLOCK_REALTIME, &t);
	return nanoseconds(t);
}

Heartbeat::Heartbeat(const std::string &from, const std::string &to)
    : from(packet_socket(from, Queue::USED)), to(packet_socket(to, Queue::USED, true))
{
	const int on = 1;

	if (setsockopt(this->to, SOL_SOCKET, SO_RCVBUFFORCE, &RECEIVE_BUFFER, sizeof(RECEIVE_BUFFER)) ||
	    setsockopt(this->to, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)))
		fail("heartbeat");
}

Heartbeat::~Heartbeat()
{
	close(from);
	close(to);
}

void Heartbeat::start(double seconds)
{
	std::array<mmsghdr, 1000> some{};
	Frame frame{};
	iovec part = {.iov_base = frame.data(), .iov_len = frame.size()};

	for (mmsghdr &one : some) {
		one.msg_hdr.msg_iov = &part;
		one.msg_hdr.msg_iovlen = 1;
	}
	stamps.clear();
	due = static_cast<size_t>(seconds * 1e9 / PERIOD);
	for (size_t sent = 0; sent < due;) {
		const auto n = static_cast<unsigned>(std::min(some.size(), due - sent));
		const int done = sendmmsg(from, some.data(), n, 0);

		if (done <= 0)
			fail("heartbeat");
		sent += static_cast<size_t>(done);
	}
	await_beat();
}

void Heartbeat::await_beat() const
{
	pollfd ready = {.fd = to, .events = POLLIN, .revents = 0};

	if (poll(&ready, 1, WAIT_MS) <= 0)
		throw mf::Error(fmt::format("{} of {} beats of the heart came", stamps.size(), due));
}

void Heartbeat::finish()
{
	alignas(cmsghdr) char control[256];
	Frame frame;
	iovec part = {.iov_base = frame.data(), .iov_len = frame.size()};

	while (stamps.size() < due) {
		msghdr message{};

		message.msg_iov = &part;
		message.msg_iovlen = 1;
		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		await_beat();
		if (recvmsg(to, &message, 0) < 0)
			fail("heartbeat");
		for (cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
			if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
				timespec t;

				std::memcpy(&t, CMSG_DATA(c), sizeof(t));
				stamps.push_back(nanoseconds(t));
			}
	}
	first = UINT64_MAX;
	for (size_t i = 0; i < stamps.size(); i++)
		first = std::min(first, stamps[i] - i * PERIOD);
}

std::optional<uint64_t> Heartbeat::latest(uint64_t begin, uint64_t end) const
{
	const uint64_t last = first + (stamps.size() - 1) * PERIOD;
	uint64_t worst = 0;

	if (begin < first || end > last)
		return std::nullopt;
	for (size_t i = (begin - first) / PERIOD + 1; first + i * PERIOD < end; i++)
		worst = std::max(worst, stamps[i] - (first + i * PERIOD));
	return worst;
}

} // namespace bench
