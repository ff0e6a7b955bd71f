/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a packet to its key.
 */
#ifndef MF_KEY_EXTRACT_H
#define MF_KEY_EXTRACT_H

#include "key.h"

struct sk_buff;

int mf_key_extract(struct mf_key *key, struct sk_buff *skb, u16 in_port);
int mf_key_extract_packet(struct mf_key *key, struct sk_buff *skb);
int mf_key_extract_execute(struct mf_key *key, struct sk_buff *skb);
int mf_key_refresh(struct mf_key *key, struct sk_buff *skb);

#endif
