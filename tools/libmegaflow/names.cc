// SPDX-License-Identifier: GPL-2.0-only
#include "names.h"

#include "action_rows.h"
#include "key_rows.h"

#include <fmt/format.h>
#include <linux/openvswitch.h>
#include <optional>

namespace mf
{

namespace
{

struct NameRow {
	AttrSet set;
	uint16_t type;
	const char *name;
	AttrSet inside; /* how the attribute's own nest is named */
};

/* clang-format off */
constexpr NameRow rows[] = {
	{AttrSet::DATAPATH,  OVS_DP_ATTR_NAME,             "NAME",             AttrSet::NONE},
	{AttrSet::DATAPATH,  OVS_DP_ATTR_UPCALL_PID,       "UPCALL_PID",       AttrSet::NONE},
	{AttrSet::DATAPATH,  OVS_DP_ATTR_USER_FEATURES,    "USER_FEATURES",    AttrSet::NONE},
	{AttrSet::DATAPATH,  OVS_DP_ATTR_MASKS_CACHE_SIZE, "MASKS_CACHE_SIZE", AttrSet::NONE},
	{AttrSet::DATAPATH,  OVS_DP_ATTR_PER_CPU_PIDS,     "PER_CPU_PIDS",     AttrSet::NONE},
	{AttrSet::DATAPATH,  OVS_DP_ATTR_IFINDEX,          "IFINDEX",          AttrSet::NONE},
	{AttrSet::VPORT,     OVS_VPORT_ATTR_PORT_NO,       "PORT_NO",          AttrSet::NONE},
	{AttrSet::VPORT,     OVS_VPORT_ATTR_TYPE,          "TYPE",             AttrSet::NONE},
	{AttrSet::VPORT,     OVS_VPORT_ATTR_NAME,          "NAME",             AttrSet::NONE},
	{AttrSet::VPORT,     OVS_VPORT_ATTR_OPTIONS,       "OPTIONS",          AttrSet::NONE},
	{AttrSet::VPORT,     OVS_VPORT_ATTR_UPCALL_PID,    "UPCALL_PID",       AttrSet::NONE},
	{AttrSet::VPORT,     OVS_VPORT_ATTR_IFINDEX,       "IFINDEX",          AttrSet::NONE},
	{AttrSet::FLOW,      OVS_FLOW_ATTR_KEY,            "KEY",              AttrSet::KEY},
	{AttrSet::FLOW,      OVS_FLOW_ATTR_MASK,           "MASK",             AttrSet::KEY},
	{AttrSet::FLOW,      OVS_FLOW_ATTR_ACTIONS,        "ACTIONS",          AttrSet::ACTION},
	{AttrSet::FLOW,      OVS_FLOW_ATTR_CLEAR,          "CLEAR",            AttrSet::NONE},
	{AttrSet::FLOW,      OVS_FLOW_ATTR_PROBE,          "PROBE",            AttrSet::NONE},
	{AttrSet::FLOW,      OVS_FLOW_ATTR_UFID,           "UFID",             AttrSet::NONE},
	{AttrSet::FLOW,      OVS_FLOW_ATTR_UFID_FLAGS,     "UFID_FLAGS",       AttrSet::NONE},
	{AttrSet::PACKET,    OVS_PACKET_ATTR_PACKET,       "PACKET",           AttrSet::NONE},
	{AttrSet::PACKET,    OVS_PACKET_ATTR_KEY,          "KEY",              AttrSet::KEY},
	{AttrSet::PACKET,    OVS_PACKET_ATTR_ACTIONS,      "ACTIONS",          AttrSet::ACTION},
	{AttrSet::PACKET,    OVS_PACKET_ATTR_PROBE,        "PROBE",            AttrSet::NONE},
	{AttrSet::PACKET,    OVS_PACKET_ATTR_MRU,          "MRU",              AttrSet::NONE},
	{AttrSet::PACKET,    OVS_PACKET_ATTR_HASH,         "HASH",             AttrSet::NONE},
	{AttrSet::PACKET,    OVS_PACKET_ATTR_UPCALL_PID,   "UPCALL_PID",       AttrSet::NONE},
	{AttrSet::METER,     OVS_METER_ATTR_ID,            "ID",               AttrSet::NONE},
	{AttrSet::METER,     OVS_METER_ATTR_BANDS,         "BANDS",            AttrSet::BANDS},
	{AttrSet::BANDS,     OVS_BAND_ATTR_UNSPEC,         "band",             AttrSet::BAND},
	{AttrSet::BAND,      OVS_BAND_ATTR_TYPE,           "TYPE",             AttrSet::NONE},
	{AttrSet::BAND,      OVS_BAND_ATTR_RATE,           "RATE",             AttrSet::NONE},
	{AttrSet::BAND,      OVS_BAND_ATTR_BURST,          "BURST",            AttrSet::NONE},
	{AttrSet::USERSPACE, OVS_USERSPACE_ATTR_PID,       "pid",              AttrSet::NONE},
	{AttrSet::USERSPACE, OVS_USERSPACE_ATTR_USERDATA,  "userdata",         AttrSet::NONE},
	{AttrSet::USERSPACE, OVS_USERSPACE_ATTR_EGRESS_TUN_PORT, "tunnel_out_port", AttrSet::NONE},
	{AttrSet::USERSPACE, OVS_USERSPACE_ATTR_ACTIONS,   "actions",          AttrSet::NONE},
	{AttrSet::SAMPLE,    OVS_SAMPLE_ATTR_PROBABILITY,  "sample",           AttrSet::NONE},
	{AttrSet::SAMPLE,    OVS_SAMPLE_ATTR_ACTIONS,      "actions",          AttrSet::ACTION},
	{AttrSet::KEY,       OVS_KEY_ATTR_ENCAP,           "encap",            AttrSet::KEY},
	{AttrSet::ACTION,    OVS_ACTION_ATTR_SET,          "set",              AttrSet::KEY},
	{AttrSet::ACTION,    OVS_ACTION_ATTR_SET_MASKED,   "set",              AttrSet::KEY},
	{AttrSet::ACTION,    OVS_ACTION_ATTR_USERSPACE,    "userspace",        AttrSet::USERSPACE},
	{AttrSet::ACTION,    OVS_ACTION_ATTR_SAMPLE,       "sample",           AttrSet::SAMPLE},
	{AttrSet::ACTION,    OVS_ACTION_ATTR_CLONE,        "clone",            AttrSet::ACTION},
};
/* clang-format on */

const NameRow *find_row(AttrSet set, uint16_t type)
{
	for (const NameRow &row : rows)
		if (row.set == set && row.type == type)
			return &row;
	return nullptr;
}

/* Walks down to the attribute that holds the offset; the path on the way. */
std::string walk(View run, size_t start, AttrSet set, size_t offset)
{
	for (const Attr &attr : split_attrs(run)) {
		const size_t data = start + static_cast<size_t>(attr.data.data() - run.data());
		const size_t header = data - 4;

		if (offset < header || offset >= data + std::max<size_t>(attr.data.size(), 1))
			continue;

		const NameRow *row = find_row(set, attr.type);
		std::string path = attr_name(set, attr.type);

		if (offset > header && row && row->inside != AttrSet::NONE) {
			const std::string rest = walk(attr.data, data, row->inside, offset);

			if (!rest.empty())
				path += "/" + rest;
		}
		return path;
	}
	return {};
}

} // namespace

std::string attr_name(AttrSet set, uint16_t type)
{
	if (const NameRow *row = find_row(set, type))
		return row->name;
	if (set == AttrSet::KEY)
		if (const KeyAttrRow *row = find_key_attr(type))
			return row->name;
	if (set == AttrSet::ACTION)
		if (const ActionRow *row = find_action(type))
			return row->name;
	return fmt::format("attribute {}", type);
}

std::string attr_path(const Request &request, size_t offset)
{
	const size_t start = request.payload_offset();

	if (offset < start || offset >= request.bytes().size())
		return {};
	return walk(View(request.bytes()).subspan(start), start, request.attr_set(), offset);
}

std::string missing_attr_path(const Request &request, uint16_t type, size_t nest_offset)
{
	if (!nest_offset)
		return attr_name(request.attr_set(), type) + ", which is missing";
	return fmt::format("attribute {} of {}, which is missing", type,
			   attr_path(request, nest_offset));
}

} // namespace mf
