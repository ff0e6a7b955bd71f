// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a key says about the packet's connection: state, zone, mark, labels,
 * and the addresses that the connection began with.
 */
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_labels.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "key.h"
#include "key/key.h"

#define TUPLE_BLOCKS	(BIT(MF_BLOCK_CT4) | BIT(MF_BLOCK_CT6))
#define CT_BLOCKS	(TUPLE_BLOCKS | BIT(MF_BLOCK_LABELS))

static_assert(sizeof_field(struct mf_key, ct_labels) ==
	      sizeof_field(struct nf_conn_labels, bits));

static u8 state_of(const struct nf_conn *conn, enum ip_conntrack_info info)
{
	static const u8 states[] = {
		[IP_CT_ESTABLISHED] = OVS_CS_F_ESTABLISHED,
		[IP_CT_RELATED] = OVS_CS_F_RELATED,
		[IP_CT_NEW] = OVS_CS_F_NEW,
		[IP_CT_ESTABLISHED_REPLY] = OVS_CS_F_ESTABLISHED | OVS_CS_F_REPLY_DIR,
		[IP_CT_RELATED_REPLY] = OVS_CS_F_RELATED | OVS_CS_F_REPLY_DIR,
	};
	u8 state = OVS_CS_F_TRACKED;

	if (info < ARRAY_SIZE(states))
		state |= states[info];
	/* What nobody has committed is new, whatever it belongs to. */
	if (!nf_ct_is_confirmed(conn))
		state |= OVS_CS_F_NEW;
	if (conn->master)
		state |= OVS_CS_F_RELATED;
	return state;
}

/* Ports, or what ICMP has in their place: type and code. */
static void put_ports(const struct nf_conntrack_tuple *orig, __be16 *src, __be16 *dst)
{
	u8 proto = orig->dst.protonum;

	if (proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6) {
		*src = htons(orig->dst.u.icmp.type);
		*dst = htons(orig->dst.u.icmp.code);
	} else {
		*src = orig->src.u.all;
		*dst = orig->dst.u.all;
	}
}

static void put_tuple(struct mf_key *key, const struct nf_conntrack_tuple *orig)
{
	key->blocks &= ~TUPLE_BLOCKS;
	if (key->eth_type == htons(ETH_P_IP) && orig->src.l3num == NFPROTO_IPV4) {
		mf_key_need(key, BIT(MF_BLOCK_CT4));
		key->ct4_src = orig->src.u3.ip;
		key->ct4_dst = orig->dst.u3.ip;
		key->ct4_proto = orig->dst.protonum;
		put_ports(orig, &key->ct4_tp_src, &key->ct4_tp_dst);
	} else if (key->eth_type == htons(ETH_P_IPV6) && orig->src.l3num == NFPROTO_IPV6 &&
		   !(key->blocks & BIT(MF_BLOCK_ND))) {
		mf_key_need(key, BIT(MF_BLOCK_CT6));
		memcpy(key->ct6_src, &orig->src.u3.in6, sizeof(key->ct6_src));
		memcpy(key->ct6_dst, &orig->dst.u3.in6, sizeof(key->ct6_dst));
		key->ct6_proto = orig->dst.protonum;
		put_ports(orig, &key->ct6_tp_src, &key->ct6_tp_dst);
	}
}

static void put_labels(struct mf_key *key, const struct nf_conn *conn)
{
	const struct nf_conn_labels *labels;

	/* Until it is committed, it has its master's labels. */
	if (conn->master && !nf_ct_is_confirmed(conn))
		conn = conn->master;
	labels = nf_ct_labels_find(conn);
	if (labels && memchr_inv(labels->bits, 0, sizeof(labels->bits))) {
		mf_key_need(key, BIT(MF_BLOCK_LABELS));
		memcpy(key->ct_labels, labels->bits, sizeof(key->ct_labels));
	} else {
		key->blocks &= ~BIT(MF_BLOCK_LABELS);
	}
}

static void put_connection(struct mf_key *key, const struct nf_conn *conn,
			   enum ip_conntrack_info info, u8 nat)
{
	key->ct_state = state_of(conn, info) | nat;
	key->ct_mark = READ_ONCE(conn->mark);
	put_labels(key, conn);
	if (conn->master)
		conn = conn->master;
	put_tuple(key, &conn->tuplehash[IP_CT_DIR_ORIGINAL].tuple);
}

/**
 * mf_ct_key_clear() - the packet belongs to no connection
 * @key: its key
 *
 * Context: any.
 */
void mf_ct_key_clear(struct mf_key *key)
{
	key->ct_state = 0;
	key->ct_zone = 0;
	key->ct_mark = 0;
	key->blocks &= ~CT_BLOCKS;
}

/**
 * mf_ct_key_tracked() - the packet has been through a zone
 * @key: its key; that the packet was translated is kept
 * @skb: the packet; without a connection it is invalid
 * @zone: number of the zone
 *
 * Context: BH off.
 */
void mf_ct_key_tracked(struct mf_key *key, const struct sk_buff *skb, u16 zone)
{
	u8 nat = key->ct_state & (OVS_CS_F_SRC_NAT | OVS_CS_F_DST_NAT);
	enum ip_conntrack_info info;
	const struct nf_conn *conn = nf_ct_get(skb, &info);

	if (conn) {
		put_connection(key, conn, info, nat);
	} else {
		mf_ct_key_clear(key);
		key->ct_state = OVS_CS_F_TRACKED | OVS_CS_F_INVALID;
	}
	key->ct_zone = zone;
}

/**
 * mf_ct_key_received() - the packet came with a connection
 * @key: its key, which says nothing of connections yet
 * @skb: the packet, from the local stack
 *
 * Context: BH off.
 */
void mf_ct_key_received(struct mf_key *key, const struct sk_buff *skb)
{
	enum ip_conntrack_info info;
	const struct nf_conn *conn = nf_ct_get(skb, &info);
	u8 nat = 0;

	if (!conn || nf_ct_is_template(conn))
		return;
	if (conn->status & IPS_SRC_NAT)
		nat |= OVS_CS_F_SRC_NAT;
	if (conn->status & IPS_DST_NAT)
		nat |= OVS_CS_F_DST_NAT;
	put_connection(key, conn, info, nat);
	key->ct_zone = nf_ct_zone(conn)->id;
}
