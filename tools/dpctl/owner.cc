// SPDX-License-Identifier: GPL-2.0-only
/* Who listens: port ids in the datapath, sockets in /proc, processes behind them. */
#include "owner.h"

#include <cctype>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <linux/netlink.h>
#include <set>
#include <sstream>
#include <unistd.h>

namespace dpctl
{

namespace fs = std::filesystem;

/* Every port id that the datapath would send an upcall to. */
static std::set<uint32_t> upcall_portids(App &app, const Datapath &dp)
{
	std::set<uint32_t> ids;

	if (dp.user_features & OVS_DP_F_DISPATCH_UPCALL_PER_CPU)
		ids.insert(dp.per_cpu_pids.begin(), dp.per_cpu_pids.end());
	else
		for (const Port &port : dump_ports(app.client(), dp.ifindex))
			ids.insert(port.upcall_pids.begin(), port.upcall_pids.end());
	ids.erase(0);
	return ids;
}

/* Port id to inode, of the live generic netlink sockets of this namespace. */
static std::map<uint32_t, uint64_t> live_sockets()
{
	std::ifstream table("/proc/self/net/netlink");
	std::map<uint32_t, uint64_t> sockets;
	std::string line;

	std::getline(table, line); /* the heading */
	while (std::getline(table, line)) {
		std::istringstream columns(line);
		std::string address, groups, skip;
		uint32_t protocol = 0, portid = 0;
		uint64_t inode = 0;

		columns >> address >> protocol >> portid >> groups;
		for (int i = 0; i < 5; i++)
			columns >> skip;
		columns >> inode;
		if (protocol == NETLINK_GENERIC && portid)
			sockets[portid] = inode;
	}
	return sockets;
}

static bool is_number(const std::string &text)
{
	return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
		return std::isdigit(static_cast<unsigned char>(c));
	});
}

static bool holds_socket(const fs::path &process, const std::set<std::string> &links)
{
	std::error_code error;

	for (auto it = fs::directory_iterator(process / "fd", error);
	     !error && it != fs::directory_iterator(); it.increment(error))
		if (links.contains(fs::read_symlink(it->path(), error).string()))
			return true;
	return false;
}

static Owner describe(int pid, size_t sockets)
{
	std::ifstream comm(fmt::format("/proc/{}/comm", pid));
	Owner owner;

	owner.pid = pid;
	owner.sockets = sockets;
	std::getline(comm, owner.process);
	return owner;
}

static std::vector<Owner> find_processes(const std::set<std::string> &links)
{
	std::vector<Owner> owners;
	std::error_code error;

	for (auto it = fs::directory_iterator("/proc", error);
	     !error && it != fs::directory_iterator(); it.increment(error)) {
		const std::string name = it->path().filename();

		if (is_number(name) && std::stoi(name) != getpid() &&
		    holds_socket(it->path(), links))
			owners.push_back(describe(std::stoi(name), links.size()));
	}
	return owners;
}

std::vector<Owner> find_owners(App &app, const Datapath &dp)
{
	const auto sockets = live_sockets();
	std::set<std::string> links;

	for (uint32_t id : upcall_portids(app, dp)) {
		const auto found = sockets.find(id);

		if (found != sockets.end() && id != app.client().socket().portid())
			links.insert(fmt::format("socket:[{}]", found->second));
	}
	if (links.empty())
		return {};

	auto owners = find_processes(links);
	/* The sockets live, so somebody owns them, even if another pid namespace hides who. */
	if (owners.empty())
		owners.push_back({0, "", links.size()});
	return owners;
}

void guard_owner(App &app, const Datapath &dp, std::string_view verb)
{
	if (app.options.force)
		return;

	const auto owners = find_owners(app, dp);
	if (owners.empty())
		return;
	const std::string who =
		owners[0].pid ? fmt::format("{} (pid {})", owners[0].process, owners[0].pid)
			      : "a process that cannot be seen from here";
	throw Error(fmt::format("{} takes the upcalls of {} and would lose its hold on it; stop it "
				"first, or say {} --force",
				who, dp.name, verb));
}

} // namespace dpctl
