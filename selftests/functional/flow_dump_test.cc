// SPDX-License-Identifier: GPL-2.0-only
/* ovs_flow dump: every flow that lives through it comes exactly once. */
#include "lab.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

using namespace lab;

class FlowDump : public Bare
{
protected:
	static std::string key(uint32_t n)
	{
		return fmt::format("in_port(1),eth(src=02:00:00:{:02x}:{:02x}:{:02x},"
				   "dst=02:00:00:00:00:0b),eth_type(0x1234)",
				   n >> 16 & 255, n >> 8 & 255, n & 255);
	}

	static Bytes ufid_of(uint32_t n)
	{
		Bytes ufid(16, 0xaa);

		mf::store_be(std::span(ufid).first(4), n);
		return ufid;
	}

	/** One text parsed, many flows made of it. */
	void add_many(Netlink &via, uint32_t first, uint32_t count)
	{
		Request model = dp.flow_request(OVS_FLOW_CMD_NEW, key(0),
						{.actions = "0", .ufid = ufid_of(0), .flags = NLM_F_CREATE});
		const Bytes source = hex("020000000000");
		const auto at = std::search(model.bytes().begin(), model.bytes().end(),
					    source.begin(), source.end()) - model.bytes().begin();
		const Bytes id = ufid_of(0);
		const auto id_at = std::search(model.bytes().begin(), model.bytes().end(), id.begin(),
					       id.end()) - model.bytes().begin();

		for (uint32_t n = first; n < first + count; n++) {
			Request one = model;
			auto all = std::span(one.bytes());

			mf::store_be(all.subspan(static_cast<size_t>(at) + 3, 3), n);
			mf::store_be(all.subspan(static_cast<size_t>(id_at), 4), n);
			const Answer answer = via.ask(one);
			ASSERT_TRUE(answer.ok() || answer.error == EEXIST) << answer.why;
		}
	}

	std::multiset<Bytes> dump_ids(uint32_t flags)
	{
		std::multiset<Bytes> ids;

		for (const mf::Flow &flow : dp.dump_flows(flags))
			ids.insert(flow.ufid);
		return ids;
	}

	static constexpr uint32_t TERSE =
		OVS_UFID_F_OMIT_KEY | OVS_UFID_F_OMIT_MASK | OVS_UFID_F_OMIT_ACTIONS;
	Datapath dp{ns, "br0"};
};

TEST_F(FlowDump, Empty)
{
	EXPECT_TRUE(dp.dump_flows().empty());
}

TEST_F(FlowDump, UnknownDatapath)
{
	EXPECT_REFUSED(ask(netlink, OVS_FLOW_FAMILY, OVS_FLOW_CMD_GET, 4711, {}, NLM_F_DUMP), ENODEV);
}

TEST_F(FlowDump, HonoursOmitFlags)
{
	add_many(netlink, 0, 10);
	for (uint32_t flags = 0; flags < 8; flags++)
		for (const mf::Flow &flow : dp.dump_flows(flags)) {
			EXPECT_EQ(flow.key.empty(), (flags & OVS_UFID_F_OMIT_KEY) != 0);
			EXPECT_EQ(!flow.mask, (flags & OVS_UFID_F_OMIT_MASK) != 0);
			EXPECT_EQ(!flow.actions, (flags & OVS_UFID_F_OMIT_ACTIONS) != 0);
			EXPECT_EQ(flow.ufid.size(), 16u);
		}
}

TEST_F(FlowDump, MessagesAreOfAGetAndMultipart)
{
	add_many(netlink, 0, 3);
	const Answer answer =
		ask(netlink, OVS_FLOW_FAMILY, OVS_FLOW_CMD_GET, dp.ifindex(), {}, NLM_F_DUMP);
	ASSERT_EQ(answer.messages.size(), 3u);
	for (const Bytes &raw : answer.messages) {
		EXPECT_EQ(message_of(raw).cmd, OVS_FLOW_CMD_GET);
		EXPECT_TRUE(message_of(raw).flags & NLM_F_MULTI);
		EXPECT_EQ(message_of(raw).dp_ifindex, dp.ifindex());
	}
}

TEST_F(FlowDump, TwentyThousandUnderChurnEachOnce)
{
	constexpr uint32_t N = 20000, CHURN = 1 << 20;
	std::atomic<bool> stop{false};
	std::multiset<Bytes> wanted;

	add_many(netlink, 0, N);
	for (uint32_t n = 0; n < N; n++)
		wanted.insert(ufid_of(n));
	EXPECT_EQ(dump_ids(TERSE), wanted);

	std::thread churn([&] {
		Netlink own(ns);
		uint32_t n = 0;

		while (!stop) {
			add_many(own, CHURN + n, 1);
			Request gone = dp.flow_request(OVS_FLOW_CMD_DEL, "",
						       {.ufid = ufid_of(CHURN + n)});
			own.ask(gone);
			n = (n + 1) % 1000;
		}
	});
	for (int round = 0; round < 3; round++) {
		std::multiset<Bytes> ids = dump_ids(round ? 0 : TERSE);

		std::erase_if(ids, [](const Bytes &id) { return mf::load_be(View(id).first(4)) >= CHURN; });
		EXPECT_EQ(ids.size(), N);
		EXPECT_TRUE(ids == wanted) << "round " << round;
	}
	stop = true;
	churn.join();
}

TEST_F(FlowDump, LargeActionsComeWhole)
{
	Bytes actions;

	for (int i = 0; i < 3000; i++)
		actions = actions + hex("0800010002000000");
	const std::string text = "hex:" + mf::to_hex(actions);
	EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_NEW, from(1), {.actions = text, .flags = NLM_F_CREATE}));
	EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_NEW, from(2), {.actions = text, .flags = NLM_F_CREATE}));
	EXPECT_BYTES(dp.get_flow(from(1)).actions.value(), actions);
	/* A dump may leave the actions out where they do not fit; then GET has them. */
	const auto flows = dp.dump_flows();
	ASSERT_EQ(flows.size(), 2u);
	for (const mf::Flow &flow : flows)
		if (flow.actions) {
			EXPECT_BYTES(*flow.actions, actions);
		}
}
