/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include <cstdint>
#include <set>
#include <string>

namespace fuzz
{

/**
 * Which points of the module the calling thread has reached, as the kernel's KCOV tells it. Nothing is
 * collected on a kernel without it.
 */
class Coverage
{
public:
	Coverage();
	~Coverage();
	Coverage(const Coverage &) = delete;
	Coverage &operator=(const Coverage &) = delete;

	/** Adds up what this thread reaches from now on ... */
	void begin();
	/** ... to here. */
	void end();
	/** Writes the points as offsets into the module's text, one a line. */
	void write(const std::string &path) const;
	bool available() const { return points != nullptr; }

private:
	static constexpr uint64_t ROOM = 1 << 18;

	int file = -1;
	uint64_t *points = nullptr;
	std::set<uint64_t> reached;
};

} // namespace fuzz
