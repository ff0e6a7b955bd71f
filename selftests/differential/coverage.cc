// SPDX-License-Identifier: GPL-2.0-only
#include "coverage.h"

#include "actions.h"
#include "action_rows.h"
#include "key_rows.h"
#include "loose.h"
#include "talk.h"

#include <fmt/format.h>
#include <linux/openvswitch.h>

namespace diff
{

using Seen = std::set<uint16_t>;

static void walk_key(View run, Seen &seen)
{
	for (const mf::Attr &attr : mf::split_attrs(run)) {
		seen.insert(attr.type);
		if (attr.type == OVS_KEY_ATTR_ENCAP)
			walk_key(attr.data, seen);
	}
}

/* The actions' bodies are lists, or nests that hold one or two. */
static void walk_actions(View run, Seen &seen)
{
	for (const mf::Attr &attr : mf::split_attrs(run)) {
		const mf::ActionRow *row = mf::find_action(attr.type);

		seen.insert(attr.type);
		if (!row || !row->has_body) {
			if (attr.type != OVS_ACTION_ATTR_SAMPLE)
				continue;
		}
		if (attr.type == OVS_ACTION_ATTR_CLONE) {
			walk_actions(attr.data, seen);
			continue;
		}
		for (const mf::Attr &body : mf::split_attrs(attr.data))
			if (body.nested)
				walk_actions(body.data, seen);
	}
}

void Coverage::add(const Scenario &scenario)
{
	Seen key, action;

	for (const Step &step : scenario.steps)
		try {
			if (step.key)
				walk_key(*step.key, key);
			if (step.actions)
				walk_actions(*step.actions, action);
		} catch (const std::exception &) {
			/* Damaged on purpose; what was read until then counts. */
		}
	for (const TalkKind &kind : talk_kinds())
		if (("," + scenario.talks).find(fmt::format(",{},", kind.name)) != std::string::npos)
			talks[kind.name]++;
	for (const uint16_t type : key)
		keys[type]++;
	for (const uint16_t type : action)
		actions[type]++;
}

template <typename Name>
static uint64_t of(const std::map<Name, uint64_t> &counts, const Name &type)
{
	const auto found = counts.find(type);

	return found == counts.end() ? 0 : found->second;
}

unsigned int Coverage::print_talks(uint64_t least) const
{
	unsigned int poor = 0;

	for (const TalkKind &kind : talk_kinds()) {
		const uint64_t count = of<std::string>(talks, kind.name);

		fmt::print("talk   {:<14} {:>6} scenarios{}\n", kind.name, count,
			   count < least ? "  TOO FEW" : "");
		poor += count < least;
	}
	return poor;
}

unsigned int Coverage::print(uint64_t least) const
{
	unsigned int poor = 0;

	for (const mf::KeyAttrRow &row : mf::key_attrs()) {
		const uint64_t count = of(keys, row.type);

		fmt::print("key    {:<14} {:>6} scenarios{}\n", row.name, count,
			   count < least ? "  TOO FEW" : "");
		poor += count < least;
	}
	for (const ActionKind &kind : action_kinds()) {
		const mf::ActionRow *row = mf::find_action(kind.type);
		const uint64_t count = of(actions, kind.type);
		const char *remark = count < least ? "  TOO FEW" : "";

		fmt::print("action {:<14} {:>6} scenarios{}\n",
			   kind.type == OVS_ACTION_ATTR_SET_MASKED ? "set_masked" : row->name,
			   count, remark);
		poor += count < least;
	}
	return poor;
}

} // namespace diff
