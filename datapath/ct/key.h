/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a key says about the packet's connection.
 */
#ifndef MF_CT_KEY_H
#define MF_CT_KEY_H

#include <linux/types.h>

struct mf_key;
struct sk_buff;

void mf_ct_key_clear(struct mf_key *key);
void mf_ct_key_tracked(struct mf_key *key, const struct sk_buff *skb, u16 zone);
void mf_ct_key_received(struct mf_key *key, const struct sk_buff *skb);

#endif
