// SPDX-License-Identifier: GPL-2.0-only
/* meter-features, dump-meters, get-meter, set-meter, del-meter. */
#include "meter.h"
#include "verbs.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace dpctl
{

static uint32_t meter_number(const std::string &text)
{
	return static_cast<uint32_t>(argument_number("meter", text, UINT32_MAX));
}

static void print_meter(const Meter &meter)
{
	fmt::print("{} {}\n", format_meter(meter), format_meter_stats(meter));
}

void run_meter_features(App &app)
{
	std::vector<std::string> rest;
	const Datapath dp = app.datapath(0, rest);
	const MeterFeatures features = get_meter_features(app.client(), dp.ifindex);
	std::vector<std::string> types;

	for (const uint32_t type : features.band_types)
		types.push_back(band_type_name(type));
	if (app.options.json)
		App::print_json({{"max_meters", features.max_meters},
				 {"max_bands", features.max_bands},
				 {"band_types", types}});
	else
		fmt::print("max_meters:{} max_bands:{} band_types:{}\n", features.max_meters,
			   features.max_bands, fmt::join(types, ","));
}

void run_dump_meters(App &app)
{
	std::vector<std::string> rest;
	const Datapath dp = app.datapath(0, rest);
	Json out = Json::array();

	for (const Meter &meter : dump_meters(app.client(), dp.ifindex)) {
		if (app.options.json)
			out.push_back(json_meter(meter));
		else
			print_meter(meter);
	}
	if (app.options.json)
		App::print_json(out);
}

void run_get_meter(App &app)
{
	const uint32_t id = meter_number(app.options.args.back());
	std::vector<std::string> rest;
	const Datapath dp = app.datapath(1, rest);
	const Meter meter = get_meter(app.client(), dp.ifindex, id);

	if (app.options.json)
		App::print_json(json_meter(meter));
	else
		print_meter(meter);
}

void run_set_meter(App &app)
{
	const Meter meter = parse_meter_text(app.options.args.back());
	std::vector<std::string> rest;
	const Datapath dp = app.datapath(1, rest);

	guard_owner(app, dp, "set-meter");
	set_meter(app.client(), dp.ifindex, meter);
	if (app.options.json)
		App::print_json(json_meter(get_meter(app.client(), dp.ifindex, meter.id)));
}

void run_del_meter(App &app)
{
	const uint32_t id = meter_number(app.options.args.back());
	std::vector<std::string> rest;
	const Datapath dp = app.datapath(1, rest);

	guard_owner(app, dp, "del-meter");
	const auto last = delete_meter(app.client(), dp.ifindex, id);
	if (!last)
		throw Error(fmt::format("there is no meter {}", id));
	if (app.options.json)
		App::print_json({{"deleted", json_meter(*last)}});
	else if (app.options.statistics)
		print_meter(*last);
}

} // namespace dpctl
