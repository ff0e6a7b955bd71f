/* SPDX-License-Identifier: GPL-2.0-only */
#include "deferred.h"

#include "error.h"

#include <dirent.h>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <string>
#include <unistd.h>

namespace bench
{

namespace
{

/* Quiet is who runs less than this (the kernel's own housekeeping) in so many pauses together. */
constexpr uint64_t QUIET_NS = 100'000;
constexpr unsigned QUIET_PAUSES = 5;
constexpr unsigned PAUSE_US = 50'000;
constexpr unsigned PAUSES_MAX = 2'000;

bool is_worker(const std::string &folder)
{
	std::string name;

	std::getline(std::ifstream(folder + "/comm"), name);
	return name.starts_with("kworker/");
}

} // namespace

uint64_t Workers::spent()
{
	const std::unique_ptr<DIR, int (*)(DIR *)> proc(opendir("/proc"), closedir);
	uint64_t sum = 0;

	while (const dirent *entry = proc ? readdir(proc.get()) : nullptr) {
		const int pid = std::atoi(entry->d_name);
		const std::string folder = fmt::format("/proc/{}", pid);
		uint64_t ns = 0;

		if (!pid || !is_worker(folder) || !(std::ifstream(folder + "/schedstat") >> ns))
			continue;
		/* One that is gone takes its last time with it, which is little. */
		uint64_t &before = ran[pid];
		sum += ns > before ? ns - before : 0;
		before = ns;
	}
	return sum;
}

uint64_t Workers::settle()
{
	uint64_t sum = 0, window = 0;
	unsigned pauses = 0;

	for (unsigned i = 0; i < PAUSES_MAX; i++) {
		usleep(PAUSE_US);
		const uint64_t ns = spent();

		sum += ns;
		window += ns;
		if (window > QUIET_NS) {
			window = 0;
			pauses = 0;
		} else if (++pauses == QUIET_PAUSES) {
			return sum;
		}
	}
	throw mf::Error("the kernel's workers do not come to rest");
}

} // namespace bench
