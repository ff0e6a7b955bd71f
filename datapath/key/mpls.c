// SPDX-License-Identifier: GPL-2.0-only
/*
 * MPLS label stacks: in packets, in netlink.
 *
 * A key holds the outermost entries and a bit for each that exists. A mask
 * over n entries therefore asks that there be at least n.
 */
#include <linux/bitops.h>
#include <linux/mpls.h>

#include <net/netlink.h>

#include "attrs.h"
#include "field.h"
#include "forms.h"
#include "headers.h"
#include "match.h"

/* Entries walked in search of the bottom of the stack. */
#define WALK_MAX 64

/**
 * mf_extract_mpls() - read the label stack
 * @key: the key
 * @skb: the packet
 *
 * Sets the inner network offset of @skb behind the bottom of the stack.
 *
 * Context: any.
 * Return: 0 or -ENOMEM.
 */
int mf_extract_mpls(struct mf_key *key, struct sk_buff *skb)
{
	unsigned int off = skb_network_offset(skb);
	unsigned int n;
	__be32 lse;
	int err;

	mf_key_need(key, BIT(MF_BLOCK_MPLS));
	/* A stack cut short at once still is a stack: its first entry reads zero. */
	key->mpls_present = BIT(0);
	for (n = 0; n < WALK_MAX; n++) {
		err = mf_pull(skb, off + sizeof(lse));
		if (err)
			return err == -EINVAL ? 0 : err;
		memcpy(&lse, skb->data + off, sizeof(lse));
		off += sizeof(lse);

		if (n < MF_MPLS_DEPTH) {
			key->mpls_lse[n] = lse;
			key->mpls_present |= BIT(n);
		}
		if (lse & htonl(MPLS_LS_S_MASK))
			break;
	}
	skb_set_inner_network_header(skb, off);
	return 0;
}

/**
 * mf_mpls_parse() - read an MPLS attribute of KEY or MASK
 * @to: the key or mask
 * @attr: the attribute
 * @extack: for the refusal
 *
 * Context: any.
 * Return: 0, or -EINVAL with @extack filled.
 */
int mf_mpls_parse(struct mf_key *to, const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	size_t n = nla_len(attr) / sizeof(struct ovs_key_mpls);

	if (!n || n > MF_MPLS_DEPTH || nla_len(attr) % sizeof(struct ovs_key_mpls))
		return mf_key_refuse(extack, attr, "mpls: one to three label stack entries");

	memcpy(to->mpls_lse, nla_data(attr), nla_len(attr));
	to->mpls_present = MF_MPLS_PRESENT(n);
	return 0;
}

/**
 * mf_mpls_exact() - match the given label stack exactly
 * @match: its key is parsed; its mask gets ones
 *
 * Context: any.
 */
void mf_mpls_exact(struct mf_match *match)
{
	unsigned int n = hweight32(match->key.mpls_present);

	memset(match->mask.mpls_lse, 0xff, n * sizeof(__be32));
	match->mask.mpls_present = match->key.mpls_present;
}

/**
 * mf_mpls_put() - dump a label stack
 * @msg: the message
 * @key: the key
 * @values: @key or its mask
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int mf_mpls_put(struct sk_buff *msg, const struct mf_key *key, const struct mf_key *values)
{
	/* A mask may cover fewer entries than the key has, or more. */
	unsigned int n = hweight32(values->mpls_present) ?: hweight32(key->mpls_present);

	return nla_put(msg, OVS_KEY_ATTR_MPLS, n * sizeof(__be32), values->mpls_lse);
}
