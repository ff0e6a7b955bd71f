/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The unique flow identifier that user space gives a flow.
 */
#ifndef MF_KEY_UFID_H
#define MF_KEY_UFID_H

#include <linux/jhash.h>
#include <linux/netlink.h>
#include <linux/string.h>
#include <linux/types.h>

#include "limits.h"

struct sk_buff;

/**
 * struct mf_ufid - a flow's name
 * @len: bytes of @id that are used, 0 if the flow has none
 * @id: the bytes; those beyond @len are zero
 */
struct mf_ufid {
	u8 len;
	u8 id[MF_UFID_MAX];
};

/**
 * mf_ufid_equal() - compare two identifiers
 * @a: one
 * @b: the other
 *
 * Context: any.
 * Return: true if length and bytes are the same.
 */
static inline bool mf_ufid_equal(const struct mf_ufid *a, const struct mf_ufid *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/**
 * mf_ufid_hash() - hash an identifier
 * @ufid: the identifier
 * @seed: a secret
 *
 * Context: any.
 * Return: the hash.
 */
static inline u32 mf_ufid_hash(const struct mf_ufid *ufid, u32 seed)
{
	return jhash(ufid->id, ufid->len, seed);
}

int mf_ufid_parse(struct mf_ufid *ufid, const struct nlattr *attr, struct netlink_ext_ack *extack);
int mf_ufid_put(struct sk_buff *msg, int attrtype, const struct mf_ufid *ufid);

#endif
