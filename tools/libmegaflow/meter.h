/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "client.h"
#include "json.h"

#include <linux/openvswitch.h>

namespace mf
{

/** What a meter does with packets above a rate. */
struct MeterBand {
	/* Modules other than Megaflow do not tell these three. */
	std::optional<uint32_t> type; /**< OVS_METER_BAND_TYPE_* */
	std::optional<uint32_t> rate, burst;
	ovs_flow_stats exceeded{};
};

/** A meter as the kernel reports it, or as it is to be. */
struct Meter {
	uint32_t id = 0;
	bool kbps = false;
	ovs_flow_stats stats{};
	std::optional<uint64_t> used; /**< ms of the monotonic clock */
	std::vector<MeterBand> bands;
};

/** What a datapath offers. */
struct MeterFeatures {
	uint32_t max_meters = 0, max_bands = 0;
	std::vector<uint32_t> band_types;
};

/** Reads a message of the ovs_meter family. */
Meter parse_meter(const Message &message);
MeterFeatures parse_meter_features(const Message &message);

MeterFeatures get_meter_features(Client &client, int dp_ifindex);
/** All meters; throws KernelError where the module cannot list them. */
std::vector<Meter> dump_meters(Client &client, int dp_ifindex);
Meter get_meter(Client &client, int dp_ifindex, uint32_t id);
/** Makes or replaces a meter. */
void set_meter(Client &client, int dp_ifindex, const Meter &meter);
/** Deletes a meter. @return its last counts, nothing if there was no such meter */
std::optional<Meter> delete_meter(Client &client, int dp_ifindex, uint32_t id);

/** Reads "meter=1,pktps,band=type=drop,rate=10,burst_size=5"; throws SyntaxError. */
Meter parse_meter_text(std::string_view text);
/** What parse_meter_text() reads. */
std::string format_meter(const Meter &meter);
/** Counters as text. */
std::string format_meter_stats(const Meter &meter);
Json json_meter(const Meter &meter);
/** "drop", or a number. */
std::string band_type_name(uint32_t type);

} // namespace mf
