/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Out by a port in pieces.
 */
#ifndef MF_PORT_FRAG_H
#define MF_PORT_FRAG_H

#include <linux/types.h>

struct mf_port;
struct sk_buff;

/* Sends one frame; consumes it. */
typedef void (*mf_frag_send_fn)(struct mf_port *port, struct sk_buff *skb, u8 mac_proto);

void mf_frag_send(struct mf_port *port, struct sk_buff *skb, u8 mac_proto, mf_frag_send_fn send);

#endif
