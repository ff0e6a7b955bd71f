// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rewriting ports, and the checksums of their protocols.
 */
#include <linux/sctp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/sctp/checksum.h>

#include "set.h"

/*
 * A flow that leaves fragments or the protocol open may bring a packet
 * without these ports: it stays as it is. Returns 1 if there are ports.
 */
static int find_ports(struct act_exec *x, u8 proto, int header_len)
{
	struct sk_buff *skb = x->skb;
	int err;

	if (x->key->ip_proto != proto || x->key->ip_frag == OVS_FRAG_TYPE_LATER)
		return 0;
	if (!skb_transport_header_was_set(skb) ||
	    skb_transport_offset(skb) <= skb_network_offset(skb))
		return -EINVAL;
	err = skb_ensure_writable(skb, skb_transport_offset(skb) + header_len);
	return err ?: 1;
}

/* Source and destination port, as all three protocols begin. */
struct ports {
	__be16 src;
	__be16 dst;
};

static struct ports masked(const struct ports *from, const struct ports *value,
			   const struct ports *mask)
{
	return (struct ports){
		.src = value->src | (from->src & ~mask->src),
		.dst = value->dst | (from->dst & ~mask->dst),
	};
}

/*
 * Corrects @sum, which covers the ports; NULL if there is none. Returns true
 * if the ports changed.
 */
static bool set_ports(struct act_exec *x, struct ports *ports, struct ports to, __sum16 *sum)
{
	struct sk_buff *skb = x->skb;

	if (ports->src == to.src && ports->dst == to.dst)
		return false;
	if (sum) {
		inet_proto_csum_replace2(sum, skb, ports->src, to.src, false);
		inet_proto_csum_replace2(sum, skb, ports->dst, to.dst, false);
	} else {
		mf_set_csum(skb, ports, &to, sizeof(to));
	}
	*ports = to;
	x->key->tp_src = to.src;
	x->key->tp_dst = to.dst;
	mf_set_moved(skb);
	return true;
}

/**
 * mf_set_tcp() - rewrite TCP ports
 * @x: the run
 * @value: value and mask
 *
 * Context: BH off.
 * Return: 0, or a negative errno.
 */
int mf_set_tcp(struct act_exec *x, const struct ovs_key_tcp *value)
{
	const struct ports *wanted = (const struct ports *)value;
	struct ports *ports;
	struct tcphdr *tcp;
	int found;

	found = find_ports(x, IPPROTO_TCP, sizeof(*tcp));
	if (unlikely(found <= 0))
		return found;
	tcp = tcp_hdr(x->skb);
	ports = (struct ports *)tcp;
	set_ports(x, ports, masked(ports, wanted, wanted + 1), &tcp->check);
	return 0;
}

/**
 * mf_set_udp() - rewrite UDP ports
 * @x: the run
 * @value: value and mask
 *
 * A packet without a checksum gets none.
 *
 * Context: BH off.
 * Return: 0, or a negative errno.
 */
int mf_set_udp(struct act_exec *x, const struct ovs_key_udp *value)
{
	const struct ports *wanted = (const struct ports *)value;
	struct ports *ports;
	struct udphdr *udp;
	bool has_sum;
	int found;

	found = find_ports(x, IPPROTO_UDP, sizeof(*udp));
	if (unlikely(found <= 0))
		return found;
	udp = udp_hdr(x->skb);
	ports = (struct ports *)udp;
	has_sum = udp->check && x->skb->ip_summed != CHECKSUM_PARTIAL;
	if (set_ports(x, ports, masked(ports, wanted, wanted + 1), has_sum ? &udp->check : NULL) &&
	    has_sum && !udp->check)
		udp->check = CSUM_MANGLED_0;
	return 0;
}

/**
 * mf_set_sctp() - rewrite SCTP ports
 * @x: the run
 * @value: value and mask
 *
 * If the checksum was wrong it stays wrong by the same difference, so that a
 * broken packet does not come out as a sound one.
 *
 * Context: BH off.
 * Return: 0, or a negative errno. A first fragment cannot be rewritten: its
 * checksum covers data that is not there.
 */
int mf_set_sctp(struct act_exec *x, const struct ovs_key_sctp *value)
{
	const struct ports *wanted = (const struct ports *)value;
	struct sk_buff *skb = x->skb;
	struct sctphdr before;
	struct sctphdr *sctp;
	struct ports *ports;
	__le32 right;
	int offset;
	int found;

	found = find_ports(x, IPPROTO_SCTP, sizeof(*sctp));
	if (unlikely(found <= 0))
		return found;
	if (x->key->ip_frag != OVS_FRAG_TYPE_NONE)
		return -EOPNOTSUPP;

	offset = skb_transport_offset(skb);
	sctp = sctp_hdr(skb);
	ports = (struct ports *)sctp;
	before = *sctp;
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		set_ports(x, ports, masked(ports, wanted, wanted + 1), NULL);
		return 0;
	}

	right = sctp_compute_cksum(skb, offset);
	if (!set_ports(x, ports, masked(ports, wanted, wanted + 1), NULL))
		return 0;
	sctp->checksum = before.checksum ^ right ^ sctp_compute_cksum(skb, offset);
	mf_set_csum(skb, &before.checksum, &sctp->checksum, sizeof(sctp->checksum));
	return 0;
}
