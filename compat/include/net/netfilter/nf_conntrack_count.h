/* SPDX-License-Identifier: GPL-2.0-only */
#include_next <net/netfilter/nf_conntrack_count.h>
#include <megaflow_have.h>

#ifndef MF_COMPAT_NET_NETFILTER_NF_CONNTRACK_COUNT_H
#define MF_COMPAT_NET_NETFILTER_NF_CONNTRACK_COUNT_H

/*
 * Counting used to bring with it that the namespace's own traffic of an IP
 * version is tracked, too. That cannot be had without; one version does. It
 * has no influence on what is counted.
 */
#ifndef HAVE_CONNCOUNT_ANY_FAMILY
#include <linux/netfilter.h>

#define nf_conncount_init(net, keylen)	nf_conncount_init(net, NFPROTO_IPV4, keylen)
#define nf_conncount_destroy(net, data)	nf_conncount_destroy(net, NFPROTO_IPV4, data)
#endif

#endif
