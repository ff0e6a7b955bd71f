// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets to user space: one message for each, or for each segment of a
 * packet that the stack has not segmented yet.
 */
#include <linux/if_vlan.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/gso.h>

#include "action/hash.h"
#include "action/program.h"
#include "cb.h"
#include "dp.h"
#include "key/forms.h"
#include "key/match.h"
#include "key/tunnel.h"
#include "netlink/family.h"
#include "port/port.h"
#include "trace.h"
#include "upcall.h"
#include "upcall_fair.h"
#include "upcall_pid.h"

/* Where HASH says how the packet's hash came about; the hash is below. */
#define HASH_SW BIT_ULL(32)
#define HASH_L4 BIT_ULL(33)

static u64 packet_hash(const struct sk_buff *skb)
{
	u64 hash = skb_get_hash_raw(skb);

	if (skb->sw_hash)
		hash |= HASH_SW;
	if (skb->l4_hash)
		hash |= HASH_L4;
	return hash;
}

static size_t message_size(const struct mf_upcall *upcall, const struct mf_cb *cb, u32 len)
{
	size_t size = NLMSG_ALIGN(sizeof(struct ovs_header));

	size += mf_key_attr_size();
	size += nla_total_size(len);			/* PACKET */
	size += nla_total_size_64bit(sizeof(u64));	/* HASH */
	size += nla_total_size(sizeof(u32));		/* LEN */
	if (upcall->has_userdata)
		size += nla_total_size(upcall->userdata_len);
	if (upcall->egress)
		size += nla_total_size(MF_TUNNEL_SIZE);
	if (upcall->actions)
		size += mf_program_attr_size(upcall->actions);
	if (cb->mru)
		size += nla_total_size(sizeof(u16));
	return size;
}

/* The packet is the last attribute, so that its tail needs no padding. */
static int put_packet(struct sk_buff *msg, const struct sk_buff *skb, u32 len, bool unaligned)
{
	size_t total = unaligned ? nla_attr_size(len) : nla_total_size(len);
	struct nlattr *nla;
	int err;

	if (skb_tailroom(msg) < total)
		return -EMSGSIZE;
	nla = skb_put(msg, total);
	nla->nla_type = OVS_PACKET_ATTR_PACKET;
	nla->nla_len = nla_attr_size(len);
	err = skb_copy_bits(skb, 0, nla_data(nla), len);
	if (err)
		return err;
	memset(nla_data(nla) + len, 0, total - nla_attr_size(len));
	return 0;
}

static int put_attrs(struct sk_buff *msg, const struct sk_buff *skb, const struct mf_key *key,
		     const struct mf_upcall *upcall, u32 len)
{
	const struct mf_cb *cb = mf_cb(skb);
	int err;

	err = mf_key_put(msg, OVS_PACKET_ATTR_KEY, key);
	if (err)
		return err;
	if (upcall->has_userdata &&
	    nla_put(msg, OVS_PACKET_ATTR_USERDATA, upcall->userdata_len, upcall->userdata))
		return -EMSGSIZE;
	if (upcall->egress && mf_tunnel_put(msg, OVS_PACKET_ATTR_EGRESS_TUN_KEY, upcall->egress,
					    upcall->egress))
		return -EMSGSIZE;
	/* User space does without the actions where they do not fit. */
	if (upcall->actions)
		mf_program_put(msg, OVS_PACKET_ATTR_ACTIONS, upcall->actions);
	if (cb->mru && nla_put_u16(msg, OVS_PACKET_ATTR_MRU, cb->mru))
		return -EMSGSIZE;
	if (len < skb->len && nla_put_u32(msg, OVS_PACKET_ATTR_LEN, skb->len))
		return -EMSGSIZE;
	if (nla_put_u64_64bit(msg, OVS_PACKET_ATTR_HASH, packet_hash(skb), OVS_PACKET_ATTR_UNSPEC))
		return -EMSGSIZE;
	return 0;
}

