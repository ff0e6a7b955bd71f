// SPDX-License-Identifier: GPL-2.0-only
// Is IPv6's fragmentation behind a stub, and not exported? 6.12 has it so, 7.3 not.
#include <net/ipv6_stubs.h>

int probe(struct net *net, struct sk_buff *skb,
	  int (*output)(struct net *, struct sock *, struct sk_buff *))
{
	return ipv6_stub->ipv6_fragment(net, NULL, skb, output);
}
