// SPDX-License-Identifier: GPL-2.0-only
// May connections be counted without naming an IP version? Since 6.12 at the latest.
#include <net/netfilter/nf_conntrack_count.h>

struct nf_conncount_data *probe(struct net *net)
{
	return nf_conncount_init(net, sizeof(u32));
}
