// SPDX-License-Identifier: GPL-2.0-only
/* How many connections zones may have: through the kernel, as text, and as JSON. */
#include "zone_limit.h"

#include "cursor.h"

#include <fmt/format.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <nlohmann/json.hpp>

namespace mf
{

static constexpr int REST = OVS_ZONE_LIMIT_DEFAULT_ZONE;

static void put_zones(Request &request, const std::vector<ZoneLimit> &limits)
{
	const size_t list = request.begin(OVS_CT_LIMIT_ATTR_ZONE_LIMIT | NLA_F_NESTED);

	for (const ZoneLimit &limit : limits) {
		const ovs_zone_limit zone{limit.zone, limit.limit, 0};
		const View raw = bytes_of(zone);

		request.bytes().insert(request.bytes().end(), raw.begin(), raw.end());
	}
	request.end(list);
}

static std::vector<ZoneLimit> zones_only(const std::vector<int> &zones)
{
	std::vector<ZoneLimit> limits;

	limits.reserve(zones.size());
	for (const int zone : zones)
		limits.push_back({zone, 0, 0});
	return limits;
}

std::vector<ZoneLimit> get_zone_limits(Client &client, int dp_ifindex,
				       const std::vector<int> &zones)
{
	Request request = client.request(OVS_CT_LIMIT_FAMILY, OVS_CT_LIMIT_CMD_GET, 0, dp_ifindex);
	std::vector<ZoneLimit> limits;

	if (!zones.empty())
		put_zones(request, zones_only(zones));
	client.transact(request, [&](const Message &message) {
		const auto list =
			find_attr(message.attrs(sizeof(ovs_header)), OVS_CT_LIMIT_ATTR_ZONE_LIMIT);

		if (!list)
			return;
		for (size_t at = 0; at + sizeof(ovs_zone_limit) <= list->data.size();
		     at += sizeof(ovs_zone_limit)) {
			const auto zone = load<ovs_zone_limit>(list->data, at);

			limits.push_back({zone.zone_id, zone.limit, zone.count});
		}
	});
	return limits;
}

void set_zone_limits(Client &client, int dp_ifindex, const std::vector<ZoneLimit> &limits)
{
	Request request = client.request(OVS_CT_LIMIT_FAMILY, OVS_CT_LIMIT_CMD_SET, 0, dp_ifindex);

	put_zones(request, limits);
	client.transact(request);
}

void delete_zone_limits(Client &client, int dp_ifindex, const std::vector<int> &zones)
{
	Request request = client.request(OVS_CT_LIMIT_FAMILY, OVS_CT_LIMIT_CMD_DEL, 0, dp_ifindex);

	put_zones(request, zones_only(zones));
	client.transact(request);
}

ZoneLimit parse_zone_limit(std::string_view text)
{
	Cursor in("limit", text);
	ZoneLimit limit;

	if (in.eat("default=")) {
		limit.zone = REST;
		limit.limit = static_cast<uint32_t>(in.number(UINT32_MAX, "default="));
	} else if (in.eat("zone=")) {
		limit.zone = static_cast<int>(in.number(UINT16_MAX, "zone="));
		in.expect(",limit=");
		limit.limit = static_cast<uint32_t>(in.number(UINT32_MAX, "limit="));
	} else {
		in.fail("where default=N or zone=N,limit=N should be");
	}
	if (!in.done())
		in.fail("does not belong to a limit");
	return limit;
}

std::vector<int> parse_zone_list(std::string_view text)
{
	Cursor in("zones", text);
	std::vector<int> zones;

	if (in.eat("default")) {
		zones.push_back(REST);
	} else {
		if (!in.eat("zone="))
			in.fail("where zone=N[,N]... or default should be");
		do {
			zones.push_back(static_cast<int>(in.number(UINT16_MAX, "zone=")));
		} while (in.eat(","));
	}
	if (!in.done())
		in.fail("does not belong to a list of zones");
	return zones;
}

std::string format_zone_limit(const ZoneLimit &limit)
{
	if (limit.zone == REST)
		return fmt::format("default limit={}", limit.limit);
	return fmt::format("zone={},limit={},count={}", limit.zone, limit.limit, limit.count);
}

Json json_zone_limits(const std::vector<ZoneLimit> &limits)
{
	Json out = {{"zones", Json::array()}};

	for (const ZoneLimit &limit : limits) {
		if (limit.zone == REST)
			out["default"] = limit.limit;
		else
			out["zones"].push_back({{"zone", limit.zone},
						{"limit", limit.limit},
						{"count", limit.count}});
	}
	return out;
}

} // namespace mf
