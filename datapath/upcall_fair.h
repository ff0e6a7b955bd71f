/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who waits when user space cannot keep up with the packets that found no flow.
 *
 * Ports that share a socket compete for its queue. While that is less than half
 * full, every miss is let in; above, a port is let in up to its fair share of
 * what was let in lately, so that one that floods leaves room for the others;
 * above three quarters, the first packet of a microflow goes before another, and
 * a port that was alone waits, since others may come.
 */
#ifndef MF_UPCALL_FAIR_H
#define MF_UPCALL_FAIR_H

#include <linux/spinlock.h>
#include <linux/types.h>

/*
 * Ports are told apart by the low bits of their numbers, which are small and
 * dense: the first that share a count are so far apart.
 */
#define MF_FAIR_PORTS 256
/* Microflows that are remembered. */
#define MF_FAIR_FLOWS 64
/* A queue that is full. */
#define MF_FAIR_FULL 256

/**
 * struct mf_fair - the misses of one socket
 * @lock: guards the rest
 * @measured: jiffies when @fill was looked at
 * @halved: jiffies when @port and @total were halved
 * @fill: of the socket's queue, in parts of MF_FAIR_FULL
 * @total: misses let in lately, older ones count less
 * @active: ports that have some of them
 * @port: those of each port
 * @flow: microflows of which one was let in
 */
struct mf_fair {
	spinlock_t lock;
	unsigned long measured;
	unsigned long halved;
	u32 fill;
	u32 total;
	u32 active;
	u16 port[MF_FAIR_PORTS];
	u32 flow[MF_FAIR_FLOWS];
};

void mf_fair_init(struct mf_fair *fair, unsigned long now);
bool mf_fair_admit(struct mf_fair *fair, u32 port, u32 flow, unsigned long now);
void mf_fair_measured(struct mf_fair *fair, u32 fill, unsigned long now);

#endif
