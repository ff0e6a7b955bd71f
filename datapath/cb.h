/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the datapath remembers of a packet between stages, in skb->cb.
 */
#ifndef MF_CB_H
#define MF_CB_H

#include <linux/skbuff.h>
#include <net/gso.h>

struct mf_port;

/**
 * struct mf_cb - the datapath's part of skb->cb
 * @in: the port the packet came in by, NULL if user space made the packet and
 *	named none; valid under the RCU read lock of the run
 * @upcall_pid: netlink port id that all upcalls of this packet go to, 0 for
 *	the ordinary choice
 * @lookups: table lookups that this packet has caused so far
 * @mru: size in bytes of the largest fragment that the packet was made of, 0
 *	if it never was fragmented
 *
 * Segmentation uses the end of cb, so this must stay before SKB_GSO_CB_OFFSET.
 */
struct mf_cb {
	struct mf_port *in;
	u32 upcall_pid;
	u16 lookups;
	u16 mru;
};

static_assert(sizeof(struct mf_cb) <= SKB_GSO_CB_OFFSET);

/**
 * mf_cb() - the datapath's view of a packet's control block
 * @skb: packet owned by the datapath
 *
 * Context: any.
 * Return: pointer into @skb.
 */
static inline struct mf_cb *mf_cb(const struct sk_buff *skb)
{
	return (struct mf_cb *)skb->cb;
}

#endif
