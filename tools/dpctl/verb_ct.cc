// SPDX-License-Identifier: GPL-2.0-only
/* dump-conntrack, flush-conntrack, ct-stats-show, ct-set-limits, ct-get-limits, ct-del-limits. */
#include "conntrack.h"
#include "verbs.h"
#include "zone_limit.h"

#include <fmt/format.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <nlohmann/json.hpp>

namespace dpctl
{

/*
 * Connections and limits are the namespace's, not a datapath's: one that is named must exist, as
 * scripts that name it expect, and none is needed. What has "=" in it is no datapath.
 */
static std::vector<std::string> without_datapath(App &app, int &dp_ifindex)
{
	std::vector<std::string> rest = app.options.args;

	dp_ifindex = 0;
	if (!rest.empty() && rest.front() != "default" &&
	    rest.front().find('=') == std::string::npos) {
		dp_ifindex = app.datapath_named(rest.front()).ifindex;
		rest.erase(rest.begin());
	}
	return rest;
}

static uint16_t zone_of(const std::string &text)
{
	return static_cast<uint16_t>(argument_number("zone", text, UINT16_MAX));
}

/* "[zone=N] [TUPLE [TUPLE]]": how a connection began, and what its replies look like. */
static CtFilter filter_of(const std::vector<std::string> &args)
{
	CtFilter filter;
	size_t at = 0;

	filter.is_set = !args.empty();
	if (at < args.size() && args[at].starts_with("zone="))
		filter.zone = zone_of(args[at++].substr(5));
	for (CtFilter::Side *side : {&filter.orig, &filter.reply})
		if (at < args.size())
			parse_ct_tuple(args[at++], *side);
	if (at < args.size())
		throw UsageError(fmt::format(
			"\"{}\": a zone and two tuples are all that can be said", args[at]));
	return filter;
}

static CtFilter zone_filter_of(const std::vector<std::string> &args)
{
	if (args.size() > 1 || (args.size() == 1 && !args[0].starts_with("zone=")))
		throw UsageError(fmt::format("\"{}\" where zone=N should be", args.back()));
	return filter_of(args);
}

void run_dump_conntrack(App &app)
{
	int dp_ifindex;
	const CtFilter filter = zone_filter_of(without_datapath(app, dp_ifindex));
	Socket ctnetlink(NETLINK_NETFILTER);
	Json out = Json::array();

	for (const Connection &connection : dump_connections(ctnetlink, filter)) {
		if (app.options.json)
			out.push_back(json_connection(connection));
		else
			fmt::print("{}\n", format_connection(connection, app.options.more,
							     app.options.statistics));
	}
	if (app.options.json)
		App::print_json(out);
}

void run_flush_conntrack(App &app)
{
	int dp_ifindex;
	const CtFilter filter = filter_of(without_datapath(app, dp_ifindex));
	Socket ctnetlink(NETLINK_NETFILTER);
	const auto forgotten = flush_connections(ctnetlink, filter);

	if (app.options.json)
		App::print_json({{"flushed", forgotten ? Json(*forgotten) : Json("all")}});
}

void run_ct_stats_show(App &app)
{
	int dp_ifindex;
	const CtFilter filter = zone_filter_of(without_datapath(app, dp_ifindex));
	Socket ctnetlink(NETLINK_NETFILTER);
	const CtCounts counts = count_connections(dump_connections(ctnetlink, filter));

	if (app.options.json)
		App::print_json(json_ct_counts(counts));
	else
		fmt::print("{}", format_ct_counts(counts, app.options.more));
}

static std::vector<int> zones_of(const std::vector<std::string> &args)
{
	std::vector<int> zones;

	for (const std::string &text : args) {
		const auto some = parse_zone_list(text);

		zones.insert(zones.end(), some.begin(), some.end());
	}
	return zones;
}

/* The default comes first, asked for or not, as users of ovs-dpctl know it. */
static void show_limits(App &app, int dp_ifindex, std::vector<int> zones)
{
	if (!zones.empty())
		zones.insert(zones.begin(), OVS_ZONE_LIMIT_DEFAULT_ZONE);
	const auto limits = get_zone_limits(app.client(), dp_ifindex, zones);

	if (app.options.json) {
		App::print_json(json_zone_limits(limits));
		return;
	}
	for (const ZoneLimit &limit : limits)
		fmt::print("{}\n", format_zone_limit(limit));
}

void run_ct_set_limits(App &app)
{
	int dp_ifindex;
	std::vector<ZoneLimit> limits;
	std::vector<int> zones;

	for (const std::string &text : without_datapath(app, dp_ifindex)) {
		limits.push_back(parse_zone_limit(text));
		zones.push_back(limits.back().zone);
	}
	if (limits.empty())
		throw UsageError("ct-set-limits: which? default=N or zone=N,limit=N");
	set_zone_limits(app.client(), dp_ifindex, limits);
	if (app.options.json)
		show_limits(app, dp_ifindex, zones);
}

void run_ct_get_limits(App &app)
{
	int dp_ifindex;
	const auto zones = zones_of(without_datapath(app, dp_ifindex));

	show_limits(app, dp_ifindex, zones);
}

void run_ct_del_limits(App &app)
{
	int dp_ifindex;
	const auto zones = zones_of(without_datapath(app, dp_ifindex));

	if (zones.empty())
		throw UsageError("ct-del-limits: which? zone=N[,N]... or default");
	delete_zone_limits(app.client(), dp_ifindex, zones);
	if (app.options.json)
		show_limits(app, dp_ifindex, {});
}

} // namespace dpctl
