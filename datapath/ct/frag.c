// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fragments are put together before a connection is looked for, by what the
 * kernel's own connection tracking uses for it.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/ipv6_frag.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>

#include "cb.h"
#include "ct.h"
#include "drop.h"
#include "key/extract.h"

/* A super-packet that will leave as fragments is none as long as it is whole. */
static bool is_fragment(const struct mf_ct *ct, const struct sk_buff *skb)
{
	unsigned int off = 0;

	if (ct->family == NFPROTO_IPV4)
		return ip_is_fragment(ip_hdr(skb));
	return ipv6_find_hdr(skb, &off, NEXTHDR_FRAGMENT, NULL, NULL) == NEXTHDR_FRAGMENT;
}

/* The queues go by the length that the header says, and take it for true. */
static bool is_all_there(const struct mf_ct *ct, const struct sk_buff *skb)
{
	unsigned int len;

	if (ct->family == NFPROTO_IPV6)
		return sizeof(struct ipv6hdr) + ntohs(ipv6_hdr(skb)->payload_len) <= skb->len;
	len = ntohs(ip_hdr(skb)->tot_len);
	return len >= ip_hdrlen(skb) && len <= skb->len;
}

/*
 * A fragment that waits holds no connection, and has no segments. Later its
 * head room is written to, which a copy of the packet must not see.
 */
static int make_fit_to_wait(struct sk_buff *skb)
{
	int err;

	err = skb_unclone(skb, GFP_ATOMIC);
	if (err)
		return err;
	nf_reset_ct(skb);
	skb_gso_reset(skb);
	return 0;
}

/* Whatever is not whole is out of our hands: in the queue, or freed. */
static int gather_ipv4(struct mf_ct_run *run, u16 *mru)
{
	struct sk_buff *skb = run->skb;
	int err;

	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	err = ip_defrag(run->ct->net, skb, IP_DEFRAG_CONNTRACK_IN + run->ct->zone.id);
	if (!err) {
		*mru = IPCB(skb)->frag_max_size;
		return 0;
	}
	run->skb = NULL;
	if (err != -EINPROGRESS)
		mf_drop_count(run->dp, MF_DROP_CONNTRACK);
	return err;
}

/* Here, one that is refused stays ours, and one may be left as it is. */
static int gather_ipv6(struct mf_ct_run *run, u16 *mru)
{
	struct sk_buff *skb = run->skb;
	int err;

	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	IP6CB(skb)->iif = skb->dev->ifindex;
	err = nf_ct_frag6_gather(run->ct->net, skb, IP6_DEFRAG_CONNTRACK_IN + run->ct->zone.id);
	if (err == -EINPROGRESS)
		run->skb = NULL;
	else
		*mru = IP6CB(skb)->frag_max_size;
	return err;
}

/*
 * Packet and headers are those of the first fragment now, metadata that of
 * the one which came last: so says the key.
 */
static int describe(struct mf_ct_run *run)
{
	struct sk_buff *skb = run->skb;
	u8 mac_proto = skb_mac_offset(skb) ? MF_MAC_ETHERNET : MF_MAC_NONE;
	int err;

	if (mac_proto != run->key->mac_proto)
		return -EPROTO;
	skb->mark = run->key->skb_mark;
	skb->priority = run->key->priority;
	/* A fragment is hashed without its ports. */
	skb_clear_hash(skb);
	/* What was fragmented once may be again. */
	skb->ignore_df = 1;

	skb_push_rcsum(skb, -skb_mac_offset(skb));
	err = mf_key_refresh(run->key, skb);
	if (!err)
		skb_pull_rcsum(skb, skb_network_offset(skb));
	return err;
}

/**
 * mf_ct_defrag() - put a fragmented packet together
 * @run: the packet and the action. When the last fragment is there, the packet
 *	is the whole, the key is that of the whole, and the control block tells
 *	the size of the largest fragment.
 *
 * Context: BH off, RCU read lock held.
 * Return: 0; -EINPROGRESS when others are awaited; another negative errno when
 * the packet is to be dropped. It is gone already if @run has none any more.
 */
int mf_ct_defrag(struct mf_ct_run *run)
{
	const struct mf_cb cb = *mf_cb(run->skb);
	u16 mru = 0;
	int err;

	if (!is_fragment(run->ct, run->skb))
		return 0;
	if (!is_all_there(run->ct, run->skb))
		return -EINVAL;
	err = make_fit_to_wait(run->skb);
	if (err)
		return err;

	if (run->ct->family == NFPROTO_IPV4)
		err = gather_ipv4(run, &mru);
	else
		err = gather_ipv6(run, &mru);
	if (!run->skb)
		return err;
	*mf_cb(run->skb) = cb;
	if (err)
		return err;
	/* Left as it is, to be found invalid: but not with its checksum. */
	if (!mru) {
		if (run->skb->ip_summed == CHECKSUM_COMPLETE)
			run->skb->ip_summed = CHECKSUM_NONE;
		return 0;
	}
	mf_cb(run->skb)->mru = mru;
	return describe(run);
}
