// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who waits for user space: a queue that is read slowly, and ports that fill it.
 */
#include <kunit/test.h>

#include "../datapath/upcall_fair.c"

#define PORTS 64
#define QUEUE 512

/* A socket whose reader takes some messages each millisecond. */
struct queue {
	struct mf_fair fair;
	u32 fill;
	u32 offered[PORTS];
	u32 delivered[PORTS];
	u32 ms;
};

static unsigned long now(const struct queue *q)
{
	return 1000 + msecs_to_jiffies(q->ms);
}

static bool offer(struct queue *q, u32 port, u32 flow)
{
	q->offered[port]++;
	if (!mf_fair_admit(&q->fair, port, flow, now(q)))
		return false;
	if (q->fill == QUEUE) {
		mf_fair_measured(&q->fair, MF_FAIR_FULL, now(q));
		return false;
	}
	q->fill++;
	q->delivered[port]++;
	mf_fair_measured(&q->fair, q->fill * MF_FAIR_FULL / QUEUE, now(q));
	return true;
}

static void drain(struct queue *q, u32 n)
{
	q->fill -= min(q->fill, n);
	q->ms++;
}

static int queue_init(struct kunit *test)
{
	struct queue *q = kunit_kzalloc(test, sizeof(*q), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, q);
	mf_fair_init(&q->fair, now(q));
	test->priv = q;
	return 0;
}

/**
 * struct idle - how idle ports send beside one that floods
 * @period: milliseconds between two packets of a port
 * @at_once: all of them in the same one
 * @same: the same microflow again and again
 * @read: messages that user space takes each millisecond
 */
struct idle {
	u32 period;
	u32 read;
	bool at_once;
	bool same;
};

static void offer_idle(struct queue *q, const struct idle *idle)
{
	u32 p;

	for (p = 1; p < PORTS; p++) {
		u32 phase = idle->at_once ? 1 : p;

		if ((q->ms + phase) % idle->period == 0)
			offer(q, p, idle->same ? 7 : q->ms);
	}
}

/* Ports of few packets keep nearly all of theirs, together and each. */
static void expect_heard(struct kunit *test, const struct idle *idle)
{
	struct queue *q = test->priv;
	u32 offered = 0;
	u32 delivered = 0;
	u32 p;
	u32 i;

	while (q->ms < 5000) {
		for (i = 0; i < 200; i++)
			offer(q, 0, q->ms * 200 + i);
		offer_idle(q, idle);
		drain(q, idle->read);
	}
	for (p = 1; p < PORTS; p++) {
		offered += q->offered[p];
		delivered += q->delivered[p];
		/* None of them pays for all, as one would that is taken for the one that floods. */
		KUNIT_EXPECT_GE_MSG(test, q->delivered[p] * 100, q->offered[p] * 80, "port %u", p);
	}
	KUNIT_EXPECT_EQ(test, offered, (PORTS - 1) * 5000 / idle->period);
	KUNIT_EXPECT_GE(test, delivered * 100, offered * 96);
	/* What they leave goes to the one that floods: the reader is never idle. */
	KUNIT_EXPECT_GE(test, q->delivered[0], 5000 * idle->read - offered - QUEUE);
}

static void idle_ports_are_heard(struct kunit *test)
{
	expect_heard(test, &(struct idle){ .period = 100, .read = 5 });
}

/* As long as its flow does not come, a port may say the same again. */
static void idle_ports_repeat_themselves(struct kunit *test)
{
	expect_heard(test, &(struct idle){ .period = 100, .read = 1, .same = true });
}

/* The same if they all come at once, and long after anybody did. */
static void idle_ports_are_heard_at_once(struct kunit *test)
{
	expect_heard(test, &(struct idle){ .period = 100, .read = 5, .at_once = true });
}

/* A port without company gets all that user space takes, and most of the queue. */
static void one_port_alone_is_not_held_back(struct kunit *test)
{
	struct queue *q = test->priv;
	u32 i;

	while (q->ms < 1000) {
		for (i = 0; i < 50; i++)
			offer(q, 7, q->ms * 50 + i);
		drain(q, 5);
	}
	KUNIT_EXPECT_GE(test, q->delivered[7], 1000 * 5 - 5 + QUEUE * 2 / 3);
	KUNIT_EXPECT_LE(test, q->delivered[7], 1000 * 5 - 5 + QUEUE);
}

/* Two that flood get as much each, whatever they offer. */
static void two_floods_share(struct kunit *test)
{
	struct queue *q = test->priv;
	u32 i;

	while (q->ms < 2000) {
		for (i = 0; i < 90; i++)
			offer(q, i % 9 ? 1 : 2, q->ms * 90 + i);
		drain(q, 10);
	}
	KUNIT_EXPECT_GE(test, q->delivered[2] * 10, q->delivered[1] * 8);
	KUNIT_EXPECT_GE(test, q->delivered[1] * 10, q->delivered[2] * 8);
}

/* With little room left, the same again waits; a new microflow does not. */
static void new_microflows_go_first(struct kunit *test)
{
	struct queue *q = test->priv;

	KUNIT_EXPECT_TRUE(test, mf_fair_admit(&q->fair, 1, 99, now(q)));
	KUNIT_EXPECT_TRUE(test, mf_fair_admit(&q->fair, 2, 99, now(q)));
	mf_fair_measured(&q->fair, MF_FAIR_FULL / 5 * 4, now(q));
	KUNIT_EXPECT_TRUE(test, mf_fair_admit(&q->fair, 1, 100, now(q)));
	KUNIT_EXPECT_FALSE(test, mf_fair_admit(&q->fair, 1, 100, now(q)));
	KUNIT_EXPECT_TRUE(test, mf_fair_admit(&q->fair, 1, 101, now(q)));

	mf_fair_measured(&q->fair, MF_FAIR_FULL / 5 * 3, now(q));
	KUNIT_EXPECT_TRUE(test, mf_fair_admit(&q->fair, 1, 100, now(q)));
}

/* A measurement grows old: the next one is let in to find out. */
static void old_news_are_not_believed(struct kunit *test)
{
	struct queue *q = test->priv;

	mf_fair_measured(&q->fair, MF_FAIR_FULL, now(q));
	KUNIT_EXPECT_TRUE(test, mf_fair_admit(&q->fair, 1, 100, now(q)));
	KUNIT_EXPECT_FALSE(test, mf_fair_admit(&q->fair, 1, 100, now(q)));
	q->ms += 60;
	KUNIT_EXPECT_TRUE(test, mf_fair_admit(&q->fair, 1, 100, now(q)));
}

static struct kunit_case fair_cases[] = {
	KUNIT_CASE(idle_ports_are_heard),
	KUNIT_CASE(idle_ports_repeat_themselves),
	KUNIT_CASE(idle_ports_are_heard_at_once),
	KUNIT_CASE(one_port_alone_is_not_held_back),
	KUNIT_CASE(two_floods_share),
	KUNIT_CASE(new_microflows_go_first),
	KUNIT_CASE(old_news_are_not_believed),
	{}
};

static struct kunit_suite fair_suite = {
	.name = "mf_upcall_fair",
	.init = queue_init,
	.test_cases = fair_cases,
};

kunit_test_suite(fair_suite);

MODULE_DESCRIPTION("Megaflow: unit tests of who waits for user space");
MODULE_LICENSE("GPL");
