/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VLAN tags in dumped keys.
 */
#ifndef MF_KEY_VLAN_H
#define MF_KEY_VLAN_H

struct mf_key;
struct nlattr;
struct sk_buff;

/* Tags that a key holds. A third one stays in the packet as its EtherType. */
#define MF_VLAN_LEVELS 2

/**
 * struct mf_vlan_nests - ENCAP attributes that are still open
 * @n: how many
 * @at: the attributes, outermost first
 */
struct mf_vlan_nests {
	unsigned int n;
	struct nlattr *at[MF_VLAN_LEVELS];
};

int mf_vlan_put(struct sk_buff *msg, const struct mf_key *key, const struct mf_key *values,
		struct mf_vlan_nests *nests);
void mf_vlan_put_end(struct sk_buff *msg, struct mf_vlan_nests *nests);

#endif
