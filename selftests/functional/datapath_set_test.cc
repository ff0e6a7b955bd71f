// SPDX-License-Identifier: GPL-2.0-only
/* ovs_datapath SET: features, port ids by CPU, the cache's size. */
#include "lab.h"

using namespace lab;

class DatapathSet : public Bare
{
protected:
	static constexpr uint32_t PER_CPU = OVS_DP_F_DISPATCH_UPCALL_PER_CPU;

	Answer set_u32(uint16_t type, uint32_t value, uint16_t flags = 0)
	{
		AttrWriter attrs;

		attrs.u32(type, value);
		return ask_dp(OVS_DP_CMD_SET, attrs, flags, dp.ifindex());
	}

	Answer set_cpu_pids(uint32_t features, const std::vector<uint32_t> &pids)
	{
		AttrWriter attrs;

		attrs.u32(OVS_DP_ATTR_USER_FEATURES, features);
		put_u32s(attrs, OVS_DP_ATTR_PER_CPU_PIDS, pids);
		return ask_dp(OVS_DP_CMD_SET, attrs, 0, dp.ifindex());
	}

	Datapath dp{ns, "br0", OVS_DP_F_UNALIGNED};
};

TEST_F(DatapathSet, FeaturesOfNewAreReported)
{
	EXPECT_EQ(dp.info().user_features, static_cast<uint32_t>(OVS_DP_F_UNALIGNED));
}

TEST_F(DatapathSet, EveryFeatureCanBeSet)
{
	for (uint32_t f : {0u, 1u, 2u, 3u, PER_CPU, PER_CPU | 1u}) {
		EXPECT_OK(set_u32(OVS_DP_ATTR_USER_FEATURES, f));
		EXPECT_EQ(dp.info().user_features, f);
	}
}

TEST_F(DatapathSet, UnknownFeatureIsRefusedAndChangesNothing)
{
	for (int bit = 4; bit < 32; bit++)
		EXPECT_REFUSED(set_u32(OVS_DP_ATTR_USER_FEATURES, 1u << bit), EOPNOTSUPP);
	EXPECT_EQ(dp.info().user_features, static_cast<uint32_t>(OVS_DP_F_UNALIGNED));
}

TEST_F(DatapathSet, FeaturesThatAreNotGivenAreCleared)
{
	EXPECT_OK(ask_dp(OVS_DP_CMD_SET, {}, 0, dp.ifindex()));
	EXPECT_EQ(dp.info().user_features, 0u);
}

TEST_F(DatapathSet, OldUserSpaceResetsFeatures)
{
	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_NEW, datapath_attrs("br0"), 0, 0, 2), EEXIST);
	EXPECT_EQ(dp.info().user_features, static_cast<uint32_t>(OVS_DP_F_UNALIGNED));
	for (int version : {0, 1}) {
		EXPECT_OK(set_u32(OVS_DP_ATTR_USER_FEATURES, 1));
		EXPECT_REFUSED(ask_dp(OVS_DP_CMD_NEW, datapath_attrs("br0"), 0, 0, version), EEXIST);
		EXPECT_EQ(dp.info().user_features, 0u);
	}
}

TEST_F(DatapathSet, CacheSizeIsKept)
{
	EXPECT_EQ(dp.info().masks_cache_size, 256u);
	for (uint32_t size : {0u, 1u, 2u, 512u, 4096u}) {
		EXPECT_OK(set_u32(OVS_DP_ATTR_MASKS_CACHE_SIZE, size));
		EXPECT_EQ(dp.info().masks_cache_size, size);
	}
}

TEST_F(DatapathSet, CacheSizeHasItsRange)
{
	EXPECT_REFUSED(set_u32(OVS_DP_ATTR_MASKS_CACHE_SIZE, 3), EINVAL);
	EXPECT_REFUSED(set_u32(OVS_DP_ATTR_MASKS_CACHE_SIZE, 1000), EINVAL);
	EXPECT_REFUSED(set_u32(OVS_DP_ATTR_MASKS_CACHE_SIZE, 1u << 31), ERANGE);
	EXPECT_EQ(dp.info().masks_cache_size, 256u);
}

TEST_F(DatapathSet, CacheSizeReplyEqualsTheRequest)
{
	const Answer answer = set_u32(OVS_DP_ATTR_MASKS_CACHE_SIZE, 64, NLM_F_ECHO);

	ASSERT_OK(answer);
	ASSERT_EQ(answer.messages.size(), 1u);
	EXPECT_EQ(mf::parse_datapath(message_of(answer.messages[0])).masks_cache_size, 64u);
}

TEST_F(DatapathSet, CpuPidsAreReported)
{
	EXPECT_OK(set_cpu_pids(PER_CPU, {11}));
	EXPECT_EQ(dp.info().per_cpu_pids, std::vector<uint32_t>{11});
	EXPECT_OK(set_cpu_pids(PER_CPU, {1, 2}));
	EXPECT_EQ(dp.info().per_cpu_pids, (std::vector<uint32_t>{1, 2}));
}

TEST_F(DatapathSet, MoreCpuPidsThanCpusAreAccepted)
{
	std::vector<uint32_t> many(500, 7);

	EXPECT_OK(set_cpu_pids(PER_CPU, many));
	EXPECT_LE(dp.info().per_cpu_pids.size(), many.size());
	EXPECT_GE(dp.info().per_cpu_pids.size(), 1u);
}

TEST_F(DatapathSet, CpuPidsWithoutTheFeatureAreIgnored)
{
	EXPECT_OK(set_cpu_pids(0, {1}));
	EXPECT_TRUE(dp.info().per_cpu_pids.empty());
}

TEST_F(DatapathSet, OddCpuPidsAreRefusedAndChangeNothing)
{
	AttrWriter odd;

	EXPECT_REFUSED(set_cpu_pids(PER_CPU, {}), EINVAL);
	odd.u32(OVS_DP_ATTR_USER_FEATURES, PER_CPU);
	odd.put(OVS_DP_ATTR_PER_CPU_PIDS, pattern(6));
	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_SET, odd, 0, dp.ifindex()), EINVAL);
	if (is_megaflow()) {
		EXPECT_EQ(dp.info().user_features, static_cast<uint32_t>(OVS_DP_F_UNALIGNED));
	}
}

TEST_F(DatapathSet, RefusedFeatureDoesNotResizeTheCache)
{
	AttrWriter attrs;

	attrs.u32(OVS_DP_ATTR_MASKS_CACHE_SIZE, 64);
	attrs.u32(OVS_DP_ATTR_USER_FEATURES, 1u << 31);
	EXPECT_REFUSED(ask_dp(OVS_DP_CMD_SET, attrs, 0, dp.ifindex()), EOPNOTSUPP);
	if (is_megaflow()) {
		EXPECT_EQ(dp.info().masks_cache_size, 256u);
	}
}
