/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an overlay cannot hide, because it is a struct member or because a
 * kernel header includes it by a relative path. Each has a token, so that all
 * of them can be found: compat/README.rst lists them.
 */
#ifndef MEGAFLOW_COMPAT_H
#define MEGAFLOW_COMPAT_H

#include <linux/netdevice.h>
#include <net/ip_tunnels.h>
#include <megaflow_have.h>

/**
 * mf_netdev_set_lltx - let several CPUs transmit on a device at once
 * @dev: a device that is not registered yet
 *
 * Context: process.
 * Return: nothing.
 */
static inline void mf_netdev_set_lltx(struct net_device *dev)
{
#ifdef HAVE_NETDEV_LLTX
	dev->lltx = true;
#else
#define MF_COMPAT_CANNOT_LLTX
	dev->features |= NETIF_F_LLTX;
#endif
}

/**
 * mf_netdev_set_netns_immutable - tie a device to its network namespace
 * @dev: a device that is not registered yet
 *
 * Context: process.
 * Return: nothing.
 */
static inline void mf_netdev_set_netns_immutable(struct net_device *dev)
{
#ifdef HAVE_NETDEV_NETNS_IMMUTABLE
	dev->netns_immutable = true;
#else
#define MF_COMPAT_CANNOT_NETNS_IMMUTABLE
	dev->features |= NETIF_F_NETNS_LOCAL;
#endif
}

/**
 * mf_tunnel_flags - the flags of a tunnel key as one word
 * @key: key that a tunnel device has filled
 *
 * Context: any.
 * Return: a word with the bits IP_TUNNEL_*_BIT.
 */
static inline unsigned long mf_tunnel_flags(const struct ip_tunnel_key *key)
{
#ifdef HAVE_IP_TUNNEL_FLAG_BITS
	return key->tun_flags[0];
#else
#define MF_COMPAT_CANNOT_TUNNEL_FLAGS
	return be16_to_cpu(key->tun_flags);
#endif
}

/**
 * mf_tunnel_flags_set - write the flags of a tunnel key
 * @key: key for a tunnel device to read
 * @flags: a word with the bits IP_TUNNEL_*_BIT
 *
 * Context: any.
 * Return: nothing.
 */
static inline void mf_tunnel_flags_set(struct ip_tunnel_key *key,
				       unsigned long flags)
{
#ifdef HAVE_IP_TUNNEL_FLAG_BITS
	key->tun_flags[0] = flags;
#else
	key->tun_flags = cpu_to_be16(flags);
#endif
}

/* For TP_fast_assign(): older kernels do not remember what __string() named. */
#ifdef HAVE_ASSIGN_STR_ONE_ARG
#define mf_assign_str(dst, src)	__assign_str(dst)
#else
#define MF_COMPAT_CANNOT_ASSIGN_STR
#define mf_assign_str(dst, src)	__assign_str(dst, src)
#endif

#endif
