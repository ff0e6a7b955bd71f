/* SPDX-License-Identifier: GPL-2.0-only */
#include "wire.h"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <net/if.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace bench
{

namespace
{

/* The most that the kernel takes: on user-mode Linux each call costs as much as many packets. */
constexpr unsigned AT_ONCE = 1024;

} // namespace

uint64_t now()
{
	timespec t{};

	clock_gettime(CLOCK_MONOTONIC, &t);
	return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(t.tv_nsec);
}

void fail(const char *what)
{
	throw std::system_error(errno, std::generic_category(), what);
}

Wire::Wire(const std::vector<std::string> &devices) : fd(socket(AF_PACKET, SOCK_RAW, 0))
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

Wire::~Wire()
{
	close(fd);
}

void Wire::add(unsigned device, const Frame &frame)
{
	frames.push_back(frame);
	targets.push_back(std::min<size_t>(device, addresses.size() - 1));
}

void Wire::clear()
{
	frames.clear();
	targets.clear();
}

double Wire::send()
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

} // namespace bench