/*
 * Hand a message to the socket, and look how full its queue is by now. Our own
 * reference keeps the message charged to the socket, wherever it is read
 * meanwhile, and the RCU read lock keeps the socket, should it be closed.
 */
static int deliver(struct mf_dp *dp, struct sk_buff *msg, const struct mf_listener *listener)
{
	const struct sock *sk;
	int err;

	if (!listener->fair)
		return genlmsg_unicast(dp->net, msg, listener->pid);

	/* Netlink would clone it, being shared, to cut off so much room behind. */
	if (skb_tailroom(msg) * 2 >= msg->truesize)
		pskb_expand_head(msg, 0, -skb_tailroom(msg), GFP_ATOMIC | __GFP_NOWARN);
	skb_get(msg);
	err = genlmsg_unicast(dp->net, msg, listener->pid);
	sk = msg->sk;
	if (err == -EAGAIN)
		mf_fair_measured(listener->fair, MF_FAIR_FULL, jiffies);
	else if (!err && sk)
		mf_fair_measured(listener->fair,
				 div_u64((u64)atomic_read(&sk->sk_rmem_alloc) * MF_FAIR_FULL,
					 max(READ_ONCE(sk->sk_rcvbuf), 1)),
				 jiffies);
	consume_skb(msg);
	return err;
}

static int send_frame(struct mf_dp *dp, struct sk_buff *skb, const struct mf_key *key,
		      const struct mf_upcall *upcall, const struct mf_listener *listener)
{
	u32 len = min(skb->len, upcall->max_len);
	struct ovs_header *header;
	struct sk_buff *msg;
	int err;

	if (!skb_frags_readable(skb))
		return -EFAULT;
	if (nla_attr_size(skb->len) > USHRT_MAX)
		return -EFBIG;
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		err = skb_csum_hwoffload_help(skb, 0);
		if (err)
			return err;
	}

	msg = genlmsg_new(message_size(upcall, mf_cb(skb), len), GFP_ATOMIC);
	if (!msg)
		return -ENOMEM;
	err = -EMSGSIZE;
	header = genlmsg_put(msg, 0, 0, &mf_packet_family, 0, upcall->cmd);
	if (!header)
		goto err_free;
	header->dp_ifindex = mf_dp_ifindex(dp);

	err = put_attrs(msg, skb, key, upcall, len);
	if (err)
		goto err_free;
	err = put_packet(msg, skb, len, READ_ONCE(dp->features) & OVS_DP_F_UNALIGNED);
	if (err)
		goto err_free;

	/* Not genlmsg_end(): it is the same, but for the tail without padding. */
	nlmsg_hdr(msg)->nlmsg_len = msg->len;
	return deliver(dp, msg, listener);

err_free:
	nlmsg_free(msg);
	return err;
}

/* A tag beside the frame goes into it: user space sees what the wire would. */
static int send_packet(struct mf_dp *dp, struct sk_buff *skb, const struct mf_key *key,
		       const struct mf_upcall *upcall, const struct mf_listener *listener)
{
	struct sk_buff *tagged;
	int err;

	if (!skb_vlan_tag_present(skb))
		return send_frame(dp, skb, key, upcall, listener);

	tagged = skb_clone(skb, GFP_ATOMIC);
	if (!tagged)
		return -ENOMEM;
	tagged = __vlan_hwaccel_push_inside(tagged);
	if (!tagged)
		return -ENOMEM;
	err = send_frame(dp, tagged, key, upcall, listener);
	consume_skb(tagged);
	return err;
}

