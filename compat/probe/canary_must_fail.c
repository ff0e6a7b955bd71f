// SPDX-License-Identifier: GPL-2.0-only
// Canary: no kernel has this. If it compiles, no answer means anything.
#include <linux/netdevice.h>

void probe(struct net_device *dev)
{
	dev_brew_coffee(dev);
}
