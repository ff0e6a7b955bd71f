/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Meters: token buckets that flows share, a table of them a datapath.
 */
#ifndef MF_METER_METER_H
#define MF_METER_METER_H

#include <linux/openvswitch.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/xarray.h>

struct mf_dp;

/* Bands that a meter may have. */
#define MF_METER_BANDS_MAX	1

/**
 * struct mf_meter_spec - what user space says of a meter
 * @stats: counts to begin with
 * @id: its number
 * @type: of its band, enum ovs_meter_band_type
 * @rate: of its band, in kbit or packets a second; not 0
 * @burst: of its band, in kbit or packets
 * @kbps: rate and burst are in kbit, not in packets
 * @keeps_stats: who replaces it is told its counts
 * @has_band: it has a band; one without only counts
 */
struct mf_meter_spec {
	struct ovs_flow_stats stats;
	u32 id;
	u32 type;
	u32 rate;
	u32 burst;
	bool kbps;
	bool keeps_stats;
	bool has_band;
};

/**
 * struct mf_meter_state - what a meter has seen
 * @stats: all packets
 * @exceeded: those that its band was exceeded by
 * @used: when the last one came, in ms of the monotonic clock
 */
struct mf_meter_state {
	struct ovs_flow_stats stats;
	struct ovs_flow_stats exceeded;
	u64 used;
};

/**
 * struct mf_meter - a meter
 * @rcu: to free it after the packets that found it
 * @spec: as it was set; never changes
 * @lock: guards what follows
 * @state: what it has seen
 * @tokens: thousandths of a packet, or bits, that may pass at once
 */
struct mf_meter {
	struct rcu_head rcu;
	struct mf_meter_spec spec;
	spinlock_t lock;
	struct mf_meter_state state;
	u64 tokens;
};

/**
 * struct mf_meters - the meters of a datapath
 * @by_id: changed under the datapath's mutex, read under RCU
 * @n: their number, under that mutex
 */
struct mf_meters {
	struct xarray by_id;
	u32 n;
};

struct mf_meter *mf_meter_new(const struct mf_meter_spec *spec, u64 now);
void mf_meter_free(struct mf_meter *meter);
bool mf_meter_charge(struct mf_meter *meter, u32 len, u64 now);
void mf_meter_read(struct mf_meter *meter, struct mf_meter_state *state);
u64 mf_meter_now(void);

void mf_meters_init(struct mf_meters *meters);
void mf_meters_destroy(struct mf_meters *meters);
struct mf_meter *mf_meters_find_rcu(const struct mf_meters *meters, u32 id);
struct mf_meter *mf_meters_next_rcu(const struct mf_meters *meters, unsigned long *id);
int mf_meters_set_locked(struct mf_meters *meters, struct mf_meter *meter, struct mf_meter **old);
struct mf_meter *mf_meters_remove_locked(struct mf_meters *meters, u32 id);

bool mf_meter_admit(struct mf_dp *dp, u32 id, u32 len);

#endif
