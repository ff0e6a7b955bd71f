/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tunnel metadata in keys.
 */
#ifndef MF_KEY_TUNNEL_H
#define MF_KEY_TUNNEL_H

#include <linux/bits.h>
#include <linux/netlink.h>

struct ip_tunnel_info;
struct mf_key;
struct sk_buff;

/*
 * The bits of tun_flags. The kernel's own have moved between releases, and
 * some of them are no property of a packet.
 */
#define MF_TUN_KEY	BIT(0)	/* tun_id is there */
#define MF_TUN_CSUM	BIT(1)	/* the outer UDP or GRE header has a checksum */
#define MF_TUN_DF	BIT(2)	/* the outer header says "don't fragment" */
#define MF_TUN_OAM	BIT(3)	/* a control packet of the tunnel itself */
#define MF_TUN_GENEVE	BIT(4)	/* tun_opts are Geneve's TLVs */
#define MF_TUN_VXLAN	BIT(5)	/* tun_opts are a struct vxlan_metadata */
#define MF_TUN_ERSPAN	BIT(6)	/* tun_opts are a struct erspan_metadata */
#define MF_TUN_BRIDGE	BIT(7)	/* an id without addresses, set by a bridge */

#define MF_TUN_OPTS	(MF_TUN_GENEVE | MF_TUN_VXLAN | MF_TUN_ERSPAN)

int mf_tunnel_parse(struct mf_key *key, const struct nlattr *nest, struct netlink_ext_ack *extack);
void mf_tunnel_extract(struct mf_key *key, const struct ip_tunnel_info *info);
int mf_tunnel_put(struct sk_buff *msg, int attrtype, const struct mf_key *key,
		  const struct mf_key *values);

#endif
