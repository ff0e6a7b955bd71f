// SPDX-License-Identifier: GPL-2.0-only
#include "ping.h"

#include "frames.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace lab
{

/* What is asked of IPv6 the kernel sums up by itself. */
static void fill_checksum(Bytes &echo)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < echo.size(); i += 2)
		sum += static_cast<uint32_t>(echo[i] << 8 | echo[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	echo[2] = static_cast<uint8_t>(~sum >> 8);
	echo[3] = static_cast<uint8_t>(~sum);
}

/* Other hosts' echoes arrive here as well. IPv4 comes with its header, IPv6 without. */
static bool wait_for(int file, const Bytes &echo, uint8_t type, size_t headers, int timeout_ms)
{
	const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
	Bytes got(65536);

	while (std::chrono::steady_clock::now() < end) {
		pollfd ready{file, POLLIN, 0};

		if (poll(&ready, 1, 100) <= 0)
			continue;
		const ssize_t n = recv(file, got.data(), got.size(), 0);
		if (n == static_cast<ssize_t>(headers + echo.size()) && got[headers] == type &&
		    std::equal(echo.begin() + 4, echo.end(), got.begin() + static_cast<long>(headers) + 4))
			return true;
	}
	return false;
}

bool ping(const Netns &from, const std::string &to, size_t length, int timeout_ms)
{
	static uint8_t sequence;
	const bool v6 = to.find(':') != std::string::npos;
	const Inside inside(from);
	const int file = socket(v6 ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC,
				v6 ? static_cast<int>(IPPROTO_ICMPV6) : static_cast<int>(IPPROTO_ICMP));
	Bytes echo = Bytes{v6 ? uint8_t{ICMP6_ECHO_REQUEST} : uint8_t{ICMP_ECHO}, 0, 0, 0, 7, 7, 0, ++sequence} +
		     pattern(length);
	sockaddr_in6 address6{};
	sockaddr_in address{};

	if (file < 0)
		throw std::system_error(errno, std::generic_category(), "raw socket");
	address6.sin6_family = AF_INET6;
	address.sin_family = AF_INET;
	inet_pton(v6 ? AF_INET6 : AF_INET, to.c_str(),
		  v6 ? static_cast<void *>(&address6.sin6_addr) : static_cast<void *>(&address.sin_addr));
	if (!v6)
		fill_checksum(echo);
	const bool sent = sendto(file, echo.data(), echo.size(), 0,
				 v6 ? reinterpret_cast<sockaddr *>(&address6) : reinterpret_cast<sockaddr *>(&address),
				 v6 ? sizeof(address6) : sizeof(address)) == static_cast<ssize_t>(echo.size());
	const bool answered = sent && wait_for(file, echo, v6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY, v6 ? 0 : 20,
					       timeout_ms);
	close(file);
	return answered;
}

} // namespace lab
