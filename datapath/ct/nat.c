// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address translation: a new connection is bound to a range; every packet of
 * a bound connection is rewritten, as the stack would on its way in and out.
 */
#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_nat.h>

#include "ct.h"

/* What the stack calls the places where it rewrites destination and source. */
static const struct nat_side {
	unsigned int hook;
	enum nf_nat_manip_type manip;
	u8 state;
} sides[] = {
	{ NF_INET_PRE_ROUTING, NF_NAT_MANIP_DST, OVS_CS_F_DST_NAT },
	{ NF_INET_POST_ROUTING, NF_NAT_MANIP_SRC, OVS_CS_F_SRC_NAT },
};

/* The address stays; the port moves only if it has to. */
static int bind_null(struct nf_conn *conn, unsigned int hook, enum nf_nat_manip_type manip)
{
	if (nf_nat_initialized(conn, manip))
		return 0;
	return mf_ct_verdict(nf_nat_alloc_null_binding(conn, hook));
}

static bool keeps_address(const struct nf_nat_range2 *range)
{
	return range->flags & NF_NAT_RANGE_MAP_IPS &&
	       nf_inet_addr_cmp(&range->min_addr, &(const union nf_inet_addr){}) &&
	       nf_inet_addr_cmp(&range->max_addr, &(const union nf_inet_addr){});
}

static int bind_range(const struct mf_ct *ct, struct nf_conn *conn, const struct nat_side *side)
{
	if (nf_nat_initialized(conn, side->manip))
		return 0;
	if (keeps_address(&ct->range))
		return bind_null(conn, side->hook, side->manip);
	return mf_ct_verdict(nf_nat_setup_info(conn, &ct->range, side->manip));
}

/*
 * Two clients with the same port may meet at one translated destination: then
 * the source is bound as well, which moves the port of the second.
 */
static int bind(const struct mf_ct *ct, struct nf_conn *conn)
{
	int err;

	if (ct->flags & MF_CT_NAT_SRC)
		return bind_range(ct, conn, &sides[1]);
	if (!(ct->flags & MF_CT_NAT_DST))
		return 0;
	err = bind_range(ct, conn, &sides[0]);
	return err ?: bind_null(conn, sides[1].hook, sides[1].manip);
}

static bool is_icmp_error(const struct mf_ct *ct, const struct sk_buff *skb,
			  enum ip_conntrack_info info, int *hdrlen)
{
	__be16 frag_off;
	u8 proto;

	if (info != IP_CT_RELATED && info != IP_CT_RELATED_REPLY)
		return false;
	if (ct->family == NFPROTO_IPV4) {
		*hdrlen = ip_hdrlen(skb);
		return ip_hdr(skb)->protocol == IPPROTO_ICMP;
	}
	proto = ipv6_hdr(skb)->nexthdr;
	*hdrlen = ipv6_skip_exthdr(skb, sizeof(struct ipv6hdr), &proto, &frag_off);
	return *hdrlen >= 0 && proto == IPPROTO_ICMPV6;
}

/* The error's own addresses, and those of the packet inside it. */
static int translate_error(struct mf_ct_run *run, struct nf_conn *conn,
			   enum ip_conntrack_info info, unsigned int hook, int hdrlen)
{
	bool done;

	if (run->ct->family == NFPROTO_IPV4)
		done = nf_nat_icmp_reply_translation(run->skb, conn, info, hook);
	else
		done = nf_nat_icmpv6_reply_translation(run->skb, conn, info, hook, hdrlen);
	return done ? 0 : -EINVAL;
}

static bool concerns(const struct nf_conn *conn, enum ip_conntrack_info info,
		     const struct nat_side *side)
{
	unsigned long bit = side->manip == NF_NAT_MANIP_SRC ? IPS_SRC_NAT : IPS_DST_NAT;

	if (CTINFO2DIR(info) == IP_CT_DIR_REPLY)
		bit ^= IPS_NAT_MASK;
	return conn->status & bit;
}

static int translate(struct mf_ct_run *run, struct nf_conn *conn, enum ip_conntrack_info info)
{
	const struct nat_side *side;
	int hdrlen;
	int err;

	for (side = sides; side < sides + ARRAY_SIZE(sides); side++) {
		if (!concerns(conn, info, side))
			continue;
		if (is_icmp_error(run->ct, run->skb, info, &hdrlen))
			err = translate_error(run, conn, info, side->hook, hdrlen);
		else
			err = mf_ct_verdict(nf_nat_packet(conn, info, side->hook, run->skb));
		if (err)
			return err;
		run->key->ct_state |= side->state;
		run->rewritten = true;
	}
	return 0;
}

static bool has_range(const struct mf_ct *ct)
{
	return ct->flags & (MF_CT_NAT_SRC | MF_CT_NAT_DST);
}

/*
 * Until it is answered, a connection is translated by what makes it: by an action with a range, or,
 * if it was expected, by one that commits. Until then flows see the addresses that the packet had.
 */
static bool is_due(const struct mf_ct *ct, enum ip_conntrack_info info)
{
	if (info == IP_CT_NEW)
		return has_range(ct);
	return info != IP_CT_RELATED || ct->flags & MF_CT_COMMIT;
}

/*
 * What else the state says: the side that the range is for, though the address may be the same; and
 * that the source of a packet with a new destination is bound, too.
 */
static u8 state_besides(const struct mf_ct *ct, const struct nf_conn *conn,
			enum ip_conntrack_info info)
{
	u8 state = 0;

	if (info == IP_CT_NEW)
		state = ct->flags & MF_CT_NAT_SRC ? OVS_CS_F_SRC_NAT : OVS_CS_F_DST_NAT;
	if (conn->status & IPS_DST_NAT && CTINFO2DIR(info) == IP_CT_DIR_ORIGINAL)
		state |= OVS_CS_F_SRC_NAT;
	return state;
}

/**
 * mf_ct_nat() - translate a packet
 * @run: the packet and the action; a packet that was translated stays as it is
 * @conn: its connection; if it is new and is going to be committed, it is
 *	bound to the action's range
 * @info: what the packet is to @conn
 *
 * Context: BH off, RCU read lock held.
 * Return: 0, or a negative errno when the packet is to be dropped.
 */
int mf_ct_nat(struct mf_ct_run *run, struct nf_conn *conn, enum ip_conntrack_info info)
{
	const struct mf_ct *ct = run->ct;
	int err;

	if (!(ct->flags & MF_CT_NAT) || run->key->ct_state & MF_CT_STATE_NAT || !is_due(ct, info))
		return 0;
	if (!nf_ct_is_confirmed(conn)) {
		if (!(ct->flags & MF_CT_COMMIT))
			return 0;
		err = bind(ct, conn);
		if (err)
			return err;
	}
	err = translate(run, conn, info);
	if (!err)
		run->key->ct_state |= state_besides(ct, conn, info);
	return err;
}
