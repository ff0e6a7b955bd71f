/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The settings of a datapath: parsed and checked as a whole, then committed.
 */
#ifndef MF_NETLINK_SETTINGS_H
#define MF_NETLINK_SETTINGS_H

#include <linux/types.h>

struct genl_info;
struct mf_cache;
struct mf_cpu_pids;
struct mf_dp;

/**
 * struct mf_dp_settings - what a NEW or SET request asks for
 * @features: OVS_DP_F_*; a request without them asks for none
 * @masks_cache: entries a CPU, if @has_masks_cache
 * @has_masks_cache: the request says so
 * @cache: a cache of that size; NULL for none, or when it went to the datapath
 * @cpu_pids: who gets upcalls by CPU, or NULL for no change
 */
struct mf_dp_settings {
	u32 features;
	u32 masks_cache;
	bool has_masks_cache;
	struct mf_cache *cache;
	struct mf_cpu_pids *cpu_pids;
};

int mf_settings_parse(struct mf_dp_settings *settings, struct genl_info *info);
void mf_settings_commit(struct mf_dp *dp, struct mf_dp_settings *settings);
void mf_settings_drop(struct mf_dp_settings *settings);

#endif
