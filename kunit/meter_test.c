// SPDX-License-Identifier: GPL-2.0-only
/*
 * Meters: the arithmetic of their buckets, and their table.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/prandom.h>

#include "../datapath/meter/meter.c"

#define START	1000000ULL

static struct mf_meter *meter_new(struct kunit *test, u32 rate, u32 burst, bool kbps)
{
	const struct mf_meter_spec spec = {
		.id = 7,
		.type = OVS_METER_BAND_TYPE_DROP,
		.rate = rate,
		.burst = burst,
		.kbps = kbps,
		.has_band = true,
	};
	struct mf_meter *meter = mf_meter_new(&spec, START);

	KUNIT_ASSERT_NOT_NULL(test, meter);
	return meter;
}

static bool charge(struct mf_meter *meter, u32 len, u64 now)
{
	bool passes;

	local_bh_disable();
	passes = mf_meter_charge(meter, len, now);
	local_bh_enable();
	return passes;
}

/**
 * struct step - packets that a meter sees
 * @after: milliseconds since the meter was made
 * @len: bytes of each
 * @passes: how many pass, one after the other; one more is dropped
 */
struct step {
	u64 after;
	u32 len;
	u32 passes;
};

struct story {
	const char *what;
	u32 rate;
	u32 burst;
	bool kbps;
	struct step steps[4];
};

static const struct story stories[] = {
	{ "packets", 10, 5, false,
	  { { 0, 1500, 5 }, { 99, 60, 0 }, { 100, 60, 1 }, { 350, 60, 2 } } },
	{ "a half token is kept", 10, 1, false,
	  { { 0, 60, 1 }, { 50, 60, 0 }, { 100, 60, 1 } } },
	{ "bits", 8, 8, true,
	  { { 0, 1000, 1 }, { 1, 1, 1 }, { 501, 500, 1 }, { 9999, 1000, 1 } } },
	{ "packets have no length", 1000, 2, false, { { 0, 65535, 2 }, { 2, 1, 2 } } },
	{ "no burst", 1000, 0, false, { { 0, 60, 0 }, { 1000, 60, 0 } } },
	{ "no burst in bits", 1000, 0, true, { { 1000, 60, 0 } } },
	{ "a packet larger than the burst", 1000, 1, true, { { 0, 126, 0 }, { 9, 125, 1 } } },
	/* The product of time and rate takes 33 bits and more. */
	{ "5 Gbit", 5000000, 5000000, true,
	  { { 0, 625000000, 1 }, { 999, 624375001, 0 }, { 999, 624375000, 1 },
	    { 1999, 625000000, 1 } } },
	{ "largest rate", U32_MAX, 1, false, { { 0, 60, 1 }, { 1, 60, 1 }, { 2, 60, 1 } } },
	{ "largest of all", U32_MAX, U32_MAX, true,
	  { { 0, U32_MAX, 125 }, { 1, 536870911, 1 }, { 3, 1073741823, 1 } } },
	/* Idle for longer than 32, and nearly 64 bits hold. */
	{ "idle for 50 days", U32_MAX, 3, false, { { 0, 60, 3 }, { 1ULL << 32, 60, 3 } } },
	{ "idle for 50 days, slow", 1, 3, false, { { 0, 60, 3 }, { (1ULL << 32) + 1, 60, 3 } } },
	{ "idle for ever", U32_MAX, 2, false, { { 0, 60, 2 }, { U64_MAX - START, 60, 2 } } },
};

static void run_steps(struct kunit *test, struct mf_meter *meter, const struct story *story)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(story->steps) && story->steps[i].len; i++) {
		const struct step *step = &story->steps[i];
		u32 n = 0;

		while (n <= step->passes && charge(meter, step->len, START + step->after))
			n++;
		KUNIT_EXPECT_EQ_MSG(test, n, step->passes, "%s, step %d", story->what, i);
		KUNIT_EXPECT_LE_MSG(test, meter->tokens, bucket_size(&meter->spec), "%s",
				    story->what);
	}
}

