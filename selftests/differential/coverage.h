/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "scenario.h"

#include <map>
#include <set>

namespace diff
{

/** In how many scenarios each key attribute, each action and each kind of session occurs. */
class Coverage
{
public:
	void add(const Scenario &scenario);
	/** A line each. @return how many occur in fewer than @p least scenarios though they are on */
	unsigned int print(uint64_t least) const;
	/** The same for the kinds of sessions. */
	unsigned int print_talks(uint64_t least) const;

private:
	std::map<uint16_t, uint64_t> keys, actions;
	std::map<std::string, uint64_t> talks;
};

} // namespace diff
