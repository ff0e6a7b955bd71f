// SPDX-License-Identifier: GPL-2.0-only
// Is lockless transmit a member of the device, not a feature bit? Since 6.12.
#include <linux/netdevice.h>

void probe(struct net_device *dev)
{
	dev->lltx = true;
}
