// SPDX-License-Identifier: GPL-2.0-only
/*
 * Labels of a connection.
 */
#include <net/netfilter/nf_conntrack_ecache.h>
#include <net/netfilter/nf_conntrack_labels.h>

#include "ct.h"

/**
 * mf_ct_label_init() - the labels that a connection begins with
 * @conn: the connection, which nobody else can see yet
 *
 * An expected connection has those of the one that expected it.
 *
 * Context: BH off, RCU read lock held.
 * Return: 0, or -ENOSPC if there is no room for them.
 */
int mf_ct_label_init(struct nf_conn *conn)
{
	const struct nf_conn_labels *from;
	struct nf_conn_labels *labels;

	from = conn->master ? nf_ct_labels_find(conn->master) : NULL;
	if (!from || !memchr_inv(from->bits, 0, sizeof(from->bits)))
		return 0;
	labels = nf_ct_labels_find(conn);
	if (!labels)
		return -ENOSPC;
	*labels = *from;
	nf_conntrack_event_cache(IPCT_LABEL, conn);
	return 0;
}

/**
 * mf_ct_label_set() - write labels
 * @ct: the action that says which
 * @conn: the connection
 *
 * Room for labels is made when a connection is new. One that others can see
 * never gets any more, as it would have to move.
 *
 * Context: BH off, RCU read lock held.
 * Return: 0, or -ENOSPC if the connection has no room for labels.
 */
int mf_ct_label_set(const struct mf_ct *ct, struct nf_conn *conn)
{
	return nf_connlabels_replace(conn, ct->labels, ct->labels_mask, MF_CT_LABEL_WORDS);
}
