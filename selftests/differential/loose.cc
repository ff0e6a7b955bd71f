// SPDX-License-Identifier: GPL-2.0-only
#include "loose.h"

#include <linux/netlink.h>

namespace diff
{

bool Loose::nested() const
{
	return type & NLA_F_NESTED;
}

uint16_t Loose::number() const
{
	return type & NLA_TYPE_MASK;
}

std::vector<Loose> take_apart(View run)
{
	std::vector<Loose> out;

	for (const mf::Attr &attr : mf::split_attrs(run))
		out.push_back({static_cast<uint16_t>(attr.type | (attr.nested ? NLA_F_NESTED : 0)),
			       {attr.data.begin(), attr.data.end()}});
	return out;
}

Bytes put_together(const std::vector<Loose> &attrs)
{
	mf::AttrWriter out;

	for (const Loose &attr : attrs)
		out.put(attr.type, attr.data);
	return out.bytes();
}

} // namespace diff
