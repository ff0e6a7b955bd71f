/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MF_PORT_NETDEV_H
#define MF_PORT_NETDEV_H

struct mf_port;
struct net_device;

extern const struct mf_port_ops mf_netdev_ops;

struct mf_port *mf_netdev_port(const struct net_device *dev);

#endif
