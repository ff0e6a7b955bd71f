// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a packet to its connection.
 */
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_labels.h>
#include <net/netfilter/nf_conntrack_seqadj.h>
#include <net/netfilter/nf_conntrack_timeout.h>

#include "ct.h"
#include "key.h"

/**
 * mf_ct_verdict() - what a netfilter verdict means here
 * @verdict: NF_*
 *
 * Context: any.
 * Return: 0 to go on; -EINPROGRESS when the packet is somebody else's now;
 * -EINVAL when it is to be dropped.
 */
int mf_ct_verdict(unsigned int verdict)
{
	switch (verdict & NF_VERDICT_MASK) {
	case NF_ACCEPT:
		return 0;
	case NF_STOLEN:
		return -EINPROGRESS;
	default:
		return -EINVAL;
	}
}

static bool same_helper(const struct mf_ct *ct, const struct nf_conn *conn)
{
	const struct nf_conn_help *help;

	if (!ct->helper)
		return true;
	help = nf_ct_ext_find(conn, NF_CT_EXT_HELPER);
	return help && rcu_access_pointer(help->helper) == ct->helper;
}

static bool same_timeout(const struct mf_ct *ct, const struct nf_conn *conn)
{
	const struct nf_conn_timeout *timeout;

	if (!ct->timeout)
		return true;
	timeout = nf_ct_timeout_find(conn);
	return timeout && rcu_access_pointer(timeout->timeout) == ct->timeout;
}

/* Is the connection that the packet has the one that this action would find? */
static bool suits(const struct mf_ct *ct, const struct nf_conn *conn)
{
	return net_eq(nf_ct_net(conn), ct->net) && !nf_ct_is_template(conn) &&
	       nf_ct_zone_equal_any(conn, &ct->zone) && same_helper(ct, conn) &&
	       same_timeout(ct, conn);
}

/*
 * May this packet commit the connection that it brings? Only whoever holds
 * the one reference may change what nobody has committed: a clone of the
 * packet may be waiting somewhere. And if one has been faster, its connection
 * is the one to go on with.
 */
static bool may_commit(const struct mf_ct *ct, const struct nf_conn *conn)
{
	struct nf_conntrack_tuple_hash *hash;

	if (nf_ct_is_confirmed(conn))
		return true;
	if (refcount_read(&conn->ct_general.use) > 1)
		return false;
	hash = nf_conntrack_find_get(ct->net, &ct->zone,
				     &conn->tuplehash[IP_CT_DIR_ORIGINAL].tuple);
	if (!hash)
		return true;
	nf_ct_put(nf_ct_tuplehash_to_ctrack(hash));
	return false;
}

static enum ip_conntrack_info info_of(const struct nf_conn *conn, enum ip_conntrack_dir dir)
{
	if (dir == IP_CT_DIR_REPLY)
		return IP_CT_ESTABLISHED_REPLY;
	if (test_bit(IPS_SEEN_REPLY_BIT, &conn->status))
		return IP_CT_ESTABLISHED;
	if (test_bit(IPS_EXPECTED_BIT, &conn->status))
		return IP_CT_RELATED;
	return IP_CT_NEW;
}

/*
 * A packet that was in user space in between has lost its connection, but its
 * key tells that there is one. If it was translated, its addresses are those
 * that replies are sent to.
 */
static bool find_again(struct mf_ct_run *run)
{
	bool translated = run->key->ct_zone == run->ct->zone.id &&
			  run->key->ct_state & MF_CT_STATE_NAT;
	const struct mf_ct *ct = run->ct;
	struct nf_conntrack_tuple_hash *hash;
	struct nf_conntrack_tuple inverse;
	struct nf_conntrack_tuple tuple;
	enum ip_conntrack_dir dir;
	struct nf_conn *conn;

	if (!nf_ct_get_tuplepr(run->skb, skb_network_offset(run->skb), ct->family, ct->net,
			       &tuple))
		return false;
	if (translated && !nf_ct_invert_tuple(&inverse, &tuple))
		return false;
	hash = nf_conntrack_find_get(ct->net, &ct->zone, translated ? &inverse : &tuple);
	if (!hash)
		return false;
	conn = nf_ct_tuplehash_to_ctrack(hash);
	dir = NF_CT_DIRECTION(hash);
	if (translated)
		dir = !dir;
	nf_reset_ct(run->skb);
	nf_ct_set(run->skb, conn, info_of(conn, dir));
	return true;
}

