/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many connections the zones of a namespace may have.
 */
#ifndef MF_CT_LIMIT_H
#define MF_CT_LIMIT_H

#include <linux/openvswitch.h>
#include <linux/types.h>

struct mf_ct_run;
struct net;

int mf_ct_limit_confirm(struct mf_ct_run *run);

int mf_ct_limit_set(struct net *net, const struct ovs_zone_limit *zones, size_t n);
void mf_ct_limit_del(struct net *net, const struct ovs_zone_limit *zones, size_t n);
void mf_ct_limit_get(struct net *net, struct ovs_zone_limit *zones, size_t n);
struct ovs_zone_limit *mf_ct_limit_all(struct net *net, size_t max, size_t *n);

void mf_ct_limit_detach(struct net *net);
void mf_ct_limit_free(struct net *net);

#endif
