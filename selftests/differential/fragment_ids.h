/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "bytes.h"

#include <map>

namespace diff
{

using mf::Bytes;
using mf::View;

/**
 * Numbers of IPv6 fragments. The kernel takes them by chance when it cuts a packet, so each gets
 * the place in which it came instead. Those of packets that we sent in pieces are smaller than
 * 65536, and stay as they are.
 */
class FragmentIds
{
public:
	/** The frame with its number replaced, if it is such a fragment. */
	Bytes renamed(View frame);
	void clear() { places.clear(); }

private:
	std::map<uint32_t, uint32_t> places;
};

} // namespace diff
