/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attributes that rows cannot describe, on their way out: tunnel.c, mpls.c,
 * nsh.c. Room is counted past the attribute's own header.
 */
#ifndef MF_KEY_FORMS_H
#define MF_KEY_FORMS_H

#include <linux/netlink.h>
#include <linux/openvswitch.h>

#include "key.h"

struct sk_buff;

/* Room for an attribute with a payload of n bytes. */
#define MF_ATTR_SIZE(n)	(NLA_HDRLEN + NLA_ALIGN(n))

/* Id, addresses of the longer kind, TOS, TTL, three flags, ports, options. */
#define MF_TUNNEL_SIZE	(MF_ATTR_SIZE(8) + 2 * MF_ATTR_SIZE(16) + 2 * MF_ATTR_SIZE(1) + \
			 4 * MF_ATTR_SIZE(0) + 2 * MF_ATTR_SIZE(2) + MF_ATTR_SIZE(0) + \
			 MF_ATTR_SIZE(MF_TUN_OPTS_MAX))
#define MF_MPLS_SIZE	(MF_MPLS_DEPTH * sizeof(struct ovs_key_mpls))
#define MF_NSH_SIZE	(MF_ATTR_SIZE(sizeof(struct ovs_nsh_key_base)) + \
			 MF_ATTR_SIZE(sizeof(struct ovs_nsh_key_md1)))

int mf_mpls_put(struct sk_buff *msg, const struct mf_key *key, const struct mf_key *values);
int mf_nsh_put(struct sk_buff *msg, const struct mf_key *key, const struct mf_key *values);

#endif
