// SPDX-License-Identifier: GPL-2.0-only
#include "meter.h"

#include "error.h"

#include <linux/netlink.h>

namespace mf
{

static MeterBand parse_band(const Attr &nest)
{
	MeterBand band;

	for (const Attr &attr : split_attrs(nest.data)) {
		if (attr.type == OVS_BAND_ATTR_TYPE)
			band.type = attr.u32();
		else if (attr.type == OVS_BAND_ATTR_RATE)
			band.rate = attr.u32();
		else if (attr.type == OVS_BAND_ATTR_BURST)
			band.burst = attr.u32();
		else if (attr.type == OVS_BAND_ATTR_STATS)
			band.exceeded = load<ovs_flow_stats>(attr.data);
	}
	return band;
}

Meter parse_meter(const Message &message)
{
	Meter meter;

	for (const Attr &attr : message.attrs(sizeof(ovs_header))) {
		if (attr.type == OVS_METER_ATTR_ID)
			meter.id = attr.u32();
		else if (attr.type == OVS_METER_ATTR_KBPS)
			meter.kbps = true;
		else if (attr.type == OVS_METER_ATTR_STATS)
			meter.stats = load<ovs_flow_stats>(attr.data);
		else if (attr.type == OVS_METER_ATTR_USED)
			meter.used = attr.u64();
		else if (attr.type == OVS_METER_ATTR_BANDS)
			for (const Attr &band : split_attrs(attr.data))
				meter.bands.push_back(parse_band(band));
	}
	return meter;
}

MeterFeatures parse_meter_features(const Message &message)
{
	MeterFeatures features;

	for (const Attr &attr : message.attrs(sizeof(ovs_header))) {
		if (attr.type == OVS_METER_ATTR_MAX_METERS)
			features.max_meters = attr.u32();
		else if (attr.type == OVS_METER_ATTR_MAX_BANDS)
			features.max_bands = attr.u32();
		else if (attr.type == OVS_METER_ATTR_BANDS)
			for (const Attr &band : split_attrs(attr.data))
				features.band_types.push_back(parse_band(band).type.value_or(0));
	}
	return features;
}

/* Runs a request that is answered by one message. */
static void ask(Client &client, Request &request, const std::function<void(const Message &)> &take)
{
	bool answered = false;

	client.transact(request, [&](const Message &message) {
		take(message);
		answered = true;
	});
	if (!answered)
		throw Error("the kernel sent no reply about the meter");
}

static Request about(Client &client, uint8_t cmd, int dp_ifindex, uint32_t id)
{
	Request request = client.request(OVS_METER_FAMILY, cmd, 0, dp_ifindex);

	request.u32(OVS_METER_ATTR_ID, id);
	return request;
}

MeterFeatures get_meter_features(Client &client, int dp_ifindex)
{
	Request request = client.request(OVS_METER_FAMILY, OVS_METER_CMD_FEATURES, 0, dp_ifindex);
	MeterFeatures features;

	ask(client, request, [&](const Message &m) { features = parse_meter_features(m); });
	return features;
}

std::vector<Meter> dump_meters(Client &client, int dp_ifindex)
{
	Request request =
		client.request(OVS_METER_FAMILY, OVS_METER_CMD_GET, NLM_F_DUMP, dp_ifindex);
	std::vector<Meter> meters;

	client.transact(request, [&](const Message &m) { meters.push_back(parse_meter(m)); });
	return meters;
}

Meter get_meter(Client &client, int dp_ifindex, uint32_t id)
{
	Request request = about(client, OVS_METER_CMD_GET, dp_ifindex, id);
	Meter meter;

	ask(client, request, [&](const Message &m) { meter = parse_meter(m); });
	return meter;
}

void set_meter(Client &client, int dp_ifindex, const Meter &meter)
{
	Request request = about(client, OVS_METER_CMD_SET, dp_ifindex, meter.id);

	if (meter.kbps)
		request.flag(OVS_METER_ATTR_KBPS);
	const size_t bands = request.begin(OVS_METER_ATTR_BANDS | NLA_F_NESTED);
	for (const MeterBand &band : meter.bands) {
		const size_t nest = request.begin(OVS_BAND_ATTR_UNSPEC | NLA_F_NESTED);

		request.u32(OVS_BAND_ATTR_TYPE, band.type.value_or(OVS_METER_BAND_TYPE_DROP));
		request.u32(OVS_BAND_ATTR_RATE, band.rate.value_or(0));
		request.u32(OVS_BAND_ATTR_BURST, band.burst.value_or(0));
		request.end(nest);
	}
	request.end(bands);
	ask(client, request, [](const Message &) {});
}

std::optional<Meter> delete_meter(Client &client, int dp_ifindex, uint32_t id)
{
	Request request = about(client, OVS_METER_CMD_DEL, dp_ifindex, id);
	std::optional<Meter> meter;

	ask(client, request, [&](const Message &m) {
		if (find_attr(m.attrs(sizeof(ovs_header)), OVS_METER_ATTR_ID))
			meter = parse_meter(m);
	});
	return meter;
}

} // namespace mf
