// SPDX-License-Identifier: GPL-2.0-only
/*
 * The settings of a datapath: parsed and checked as a whole, then committed,
 * so that a refused request has changed nothing.
 */
#include <linux/log2.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "../dp.h"
#include "../upcall_pid.h"
#include "settings.h"

#define FEATURES \
	(OVS_DP_F_UNALIGNED | OVS_DP_F_VPORT_PIDS | OVS_DP_F_DISPATCH_UPCALL_PER_CPU)

static int refuse(struct genl_info *info, int attr, int err, const char *why)
{
	NL_SET_BAD_ATTR(info->extack, info->attrs[attr]);
	if (info->extack)
		info->extack->_msg = why;
	return err;
}

static int parse_features(struct mf_dp_settings *settings, struct genl_info *info)
{
	const struct nlattr *nla = info->attrs[OVS_DP_ATTR_USER_FEATURES];

	if (!nla)
		return 0;
	settings->features = nla_get_u32(nla);
	if (settings->features & OVS_DP_F_TC_RECIRC_SHARING)
		return refuse(info, OVS_DP_ATTR_USER_FEATURES, -EOPNOTSUPP,
			      "Sharing recirculation ids with tc is not supported");
	if (settings->features & ~FEATURES)
		return refuse(info, OVS_DP_ATTR_USER_FEATURES, -EOPNOTSUPP,
			      "Unknown user feature");
	return 0;
}

static int parse_masks_cache(struct mf_dp_settings *settings, struct genl_info *info)
{
	const struct nlattr *nla = info->attrs[OVS_DP_ATTR_MASKS_CACHE_SIZE];

	if (!nla)
		return 0;
	settings->masks_cache = nla_get_u32(nla);
	settings->has_masks_cache = true;
	if (settings->masks_cache && !is_power_of_2(settings->masks_cache))
		return refuse(info, OVS_DP_ATTR_MASKS_CACHE_SIZE, -EINVAL,
			      "The cache size must be 0 or a power of two");
	if (!settings->masks_cache)
		return 0;
	settings->cache = mf_cache_new(settings->masks_cache);
	return settings->cache ? 0 : -ENOMEM;
}

static int parse_cpu_pids(struct mf_dp_settings *settings, struct genl_info *info)
{
	const struct nlattr *nla = info->attrs[OVS_DP_ATTR_PER_CPU_PIDS];
	u32 n;

	if (!nla || !(settings->features & OVS_DP_F_DISPATCH_UPCALL_PER_CPU))
		return 0;
	n = nla_len(nla) / sizeof(u32);
	if (!n || nla_len(nla) % sizeof(u32))
		return refuse(info, OVS_DP_ATTR_PER_CPU_PIDS, -EINVAL,
			      "Not an array of port ids");

	settings->cpu_pids = mf_cpu_pids_new(nla_data(nla), n);
	return settings->cpu_pids ? 0 : -ENOMEM;
}

/**
 * mf_settings_parse() - read and check the settings of a request
 * @settings: filled in; to be committed, and dropped in any case
 * @info: the request
 *
 * Context: process, may sleep.
 * Return: 0; -EOPNOTSUPP for an unknown feature; -EINVAL; -ENOMEM. Nothing is
 * left to be dropped after an error.
 */
int mf_settings_parse(struct mf_dp_settings *settings, struct genl_info *info)
{
	int err;

	memset(settings, 0, sizeof(*settings));
	err = parse_features(settings, info);
	if (!err)
		err = parse_masks_cache(settings, info);
	if (!err)
		err = parse_cpu_pids(settings, info);
	if (err)
		mf_settings_drop(settings);
	return err;
}

/**
 * mf_settings_commit() - put settings into effect; cannot fail
 * @dp: the datapath
 * @settings: the settings, whose array of port ids and cache go to the datapath
 *
 * Context: RTNL held, or nobody else can find @dp.
 */
void mf_settings_commit(struct mf_dp *dp, struct mf_dp_settings *settings)
{
	struct mf_cpu_pids *old;

	if (settings->has_masks_cache) {
		WRITE_ONCE(dp->masks_cache, settings->masks_cache);
		mf_table_set_cache(&dp->table, settings->cache);
		settings->cache = NULL;
	}
	if (settings->cpu_pids) {
		old = rcu_replace_pointer(dp->cpu_pids, settings->cpu_pids, true);
		settings->cpu_pids = NULL;
		mf_cpu_pids_free_rcu(old);
	}
	/* After the array, for the packets that look for one. */
	smp_store_release(&dp->features, settings->features);
}

/**
 * mf_settings_drop() - free what was not committed
 * @settings: the settings
 *
 * Context: any.
 */
void mf_settings_drop(struct mf_dp_settings *settings)
{
	mf_cache_free(settings->cache);
	mf_cpu_pids_free(settings->cpu_pids);
}