static int send_segments(struct mf_dp *dp, struct sk_buff *skb, const struct mf_key *key,
			 const struct mf_upcall *upcall, const struct mf_listener *listener)
{
	bool fragments = skb_shinfo(skb)->gso_type & SKB_GSO_UDP;
	struct mf_key *later = NULL;
	struct sk_buff *segs;
	struct sk_buff *next;
	struct sk_buff *seg;
	struct mf_cb cb;
	int err = 0;

	/* Segmentation writes over the far end of cb, and may move ours. */
	cb = *mf_cb(skb);
	segs = __skb_gso_segment(skb, NETIF_F_SG, false);
	if (IS_ERR(segs))
		return PTR_ERR(segs);
	if (!segs)
		return send_packet(dp, skb, key, upcall, listener);

	if (fragments) {
		/* Segments of a UDP fragment train are fragments, too. */
		later = kmalloc_obj(*later, GFP_ATOMIC);
		if (later) {
			mf_key_copy(later, key);
			later->ip_frag = OVS_FRAG_TYPE_LATER;
		} else {
			err = -ENOMEM;
		}
	}

	skb_list_walk_safe(segs, seg, next) {
		skb_mark_not_on_list(seg);
		*mf_cb(seg) = cb;
		if (!err)
			err = send_packet(dp, seg, fragments && seg != segs ? later : key,
					  upcall, listener);
		if (err)
			kfree_skb(seg);
		else
			consume_skb(seg);
	}
	kfree(later);
	return err;
}

static void count_upcall(struct mf_dp *dp, const struct sk_buff *skb, int err)
{
	struct mf_port *port = mf_cb(skb)->in;

	if (err) {
		struct mf_dp_stats *stats = this_cpu_ptr(dp->stats);

		u64_stats_update_begin(&stats->sync);
		u64_stats_inc(&stats->lost);
		u64_stats_update_end(&stats->sync);
	}
	/* Nobody having asked for the port's packets is not a failure of it. */
	if (port && err != -ENOTCONN) {
		struct mf_upcall_stats *stats = this_cpu_ptr(port->upcalls);

		u64_stats_update_begin(&stats->sync);
		if (err)
			u64_stats_inc(&stats->fail);
		else
			u64_stats_inc(&stats->success);
		u64_stats_update_end(&stats->sync);
	}
}

/* A miss may have to wait: it comes again, if it is worth something. */
static bool may_go(const struct mf_listener *listener, struct sk_buff *skb,
		   const struct mf_upcall *upcall)
{
	const struct mf_port *in = mf_cb(skb)->in;

	return upcall->cmd != OVS_PACKET_CMD_MISS || !listener->fair || !in ||
	       mf_fair_admit(listener->fair, in->port_no, skb_get_hash_raw(skb), jiffies);
}

/**
 * mf_upcall_send() - send a packet to user space
 * @dp: the datapath
 * @skb: the packet, data at the link header; not consumed. A checksum that
 *	was left to the device is filled in, and its hash is settled.
 * @key: its key
 * @upcall: what to send with it
 *
 * Counts the outcome for the datapath and the input port.
 *
 * Context: BH off, RCU read lock held.
 * Return: 0; -ENOTCONN when nobody listens; -EAGAIN when the listener's queue
 * is full; -EBUSY when others wait for it that had less of it lately; or another
 * negative errno.
 */
int mf_upcall_send(struct mf_dp *dp, struct sk_buff *skb, const struct mf_key *key,
		   const struct mf_upcall *upcall)
{
	const struct mf_listener listener = mf_upcall_pid(dp, skb, upcall);
	int err;

	trace_ovs_dp_upcall(dp, skb, key, upcall);

	if (!listener.pid) {
		err = -ENOTCONN;
		goto out;
	}
	/*
	 * One that user space sent along is kept by actions, however it came about. Who
	 * missed was looked up, for which only a hash of addresses or ports is good.
	 */
	if (upcall->cmd == OVS_PACKET_CMD_MISS || !skb_get_hash_raw(skb))
		mf_packet_hash(skb);
	if (!may_go(&listener, skb, upcall))
		err = -EBUSY;
	else if (skb_is_gso(skb))
		err = send_segments(dp, skb, key, upcall, &listener);
	else
		err = send_packet(dp, skb, key, upcall, &listener);
out:
	count_upcall(dp, skb, err);
	return err;
}
