/* SPDX-License-Identifier: GPL-2.0-only */
#include <megaflow_have.h>
#ifdef HAVE_NET_GSO_H
#include_next <net/gso.h>
#else
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#endif
