// SPDX-License-Identifier: GPL-2.0-only
/* set(), exact and masked: values out of another packet, so that they fit. */
#include "actions_more.h"

#include "packet_key.h"

#include "key_rows.h"

#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <netinet/in.h>

namespace diff
{

/* One field that may be set, and what it takes of a packet. */
struct SetRow {
	uint16_t attr; /* OVS_KEY_ATTR_* */
	bool (*fits)(const Packet &packet);
};

static bool any(const Packet &)
{
	return true;
}

static constexpr SetRow set_rows[] = {
	{OVS_KEY_ATTR_PRIORITY, any},
	{OVS_KEY_ATTR_SKB_MARK, any},
	{OVS_KEY_ATTR_ETHERNET, [](const Packet &p) { return p.ethernet; }},
	{OVS_KEY_ATTR_IPV4, [](const Packet &p) { return p.is_ipv4(); }},
	{OVS_KEY_ATTR_IPV6, [](const Packet &p) { return p.is_ipv6(); }},
	{OVS_KEY_ATTR_TCP, [](const Packet &p) { return p.has_l4() && p.proto == IPPROTO_TCP; }},
	{OVS_KEY_ATTR_UDP, [](const Packet &p) { return p.has_l4() && p.proto == IPPROTO_UDP; }},
	{OVS_KEY_ATTR_SCTP, [](const Packet &p) { return p.has_l4() && p.proto == IPPROTO_SCTP; }},
	{OVS_KEY_ATTR_MPLS, [](const Packet &p) { return p.is_mpls(); }},
	{OVS_KEY_ATTR_TUNNEL, any},
	/* What is never to be set. */
	{OVS_KEY_ATTR_ARP, [](const Packet &p) { return p.is_arp(); }},
	{OVS_KEY_ATTR_ICMP, [](const Packet &p) { return p.is_ipv4(); }},
	{OVS_KEY_ATTR_NSH, [](const Packet &p) { return p.is_nsh(); }},
};

/* A packet with the same shape as the one in hand, and other values. */
static Packet shaped(Dice &dice, const Packet &packet)
{
	Packet p = packet;

	for (uint32_t i = 0; i < 5; i++)
		p = vary_packet(dice, p);
	p.tags.clear();
	p.ethernet = packet.ethernet;
	p.priority = 1 + dice.below(9);
	p.mark = 1 + dice.below(9);
	if (p.is_ipv6())
		p.label = dice.below(1 << 20);
	if (p.tunnel.empty())
		while (p.tunnel.empty())
			p.tunnel = roll_packet(dice).tunnel;
	return p;
}

static Bytes value_of(const Packet &packet, uint16_t type)
{
	const Bytes key = key_of(packet);
	const auto found = mf::find_attr(mf::split_attrs(key), type);

	if (!found)
		return {};
	if (type == OVS_KEY_ATTR_MPLS)
		return {found->data.begin(), found->data.begin() + 4};
	return {found->data.begin(), found->data.end()};
}

static uint16_t roll_field(const ActionRoll &roll)
{
	for (uint32_t tries = 0; tries < 20; tries++) {
		const SetRow &row = set_rows[roll.dice.below(std::size(set_rows))];

		if (row.fits(roll.packet) || roll.dice.percent(3))
			return row.attr;
	}
	return OVS_KEY_ATTR_SKB_MARK;
}

void roll_set(const ActionRoll &roll)
{
	const uint16_t type = roll_field(roll);
	const bool nested = type == OVS_KEY_ATTR_TUNNEL || type == OVS_KEY_ATTR_NSH;
	const size_t nest = roll.out.begin(OVS_ACTION_ATTR_SET | NLA_F_NESTED);

	roll.out.put(static_cast<uint16_t>(type | (nested ? NLA_F_NESTED : 0)),
		     value_of(shaped(roll.dice, roll.packet), type));
	roll.out.end(nest);
}

static Bytes roll_set_mask(Dice &dice, uint16_t type, size_t length)
{
	const mf::KeyAttrRow *row = mf::find_key_attr(type);
	Bytes mask = dice.percent(30) ? dice.bytes(length) : Bytes(length);

	if (!row)
		return mask;
	for (const mf::KeyFieldRow &field : row->fields) {
		const bool open = !field.writable && dice.percent(97);

		if (field.offset + field.width > length)
			continue;
		if (open || dice.percent(40))
			std::fill_n(mask.begin() + field.offset, field.width, open ? 0 : 0xff);
		if (field.show == mf::Show::LABEL && dice.percent(95)) {
			mask[field.offset] = 0;
			mask[field.offset + 1] &= 0x0f;
		}
	}
	return mask;
}

void roll_set_masked(const ActionRoll &roll)
{
	uint16_t type = roll_field(roll);

	while (type == OVS_KEY_ATTR_TUNNEL)
		type = roll_field(roll);
	Bytes both = value_of(shaped(roll.dice, roll.packet), type);
	const Bytes mask = roll_set_mask(roll.dice, type, both.size());
	const size_t nest = roll.out.begin(OVS_ACTION_ATTR_SET_MASKED | NLA_F_NESTED);

	if (!roll.dice.percent(2))
		for (size_t i = 0; i < both.size(); i++)
			both[i] &= mask[i];
	both.insert(both.end(), mask.begin(), mask.end());
	roll.out.put(type, both);
	roll.out.end(nest);
}

} // namespace diff
