// SPDX-License-Identifier: GPL-2.0-only
#include "meters.h"

#include "mutate.h"

#include "attr.h"

#include <fmt/format.h>
#include <linux/openvswitch.h>

namespace diff
{

/* Few, so that they are met again, and by the action. */
static std::string roll_id(Dice &dice)
{
	return fmt::format("{}", dice.pick<uint32_t>({1, 1, 1, 2, 2, 3, 0, 0xffffffff}));
}

/* Rates that a packet always exceeds, or never: what lies between is left to the clock. */
static Bytes roll_bands(Dice &dice)
{
	const bool tight = dice.percent(50);
	const uint32_t count = dice.pick<uint32_t>({1, 1, 1, 1, 1, 1, 0, 2});
	mf::AttrWriter out;

	for (uint32_t i = 0; i < count; i++) {
		const size_t nest = out.begin(OVS_BAND_ATTR_UNSPEC);

		out.u32(OVS_BAND_ATTR_TYPE, dice.percent(95) ? OVS_METER_BAND_TYPE_DROP : 2);
		out.u32(OVS_BAND_ATTR_RATE, dice.percent(3) ? 0 : tight ? 1 : 1000000);
		out.u32(OVS_BAND_ATTR_BURST, tight ? 0 : 1000000);
		if (dice.percent(10))
			out.put(OVS_BAND_ATTR_STATS, dice.bytes(sizeof(ovs_flow_stats)));
		out.end(nest);
	}
	if (dice.percent(10))
		mutate_attrs(dice, out.bytes());
	return out.bytes();
}

Step make_meter(Dice &dice)
{
	Step step{"meter-set", {}, {}, {}, {}, {}};

	if (!dice.percent(3))
		step.set("id", roll_id(dice));
	if (dice.percent(50))
		step.set("kbps");
	if (dice.percent(30))
		step.set("clear");
	if (dice.percent(15))
		step.set("stats", mf::to_hex(dice.bytes(sizeof(ovs_flow_stats))));
	if (!dice.percent(3))
		step.set("bands", mf::to_hex(roll_bands(dice)));
	return step;
}

Step roll_meter_step(Dice &dice)
{
	Step step{dice.pick({"meter-get", "meter-get", "meter-del", "meter-features"}),
		  {}, {}, {}, {}, {}};

	if (dice.percent(50))
		return make_meter(dice);
	if (step.verb != "meter-features")
		step.set("id", roll_id(dice));
	return step;
}

} // namespace diff
