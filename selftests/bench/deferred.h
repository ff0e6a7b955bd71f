/* SPDX-License-Identifier: GPL-2.0-only */
/** @file
 * What the kernel puts off: its workers' time, and how to wait for them.
 */
#pragma once

#include <cstdint>
#include <map>

namespace bench
{

/** The kernel's workers, by the time that they have run. */
class Workers
{
public:
	Workers() { spent(); }
	/** Nanoseconds that all of them ran since this was last asked. */
	uint64_t spent();
	/** Waits until they have nothing to do; returns the nanoseconds that they ran until then. */
	uint64_t settle();

private:
	std::map<int, uint64_t> ran;
};

} // namespace bench