static bool may_find_again(const struct mf_ct_run *run)
{
	u8 state = run->key->ct_state;

	if (run->ct->flags & MF_CT_FORCE)
		return true;
	return state & OVS_CS_F_TRACKED && !(state & OVS_CS_F_INVALID) &&
	       run->key->ct_zone == run->ct->zone.id;
}

/* Has the packet the connection already? If not, it has none afterwards. */
static bool is_known(struct mf_ct_run *run)
{
	const struct mf_ct *ct = run->ct;
	enum ip_conntrack_info info;
	struct nf_conn *conn;

	conn = nf_ct_get(run->skb, &info);
	if (!conn && may_find_again(run) && find_again(run))
		conn = nf_ct_get(run->skb, &info);
	if (conn && suits(ct, conn) && (!(ct->flags & MF_CT_COMMIT) || may_commit(ct, conn))) {
		if (!(ct->flags & MF_CT_FORCE) || CTINFO2DIR(info) == IP_CT_DIR_ORIGINAL)
			return true;
		/* The direction was the wrong one: begin anew in this one. */
		if (nf_ct_is_confirmed(conn))
			nf_ct_delete(conn, 0, 0);
	}
	nf_reset_ct(run->skb);
	return false;
}

/* Have nf_conntrack find the connection, or make one. */
static int find_or_make(struct mf_ct_run *run)
{
	const struct mf_ct *ct = run->ct;
	const struct nf_hook_state state = {
		.hook = NF_INET_PRE_ROUTING,
		.pf = ct->family,
		.net = ct->net,
	};

	/* nf_conntrack_in() drops the reference to the template. */
	nf_conntrack_get(&ct->tmpl->ct_general);
	nf_ct_set(run->skb, ct->tmpl, IP_CT_NEW);
	run->key->ct_state &= ~MF_CT_STATE_NAT;
	return mf_ct_verdict(nf_conntrack_in(run->skb, &state));
}

/*
 * Whatever a connection is going to have it has before a helper or a commit
 * keeps pointers into it.
 */
static int extend(const struct mf_ct *ct, struct nf_conn *conn)
{
	if (ct->flags & MF_CT_NAT && !nf_ct_nat_ext_add(conn))
		return -ENOMEM;
	if (ct->flags & MF_CT_NAT && nfct_help(conn) && !nfct_seqadj(conn) &&
	    !nfct_seqadj_ext_add(conn))
		return -ENOMEM;
	if (!nf_ct_labels_find(conn))
		nf_ct_labels_ext_add(conn);
	return 0;
}

/* Captures may miss segments that others forwarded: no check of the window. */
static void be_liberal(struct nf_conn *conn)
{
	conn->proto.tcp.seen[0].flags |= IP_CT_TCP_FLAG_BE_LIBERAL;
	conn->proto.tcp.seen[1].flags |= IP_CT_TCP_FLAG_BE_LIBERAL;
}

static int attend(struct mf_ct_run *run, struct nf_conn *conn, enum ip_conntrack_info info)
{
	bool commits = run->ct->flags & MF_CT_COMMIT && !nf_ct_is_confirmed(conn);
	int err;

	if (commits) {
		err = extend(run->ct, conn);
		if (err)
			return err;
	}
	err = mf_ct_nat(run, conn, info);
	if (err)
		return err;
	if (commits || (nf_ct_is_confirmed(conn) && !run->known)) {
		err = mf_ct_help(run, conn, info);
		if (err)
			return err;
	}
	if (nf_ct_protonum(conn) == IPPROTO_TCP && nf_ct_is_confirmed(conn) &&
	    conn->proto.tcp.state == TCP_CONNTRACK_ESTABLISHED)
		be_liberal(conn);
	return 0;
}

/**
 * mf_ct_lookup() - give a packet its connection
 * @run: the packet and the action
 *
 * Translates the packet, and lets the helper see it, if the connection is
 * committed or about to be. The key tells the outcome.
 *
 * Context: BH off, RCU read lock held.
 * Return: 0; -EINPROGRESS when the packet is somebody else's now; another
 * negative errno when it is to be dropped.
 */
int mf_ct_lookup(struct mf_ct_run *run)
{
	enum ip_conntrack_info info;
	struct nf_conn *conn;
	int err;

	run->known = is_known(run);
	if (!run->known) {
		err = find_or_make(run);
		if (err)
			return err;
	}
	conn = nf_ct_get(run->skb, &info);
	if (conn) {
		err = attend(run, conn, info);
		if (err)
			return err;
	}
	mf_ct_key_tracked(run->key, run->skb, run->ct->zone.id);
	return 0;
}
