// SPDX-License-Identifier: GPL-2.0-only
/* Meters as text, in the words of ovs-ofctl's add-meter, and as JSON. */
#include "cursor.h"
#include "meter.h"

#include <ctime>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mf
{

static constexpr const char *DROP = "drop";

std::string band_type_name(uint32_t type)
{
	return type == OVS_METER_BAND_TYPE_DROP ? DROP : fmt::format("{}", type);
}

static MeterBand parse_band(Cursor &in)
{
	MeterBand band;

	if (!in.eat("type="))
		in.fail("where type= of a band should be");
	if (in.eat(DROP))
		band.type = OVS_METER_BAND_TYPE_DROP;
	else
		in.fail("is no type of band: there is drop");
	for (in.skip_separators(); !in.done(); in.skip_separators()) {
		if (in.eat("rate="))
			band.rate = static_cast<uint32_t>(in.number(UINT32_MAX, "rate="));
		else if (in.eat("burst_size="))
			band.burst = static_cast<uint32_t>(in.number(UINT32_MAX, "burst_size="));
		else
			break;
	}
	if (!band.rate || !*band.rate)
		in.fail("where rate= of a band should be, which is not 0");
	/* What a second lets through may come at once, as ovs-vswitchd has it. */
	if (!band.burst)
		band.burst = band.rate;
	return band;
}

Meter parse_meter_text(std::string_view text)
{
	Cursor in("meter", text);
	Meter meter;

	in.skip_space();
	in.expect("meter=");
	meter.id = static_cast<uint32_t>(in.number(UINT32_MAX, "meter="));
	for (in.skip_separators(); !in.done(); in.skip_separators()) {
		if (in.eat("kbps"))
			meter.kbps = true;
		else if (in.eat("pktps"))
			meter.kbps = false;
		else if (in.eat("band=") || in.eat("bands="))
			meter.bands.push_back(parse_band(in));
		else
			in.fail("is no part of a meter: one of kbps pktps band=type=drop");
	}
	return meter;
}

std::string format_meter(const Meter &meter)
{
	std::string text = fmt::format("meter={},{}", meter.id, meter.kbps ? "kbps" : "pktps");

	for (const MeterBand &band : meter.bands)
		if (band.type && band.rate && band.burst)
			text += fmt::format(",band=type={},rate={},burst_size={}",
					    band_type_name(*band.type), *band.rate, *band.burst);
	return text;
}

static double seconds_since(uint64_t used)
{
	timespec now{};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9 -
	       static_cast<double>(used) / 1e3;
}

std::string format_meter_stats(const Meter &meter)
{
	std::string text =
		fmt::format("packets:{}, bytes:{}", meter.stats.n_packets, meter.stats.n_bytes);

	for (const MeterBand &band : meter.bands)
		text += fmt::format(", exceeded:{}, exceeded_bytes:{}", band.exceeded.n_packets,
				    band.exceeded.n_bytes);
	if (meter.used)
		text += fmt::format(", used:{:.3f}s", std::max(0.0, seconds_since(*meter.used)));
	return text;
}

static Json json_band(const MeterBand &band)
{
	Json out = Json::object();

	if (band.type)
		out["type"] = band_type_name(*band.type);
	if (band.rate)
		out["rate"] = *band.rate;
	if (band.burst)
		out["burst"] = *band.burst;
	out["packets"] = band.exceeded.n_packets;
	out["bytes"] = band.exceeded.n_bytes;
	return out;
}

Json json_meter(const Meter &meter)
{
	Json out = {{"id", meter.id},
		    {"unit", meter.kbps ? "kbps" : "pktps"},
		    {"packets", meter.stats.n_packets},
		    {"bytes", meter.stats.n_bytes},
		    {"bands", Json::array()}};

	for (const MeterBand &band : meter.bands)
		out["bands"].push_back(json_band(band));
	if (meter.used)
		out["used_seconds"] = std::max(0.0, seconds_since(*meter.used));
	return out;
}

} // namespace mf
