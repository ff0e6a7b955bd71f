/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "frames.h"

#include <vector>

namespace lab
{

/** Cuts a frame's IPv4 or IPv6 packet so that each piece carries that many bytes, the last what is left.
 *  Tags in front stay in front of each. */
std::vector<Bytes> cut(View frame, const std::vector<size_t> &sizes, uint32_t id = 0x1234);
/** The same as a router would do it for an MTU. */
std::vector<Bytes> fragments(View frame, size_t mtu, uint32_t id = 0x1234);
/** One fragment of a frame's packet: the bytes from one offset to another. */
Bytes fragment(View frame, size_t begin, size_t end, bool more, uint32_t id = 0x1234);
/** Puts them together again, behind the link header of the first; throws if they do not fit. */
Bytes whole(const std::vector<Bytes> &fragments);
/** Length of the IP packet in each frame. */
std::vector<size_t> sizes_of(const std::vector<Bytes> &frames);

} // namespace lab
