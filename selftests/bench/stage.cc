/* SPDX-License-Identifier: GPL-2.0-only */
#include "stage.h"

#include "port.h"

#include <cerrno>
#include <cstring>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace bench
{

/* Room for all frames that wait in a device's queue at once. */
static constexpr int SEND_BUFFER = 1 << 30;

void fail(const char *what)
{
	throw std::system_error(errno, std::generic_category(), what);
}

OwnDatapath::OwnDatapath(const std::string &name) : name(name)
{
	mf::DatapathWish wish;

	wish.upcall_pid = 0;
	ifindex = mf::new_datapath(client, name, wish).ifindex;
}

OwnDatapath::~OwnDatapath()
{
	mf::delete_datapath(client, name);
}

int packet_socket(const std::string &device, Queue queue, bool listens)
{
	const int bypass = queue == Queue::PAST;
	const int fd = socket(AF_PACKET, SOCK_RAW, 0);
	sockaddr_ll at{};

	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof(bypass)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &SEND_BUFFER, sizeof(SEND_BUFFER)))
		fail("packet socket");
	at.sll_family = AF_PACKET;
	at.sll_protocol = htons(listens ? ETH_P_ALL : 0);
	at.sll_ifindex = static_cast<int>(if_nametoindex(device.c_str()));
	if (!at.sll_ifindex || bind(fd, reinterpret_cast<sockaddr *>(&at), sizeof(at)))
		fail(device.c_str());
	return fd;
}

Wire::Wire(const std::string &device) : fd(packet_socket(device, Queue::PAST)) {}

Wire::~Wire()
{
	close(fd);
}

bool Wire::send(const Frame &frame)
{
	return ::send(fd, frame.data(), frame.size(), 0) == static_cast<ssize_t>(frame.size());
}

uint32_t add_port(mf::Client &client, int dp, const std::string &name, uint32_t upcall_pid)
{
	mf::PortWish wish;
	ifreq change{};

	wish.name = name;
	wish.type = OVS_VPORT_TYPE_INTERNAL;
	wish.upcall_pids = {upcall_pid};
	const uint32_t number = mf::new_port(client, dp, wish).number;

	const int fd = socket(AF_INET, SOCK_DGRAM, 0);
	std::strncpy(change.ifr_name, name.c_str(), sizeof(change.ifr_name) - 1);
	change.ifr_flags = IFF_UP;
	const bool up = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &change) == 0;
	close(fd);
	if (!up)
		fail(name.c_str());
	return number;
}

void stay_on(unsigned cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		fail("affinity");
}

Pace::Pace(double a_second)
    : next(std::chrono::steady_clock::now()),
      step(std::chrono::duration_cast<std::chrono::steady_clock::duration>(
	      std::chrono::duration<double>(1 / a_second)))
{
}

void Pace::wait()
{
	next += step;
	std::this_thread::sleep_until(next);
}

} // namespace bench
