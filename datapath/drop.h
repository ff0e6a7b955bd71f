/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why packets are dropped: counted per datapath and reason on every kernel,
 * and told to the kernel's drop monitor where it knows subsystem reasons.
 */
#ifndef MF_DROP_H
#define MF_DROP_H

#include <linux/skbuff.h>
#include <linux/types.h>

struct mf_dp;

/*
 * enum mf_drop - index of a reason in drop.def, which describes each
 *
 * The first ones have the ABI's numbers (1 is LAST_ACTION); those after are
 * parts of these and core reasons of the kernel, counted by Megaflow under
 * numbers of its own.
 */
enum mf_drop {
	MF_DROP_NONE,
#define DROP_REASON(name, text) MF_DROP_##name,
#define DROP_PART(name, whole, text) MF_DROP_##name,
#define DROP_CORE(name, core, text) MF_DROP_##name,
#include <megaflow/drop.def>
	MF_DROPS,
};

void mf_drop_count(struct mf_dp *dp, enum mf_drop reason);
void mf_drop(struct mf_dp *dp, struct sk_buff *skb, enum mf_drop reason);

void mf_drop_init(void);
void mf_drop_exit(void);

#endif