static void buckets(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(stories); i++) {
		const struct story *story = &stories[i];
		struct mf_meter *meter = meter_new(test, story->rate, story->burst, story->kbps);

		run_steps(test, meter, story);
		mf_meter_free(meter);
	}
}

/* A clock that another CPU has read later neither adds nor takes. */
static void clock_goes_back(struct kunit *test)
{
	struct mf_meter *meter = meter_new(test, 1, 1, false);

	KUNIT_EXPECT_TRUE(test, charge(meter, 60, START + 500));
	KUNIT_EXPECT_FALSE(test, charge(meter, 60, START));
	KUNIT_EXPECT_EQ(test, meter->state.used, START + 500);
	KUNIT_EXPECT_FALSE(test, charge(meter, 60, START + 1499));
	KUNIT_EXPECT_TRUE(test, charge(meter, 60, START + 1500));
	mf_meter_free(meter);
}

/* The same as a bucket that is filled every millisecond. */
static void naive_twin(struct kunit *test)
{
	struct rnd_state rnd;
	int round;
	int i;

	prandom_seed_state(&rnd, 1);
	for (round = 0; round < 50; round++) {
		u32 rate = 1 + prandom_u32_state(&rnd) % 5000;
		u32 burst = prandom_u32_state(&rnd) % 200;
		struct mf_meter *meter = meter_new(test, rate, burst, round & 1);
		u64 full = (u64)burst * 1000;
		u64 tokens = full;
		u64 now = START;

		for (i = 0; i < 500; i++) {
			u32 idle = prandom_u32_state(&rnd) % 40;
			u32 len = 1 + prandom_u32_state(&rnd) % 2000;
			u64 cost = round & 1 ? len * 8 : 1000;
			bool passes;

			for (now += idle; idle--; )
				tokens = min(full, tokens + rate);
			passes = tokens >= cost;
			tokens -= passes ? cost : 0;
			KUNIT_ASSERT_EQ(test, charge(meter, len, now), passes);
			KUNIT_ASSERT_EQ(test, meter->tokens, tokens);
		}
		mf_meter_free(meter);
	}
}

static void counters(struct kunit *test)
{
	struct mf_meter_spec spec = {
		.stats = { .n_packets = 100, .n_bytes = 1000 },
		.type = OVS_METER_BAND_TYPE_DROP,
		.rate = 1,
		.burst = 1,
		.has_band = true,
	};
	struct mf_meter *meter = mf_meter_new(&spec, START);
	struct mf_meter_state state;

	KUNIT_ASSERT_NOT_NULL(test, meter);
	charge(meter, 60, START + 1);
	charge(meter, 70, START + 2);
	charge(meter, 80, START + 3);
	mf_meter_read(meter, &state);
	KUNIT_EXPECT_EQ(test, state.stats.n_packets, 103ULL);
	KUNIT_EXPECT_EQ(test, state.stats.n_bytes, 1210ULL);
	KUNIT_EXPECT_EQ(test, state.exceeded.n_packets, 2ULL);
	KUNIT_EXPECT_EQ(test, state.exceeded.n_bytes, 150ULL);
	KUNIT_EXPECT_EQ(test, state.used, START + 3);
	mf_meter_free(meter);

	/* Bands of other types and no band drop nothing, but count. */
	spec.type = 9;
	meter = mf_meter_new(&spec, START);
	KUNIT_ASSERT_NOT_NULL(test, meter);
	KUNIT_EXPECT_TRUE(test, charge(meter, 60, START));
	KUNIT_EXPECT_TRUE(test, charge(meter, 60, START));
	KUNIT_EXPECT_EQ(test, meter->state.exceeded.n_packets, 1ULL);
	mf_meter_free(meter);

	spec = (struct mf_meter_spec){};
	meter = mf_meter_new(&spec, START);
	KUNIT_ASSERT_NOT_NULL(test, meter);
	KUNIT_EXPECT_TRUE(test, charge(meter, 60, START + 9));
	KUNIT_EXPECT_EQ(test, meter->state.stats.n_packets, 1ULL);
	KUNIT_EXPECT_EQ(test, meter->state.used, START + 9);
	mf_meter_free(meter);
}

