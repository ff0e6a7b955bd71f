// SPDX-License-Identifier: GPL-2.0-only
// Is "stays in its namespace" a member, not a feature bit? Since 6.12 or 6.15.
#include <linux/netdevice.h>

void probe(struct net_device *dev)
{
	dev->netns_immutable = true;
}
