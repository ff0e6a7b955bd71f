/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hash of a packet's headers.
 */
#ifndef MF_ACTION_HASH_H
#define MF_ACTION_HASH_H

#include <linux/types.h>

struct sk_buff;

u32 mf_packet_hash(struct sk_buff *skb);

#endif
