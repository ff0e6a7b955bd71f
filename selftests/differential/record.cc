// SPDX-License-Identifier: GPL-2.0-only
#include "record.h"

#include "action.h"
#include "key_rows.h"
#include "plain.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <linux/genetlink.h>
#include <linux/openvswitch.h>
#include <set>

namespace diff
{

namespace
{

/* How an attribute is written down. */
enum class Write : uint8_t {
	HEX,
	SEEN,       /* that it is there, not what it says */
	KEY,        /* a nest of OVS_KEY_ATTR_* */
	TUNNEL,     /* a nest of OVS_TUNNEL_KEY_ATTR_* */
	ACTIONS,
	STATS,      /* of a port */
	MASKS,      /* ovs_dp_megaflow_stats */
	NEST,       /* numbered attributes */
	BANDS,      /* nests of numbered attributes */
};

struct Row {
	const char *family;
	uint16_t type;
	const char *name;
	Write write;
};

/*
 * Written as SEEN are: USED, a time; IFINDEX, which counts up with every device; ERSPAN and all
 * else is compared in full.
 */
constexpr Row rows[] = {
	{OVS_DATAPATH_FAMILY, OVS_DP_ATTR_NAME, "NAME", Write::HEX},
	{OVS_DATAPATH_FAMILY, OVS_DP_ATTR_STATS, "STATS", Write::HEX},
	{OVS_DATAPATH_FAMILY, OVS_DP_ATTR_MEGAFLOW_STATS, "MEGAFLOW_STATS", Write::MASKS},
	{OVS_DATAPATH_FAMILY, OVS_DP_ATTR_USER_FEATURES, "USER_FEATURES", Write::HEX},
	{OVS_DATAPATH_FAMILY, OVS_DP_ATTR_MASKS_CACHE_SIZE, "MASKS_CACHE_SIZE", Write::HEX},
	{OVS_DATAPATH_FAMILY, OVS_DP_ATTR_PER_CPU_PIDS, "PER_CPU_PIDS", Write::HEX},
	{OVS_DATAPATH_FAMILY, OVS_DP_ATTR_PAD, "PAD", Write::HEX},
	{OVS_VPORT_FAMILY, OVS_VPORT_ATTR_PORT_NO, "PORT_NO", Write::HEX},
	{OVS_VPORT_FAMILY, OVS_VPORT_ATTR_TYPE, "TYPE", Write::HEX},
	{OVS_VPORT_FAMILY, OVS_VPORT_ATTR_NAME, "NAME", Write::HEX},
	{OVS_VPORT_FAMILY, OVS_VPORT_ATTR_UPCALL_PID, "UPCALL_PID", Write::HEX},
	{OVS_VPORT_FAMILY, OVS_VPORT_ATTR_STATS, "STATS", Write::STATS},
	{OVS_VPORT_FAMILY, OVS_VPORT_ATTR_IFINDEX, "IFINDEX", Write::SEEN},
	{OVS_VPORT_FAMILY, OVS_VPORT_ATTR_UPCALL_STATS, "UPCALL_STATS", Write::NEST},
	{OVS_VPORT_FAMILY, OVS_VPORT_ATTR_PAD, "PAD", Write::HEX},
	{OVS_FLOW_FAMILY, OVS_FLOW_ATTR_KEY, "KEY", Write::KEY},
	{OVS_FLOW_FAMILY, OVS_FLOW_ATTR_MASK, "MASK", Write::KEY},
	{OVS_FLOW_FAMILY, OVS_FLOW_ATTR_ACTIONS, "ACTIONS", Write::ACTIONS},
	{OVS_FLOW_FAMILY, OVS_FLOW_ATTR_STATS, "STATS", Write::HEX},
	{OVS_FLOW_FAMILY, OVS_FLOW_ATTR_TCP_FLAGS, "TCP_FLAGS", Write::HEX},
	{OVS_FLOW_FAMILY, OVS_FLOW_ATTR_USED, "USED", Write::SEEN},
	{OVS_FLOW_FAMILY, OVS_FLOW_ATTR_UFID, "UFID", Write::HEX},
	{OVS_FLOW_FAMILY, OVS_FLOW_ATTR_PAD, "PAD", Write::HEX},
	{OVS_PACKET_FAMILY, OVS_PACKET_ATTR_PACKET, "PACKET", Write::HEX},
	{OVS_PACKET_FAMILY, OVS_PACKET_ATTR_KEY, "KEY", Write::KEY},
	{OVS_PACKET_FAMILY, OVS_PACKET_ATTR_ACTIONS, "ACTIONS", Write::ACTIONS},
	{OVS_PACKET_FAMILY, OVS_PACKET_ATTR_USERDATA, "USERDATA", Write::HEX},
	{OVS_PACKET_FAMILY, OVS_PACKET_ATTR_EGRESS_TUN_KEY, "EGRESS_TUN_KEY", Write::TUNNEL},
	{OVS_PACKET_FAMILY, OVS_PACKET_ATTR_MRU, "MRU", Write::HEX},
	{OVS_PACKET_FAMILY, OVS_PACKET_ATTR_LEN, "LEN", Write::HEX},
	/* Keyed by a secret of the boot, which both modules share. */
	{OVS_PACKET_FAMILY, OVS_PACKET_ATTR_HASH, "HASH", Write::HEX},
	{OVS_METER_FAMILY, OVS_METER_ATTR_ID, "ID", Write::HEX},
	{OVS_METER_FAMILY, OVS_METER_ATTR_KBPS, "KBPS", Write::HEX},
	{OVS_METER_FAMILY, OVS_METER_ATTR_STATS, "STATS", Write::HEX},
	{OVS_METER_FAMILY, OVS_METER_ATTR_BANDS, "BANDS", Write::BANDS},
	{OVS_METER_FAMILY, OVS_METER_ATTR_USED, "USED", Write::SEEN},
	{OVS_METER_FAMILY, OVS_METER_ATTR_MAX_METERS, "MAX_METERS", Write::HEX},
	{OVS_METER_FAMILY, OVS_METER_ATTR_MAX_BANDS, "MAX_BANDS", Write::HEX},
	{OVS_METER_FAMILY, OVS_METER_ATTR_PAD, "PAD", Write::HEX},
	{OVS_CT_LIMIT_FAMILY, OVS_CT_LIMIT_ATTR_ZONE_LIMIT, "ZONE_LIMIT", Write::HEX},
};

constexpr const char *families[] = {OVS_DATAPATH_FAMILY, OVS_VPORT_FAMILY, OVS_FLOW_FAMILY,
				    OVS_PACKET_FAMILY, OVS_METER_FAMILY, OVS_CT_LIMIT_FAMILY};

const char *family_name(uint16_t id)
{
	for (const char *name : families)
		try {
			if (lab::family(name).id == id)
				return name;
		} catch (const std::exception &) {
			/* Not every module has every family. */
		}
	return "other";
}

const Row *find_row(const char *family, uint16_t type)
{
	for (const Row &row : rows)
		if (!std::strcmp(row.family, family) && row.type == type)
			return &row;
	return nullptr;
}

void put_nest(StepRecord &out, const std::string &where, View run)
{
	out.push_back({where, ""});
	for (const mf::Attr &attr : mf::split_attrs(run))
		out.push_back({fmt::format("{}/{}", where, attr.type), mf::to_hex(attr.data)});
}

void put_key(StepRecord &out, const std::string &where, View run)
{
	out.push_back({where, ""});
	for (const mf::Attr &attr : mf::split_attrs(run)) {
		const mf::KeyAttrRow *row = mf::find_key_attr(attr.type);
		const std::string path =
			where + "/" + (row ? row->name : fmt::format("key{}", attr.type));

		if (row && row->form == mf::Form::ENCAP)
			put_key(out, path, attr.data);
		else if (row && (row->form == mf::Form::TUNNEL || row->form == mf::Form::NSH))
			put_nest(out, path, attr.data);
		else
			out.push_back({path, mf::to_hex(attr.data)});
	}
}

void put_actions(StepRecord &out, const std::string &where, View list)
{
	try {
		const Bytes bare = plain_actions(list);

		out.push_back({where, mf::to_hex(bare) + " " + mf::format_actions(bare, {})});
	} catch (const std::exception &) {
		out.push_back({where, mf::to_hex(list)});
	}
	out.push_back({where + "/as-it-came", mf::to_hex(list)});
}

/* Counters apart, since not all of them are to be the same. */
void put_masks(StepRecord &out, const std::string &where, View stats)
{
	out.push_back({where + "/n_mask_hit", fmt::format("{}", mf::load<uint64_t>(stats, 0))});
	out.push_back({where + "/n_masks", fmt::format("{}", mf::load<uint32_t>(stats, 8))});
	out.push_back({where + "/n_cache_hit", fmt::format("{}", mf::load<uint64_t>(stats, 16))});
	out.push_back({where + "/rest", mf::to_hex(stats.subspan(12, 4)) +
						mf::to_hex(stats.subspan(24))});
}

} // namespace

std::string errno_name(int error)
{
	const char *name = strerrorname_np(error);

	return !error ? "0" : name ? name : fmt::format("{}", error);
}

std::string Recorder::port_stats(const std::string &port, View stats)
{
	const auto [base, fresh] = baseline.try_emplace(port, stats.begin(), stats.end());
	std::string text;

	if (fresh && port.starts_with("p"))
		return "first";
	for (size_t at = 0; at + 8 <= stats.size(); at += 8)
		text += fmt::format("{} ", mf::load<uint64_t>(stats, at) -
						   (port.starts_with("p")
							    ? mf::load<uint64_t>(base->second, at)
							    : 0));
	return text;
}

void Recorder::attrs(StepRecord &out, const std::string &where, uint16_t id, View run)
{
	const char *family = family_name(id);
	const auto all = mf::split_attrs(run);
	const auto name = mf::find_attr(all, OVS_VPORT_ATTR_NAME);

	for (const mf::Attr &attr : all) {
		const Row *row = find_row(family, attr.type);
		const std::string path =
			where + "/" + (row ? row->name : fmt::format("{}", attr.type));

		switch (row ? row->write : Write::HEX) {
		case Write::HEX:
			out.push_back({path, mf::to_hex(attr.data)});
			break;
		case Write::SEEN:
			out.push_back({path, "seen"});
			break;
		case Write::KEY:
			put_key(out, path, attr.data);
			break;
		case Write::TUNNEL:
		case Write::NEST:
			put_nest(out, path, attr.data);
			break;
		case Write::ACTIONS:
			put_actions(out, path, attr.data);
			break;
		case Write::BANDS:
			out.push_back({path, ""});
			for (const mf::Attr &band : mf::split_attrs(attr.data))
				put_nest(out, path + "/band", band.data);
			break;
		case Write::MASKS:
			put_masks(out, path, attr.data);
			break;
		case Write::STATS:
			out.push_back({path, port_stats(name ? name->str() : "", attr.data)});
			break;
		}
	}
}

/* The second message of a kind is "reply#2": what one lacks is not looked for in the next. */
static std::string numbered(const StepRecord &facts, const std::string &where)
{
	const auto is_one = [&](const Fact &fact) {
		return fact.value.starts_with("cmd=") &&
		       (fact.path == where || fact.path.starts_with(where + NUMBER));
	};
	const auto n = std::count_if(facts.begin(), facts.end(), is_one);

	return n ? fmt::format("{}{}{}", where, NUMBER, n + 1) : where;
}

void Recorder::message(StepRecord &out, const std::string &where, const Bytes &raw)
{
	const mf::Message message = lab::message_of(raw);
	const std::string at = numbered(out, where);

	/* Sequence and sender are the socket's; the index of the datapath is a device's. */
	out.push_back({at, fmt::format("cmd={} version={} flags={:#x}", message.cmd,
				       message.version, message.flags)});
	if (message.payload.size() >= sizeof(int))
		attrs(out, at, message.family, message.payload.subspan(sizeof(int)));
}

void Recorder::unordered(StepRecord &out, const std::string &where,
			 const std::vector<Bytes> &messages)
{
	std::vector<std::pair<std::string, StepRecord>> all;

	for (const Bytes &raw : messages) {
		StepRecord facts;
		std::string text;

		message(facts, where, raw);
		for (const Fact &fact : facts)
			text += fact.path + "=" + fact.value + "\n";
		all.emplace_back(std::move(text), std::move(facts));
	}
	std::sort(all.begin(), all.end(),
		  [](const auto &a, const auto &b) { return a.first < b.first; });
	for (auto &[text, facts] : all) {
		const std::string at = numbered(out, where);

		for (Fact &fact : facts)
			out.push_back({at + fact.path.substr(where.size()), fact.value});
	}
}

} // namespace diff
