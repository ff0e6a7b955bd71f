// SPDX-License-Identifier: GPL-2.0-only
/*
 * Meters: token buckets that flows share, a table of them a datapath.
 *
 * A bucket counts bits, or thousandths of a packet, so that a millisecond's
 * refill at a rate of kbit or packets a second is just the rate.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/slab.h>

#include "dp.h"
#include "limits.h"
#include "meter.h"

static u64 bucket_size(const struct mf_meter_spec *spec)
{
	return (u64)spec->burst * 1000;
}

static u64 cost_of(const struct mf_meter_spec *spec, u32 len)
{
	return spec->kbps ? (u64)len * BITS_PER_BYTE : 1000;
}

static void count(struct ovs_flow_stats *stats, u32 len)
{
	stats->n_packets++;
	stats->n_bytes += len;
}

/**
 * mf_meter_now() - the clock of meters
 *
 * Context: any.
 * Return: milliseconds of the monotonic clock.
 */
u64 mf_meter_now(void)
{
	return div_u64(ktime_get_ns(), NSEC_PER_MSEC);
}

/**
 * mf_meter_new() - make a meter with a full bucket
 * @spec: what it is to be; checked
 * @now: mf_meter_now()
 *
 * Context: process, may sleep.
 * Return: the meter, which the caller owns, or NULL without memory.
 */
struct mf_meter *mf_meter_new(const struct mf_meter_spec *spec, u64 now)
{
	struct mf_meter *meter = kzalloc_obj(*meter, GFP_KERNEL_ACCOUNT);

	if (!meter)
		return NULL;
	spin_lock_init(&meter->lock);
	meter->spec = *spec;
	meter->state.stats = spec->stats;
	meter->state.used = now;
	meter->tokens = bucket_size(spec);
	return meter;
}

/**
 * mf_meter_free() - free a meter after the packets that found it
 * @meter: the meter, in no table any more, or NULL
 *
 * Context: any.
 */
void mf_meter_free(struct mf_meter *meter)
{
	if (meter)
		kfree_rcu(meter, rcu);
}

/*
 * What has trickled in since the last packet. Idle time is compared with the
 * time that fills the bucket, so the product below cannot exceed its size.
 * Another CPU may have read the clock later and got here first: then there is
 * nothing to add.
 */
static void refill(struct mf_meter *meter, u64 now)
{
	u64 size = bucket_size(&meter->spec);
	u64 idle;

	if (now <= meter->state.used)
		return;
	idle = now - meter->state.used;
	meter->state.used = now;
	if (idle > div_u64(size - meter->tokens, meter->spec.rate))
		meter->tokens = size;
	else
		meter->tokens += idle * meter->spec.rate;
}

/**
 * mf_meter_charge() - let a meter see a packet
 * @meter: the meter
 * @len: the packet's length in bytes
 * @now: mf_meter_now()
 *
 * Context: BH off.
 * Return: true if the packet goes on, false if the meter's band drops it.
 */
bool mf_meter_charge(struct mf_meter *meter, u32 len, u64 now)
{
	const struct mf_meter_spec *spec = &meter->spec;
	u64 cost = cost_of(spec, len);
	bool exceeded = false;

	spin_lock(&meter->lock);
	count(&meter->state.stats, len);
	if (spec->has_band) {
		refill(meter, now);
		exceeded = meter->tokens < cost;
		if (exceeded)
			count(&meter->state.exceeded, len);
		else
			meter->tokens -= cost;
	} else if (now > meter->state.used) {
		meter->state.used = now;
	}
	spin_unlock(&meter->lock);
	return !exceeded || spec->type != OVS_METER_BAND_TYPE_DROP;
}

/**
 * mf_meter_read() - what a meter has seen, all of one moment
 * @meter: the meter
 * @state: filled in
 *
 * Context: any but hard interrupt.
 */
void mf_meter_read(struct mf_meter *meter, struct mf_meter_state *state)
{
	spin_lock_bh(&meter->lock);
	*state = meter->state;
	spin_unlock_bh(&meter->lock);
}

/**
 * mf_meters_init() - begin without meters
 * @meters: the table
 *
 * Context: any.
 */
void mf_meters_init(struct mf_meters *meters)
{
	xa_init_flags(&meters->by_id, XA_FLAGS_ACCOUNT);
	meters->n = 0;
}

/**
 * mf_meters_destroy() - free all meters
 * @meters: the table, which nobody can find any more
 *
 * Context: process.
 */
void mf_meters_destroy(struct mf_meters *meters)
{
	struct mf_meter *meter;
	unsigned long id;

	xa_for_each(&meters->by_id, id, meter)
		kfree(meter);
	xa_destroy(&meters->by_id);
}

/**
 * mf_meters_find_rcu() - find a meter
 * @meters: the table
 * @id: its number
 *
 * Context: RCU read lock held.
 * Return: the meter, or NULL.
 */
struct mf_meter *mf_meters_find_rcu(const struct mf_meters *meters, u32 id)
{
	return xa_load((struct xarray *)&meters->by_id, id);
}

/**
 * mf_meters_next_rcu() - go through meters in the order of their numbers
 * @meters: the table
 * @id: where to begin; set to the number of what is found
 *
 * Context: RCU read lock held.
 * Return: the first meter whose number is not below @id, or NULL.
 */
struct mf_meter *mf_meters_next_rcu(const struct mf_meters *meters, unsigned long *id)
{
	return xa_find((struct xarray *)&meters->by_id, id, U32_MAX, XA_PRESENT);
}

/**
 * mf_meters_set_locked() - put a meter into the table, in one step
 * @meters: the table
 * @meter: the meter, which the table takes over unless this fails
 * @old: set to the one of that number that it replaces, which the caller is
 *	to free; NULL if there was none
 *
 * Context: process, may sleep; the datapath's mutex held.
 * Return: 0, -EFBIG if there are too many, or -ENOMEM.
 */
int mf_meters_set_locked(struct mf_meters *meters, struct mf_meter *meter, struct mf_meter **old)
{
	bool is_new = !xa_load(&meters->by_id, meter->spec.id);
	void *was;

	*old = NULL;
	if (is_new && meters->n >= MF_METERS_MAX)
		return -EFBIG;
	was = xa_store(&meters->by_id, meter->spec.id, meter, GFP_KERNEL);
	if (xa_is_err(was))
		return xa_err(was);
	*old = was;
	meters->n += is_new;
	return 0;
}

/**
 * mf_meters_remove_locked() - take a meter out of the table
 * @meters: the table
 * @id: its number
 *
 * Context: process; the datapath's mutex held.
 * Return: the meter, for mf_meter_free(), or NULL if there was none.
 */
struct mf_meter *mf_meters_remove_locked(struct mf_meters *meters, u32 id)
{
	struct mf_meter *meter = xa_erase(&meters->by_id, id);

	meters->n -= !!meter;
	return meter;
}

/**
 * mf_meter_admit() - charge a packet to a meter
 * @dp: the datapath
 * @id: number of the meter
 * @len: the packet's length in bytes
 *
 * Context: BH off, RCU read lock held.
 * Return: true if the packet goes on, as it does where there is no such meter.
 */
bool mf_meter_admit(struct mf_dp *dp, u32 id, u32 len)
{
	struct mf_meter *meter = mf_meters_find_rcu(&dp->meters, id);

	return !meter || mf_meter_charge(meter, len, mf_meter_now());
}
