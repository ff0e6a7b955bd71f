/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The packet's story on one page: in by a port, key, table, program.
 */
#ifndef MF_INGRESS_H
#define MF_INGRESS_H

struct mf_dp;
struct mf_key;
struct mf_port;
struct mf_program;
struct sk_buff;

int mf_ingress(struct mf_port *port, struct sk_buff *skb);
const struct mf_program *mf_ingress_lookup(struct mf_dp *dp, struct sk_buff *skb,
					   struct mf_key *key);

#endif
