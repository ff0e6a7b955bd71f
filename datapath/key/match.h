/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A match: a key and a mask, on their way between netlink and the table.
 */
#ifndef MF_KEY_MATCH_H
#define MF_KEY_MATCH_H

#include <linux/netlink.h>

#include "key.h"

struct net;
struct sk_buff;

/**
 * struct mf_match - a parsed KEY and MASK
 * @key: as given, not yet masked; every block is valid (zeroed if absent)
 * @mask: ones where the packet is compared; every block is valid
 * @key_attrs: bitmap of the OVS_KEY_ATTR_* given in KEY, the outermost level
 *
 * Large: never on the stack.
 */
struct mf_match {
	struct mf_key key;
	struct mf_key mask;
	u64 key_attrs;
};

int mf_match_parse(struct mf_match *match, const struct nlattr *key, const struct nlattr *mask,
		   struct netlink_ext_ack *extack);
int mf_match_parse_key(struct mf_match *match, const struct nlattr *key,
		       struct netlink_ext_ack *extack);
int mf_key_parse_metadata(struct mf_key *key, const struct nlattr *attr,
			  struct netlink_ext_ack *extack);

void mf_key_mask(struct mf_key *masked, const struct mf_key *key, const struct mf_key *mask);

int mf_key_put(struct sk_buff *msg, int attrtype, const struct mf_key *key);
int mf_mask_put(struct sk_buff *msg, int attrtype, const struct mf_key *key,
		const struct mf_key *mask);
size_t mf_key_attr_size(void);

#endif
