// SPDX-License-Identifier: GPL-2.0-only
/* ct(): all that may come along, as long as chance has no part in what comes out. */
#include "actions_more.h"

#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <netinet/in.h>

namespace diff
{

/* Value and mask behind each other, with no bit outside the mask. */
static Bytes roll_masked(Dice &dice, size_t width)
{
	Bytes both = dice.bytes(width), mask(width, 0xff);

	if (dice.percent(50))
		mask = dice.bytes(width);
	mask[0] |= 1;
	for (size_t i = 0; i < width; i++)
		both[i] &= mask[i];
	both.insert(both.end(), mask.begin(), mask.end());
	return both;
}

static Bytes roll_nat_address(Dice &dice, bool v6)
{
	Bytes address = v6 ? Bytes(16) : Bytes{10, 0, 0, 0};

	address[0] = v6 ? 0xfc : 10;
	address.back() = dice.pick<uint8_t>({3, 200, 201});
	return address;
}

/* One address and one port: out of more the kernel takes any. */
static void roll_nat_range(const ActionRoll &roll)
{
	const bool v6 = roll.packet.is_ipv6() != roll.dice.percent(3);
	const Bytes address = roll_nat_address(roll.dice, v6);
	const auto port = roll.dice.pick<uint16_t>({80, 4000});

	roll.out.put(OVS_NAT_ATTR_IP_MIN, address);
	if (roll.dice.percent(30))
		roll.out.put(OVS_NAT_ATTR_IP_MAX, address);
	roll.out.u16(OVS_NAT_ATTR_PROTO_MIN, port);
	if (roll.dice.percent(30))
		roll.out.u16(OVS_NAT_ATTR_PROTO_MAX, port);
	for (const uint16_t flag : {OVS_NAT_ATTR_PERSISTENT, OVS_NAT_ATTR_PROTO_HASH,
				    OVS_NAT_ATTR_PROTO_RANDOM})
		if (roll.dice.percent(15))
			roll.out.flag(flag);
}

static void roll_nat(const ActionRoll &roll, bool commits)
{
	const size_t nest = roll.out.begin(OVS_CT_ATTR_NAT | NLA_F_NESTED);

	if (commits ? roll.dice.percent(60) : roll.dice.percent(3)) {
		roll.out.flag(roll.dice.pick<uint16_t>({OVS_NAT_ATTR_SRC, OVS_NAT_ATTR_DST}));
		roll_nat_range(roll);
	}
	roll.out.end(nest);
}

void roll_ct(const ActionRoll &roll)
{
	Dice &dice = roll.dice;
	const size_t nest = roll.out.begin(OVS_ACTION_ATTR_CT | NLA_F_NESTED);
	const bool commits = dice.percent(55);

	if (commits)
		roll.out.flag(dice.pick<uint16_t>(
			{OVS_CT_ATTR_COMMIT, OVS_CT_ATTR_COMMIT, OVS_CT_ATTR_FORCE_COMMIT}));
	if (dice.percent(60))
		roll.out.u16(OVS_CT_ATTR_ZONE, dice.pick<uint16_t>({0, 7, 7, 65535}));
	if (dice.percent(commits ? 40 : 3))
		roll.out.put(OVS_CT_ATTR_MARK, roll_masked(dice, 4));
	if (dice.percent(commits ? 40 : 3))
		roll.out.put(OVS_CT_ATTR_LABELS, roll_masked(dice, 16));
	if (dice.percent(4))
		roll.out.str(OVS_CT_ATTR_HELPER, dice.pick({"ftp", "nosuch"}));
	if (dice.percent(8))
		roll.out.u32(OVS_CT_ATTR_EVENTMASK, dice.pick<uint32_t>({0, 1, 0x30}));
	if (dice.percent(4))
		roll.out.str(OVS_CT_ATTR_TIMEOUT, "nosuch");
	if (dice.percent(25))
		roll_nat(roll, commits);
	roll.out.end(nest);
}

void roll_ct_clear(const ActionRoll &roll)
{
	roll.out.flag(OVS_ACTION_ATTR_CT_CLEAR);
}

} // namespace diff
