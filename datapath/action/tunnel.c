// SPDX-License-Identifier: GPL-2.0-only
/*
 * SET of TUNNEL, and what a tunnel would do with a packet.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/dst_metadata.h>

#include "execute.h"
#include "key/tunnel.h"
#include "port/table.h"
#include "tunnel.h"

/**
 * mf_exec_tunnel() - carry out SET of TUNNEL
 * @x: the run
 * @insn: the instruction
 *
 * The key keeps the tunnel that the packet came by.
 *
 * Context: BH off.
 */
void mf_exec_tunnel(struct act_exec *x, const struct mf_insn *insn)
{
	const struct mf_insn_tunnel *tunnel = mf_insn_payload(insn);
	struct dst_entry *dst = &tunnel->dst->dst;

	skb_dst_drop(x->skb);
	dst_hold(dst);
	skb_dst_set(x->skb, dst);
}

/**
 * mf_egress_key_new() - what the outer header would be if a port sent this
 * @x: the run
 * @port_no: number of the port, a tunnel device that a SET has spoken to
 *
 * The device fills in what it chooses itself: source address and ports.
 *
 * Context: BH off, RCU read lock held.
 * Return: a key of which the tunnel's blocks are meant, to be freed with
 * kfree(); NULL if the port is no such device or would not send the packet.
 */
struct mf_key *mf_egress_key_new(const struct act_exec *x, u32 port_no)
{
	const struct mf_port *port = mf_port_find_rcu(x->dp, port_no);
	const struct ip_tunnel_info *info;
	struct mf_key *key;

	if (!port || dev_fill_metadata_dst(port->dev, x->skb))
		return NULL;
	info = skb_tunnel_info(x->skb);
	key = info ? kmalloc_obj(*key, GFP_ATOMIC) : NULL;
	if (!key)
		return NULL;
	mf_key_init(key);
	mf_tunnel_extract(key, info);
	return key;
}
