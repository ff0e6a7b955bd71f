// SPDX-License-Identifier: GPL-2.0-only
#include "fragment_ids.h"

#include <linux/if_ether.h>
#include <netinet/in.h>
#include <optional>

namespace diff
{

static constexpr size_t IPV6_HEADER = 40;
static constexpr uint32_t RANDOM_FROM = 65536;

static bool holds(View frame, size_t at, size_t length)
{
	return at + length <= frame.size();
}

/* Where the network header is, behind tags and labels; nothing if it is not IPv6's. */
static std::optional<size_t> ipv6_offset(View frame)
{
	size_t at = 12;
	uint64_t type = holds(frame, at, 2) ? mf::load_be(frame.subspan(at, 2)) : 0;

	while ((type == ETH_P_8021Q || type == ETH_P_8021AD) && holds(frame, at += 4, 2))
		type = mf::load_be(frame.subspan(at, 2));
	at += 2;
	if (type == ETH_P_MPLS_UC || type == ETH_P_MPLS_MC) {
		while (holds(frame, at, 4) && !(frame[at + 2] & 1))
			at += 4;
		at += 4;
	} else if (type != ETH_P_IPV6) {
		return std::nullopt;
	}
	if (!holds(frame, at, IPV6_HEADER) || frame[at] >> 4 != 6)
		return std::nullopt;
	return at;
}

/* Where the number of a fragment is. */
static std::optional<size_t> id_offset(View frame)
{
	const auto ip = ipv6_offset(frame);

	if (!ip)
		return std::nullopt;
	uint8_t next = frame[*ip + 6];
	size_t at = *ip + IPV6_HEADER;
	while ((next == IPPROTO_HOPOPTS || next == IPPROTO_DSTOPTS || next == IPPROTO_ROUTING) &&
	       holds(frame, at, 2)) {
		next = frame[at];
		at += 8 + 8u * frame[at + 1];
	}
	if (next != IPPROTO_FRAGMENT || !holds(frame, at, 8))
		return std::nullopt;
	return at + 4;
}

Bytes FragmentIds::renamed(View frame)
{
	Bytes out(frame.begin(), frame.end());
	const auto at = id_offset(frame);

	if (!at)
		return out;
	const std::span<uint8_t> field = std::span(out).subspan(*at, 4);
	const auto id = static_cast<uint32_t>(mf::load_be(field));
	if (id >= RANDOM_FROM) {
		const auto place = static_cast<uint32_t>(places.size() + 1);

		mf::store_be(field, places.try_emplace(id, place).first->second);
	}
	return out;
}

} // namespace diff
