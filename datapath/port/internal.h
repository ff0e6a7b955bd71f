/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MF_PORT_INTERNAL_H
#define MF_PORT_INTERNAL_H

#include <linux/types.h>

struct mf_port;
struct net_device;

extern const struct mf_port_ops mf_internal_ops;

bool mf_internal_dev(const struct net_device *dev);
struct mf_port *mf_internal_port_rcu(const struct net_device *dev);

int mf_internal_init(void);
void mf_internal_exit(void);

#endif
