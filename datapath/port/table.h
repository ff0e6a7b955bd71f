/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ports of datapaths: made, found, destroyed.
 */
#ifndef MF_PORT_TABLE_H
#define MF_PORT_TABLE_H

#include "port.h"

struct mf_port *mf_port_find_rcu(const struct mf_dp *dp, u32 port_no);
struct mf_port *mf_port_find_name_rcu(struct net *net, const char *name);
int mf_port_free_number(const struct mf_dp *dp);

struct mf_port *mf_port_new(struct mf_dp *dp, const struct mf_port_params *params);
void mf_port_destroy(struct mf_port *port);
void mf_port_destroy_all(struct mf_dp *dp);

void mf_port_set_pids(struct mf_port *port, struct mf_upcall_pids *pids);
void mf_port_renamed(struct mf_port *port);

#endif
