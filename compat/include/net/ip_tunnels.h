/* SPDX-License-Identifier: GPL-2.0-only */
#include_next <net/ip_tunnels.h>
#include <megaflow_have.h>

#ifndef MF_COMPAT_NET_IP_TUNNELS_H
#define MF_COMPAT_NET_IP_TUNNELS_H

/*
 * The flags had these places in a __be16 before they became a bitmap. The
 * member itself cannot be hidden: see mf_tunnel_flags() in megaflow_compat.h.
 */
#ifndef HAVE_IP_TUNNEL_FLAG_BITS
#define IP_TUNNEL_CSUM_BIT		0
#define IP_TUNNEL_KEY_BIT		2
#define IP_TUNNEL_DONT_FRAGMENT_BIT	8
#define IP_TUNNEL_OAM_BIT		9
#define IP_TUNNEL_CRIT_OPT_BIT		10
#define IP_TUNNEL_GENEVE_OPT_BIT	11
#define IP_TUNNEL_VXLAN_OPT_BIT		12
#define IP_TUNNEL_NOCACHE_BIT		13
#define IP_TUNNEL_ERSPAN_OPT_BIT	14
#endif

/* Without the type of its argument: it could be written through, as there. */
#ifndef HAVE_IP_TUNNEL_INFO_OPTS_CONST
#define ip_tunnel_info_opts(info)					\
	(ip_tunnel_info_opts)((struct ip_tunnel_info *)(info))
#endif

#endif