static struct mf_meter *put(struct kunit *test, struct mf_meters *meters, u32 id)
{
	const struct mf_meter_spec spec = { .id = id };
	struct mf_meter *meter = mf_meter_new(&spec, START);
	struct mf_meter *old;

	KUNIT_ASSERT_NOT_NULL(test, meter);
	KUNIT_ASSERT_EQ(test, mf_meters_set_locked(meters, meter, &old), 0);
	return old;
}

static void table(struct kunit *test)
{
	static const u32 ids[] = { 0, 1, 1024, 1025, U32_MAX };
	struct mf_meters meters;
	struct mf_meter *meter;
	unsigned long at = 0;
	int i;

	mf_meters_init(&meters);
	for (i = 0; i < ARRAY_SIZE(ids); i++)
		KUNIT_EXPECT_NULL(test, put(test, &meters, ids[i]));
	KUNIT_EXPECT_EQ(test, meters.n, 5u);

	rcu_read_lock();
	for (i = 0; i < ARRAY_SIZE(ids); i++, at++) {
		meter = mf_meters_next_rcu(&meters, &at);
		KUNIT_EXPECT_NOT_NULL(test, meter);
		KUNIT_EXPECT_EQ(test, at, (unsigned long)ids[i]);
		KUNIT_EXPECT_PTR_EQ(test, meter, mf_meters_find_rcu(&meters, ids[i]));
	}
	KUNIT_EXPECT_NULL(test, mf_meters_next_rcu(&meters, &at));
	KUNIT_EXPECT_NULL(test, mf_meters_find_rcu(&meters, 2));
	rcu_read_unlock();

	/* Replaced: the old one is handed back, and is not counted twice. */
	meter = put(test, &meters, 1024);
	KUNIT_ASSERT_NOT_NULL(test, meter);
	KUNIT_EXPECT_EQ(test, meter->spec.id, 1024u);
	KUNIT_EXPECT_EQ(test, meters.n, 5u);
	mf_meter_free(meter);

	meter = mf_meters_remove_locked(&meters, 1);
	KUNIT_ASSERT_NOT_NULL(test, meter);
	mf_meter_free(meter);
	KUNIT_EXPECT_NULL(test, mf_meters_remove_locked(&meters, 1));
	KUNIT_EXPECT_EQ(test, meters.n, 4u);
	mf_meters_destroy(&meters);
}

/* A full table takes no new number, and lets what it has be replaced. */
static void full_table(struct kunit *test)
{
	const struct mf_meter_spec spec = { .id = 9 };
	struct mf_meters meters;
	struct mf_meter *meter;
	struct mf_meter *old;

	mf_meters_init(&meters);
	put(test, &meters, 8);
	meters.n = MF_METERS_MAX;
	meter = mf_meter_new(&spec, START);
	KUNIT_ASSERT_NOT_NULL(test, meter);
	KUNIT_EXPECT_EQ(test, mf_meters_set_locked(&meters, meter, &old), -EFBIG);
	KUNIT_EXPECT_NULL(test, old);
	mf_meter_free(meter);

	old = put(test, &meters, 8);
	KUNIT_EXPECT_NOT_NULL(test, old);
	KUNIT_EXPECT_EQ(test, meters.n, (u32)MF_METERS_MAX);
	mf_meter_free(old);
	mf_meters_destroy(&meters);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(buckets),
	KUNIT_CASE(clock_goes_back),
	KUNIT_CASE(naive_twin),
	KUNIT_CASE(counters),
	KUNIT_CASE(table),
	KUNIT_CASE(full_table),
	{}
};

static struct kunit_suite suite = {
	.name = "meter",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("Tests of meters");
MODULE_LICENSE("GPL");
