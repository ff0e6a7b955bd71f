/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lock order, here and nowhere else.
 *
 *	RTNL				datapaths, their ports and settings
 *	  mf_dp.lock			the flows, masks and meters of one datapath
 *	    (locks of the kernel's own libraries)
 *
 *	mf_ct_limits.lock		the zone limits of one namespace; apart
 *					from the two above
 *
 * There is no module-wide lock. Requests about flows take their datapath's
 * mutex and never RTNL, so neither a slow driver nor another datapath delays
 * them. No device is registered, linked or unregistered under mf_dp.lock: the
 * core's notifiers lead back to us, and only RTNL may be held then.
 *
 * Packets run with BH off under the RCU read lock and take one lock at most at
 * a time: that of a meter, which nothing else is taken under, or that of a zone
 * that has a limit, in which a connection is counted and entered at once. What they may
 * find is published with rcu_assign_pointer() and freed after a grace period:
 * datapaths, ports, flows, masks, programs, meters, zone limits,
 * arrays of port ids.
 */
#ifndef MF_LOCK_H
#define MF_LOCK_H

#include <linux/lockdep.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>

#endif
