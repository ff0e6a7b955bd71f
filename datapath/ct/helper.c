// SPDX-License-Identifier: GPL-2.0-only
/*
 * Helpers: they read what an application protocol says about connections to
 * come.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_seqadj.h>

#include "ct.h"

/* Where the transport header is, or -1 if there is none to be read. */
static int transport_offset(const struct mf_ct *ct, const struct sk_buff *skb)
{
	__be16 frag_off = 0;
	u8 proto;
	int off;

	if (ct->family == NFPROTO_IPV4)
		return ip_hdrlen(skb);
	proto = ipv6_hdr(skb)->nexthdr;
	off = ipv6_skip_exthdr(skb, sizeof(struct ipv6hdr), &proto, &frag_off);
	return off < 0 || frag_off & htons(~7) ? -1 : off;
}

/**
 * mf_ct_help() - let the helper of a connection see a packet
 * @run: the packet and the action
 * @conn: the packet's connection, which has all that it is going to have
 * @info: what the packet is to @conn
 *
 * The helper may have changed the length of what was said before; the numbers
 * in TCP headers are made good for that.
 *
 * Context: BH off, RCU read lock held.
 * Return: 0, or a negative errno when the packet is to be dropped.
 */
int mf_ct_help(struct mf_ct_run *run, struct nf_conn *conn, enum ip_conntrack_info info)
{
	const struct nf_conn_help *help = nfct_help(conn);
	const struct nf_conntrack_helper *helper;
	int (*see)(struct sk_buff *skb, unsigned int off, struct nf_conn *conn,
		   enum ip_conntrack_info info);
	int off;
	int err;

	if (info == IP_CT_RELATED_REPLY || !help)
		return 0;
	helper = rcu_dereference(help->helper);
	off = transport_offset(run->ct, run->skb);
	if (!helper || off < 0)
		return 0;
	/* As rcu_dereference(); not all kernels mark the function as one of RCU's. */
	see = (__force typeof(see))READ_ONCE(helper->help);
	err = see ? mf_ct_verdict(see(run->skb, off, conn, info)) : 0;
	if (err)
		return err;
	if (test_bit(IPS_SEQ_ADJUST_BIT, &conn->status) &&
	    !nf_ct_seq_adjust(run->skb, conn, info, off))
		return -EINVAL;
	return 0;
}
