// SPDX-License-Identifier: GPL-2.0-only
/* Headers put on and taken off: MPLS, Ethernet, NSH. */
#include "actions_more.h"

#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>

namespace diff
{

static Bytes roll_lse(Dice &dice, size_t length)
{
	Bytes raw(length);

	mf::store_be(std::span(raw).first(4),
		     dice.pick<uint32_t>({16, 0xfffff}) << 12 | dice.below(8) << 9 |
			     (dice.percent(60) ? 0x100u : 0u) | dice.pick<uint32_t>({64, 1}));
	mf::store_be(std::span(raw).subspan(4, 2),
		     dice.percent(3) ? ETH_P_IP
				     : dice.pick<uint16_t>({ETH_P_MPLS_UC, ETH_P_MPLS_MC}));
	return raw;
}

void roll_push_mpls(const ActionRoll &roll)
{
	roll.out.put(OVS_ACTION_ATTR_PUSH_MPLS,
		     roll_lse(roll.dice, sizeof(ovs_action_push_mpls)));
}

void roll_add_mpls(const ActionRoll &roll)
{
	Bytes raw = roll_lse(roll.dice, sizeof(ovs_action_add_mpls));

	mf::store_host(std::span(raw).last(2), roll.dice.pick<uint16_t>({0, 1, 1, 2}));
	roll.out.put(OVS_ACTION_ATTR_ADD_MPLS, raw);
}

void roll_pop_mpls(const ActionRoll &roll)
{
	Bytes raw(2);

	mf::store_be(raw, roll.dice.pick<uint16_t>({ETH_P_IP, ETH_P_IPV6, ETH_P_MPLS_UC, ETH_P_TEB,
						    ETH_P_ARP}));
	roll.out.put(OVS_ACTION_ATTR_POP_MPLS, raw);
}

void roll_push_eth(const ActionRoll &roll)
{
	roll.out.put(OVS_ACTION_ATTR_PUSH_ETH, roll.dice.bytes(12));
}

void roll_pop_eth(const ActionRoll &roll)
{
	roll.out.flag(OVS_ACTION_ATTR_POP_ETH);
}

void roll_push_nsh(const ActionRoll &roll)
{
	const size_t nest = roll.out.begin(OVS_ACTION_ATTR_PUSH_NSH | NLA_F_NESTED);
	const size_t header = roll.out.begin(OVS_KEY_ATTR_NSH | NLA_F_NESTED);
	const bool md1 = roll.dice.percent(70);

	roll.out.put(OVS_NSH_KEY_ATTR_BASE,
		     Bytes{0, 63, static_cast<uint8_t>(md1 ? 1 : 2),
			   roll.dice.pick<uint8_t>({1, 2, 3}), 0, 0, 7, 255});
	if (md1)
		roll.out.put(OVS_NSH_KEY_ATTR_MD1, roll.dice.bytes(16));
	else
		roll.out.put(OVS_NSH_KEY_ATTR_MD2, roll.dice.bytes(roll.dice.pick({4, 8, 244, 5})));
	roll.out.end(header);
	roll.out.end(nest);
}

void roll_pop_nsh(const ActionRoll &roll)
{
	roll.out.flag(OVS_ACTION_ATTR_POP_NSH);
}

} // namespace diff
