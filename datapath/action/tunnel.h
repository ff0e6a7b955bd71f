/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a tunnel would do with a packet.
 */
#ifndef MF_ACTION_TUNNEL_H
#define MF_ACTION_TUNNEL_H

#include <linux/types.h>

struct act_exec;
struct mf_key;

struct mf_key *mf_egress_key_new(const struct act_exec *x, u32 port_no);

#endif
