// SPDX-License-Identifier: GPL-2.0-only
/* The actions: which there are, and lists of them. Sets are in set.cc, encapsulations in encap.cc. */
#include "actions.h"

#include "actions_more.h"

#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>

namespace diff
{

static void roll_output(const ActionRoll &roll)
{
	/* Port 9 is nobody. */
	roll.out.u32(OVS_ACTION_ATTR_OUTPUT,
		     roll.dice.pick<uint32_t>({2, 2, 2, 3, 3, 1, 4, 0, 9}));
}

static void roll_userspace(const ActionRoll &roll)
{
	const size_t nest = roll.out.begin(OVS_ACTION_ATTR_USERSPACE);

	roll.out.u32(OVS_USERSPACE_ATTR_PID, roll.dice.pick<uint32_t>({1001, 1002, 0xffffffff}));
	if (roll.dice.percent(50))
		roll.out.put(OVS_USERSPACE_ATTR_USERDATA, roll.dice.bytes(roll.dice.below(20)));
	if (roll.dice.percent(30))
		roll.out.flag(OVS_USERSPACE_ATTR_ACTIONS);
	if (roll.dice.percent(15))
		roll.out.u32(OVS_USERSPACE_ATTR_EGRESS_TUN_PORT,
			     roll.dice.pick<uint32_t>({2, 9}));
	roll.out.end(nest);
}

static void roll_push_vlan(const ActionRoll &roll)
{
	Bytes raw(4);

	mf::store_be(std::span(raw).first(2),
		     roll.dice.pick<uint16_t>({ETH_P_8021Q, ETH_P_8021Q, ETH_P_8021AD}));
	mf::store_be(std::span(raw).last(2),
		     0x1000 | roll.dice.below(4096) | roll.dice.below(8) << 13);
	roll.out.put(OVS_ACTION_ATTR_PUSH_VLAN, raw);
}

static void roll_pop_vlan(const ActionRoll &roll)
{
	roll.out.flag(OVS_ACTION_ATTR_POP_VLAN);
}

static void roll_body(const ActionRoll &roll, uint16_t type)
{
	const size_t nest = roll.out.begin(type | NLA_F_NESTED);

	roll_action_list({roll.dice, roll.packet, roll.out, roll.depth + 1},
			 roll.dice.below(4));
	roll.out.end(nest);
}

static void roll_sample(const ActionRoll &roll)
{
	const size_t nest = roll.out.begin(OVS_ACTION_ATTR_SAMPLE | NLA_F_NESTED);

	/* Never or always: what lies between is left to chance, which is no comparison. */
	roll.out.u32(OVS_SAMPLE_ATTR_PROBABILITY,
		     roll.dice.pick<uint32_t>({UINT32_MAX, UINT32_MAX, 0}));
	roll_body(roll, OVS_SAMPLE_ATTR_ACTIONS);
	roll.out.end(nest);
}

static void roll_recirc(const ActionRoll &roll)
{
	/* Upwards only: what goes in circles ends at a limit of its own in either module. */
	roll.out.u32(OVS_ACTION_ATTR_RECIRC, roll.packet.recirc + 1 + roll.dice.below(2));
}

static void roll_hash(const ActionRoll &roll)
{
	roll.out.put(OVS_ACTION_ATTR_HASH,
		     mf::bytes_of(ovs_action_hash{
			     roll.dice.pick<uint32_t>({OVS_HASH_ALG_L4, OVS_HASH_ALG_SYM_L4}),
			     roll.dice.pick<uint32_t>({0, 7})}));
}

static void roll_trunc(const ActionRoll &roll)
{
	roll.out.u32(OVS_ACTION_ATTR_TRUNC,
		     roll.dice.pick<uint32_t>({14, 20, 60, 100, 65535, 13}));
}

static void roll_clone(const ActionRoll &roll)
{
	roll_body(roll, OVS_ACTION_ATTR_CLONE);
}

static void roll_drop(const ActionRoll &roll)
{
	roll.out.u32(OVS_ACTION_ATTR_DROP, roll.dice.pick<uint32_t>({0, 42}));
}

static void roll_meter(const ActionRoll &roll)
{
	roll.out.u32(OVS_ACTION_ATTR_METER, roll.dice.pick<uint32_t>({1, 2, 3}));
}

static void roll_check_pkt_len(const ActionRoll &roll)
{
	const size_t nest = roll.out.begin(OVS_ACTION_ATTR_CHECK_PKT_LEN | NLA_F_NESTED);

	roll.out.u16(OVS_CHECK_PKT_LEN_ATTR_PKT_LEN,
		     roll.dice.pick<uint16_t>({14, 60, 64, 100, 1500}));
	roll_body(roll, OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER);
	roll_body(roll, OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL);
	roll.out.end(nest);
}

static void roll_dec_ttl(const ActionRoll &roll)
{
	const size_t nest = roll.out.begin(OVS_ACTION_ATTR_DEC_TTL | NLA_F_NESTED);

	roll_body(roll, OVS_DEC_TTL_ATTR_ACTION);
	roll.out.end(nest);
}

static void roll_psample(const ActionRoll &roll)
{
	const size_t nest = roll.out.begin(OVS_ACTION_ATTR_PSAMPLE | NLA_F_NESTED);

	roll.out.u32(OVS_PSAMPLE_ATTR_GROUP, 7);
	if (roll.dice.percent(70))
		roll.out.put(OVS_PSAMPLE_ATTR_COOKIE, roll.dice.bytes(1 + roll.dice.below(17)));
	roll.out.end(nest);
}

static constexpr ActionKind kinds[] = {
	{OVS_ACTION_ATTR_OUTPUT, 40, roll_output},
	{OVS_ACTION_ATTR_USERSPACE, 12, roll_userspace},
	{OVS_ACTION_ATTR_SET, 12, roll_set},
	{OVS_ACTION_ATTR_SET_MASKED, 14, roll_set_masked},
	{OVS_ACTION_ATTR_PUSH_VLAN, 8, roll_push_vlan},
	{OVS_ACTION_ATTR_POP_VLAN, 8, roll_pop_vlan},
	{OVS_ACTION_ATTR_SAMPLE, 6, roll_sample},
	{OVS_ACTION_ATTR_RECIRC, 10, roll_recirc},
	{OVS_ACTION_ATTR_HASH, 5, roll_hash},
	{OVS_ACTION_ATTR_TRUNC, 6, roll_trunc},
	{OVS_ACTION_ATTR_CLONE, 6, roll_clone},
	{OVS_ACTION_ATTR_DROP, 4, roll_drop},
	{OVS_ACTION_ATTR_PUSH_MPLS, 8, roll_push_mpls},
	{OVS_ACTION_ATTR_POP_MPLS, 8, roll_pop_mpls},
	{OVS_ACTION_ATTR_ADD_MPLS, 8, roll_add_mpls},
	{OVS_ACTION_ATTR_PUSH_ETH, 5, roll_push_eth},
	{OVS_ACTION_ATTR_POP_ETH, 5, roll_pop_eth},
	{OVS_ACTION_ATTR_PUSH_NSH, 6, roll_push_nsh},
	{OVS_ACTION_ATTR_POP_NSH, 6, roll_pop_nsh},
	{OVS_ACTION_ATTR_METER, 4, roll_meter},
	{OVS_ACTION_ATTR_CHECK_PKT_LEN, 6, roll_check_pkt_len},
	{OVS_ACTION_ATTR_DEC_TTL, 8, roll_dec_ttl},
	{OVS_ACTION_ATTR_PSAMPLE, 5, roll_psample},
	{OVS_ACTION_ATTR_CT, 8, roll_ct},
	{OVS_ACTION_ATTR_CT_CLEAR, 4, roll_ct_clear},
};

std::span<const ActionKind> action_kinds()
{
	return kinds;
}

static const ActionKind &roll_kind(Dice &dice)
{
	uint32_t total = 0;

	for (const ActionKind &kind : kinds)
		total += kind.weight;
	uint32_t at = dice.below(total);
	for (const ActionKind &kind : kinds) {
		if (at < kind.weight)
			return kind;
		at -= kind.weight;
	}
	return kinds[0];
}

/*
 * Connections are of IP only, and fragments have to wait for each other. Behind two tags the in-tree
 * module decrements nothing and goes on, which shows in later steps, too.
 */
static bool suits(const ActionRoll &roll, const ActionKind &kind)
{
	const Packet &p = roll.packet;

	if (kind.type == OVS_ACTION_ATTR_DEC_TTL)
		return p.tags.size() < 2;
	if (kind.type != OVS_ACTION_ATTR_CT)
		return true;
	return p.is_ipv4() || p.is_ipv6() ? !p.frag : roll.dice.percent(5);
}

void roll_action_list(const ActionRoll &roll, uint32_t count)
{
	/* Deeper lists hold no others, so that the whole stays readable. */
	static constexpr unsigned int DEPTH_MAX = 4;

	for (uint32_t i = 0; i < count; i++) {
		const ActionKind *kind = &roll_kind(roll.dice);
		const bool nests = kind->type == OVS_ACTION_ATTR_SAMPLE ||
				   kind->type == OVS_ACTION_ATTR_CLONE ||
				   kind->type == OVS_ACTION_ATTR_CHECK_PKT_LEN ||
				   kind->type == OVS_ACTION_ATTR_DEC_TTL;
		const bool misplaced = kind->type == OVS_ACTION_ATTR_DROP && i + 1 < count &&
				       !roll.dice.percent(20);

		if ((nests && roll.depth >= DEPTH_MAX) || misplaced || !suits(roll, *kind))
			kind = &kinds[0];
		kind->roll(roll);
	}
}

Bytes roll_actions(Dice &dice, const Packet &packet)
{
	mf::AttrWriter out;

	roll_action_list({dice, packet, out, 0},
			 dice.pick<uint32_t>({0, 1, 1, 2, 2, 3, 4, 6}));
	return out.bytes();
}

} // namespace diff
