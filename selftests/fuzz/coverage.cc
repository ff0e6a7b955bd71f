// SPDX-License-Identifier: GPL-2.0-only
#include "coverage.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <linux/kcov.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace fuzz
{

Coverage::Coverage()
{
	file = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
	if (file < 0 || ioctl(file, KCOV_INIT_TRACE, ROOM))
		return;
	void *room = mmap(nullptr, ROOM * sizeof(*points), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (room != MAP_FAILED && !ioctl(file, KCOV_ENABLE, KCOV_TRACE_PC))
		points = static_cast<uint64_t *>(room);
}

Coverage::~Coverage()
{
	if (points)
		ioctl(file, KCOV_DISABLE, 0);
	if (file >= 0)
		close(file);
}

void Coverage::begin()
{
	if (points)
		__atomic_store_n(points, 0, __ATOMIC_RELAXED);
}

void Coverage::end()
{
	/* The first word is the number of those that follow. */
	const uint64_t n = points ? __atomic_load_n(points, __ATOMIC_RELAXED) : 0;

	for (uint64_t i = 1; i <= n; i++)
		reached.insert(points[i]);
}

void Coverage::write(const std::string &path) const
{
	uint64_t text = 0;
	std::ofstream out(path);

	std::ifstream("/sys/module/openvswitch/sections/.text") >> std::hex >> text;
	for (uint64_t point : reached)
		if (point >= text)
			out << fmt::format("{:#018x}\n", point - text);
}

} // namespace fuzz
