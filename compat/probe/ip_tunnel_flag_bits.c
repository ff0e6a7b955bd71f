// SPDX-License-Identifier: GPL-2.0-only
// Are tunnel flags a bitmap, not a __be16? Since 6.10.
#include <net/ip_tunnels.h>

bool probe(struct ip_tunnel_info *info, const void *opts, const unsigned long *flags)
{
	ip_tunnel_info_opts_set(info, opts, 4, flags);
	return test_bit(IP_TUNNEL_GENEVE_OPT_BIT, info->key.tun_flags);
}
