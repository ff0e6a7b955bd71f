/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MF_PORT_HEADROOM_H
#define MF_PORT_HEADROOM_H

struct mf_dp;
struct mf_port;

void mf_headroom_added(struct mf_dp *dp, struct mf_port *port);
void mf_headroom_removed(struct mf_dp *dp, struct mf_port *port);

#endif
