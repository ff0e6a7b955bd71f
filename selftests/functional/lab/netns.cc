// SPDX-License-Identifier: GPL-2.0-only
#include "netns.h"

#include "link.h"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <sched.h>
#include <system_error>
#include <unistd.h>

namespace lab
{

static int check(int result, const char *what)
{
	if (result < 0)
		throw std::system_error(errno, std::generic_category(), what);
	return result;
}

static int open_own()
{
	return check(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), "own namespace");
}

Netns::Netns()
{
	const int home = open_own();

	check(unshare(CLONE_NEWNET), "unshare");
	file = open_own();
	std::ofstream("/proc/sys/net/ipv6/conf/default/disable_ipv6") << 1;
	check(setns(home, CLONE_NEWNET), "setns");
	::close(home);
	link_up(*this, "lo");
}

Netns::~Netns()
{
	close();
}

void Netns::close()
{
	if (file >= 0)
		::close(file);
	file = -1;
}

void Netns::sysctl(const std::string &path, const std::string &value) const
{
	const Inside inside(*this);
	std::ofstream out("/proc/sys/net/" + path);

	out << value << std::flush;
	if (!out)
		throw std::runtime_error("cannot write /proc/sys/net/" + path);
}

Inside::Inside(const Netns &ns) : home(open_own())
{
	check(setns(ns.fd(), CLONE_NEWNET), "setns");
}

Inside::~Inside()
{
	if (setns(home, CLONE_NEWNET))
		std::terminate();
	::close(home);
}

} // namespace lab
