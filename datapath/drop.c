// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drops: counted by reason, and told to the kernel's drop monitor.
 */
#include <linux/skbuff.h>
#include <net/dropreason.h>

#include "dp.h"
#include "drop.h"

/* What the kernel calls a reason: the subsystem's number for it, or the core's. */
#define OVS_REASON(drop) \
	((SKB_DROP_REASON_SUBSYS_OPENVSWITCH << SKB_DROP_REASON_SUBSYS_SHIFT) | (drop))

static const u32 kernel_reason[MF_DROPS] = {
	[MF_DROP_NONE] = SKB_DROP_REASON_NOT_SPECIFIED,
#define DROP_REASON(name, text) [MF_DROP_##name] = OVS_REASON(MF_DROP_##name),
#define DROP_PART(name, whole, text) [MF_DROP_##name] = OVS_REASON(MF_DROP_##whole),
#define DROP_CORE(name, core, text) [MF_DROP_##name] = SKB_DROP_REASON_##core,
#include <megaflow/drop.def>
};

/* The names under which the drop monitor prints the subsystem's reasons. */
static const char *const reason_names[] = {
	[MF_DROP_NONE] = NULL,
#define DROP_REASON(name, text) [MF_DROP_##name] = "OVS_DROP_" #name,
#include <megaflow/drop.def>
};

static struct drop_reason_list reason_list = {
	.reasons = (const char **)reason_names,
	.n_reasons = ARRAY_SIZE(reason_names),
};

/**
 * mf_drop_count() - count a drop
 * @dp: the datapath
 * @reason: why
 *
 * For packets that the kernel has freed already, by a reason of its own.
 *
 * Context: BH off.
 */
void mf_drop_count(struct mf_dp *dp, enum mf_drop reason)
{
	struct mf_dp_stats *stats = this_cpu_ptr(dp->stats);

	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->drops[reason]);
	u64_stats_update_end(&stats->sync);
}

/**
 * mf_drop() - drop a packet for a reason
 * @dp: the datapath that counts it
 * @skb: the packet; consumed
 * @reason: why
 *
 * Context: BH off.
 */
void mf_drop(struct mf_dp *dp, struct sk_buff *skb, enum mf_drop reason)
{
	mf_drop_count(dp, reason);
	kfree_skb_reason(skb, (__force enum skb_drop_reason)kernel_reason[reason]);
}

/**
 * mf_drop_init() - tell the kernel the subsystem's reasons
 *
 * Context: module load.
 */
void mf_drop_init(void)
{
	drop_reasons_register_subsys(SKB_DROP_REASON_SUBSYS_OPENVSWITCH, &reason_list);
}

/**
 * mf_drop_exit() - take the reasons back
 *
 * Context: module unload, when no packet can be dropped any more.
 */
void mf_drop_exit(void)
{
	drop_reasons_unregister_subsys(SKB_DROP_REASON_SUBSYS_OPENVSWITCH);
}
