// SPDX-License-Identifier: GPL-2.0-only
#include "proc.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace lab
{

std::string proc(const Netns &ns, const std::string &path)
{
	const Inside inside(ns);
	std::ifstream in("/proc/" + path);
	std::ostringstream out;

	out << in.rdbuf();
	if (!in)
		throw std::runtime_error("cannot read /proc/" + path);
	return out.str();
}

} // namespace lab
