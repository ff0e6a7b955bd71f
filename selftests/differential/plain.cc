// SPDX-License-Identifier: GPL-2.0-only
#include "plain.h"

#include "loose.h"

#include <algorithm>
#include <linux/netlink.h>
#include <linux/openvswitch.h>

namespace diff
{

namespace
{

/* What a part of a nest is. */
enum class Inside : uint8_t { RAW, LIST, NEST };

/* A part of an action that is no plain bytes. */
struct NestRow {
	uint16_t action;
	uint16_t part;
	Inside inside;
};

constexpr NestRow parts[] = {
	{OVS_ACTION_ATTR_SAMPLE, OVS_SAMPLE_ATTR_ACTIONS, Inside::LIST},
	{OVS_ACTION_ATTR_CHECK_PKT_LEN, OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER, Inside::LIST},
	{OVS_ACTION_ATTR_CHECK_PKT_LEN, OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL, Inside::LIST},
	{OVS_ACTION_ATTR_DEC_TTL, OVS_DEC_TTL_ATTR_ACTION, Inside::LIST},
	{OVS_ACTION_ATTR_SET, OVS_KEY_ATTR_TUNNEL, Inside::NEST},
	{OVS_ACTION_ATTR_SET, OVS_KEY_ATTR_NSH, Inside::NEST},
	{OVS_ACTION_ATTR_SET_MASKED, OVS_KEY_ATTR_NSH, Inside::NEST},
	{OVS_ACTION_ATTR_PUSH_NSH, OVS_KEY_ATTR_NSH, Inside::NEST},
	{OVS_ACTION_ATTR_CT, OVS_CT_ATTR_NAT, Inside::NEST},
};

constexpr uint16_t nests[] = {
	OVS_ACTION_ATTR_USERSPACE, OVS_ACTION_ATTR_SET,	    OVS_ACTION_ATTR_SET_MASKED,
	OVS_ACTION_ATTR_SAMPLE,	   OVS_ACTION_ATTR_CT,	    OVS_ACTION_ATTR_PUSH_NSH,
	OVS_ACTION_ATTR_DEC_TTL,   OVS_ACTION_ATTR_PSAMPLE, OVS_ACTION_ATTR_CHECK_PKT_LEN,
};

std::vector<Loose> bare(View run)
{
	std::vector<Loose> out = take_apart(run);

	for (Loose &attr : out)
		attr.type = attr.number();
	return out;
}

void sort_by_number(std::vector<Loose> &attrs)
{
	std::stable_sort(attrs.begin(), attrs.end(),
			 [](const Loose &a, const Loose &b) { return a.type < b.type; });
}

const Loose *find(const std::vector<Loose> &attrs, uint16_t type)
{
	for (const Loose &attr : attrs)
		if (attr.type == type)
			return &attr;
	return nullptr;
}

/* The end of a range that is its start. */
void drop_end(std::vector<Loose> &nat, uint16_t first, uint16_t last)
{
	const Loose *start = find(nat, first);
	const Bytes same = start ? start->data : Bytes{};

	if (start)
		std::erase_if(nat, [&](const Loose &attr) {
			return attr.type == last && attr.data == same;
		});
}

/* Zeros that a tunnel has anyway. Its flags are attributes without bytes. */
void drop_zeros(std::vector<Loose> &tunnel)
{
	std::erase_if(tunnel, [](const Loose &attr) {
		return !attr.data.empty() && attr.type != OVS_TUNNEL_KEY_ATTR_ID &&
		       attr.type != OVS_TUNNEL_KEY_ATTR_TTL && attr.data.size() <= 16 &&
		       attr.type != OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS &&
		       mf::all_bytes(attr.data, 0);
	});
}

Bytes plain_nest(uint16_t part, View run)
{
	std::vector<Loose> attrs = bare(run);

	sort_by_number(attrs);
	if (part == OVS_KEY_ATTR_TUNNEL)
		drop_zeros(attrs);
	for (Loose &attr : attrs)
		if (part == OVS_KEY_ATTR_TUNNEL && attr.type == OVS_TUNNEL_KEY_ATTR_VXLAN_OPTS)
			attr.data = put_together(bare(attr.data));
	return put_together(attrs);
}

Bytes plain_nat(View run)
{
	std::vector<Loose> attrs = bare(run);

	sort_by_number(attrs);
	drop_end(attrs, OVS_NAT_ATTR_IP_MIN, OVS_NAT_ATTR_IP_MAX);
	drop_end(attrs, OVS_NAT_ATTR_PROTO_MIN, OVS_NAT_ATTR_PROTO_MAX);
	return put_together(attrs);
}

Inside inside_of(uint16_t action, uint16_t part)
{
	for (const NestRow &row : parts)
		if (row.action == action && row.part == part)
			return row.inside;
	return Inside::RAW;
}

Bytes plain_action(uint16_t action, View run)
{
	std::vector<Loose> attrs = bare(run);

	sort_by_number(attrs);
	for (Loose &attr : attrs) {
		const Inside inside = inside_of(action, attr.type);

		if (inside == Inside::LIST)
			attr.data = plain_actions(attr.data);
		else if (action == OVS_ACTION_ATTR_CT && inside == Inside::NEST)
			attr.data = plain_nat(attr.data);
		else if (inside == Inside::NEST)
			attr.data = plain_nest(attr.type, attr.data);
	}
	/* Zone 0 is what no zone means. */
	if (action == OVS_ACTION_ATTR_CT)
		std::erase_if(attrs, [](const Loose &attr) {
			return attr.type == OVS_CT_ATTR_ZONE && mf::all_bytes(attr.data, 0);
		});
	return put_together(attrs);
}

} // namespace

Bytes plain_actions(View list)
{
	std::vector<Loose> attrs = bare(list);

	for (Loose &attr : attrs)
		if (attr.type == OVS_ACTION_ATTR_CLONE)
			attr.data = plain_actions(attr.data);
		else if (std::find(std::begin(nests), std::end(nests), attr.type) != std::end(nests))
			attr.data = plain_action(attr.type, attr.data);
	return put_together(attrs);
}

} // namespace diff
