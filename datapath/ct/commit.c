// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entering a connection into the table.
 */
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_ecache.h>

#include "ct.h"
#include "key.h"
#include "limit.h"

static void set_mark(const struct mf_ct *ct, struct nf_conn *conn)
{
	u32 old = READ_ONCE(conn->mark);
	u32 mark = ct->mark | (old & ~ct->mark_mask);

	if (mark == old)
		return;
	WRITE_ONCE(conn->mark, mark);
	nf_conntrack_event_cache(IPCT_MARK, conn);
}

static void set_eventmask(const struct mf_ct *ct, struct nf_conn *conn)
{
	struct nf_conntrack_ecache *cache = nf_ct_ecache_find(conn);

	if (cache)
		cache->ctmask = ct->eventmask;
}

/**
 * mf_ct_commit() - give a packet its connection and enter that in the table
 * @run: the packet and the action
 *
 * Mark and labels are written before others can see the connection, so that
 * the first event tells them.
 *
 * Context: BH off, RCU read lock held.
 * Return: 0; -EINPROGRESS when the packet is somebody else's now; another
 * negative errno when it is to be dropped.
 */
int mf_ct_commit(struct mf_ct_run *run)
{
	const struct mf_ct *ct = run->ct;
	enum ip_conntrack_info info;
	struct nf_conn *conn;
	int err;

	err = mf_ct_lookup(run);
	if (err)
		return err;
	conn = nf_ct_get(run->skb, &info);
	if (!conn)
		return 0;

	if (ct->flags & MF_CT_EVENTMASK)
		set_eventmask(ct, conn);
	if (ct->mark_mask)
		set_mark(ct, conn);
	if (!nf_ct_is_confirmed(conn)) {
		err = mf_ct_label_init(conn);
		if (err)
			return err;
	}
	if (memchr_inv(ct->labels_mask, 0, sizeof(ct->labels_mask))) {
		err = mf_ct_label_set(ct, conn);
		if (err)
			return err;
	}

	/* Another packet of the connection may have been faster. */
	err = mf_ct_limit_confirm(run);
	if (err)
		return err;
	mf_ct_key_tracked(run->key, run->skb, ct->zone.id);
	return 0;
}
