/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of the full parser, outermost header first.
 */
#ifndef MF_KEY_HEADERS_H
#define MF_KEY_HEADERS_H

#include <linux/skbuff.h>
#include <linux/tcp.h>

#include "key.h"

/**
 * mf_tcp_flags() - the flags of a TCP header
 * @tcp: the header, aligned to two bytes or better
 *
 * Context: any.
 * Return: the flags as a key holds them.
 */
static inline __be16 mf_tcp_flags(const struct tcphdr *tcp)
{
	return *((const __be16 *)tcp + 6) & htons(MF_TCP_FLAGS);
}

/**
 * mf_pull() - have bytes of a packet in its linear part
 * @skb: the packet
 * @len: bytes from skb->data on
 *
 * Pointers into the packet are stale afterwards.
 *
 * Context: any.
 * Return: 0, -EINVAL if the packet is shorter, -ENOMEM.
 */
static inline int mf_pull(struct sk_buff *skb, unsigned int len)
{
	if (likely(len <= skb_headlen(skb)))
		return 0;
	if (len > skb->len)
		return -EINVAL;
	return pskb_may_pull(skb, len) ? 0 : -ENOMEM;
}

int mf_extract_full(struct mf_key *key, struct sk_buff *skb);
int mf_extract_arp(struct mf_key *key, struct sk_buff *skb);
int mf_extract_mpls(struct mf_key *key, struct sk_buff *skb);
int mf_extract_nsh(struct mf_key *key, struct sk_buff *skb);
int mf_extract_ipv4(struct mf_key *key, struct sk_buff *skb);
int mf_extract_ipv6(struct mf_key *key, struct sk_buff *skb);
int mf_extract_l4(struct mf_key *key, struct sk_buff *skb);
int mf_extract_icmpv6(struct mf_key *key, struct sk_buff *skb);

#endif
