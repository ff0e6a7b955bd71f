/* SPDX-License-Identifier: GPL-2.0-only */
#include_next <net/ip6_route.h>
#include <megaflow_have.h>

#ifndef MF_COMPAT_NET_IP6_ROUTE_H
#define MF_COMPAT_NET_IP6_ROUTE_H

/* Where IPv6 may be a module, others reach its fragmentation through a stub. */
#ifdef HAVE_IPV6_STUB_FRAGMENT
#include <net/ipv6_stubs.h>

#define ip6_fragment(net, sk, skb, output)				\
	ipv6_stub->ipv6_fragment(net, sk, skb, output)
#endif

#endif
