// SPDX-License-Identifier: GPL-2.0-only
#include "connections.h"

#include "lab/conntrack.h"

#include <algorithm>
#include <fmt/format.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <set>
#include <stdexcept>
#include <tuple>

namespace diff
{

/* What differs from one run to the next: random numbers, and times. */
static const std::set<uint16_t> left_out = {CTA_ID, CTA_TIMEOUT, CTA_TIMESTAMP, CTA_USE};

Connections::Connections(const lab::Netns &ns) : netlink(ns, NETLINK_NETFILTER) {}

void Connections::flush()
{
	lab::flush_connections(netlink);
}

void Connections::note(StepRecord &out)
{
	const lab::Answer answer = netlink.ask_raw(lab::conntrack_request(IPCTNL_MSG_CT_GET, NLM_F_DUMP));
	std::vector<StepRecord> all;

	if (!answer.ok())
		throw std::runtime_error("the connections cannot be listed: " +
					 errno_name(answer.error));
	for (const Bytes &raw : answer.messages) {
		StepRecord facts;

		for (const mf::Attr &attr : mf::split_attrs(
			     View(raw).subspan(NLMSG_HDRLEN + sizeof(nfgenmsg))))
			if (!left_out.contains(attr.type))
				facts.push_back({fmt::format("connection/{}", attr.type),
						 mf::to_hex(attr.data)});
		all.push_back(std::move(facts));
	}
	std::sort(all.begin(), all.end(), [](const StepRecord &a, const StepRecord &b) {
		return std::lexicographical_compare(
			a.begin(), a.end(), b.begin(), b.end(), [](const Fact &l, const Fact &r) {
				return std::tie(l.path, l.value) < std::tie(r.path, r.value);
			});
	});
	for (const StepRecord &facts : all)
		out.insert(out.end(), facts.begin(), facts.end());
}

} // namespace diff
