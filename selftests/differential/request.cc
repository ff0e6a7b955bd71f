// SPDX-License-Identifier: GPL-2.0-only
/* Steps as requests: a table of verbs, and one of options. */
#include "request.h"

#include "error.h"

#include <cstring>
#include <fmt/format.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <sstream>

namespace diff
{

namespace
{

struct Verb {
	const char *name;
	const char *family;
	uint8_t cmd;
	uint16_t flags;
};

constexpr Verb verbs[] = {
	{"dp-get", OVS_DATAPATH_FAMILY, OVS_DP_CMD_GET, 0},
	{"dp-set", OVS_DATAPATH_FAMILY, OVS_DP_CMD_SET, 0},
	{"port-new", OVS_VPORT_FAMILY, OVS_VPORT_CMD_NEW, 0},
	{"port-set", OVS_VPORT_FAMILY, OVS_VPORT_CMD_SET, 0},
	{"port-get", OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET, 0},
	{"port-del", OVS_VPORT_FAMILY, OVS_VPORT_CMD_DEL, 0},
	{"port-dump", OVS_VPORT_FAMILY, OVS_VPORT_CMD_GET, NLM_F_DUMP},
	{"flow-new", OVS_FLOW_FAMILY, OVS_FLOW_CMD_NEW, 0},
	{"flow-set", OVS_FLOW_FAMILY, OVS_FLOW_CMD_SET, 0},
	{"flow-get", OVS_FLOW_FAMILY, OVS_FLOW_CMD_GET, 0},
	{"flow-del", OVS_FLOW_FAMILY, OVS_FLOW_CMD_DEL, 0},
	{"flow-dump", OVS_FLOW_FAMILY, OVS_FLOW_CMD_GET, NLM_F_DUMP},
	{"execute", OVS_PACKET_FAMILY, OVS_PACKET_CMD_EXECUTE, 0},
	{"meter-set", OVS_METER_FAMILY, OVS_METER_CMD_SET, 0},
	{"meter-get", OVS_METER_FAMILY, OVS_METER_CMD_GET, 0},
	{"meter-del", OVS_METER_FAMILY, OVS_METER_CMD_DEL, 0},
	{"meter-features", OVS_METER_FAMILY, OVS_METER_CMD_FEATURES, 0},
	{"limit-set", OVS_CT_LIMIT_FAMILY, OVS_CT_LIMIT_CMD_SET, 0},
	{"limit-get", OVS_CT_LIMIT_FAMILY, OVS_CT_LIMIT_CMD_GET, 0},
	{"limit-del", OVS_CT_LIMIT_FAMILY, OVS_CT_LIMIT_CMD_DEL, 0},
};

enum class Kind : uint8_t { FLAG, U16, U32, U64, TEXT, BYTES, U32S };

struct OptionRow {
	const char *family;
	const char *name;
	uint16_t type;
	Kind kind;
};

constexpr OptionRow options[] = {
	{OVS_DATAPATH_FAMILY, "features", OVS_DP_ATTR_USER_FEATURES, Kind::U32},
	{OVS_DATAPATH_FAMILY, "cache", OVS_DP_ATTR_MASKS_CACHE_SIZE, Kind::U32},
	{OVS_DATAPATH_FAMILY, "pids", OVS_DP_ATTR_PER_CPU_PIDS, Kind::U32S},
	{OVS_DATAPATH_FAMILY, "name", OVS_DP_ATTR_NAME, Kind::TEXT},
	{OVS_VPORT_FAMILY, "number", OVS_VPORT_ATTR_PORT_NO, Kind::U32},
	{OVS_VPORT_FAMILY, "type", OVS_VPORT_ATTR_TYPE, Kind::U32},
	{OVS_VPORT_FAMILY, "name", OVS_VPORT_ATTR_NAME, Kind::TEXT},
	{OVS_VPORT_FAMILY, "pids", OVS_VPORT_ATTR_UPCALL_PID, Kind::U32S},
	{OVS_VPORT_FAMILY, "options", OVS_VPORT_ATTR_OPTIONS, Kind::BYTES},
	{OVS_FLOW_FAMILY, "ufid", OVS_FLOW_ATTR_UFID, Kind::BYTES},
	{OVS_FLOW_FAMILY, "ufid-flags", OVS_FLOW_ATTR_UFID_FLAGS, Kind::U32},
	{OVS_FLOW_FAMILY, "clear", OVS_FLOW_ATTR_CLEAR, Kind::FLAG},
	{OVS_FLOW_FAMILY, "probe", OVS_FLOW_ATTR_PROBE, Kind::FLAG},
	{OVS_PACKET_FAMILY, "mru", OVS_PACKET_ATTR_MRU, Kind::U16},
	{OVS_PACKET_FAMILY, "hash", OVS_PACKET_ATTR_HASH, Kind::U64},
	{OVS_PACKET_FAMILY, "pid", OVS_PACKET_ATTR_UPCALL_PID, Kind::U32},
	{OVS_PACKET_FAMILY, "probe", OVS_PACKET_ATTR_PROBE, Kind::FLAG},
	{OVS_METER_FAMILY, "id", OVS_METER_ATTR_ID, Kind::U32},
	{OVS_METER_FAMILY, "kbps", OVS_METER_ATTR_KBPS, Kind::FLAG},
	{OVS_METER_FAMILY, "clear", OVS_METER_ATTR_CLEAR, Kind::FLAG},
	{OVS_METER_FAMILY, "bands", OVS_METER_ATTR_BANDS, Kind::BYTES},
	{OVS_METER_FAMILY, "stats", OVS_METER_ATTR_STATS, Kind::BYTES},
	{OVS_CT_LIMIT_FAMILY, "zones", OVS_CT_LIMIT_ATTR_ZONE_LIMIT, Kind::BYTES},
};

struct FlagRow {
	const char *name;
	uint16_t flag;
};

constexpr FlagRow flags[] = {
	{"create", NLM_F_CREATE},
	{"excl", NLM_F_EXCL},
	{"echo", NLM_F_ECHO},
};

/* Where a step's key, mask, actions and packet go. */
struct PartRow {
	const char *family;
	std::optional<Bytes> Step::*part;
	uint16_t type;
};

constexpr PartRow parts[] = {
	{OVS_FLOW_FAMILY, &Step::key, OVS_FLOW_ATTR_KEY | NLA_F_NESTED},
	{OVS_FLOW_FAMILY, &Step::mask, OVS_FLOW_ATTR_MASK | NLA_F_NESTED},
	{OVS_FLOW_FAMILY, &Step::actions, OVS_FLOW_ATTR_ACTIONS | NLA_F_NESTED},
	{OVS_PACKET_FAMILY, &Step::key, OVS_PACKET_ATTR_KEY | NLA_F_NESTED},
	{OVS_PACKET_FAMILY, &Step::actions, OVS_PACKET_ATTR_ACTIONS | NLA_F_NESTED},
	{OVS_PACKET_FAMILY, &Step::packet, OVS_PACKET_ATTR_PACKET},
};

std::vector<uint32_t> numbers(const std::string &text)
{
	std::istringstream in(text);
	std::vector<uint32_t> out;
	std::string one;

	while (std::getline(in, one, ','))
		out.push_back(static_cast<uint32_t>(std::stoul(one, nullptr, 0)));
	return out;
}

void put_option(lab::Request &out, const OptionRow &row, const std::string &value)
{
	const uint64_t number =
		row.kind == Kind::U16 || row.kind == Kind::U32 || row.kind == Kind::U64
			? std::stoull(value, nullptr, 0)
			: 0;
	Bytes raw;

	switch (row.kind) {
	case Kind::FLAG:
		out.flag(row.type);
		break;
	case Kind::U16:
		out.u16(row.type, static_cast<uint16_t>(number));
		break;
	case Kind::U32:
		out.u32(row.type, static_cast<uint32_t>(number));
		break;
	case Kind::U64:
		out.u64(row.type, number);
		break;
	case Kind::TEXT:
		out.str(row.type, value);
		break;
	case Kind::BYTES:
		mf::from_hex(value, raw);
		out.put(row.type, raw);
		break;
	case Kind::U32S: {
		const std::vector<uint32_t> list = numbers(value);

		out.put(row.type,
			{reinterpret_cast<const uint8_t *>(list.data()), 4 * list.size()});
		break;
	}
	}
}

const Verb *find_verb(const std::string &name)
{
	for (const Verb &verb : verbs)
		if (verb.name == name)
			return &verb;
	return nullptr;
}

const OptionRow &find_option(const Verb &verb, const std::string &name)
{
	for (const OptionRow &row : options)
		if (!std::strcmp(row.family, verb.family) && row.name == name)
			return row;
	throw mf::Error(fmt::format("{} has no option \"{}\"", verb.name, name));
}

uint16_t find_flag(const std::string &name)
{
	for (const FlagRow &row : flags)
		if (row.name == name)
			return row.flag;
	return 0;
}

} // namespace

bool is_dump(const Step &step)
{
	const Verb *verb = find_verb(step.verb);

	return verb && verb->flags == NLM_F_DUMP;
}

std::optional<lab::Request> request_of(const Step &step, int dp_ifindex)
{
	const Verb *verb = find_verb(step.verb);

	if (!verb)
		return std::nullopt;
	uint16_t header = verb->flags;
	for (const Step::Option &option : step.options)
		header |= find_flag(option.name);
	lab::Request out = lab::request(verb->family, verb->cmd, dp_ifindex, header);
	for (const Step::Option &option : step.options)
		if (!find_flag(option.name))
			put_option(out, find_option(*verb, option.name), option.value);
	for (const PartRow &row : parts)
		if (!std::strcmp(row.family, verb->family) && step.*row.part)
			out.put(row.type, *(step.*row.part));
	return out;
}

} // namespace diff
