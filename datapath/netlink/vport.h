/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MF_NETLINK_VPORT_H
#define MF_NETLINK_VPORT_H

struct mf_port;

void mf_vport_tell_gone(struct mf_port *port);

#endif
