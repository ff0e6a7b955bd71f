// SPDX-License-Identifier: GPL-2.0-only
/* Install, dump, install what was dumped: every attribute of a key, every action, byte for byte. */
#include "lab.h"
#include "lab/samples.h"

#include "action_rows.h"
#include "attr.h"
#include "key_rows.h"

#include <set>

using namespace lab;

namespace
{

/* Adds the types of a run of key attributes, those within ENCAP as well. */
void see_keys(View run, std::set<uint16_t> &seen)
{
	for (const mf::Attr &attr : mf::split_attrs(run)) {
		seen.insert(attr.type);
		if (attr.type == OVS_KEY_ATTR_ENCAP)
			see_keys(attr.data, seen);
	}
}

} // namespace

class RoundTrip : public Lab
{
      protected:
	/** Installs a flow and reads it back. */
	mf::Flow once(Request request)
	{
		EXPECT_OK(dp.socket().ask(request));

		const Answer answer = dp.ask_flow(OVS_FLOW_CMD_GET, "", {.ufid = ufid});
		EXPECT_OK(answer);
		return answer.ok() ? mf::parse_flow(message_of(answer.messages.at(0))) : mf::Flow{};
	}

	mf::Flow first(const std::string &key, const std::string &actions)
	{
		return once(
			dp.flow_request(OVS_FLOW_CMD_NEW, key,
					{.actions = actions, .ufid = ufid, .flags = NLM_F_CREATE}));
	}

	/** The same from the bytes of a dump. */
	mf::Flow again(const mf::Flow &flow)
	{
		Request request = dp.flow_request(OVS_FLOW_CMD_NEW, "",
						  {.ufid = ufid, .flags = NLM_F_CREATE});

		request.put(OVS_FLOW_ATTR_KEY | NLA_F_NESTED, flow.key);
		request.put(OVS_FLOW_ATTR_MASK | NLA_F_NESTED, flow.mask.value());
		request.put(OVS_FLOW_ATTR_ACTIONS | NLA_F_NESTED, flow.actions.value());
		return once(std::move(request));
	}

	const Bytes ufid = pattern(16);
};

TEST_F(RoundTrip, EveryKey)
{
	std::set<uint16_t> seen;

	for (const std::string &key : sample_keys()) {
		SCOPED_TRACE(key);
		dp.flush();
		const mf::Flow flow = first(key, "2");
		dp.flush();
		const mf::Flow back = again(flow);

		EXPECT_BYTES(back.key, flow.key);
		EXPECT_BYTES(back.mask.value_or(Bytes{}), flow.mask.value_or(Bytes{}));
		see_keys(flow.key, seen);
	}
	for (const mf::KeyAttrRow &row : mf::key_attrs())
		EXPECT_TRUE(seen.contains(row.type)) << row.name << " is in no key";
}

TEST_F(RoundTrip, H27_EveryAction)
{
	std::set<uint16_t> seen;

	for (const ListSample &row : sample_lists()) {
		SCOPED_TRACE(row.actions);
		const Bytes sent = actions_of_text(row.actions);

		for (const mf::Attr &action : mf::split_attrs(sent))
			seen.insert(action.type);
		dp.flush();
		if (dp.ask_flow(OVS_FLOW_CMD_NEW, row.key,
				{.actions = row.actions, .ufid = ufid, .flags = NLM_F_CREATE})
			    .error == EOPNOTSUPP) {
			/* A kernel whose psample has no cookies. */
			EXPECT_TRUE(row.actions.starts_with("psample"));
			continue;
		}
		dp.flush();
		const mf::Flow flow = first(row.key, row.actions);
		if (is_megaflow()) {
			EXPECT_BYTES(flow.actions.value_or(Bytes{}), sent);
		}
		dp.flush();
		const mf::Flow back = again(flow);

		EXPECT_BYTES(back.actions.value_or(Bytes{}), flow.actions.value_or(Bytes{}));
	}
	for (const mf::ActionRow *row : mf::all_actions())
		EXPECT_TRUE(seen.contains(row->type)) << row->name << " is in no list";
}
