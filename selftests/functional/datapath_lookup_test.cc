// SPDX-License-Identifier: GPL-2.0-only
/* ovs_datapath GET, DEL and dump: which datapath a request is about. */
#include "lab.h"

using namespace lab;

class DatapathLookup : public Bare
{
protected:
	static AttrWriter by_name(const std::string &name)
	{
		AttrWriter attrs;

		attrs.str(OVS_DP_ATTR_NAME, name);
		return attrs;
	}

	std::vector<std::string> dump_names()
	{
		std::vector<std::string> names;

		for (const Bytes &raw : ask_dp(OVS_DP_CMD_GET, {}, NLM_F_DUMP).messages)
			names.push_back(mf::parse_datapath(message_of(raw)).name);
		return names;
	}
};

TEST_F(DatapathLookup, ByNameOrByIfindex)
{
	const Datapath dp(ns, "br0");

	for (const Answer &answer : {ask_dp(OVS_DP_CMD_GET, by_name("br0")),
				     ask_dp(OVS_DP_CMD_GET, {}, 0, dp.ifindex())}) {
		ASSERT_OK(answer);
		ASSERT_EQ(answer.messages.size(), 1u);
		EXPECT_EQ(mf::parse_datapath(message_of(answer.messages[0])).name, "br0");
	}
}

TEST_F(DatapathLookup, NameOverridesIfindex)
{
	const Datapath one(ns, "br1");
	const Datapath two(ns, "br2");
	const Answer answer = ask_dp(OVS_DP_CMD_GET, by_name("br2"), 0, one.ifindex());

	ASSERT_OK(answer);
	EXPECT_EQ(message_of(answer.messages.at(0)).dp_ifindex, two.ifindex());
}

TEST_F(DatapathLookup, UnknownIsRefusedByEveryCommand)
{
	for (uint8_t cmd : {OVS_DP_CMD_GET, OVS_DP_CMD_SET, OVS_DP_CMD_DEL}) {
		EXPECT_REFUSED(ask_dp(cmd, by_name("nope")), ENODEV);
		EXPECT_REFUSED(ask_dp(cmd, {}, 0, 4711), ENODEV);
		EXPECT_REFUSED(ask_dp(cmd, {}), ENODEV);
	}
}

TEST_F(DatapathLookup, AnyOtherDeviceIsNoDatapath)
{
	Datapath dp(ns, "br0");

	veth_add(ns, "v0", "v1");
	dp.add_internal("int0");
	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_GET, by_name("v0")), ENODEV);
	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_GET, by_name("int0")), ENODEV);
	if (is_megaflow()) {
		EXPECT_REFUSED(ask_dp(OVS_DP_CMD_DEL, {}, 0, link_get(ns, "int0").ifindex), ENODEV);
	}
}

TEST_F(DatapathLookup, AnotherNamespacesDatapathIsUnknown)
{
	const Netns other;
	const Datapath dp(other, "br0");

	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_GET, by_name("br0")), ENODEV);
}

TEST_F(DatapathLookup, DelRemovesDevicePortsAndFlows)
{
	Datapath dp(ns, "br0");

	veth_add(ns, "v0", "v1");
	dp.add("v0");
	dp.add_internal("int0");
	dp.flow(from(1), "0");
	EXPECT_OK(ask_dp(OVS_DP_CMD_DEL, {}, 0, dp.ifindex()));
	dp.forget();
	EXPECT_FALSE(link_find(ns, "br0"));
	EXPECT_FALSE(link_find(ns, "int0"));
	EXPECT_EQ(link_get(ns, "v0").master, 0);
	EXPECT_EQ(link_get(ns, "v0").promiscuity, 0u);
}

TEST_F(DatapathLookup, DumpListsEachOnce)
{
	const Netns other;
	const Datapath elsewhere(other, "br9");

	EXPECT_TRUE(dump_names().empty());
	const Datapath one(ns, "br1");
	const Datapath two(ns, "br2");
	const Datapath three(ns, "br3");
	EXPECT_EQ(dump_names(), (std::vector<std::string>{"br1", "br2", "br3"}));
}

TEST_F(DatapathLookup, DumpOfManyNeedsSeveralBuffers)
{
	std::vector<std::unique_ptr<Datapath>> all;
	std::vector<std::string> wanted;

	for (int i = 0; i < 60; i++) {
		wanted.push_back(fmt::format("br{}", i));
		all.push_back(std::make_unique<Datapath>(ns, wanted.back()));
	}
	EXPECT_EQ(dump_names(), wanted);
}

TEST_F(DatapathLookup, RepliesCarryEverything)
{
	Datapath dp(ns, "br0");
	const Answer answer = ask_dp(OVS_DP_CMD_GET, {}, 0, dp.ifindex());

	ASSERT_OK(answer);
	const mf::Message message = message_of(answer.messages.at(0));
	EXPECT_EQ(message.cmd, OVS_DP_CMD_GET);
	const auto attrs = attrs_of(answer.messages[0]);
	for (const auto &[type, length] : std::map<uint16_t, size_t>{
		     {OVS_DP_ATTR_STATS, sizeof(ovs_dp_stats)},
		     {OVS_DP_ATTR_MEGAFLOW_STATS, sizeof(ovs_dp_megaflow_stats)},
		     {OVS_DP_ATTR_USER_FEATURES, 4},
		     {OVS_DP_ATTR_MASKS_CACHE_SIZE, 4}}) {
		const auto attr = mf::find_attr(attrs, type);
		ASSERT_TRUE(attr) << type;
		EXPECT_EQ(attr->data.size(), length) << type;
	}
	EXPECT_FALSE(mf::find_attr(attrs, OVS_DP_ATTR_PER_CPU_PIDS));
}

TEST_F(DatapathLookup, FlowAndMaskCountsAreTold)
{
	Datapath dp(ns, "br0");

	dp.flow(from(1), "0");
	dp.flow(from(2), "0");
	dp.flow("in_port(3),eth(),eth_type(0x800),ipv4(ttl=1)", "0");
	EXPECT_EQ(dp.info().stats.n_flows, 3u);
	EXPECT_EQ(dp.info().megaflow->n_masks, 2u);
	dp.flush();
	EXPECT_EQ(dp.info().stats.n_flows, 0u);
	EXPECT_EQ(dp.info().megaflow->n_masks, 0u);
}
