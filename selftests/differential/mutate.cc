// SPDX-License-Identifier: GPL-2.0-only
#include "mutate.h"

#include "loose.h"

#include <linux/netlink.h>

namespace diff
{

static void damage(Dice &dice, std::vector<Loose> &attrs)
{
	const size_t at = dice.below(static_cast<uint32_t>(attrs.size()));
	Loose &one = attrs[at];

	switch (dice.below(8)) {
	case 0:
	case 1:
		attrs.erase(attrs.begin() + static_cast<long>(at));
		break;
	case 2:
		attrs.push_back(Loose(one));
		break;
	case 3:
		one.type = static_cast<uint16_t>((one.type & NLA_F_NESTED) | dice.below(36));
		break;
	case 4:
		if (!one.data.empty())
			one.data.resize(one.data.size() - 1 -
					dice.below(static_cast<uint32_t>(one.data.size())));
		break;
	case 5:
		one.data.resize(one.data.size() + dice.pick<size_t>({1, 4}));
		break;
	case 6:
		std::swap(attrs[0], one);
		break;
	default:
		if (!one.data.empty())
			one.data[dice.below(static_cast<uint32_t>(one.data.size()))] =
				dice.pick<uint8_t>({0, 1, 0xff, 0x80});
		break;
	}
}

void mutate_attrs(Dice &dice, Bytes &run)
{
	std::vector<Loose> attrs;

	try {
		attrs = take_apart(run);
	} catch (const std::exception &) {
		return; /* It was no list of attributes. */
	}
	if (attrs.empty())
		return;
	Loose &inner = attrs[dice.below(static_cast<uint32_t>(attrs.size()))];
	if (inner.nested() && dice.percent(60))
		mutate_attrs(dice, inner.data);
	else
		damage(dice, attrs);
	run = put_together(attrs);
}

void mutate_frame(Dice &dice, Bytes &frame)
{
	const auto size = static_cast<uint32_t>(frame.size());

	/* A device takes no frame without its link header. */
	if (size <= 14)
		return;
	if (dice.percent(50)) {
		frame.resize(14 + dice.below(size - 14));
		return;
	}
	for (uint32_t n = 1 + dice.below(3); n; n--)
		frame[12 + dice.below(size - 12)] = dice.pick<uint8_t>(
			{0, 1, 4, 0x45, 0x46, 0x4f, 0x60, 0x81, 0xff, static_cast<uint8_t>(dice.any())});
}

} // namespace diff
