// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who waits when user space cannot keep up with the packets that found no flow.
 */
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/string.h>

#include "upcall_fair.h"

/* From here on ports get their fair share, and from here on new microflows go first. */
#define FILL_FAIR (MF_FAIR_FULL / 2)
#define FILL_FIRST (MF_FAIR_FULL / 4 * 3)

/* What counts as lately: so many misses, or such a time. */
#define TOTAL_MAX 1024
#define HALVE_AFTER (HZ / 10)

/* How long it is believed that a queue is as full as it was. */
#define BELIEVE_FOR (HZ / 50)

/**
 * mf_fair_init() - start without a history
 * @fair: the state
 * @now: jiffies
 *
 * Context: any; nobody else knows it.
 */
void mf_fair_init(struct mf_fair *fair, unsigned long now)
{
	memset(fair, 0, sizeof(*fair));
	spin_lock_init(&fair->lock);
	fair->measured = now;
	fair->halved = now;
}

static void halve(struct mf_fair *fair, unsigned long now)
{
	u32 p;

	fair->halved = now;
	fair->total = 0;
	fair->active = 0;
	for (p = 0; p < MF_FAIR_PORTS; p++) {
		fair->port[p] /= 2;
		fair->total += fair->port[p];
		fair->active += fair->port[p] != 0;
	}
	memset(fair->flow, 0, sizeof(fair->flow));
}

/* Where a microflow is remembered; the lowest bit is always set. */
static u32 place_of(u32 flow)
{
	return flow / 2 % MF_FAIR_FLOWS;
}

static bool is_admitted(const struct mf_fair *fair, u32 port, u32 flow, unsigned long now)
{
	/* The queue may be empty by now: this one will tell. */
	if (fair->fill < FILL_FAIR || time_after(now, fair->measured + BELIEVE_FOR))
		return true;
	/* Who had all of it lately leaves room for others, should they come. */
	if (fair->total && fair->port[port] == fair->total)
		return fair->fill < FILL_FIRST;
	/* One more than the share, so that rounding refuses nobody everything. */
	if (fair->port[port] * fair->active > fair->total + fair->active)
		return false;
	return fair->fill < FILL_FIRST || fair->flow[place_of(flow)] != flow;
}

static void count(struct mf_fair *fair, u32 port, u32 flow)
{
	fair->active += !fair->port[port];
	fair->port[port]++;
	fair->total++;
	fair->flow[place_of(flow)] = flow;
}

/**
 * mf_fair_admit() - may a miss go to user space?
 * @fair: what went there lately
 * @port: number of the input port
 * @flow: hash of the microflow
 * @now: jiffies
 *
 * Counts the miss if so.
 *
 * Context: BH off.
 * Return: true if it may.
 */
bool mf_fair_admit(struct mf_fair *fair, u32 port, u32 flow, unsigned long now)
{
	bool admitted;

	/* Two ports may have packets of the same hash; and 0 is for none. */
	flow = hash_32(flow + hash_32(port, 32), 32) | 1;
	port %= MF_FAIR_PORTS;
	spin_lock(&fair->lock);
	if (fair->total >= TOTAL_MAX || time_after(now, fair->halved + HALVE_AFTER))
		halve(fair, now);
	admitted = is_admitted(fair, port, flow, now);
	if (admitted)
		count(fair, port, flow);
	spin_unlock(&fair->lock);
	return admitted;
}

/**
 * mf_fair_measured() - tell how full the socket's queue is
 * @fair: the state
 * @fill: in parts of MF_FAIR_FULL; more is as good as full
 * @now: jiffies
 *
 * Context: BH off.
 */
void mf_fair_measured(struct mf_fair *fair, u32 fill, unsigned long now)
{
	spin_lock(&fair->lock);
	fair->fill = fill;
	fair->measured = now;
	spin_unlock(&fair->lock);
}
