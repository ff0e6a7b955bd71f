// SPDX-License-Identifier: GPL-2.0-only
// Can the options of a const tunnel be read as const? Since 6.11.
#include <net/ip_tunnels.h>

int probe(const struct ip_tunnel_info *info)
{
	return _Generic(ip_tunnel_info_opts(info), const void *: 1);
}
