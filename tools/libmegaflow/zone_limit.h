/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "client.h"
#include "json.h"

#include <string_view>

namespace mf
{

/** How many connections a zone may have. */
struct ZoneLimit {
	int zone = 0;       /**< OVS_ZONE_LIMIT_DEFAULT_ZONE for all others */
	uint32_t limit = 0; /**< 0: as many as there are */
	uint32_t count = 0; /**< only told by the kernel */
};

/** The limits of those zones; of the default and all that have one of their own if none is given.
 */
std::vector<ZoneLimit> get_zone_limits(Client &client, int dp_ifindex,
				       const std::vector<int> &zones);
void set_zone_limits(Client &client, int dp_ifindex, const std::vector<ZoneLimit> &limits);
void delete_zone_limits(Client &client, int dp_ifindex, const std::vector<int> &zones);

/** Reads "default=10" or "zone=3,limit=5"; throws SyntaxError. */
ZoneLimit parse_zone_limit(std::string_view text);
/** Reads "zone=1,2,3", or "default" where that makes sense; throws SyntaxError. */
std::vector<int> parse_zone_list(std::string_view text);
/** As ovs-dpctl writes it: "default limit=10" or "zone=3,limit=5,count=2". */
std::string format_zone_limit(const ZoneLimit &limit);
Json json_zone_limits(const std::vector<ZoneLimit> &limits);

} // namespace mf
