// SPDX-License-Identifier: GPL-2.0-only
/* ovs_flow NEW: identifiers, duplicates, NEW that modifies. */
#include "lab.h"

using namespace lab;

class FlowNew : public Bare
{
protected:
	Answer add(const std::string &key, const std::string &actions, uint16_t flags = NLM_F_CREATE,
		   const Bytes &ufid = {})
	{
		return dp.ask_flow(OVS_FLOW_CMD_NEW, key,
				   {.actions = actions, .ufid = ufid, .flags = flags});
	}

	const Bytes ufid_a = pattern(16);
	const Bytes ufid_b = hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
	Datapath dp{ns, "br0"};
};

TEST_F(FlowNew, NeedsKeyAndActions)
{
	EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_NEW, from(1), {}), EINVAL);
	EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_NEW, "", {.actions = "0"}), EINVAL);
	EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_NEW, "", {.actions = "0", .ufid = ufid_a}), EINVAL);
}

TEST_F(FlowNew, UnknownDatapath)
{
	Request sent = dp.flow_request(OVS_FLOW_CMD_NEW, from(1), {.actions = "0"});
	const int none = 4711;

	mf::store_host(std::span(sent.bytes()).subspan(NLMSG_HDRLEN + 4, 4),
		       static_cast<uint32_t>(none));
	EXPECT_REFUSED(netlink.ask(sent), ENODEV);
}

TEST_F(FlowNew, NoActionsMeansDrop)
{
	EXPECT_OK(add(from(1), "drop"));
	EXPECT_EQ(dp.actions_of(from(1)), "drop");
	EXPECT_EQ(dp.get_flow(from(1)).actions->size(), 0u);
}

TEST_F(FlowNew, DuplicateWithCreateOrExcl)
{
	EXPECT_OK(add(from(1), "0"));
	EXPECT_REFUSED(add(from(1), "1", NLM_F_CREATE), EEXIST);
	EXPECT_REFUSED(add(from(1), "1", NLM_F_EXCL), EEXIST);
	EXPECT_REFUSED(add(from(1), "1", NLM_F_CREATE | NLM_F_EXCL), EEXIST);
	EXPECT_EQ(dp.actions_of(from(1)), "0");
}

TEST_F(FlowNew, WithoutCreateModifies)
{
	EXPECT_OK(add(from(1), "0"));
	EXPECT_OK(add(from(1), "1", 0));
	EXPECT_EQ(dp.actions_of(from(1)), "1");
	EXPECT_EQ(dp.info().stats.n_flows, 1u);
}

TEST_F(FlowNew, WithoutCreateCreatesToo)
{
	EXPECT_OK(add(from(1), "0", 0));
	EXPECT_EQ(dp.info().stats.n_flows, 1u);
}

TEST_F(FlowNew, ReplyIsNewInBothCases)
{
	for (int i = 0; i < 2; i++) {
		const Answer answer = add(from(1), std::to_string(i), NLM_F_ECHO);

		ASSERT_EQ(answer.messages.size(), 1u);
		EXPECT_EQ(message_of(answer.messages[0]).cmd, OVS_FLOW_CMD_NEW);
		const mf::Flow flow = mf::parse_flow(message_of(answer.messages[0]));
		EXPECT_EQ(mf::format_actions(flow.actions.value(), {}), std::to_string(i));
	}
}

TEST_F(FlowNew, AnyFlowThatMatchesTheKeyIsADuplicate)
{
	EXPECT_OK(add("in_port(1),eth(),eth_type(0x800),ipv4()", "0"));
	EXPECT_REFUSED(add("in_port(1),eth(),eth_type(0x800),ipv4(ttl=3)", "1"), EEXIST);
	EXPECT_REFUSED(add("in_port(1),eth(),eth_type(0x800),ipv4(ttl=3)", "1", 0), ENOENT);
}

TEST_F(FlowNew, UfidIsEchoed)
{
	const Answer answer = add(from(1), "0", NLM_F_CREATE | NLM_F_ECHO, ufid_a);

	ASSERT_EQ(answer.messages.size(), 1u);
	EXPECT_BYTES(mf::parse_flow(message_of(answer.messages[0])).ufid, ufid_a);
}

TEST_F(FlowNew, UfidInUse)
{
	EXPECT_OK(add(from(1), "0", NLM_F_CREATE, ufid_a));
	EXPECT_REFUSED(add(from(2), "1", NLM_F_CREATE, ufid_a), EEXIST);
	EXPECT_REFUSED(add(from(1), "1", NLM_F_CREATE, ufid_b), EEXIST);
}

TEST_F(FlowNew, UfidOfAnyLengthUpTo16)
{
	for (size_t length : {1u, 4u, 15u, 16u}) {
		EXPECT_OK(add(from(1), "0", NLM_F_CREATE, pattern(length)));
		EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_DEL, "", {.ufid = pattern(length)}));
	}
}

TEST_F(FlowNew, UfidTooLongOrEmpty)
{
	Request empty = dp.flow_request(OVS_FLOW_CMD_NEW, from(1),
					{.actions = "0", .flags = NLM_F_CREATE});

	empty.put(OVS_FLOW_ATTR_UFID, {});
	EXPECT_REFUSED(netlink.ask(empty), ERANGE);
	if (is_megaflow()) {
		EXPECT_REFUSED(add(from(1), "0", NLM_F_CREATE, pattern(17)), EINVAL);
	}
}

TEST_F(FlowNew, ProbeIsDoneAsAnyOther)
{
	EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_NEW, from(1), {.actions = "0", .probe = true}));
	EXPECT_EQ(dp.info().stats.n_flows, 1u);
}

TEST_F(FlowNew, ClearMeansNothingHere)
{
	EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_NEW, from(1), {.actions = "0", .clear = true}));
	EXPECT_EQ(dp.info().stats.n_flows, 1u);
}

TEST_F(FlowNew, BadActionsInstallNothing)
{
	for (const char *actions : {"hex:08000100 00000000 00000000", "hex:0800ff00 00000000",
				    "hex:06000100 00000000", "hex:0800010000000100ff"}) {
		EXPECT_REFUSED(add(from(1), actions), EINVAL) << actions;
		EXPECT_EQ(dp.info().stats.n_flows, 0u) << actions;
	}
}

TEST_F(FlowNew, BadActionsOfAModificationChangeNothing)
{
	EXPECT_OK(add(from(1), "0"));
	EXPECT_REFUSED(add(from(1), "hex:0800ff00 00000000", 0), EINVAL);
	EXPECT_EQ(dp.actions_of(from(1)), "0");
}

TEST_F(FlowNew, AbsentMaskMeansExact)
{
	const Answer answer = dp.ask_flow(OVS_FLOW_CMD_NEW,
					  "in_port(1),eth(src=02:00:00:00:00:0a,dst=02:00:00:00:00:0b),"
					  "eth_type(0x1234)",
					  {.actions = "0", .mask = false,
					   .flags = NLM_F_CREATE | NLM_F_ECHO});
	ASSERT_EQ(answer.messages.size(), 1u);
	const mf::Flow flow = mf::parse_flow(message_of(answer.messages[0]));
	for (const mf::Attr &attr : mf::split_attrs(flow.mask.value()))
		if (attr.type == OVS_KEY_ATTR_ETHERNET || attr.type == OVS_KEY_ATTR_ETHERTYPE ||
		    attr.type == OVS_KEY_ATTR_IN_PORT) {
			EXPECT_TRUE(mf::all_bytes(attr.data, 0xff)) << attr.type;
		}
}
