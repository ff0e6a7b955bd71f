// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compiling SET of TUNNEL: what a tunnel device is to do with packets is put
 * together once, in the form in which it travels with them.
 */
#include <linux/openvswitch.h>
#include <net/dst_metadata.h>
#include <net/geneve.h>
#include <net/netlink.h>

#include <megaflow_compat.h>

#include "compile.h"
#include "key/tunnel.h"

static unsigned long kernel_flags(const struct mf_key *key)
{
	u16 flags = key->tun_flags;

	return (flags & MF_TUN_KEY ? BIT(IP_TUNNEL_KEY_BIT) : 0) |
	       (flags & MF_TUN_CSUM ? BIT(IP_TUNNEL_CSUM_BIT) : 0) |
	       (flags & MF_TUN_DF ? BIT(IP_TUNNEL_DONT_FRAGMENT_BIT) : 0) |
	       (flags & MF_TUN_OAM ? BIT(IP_TUNNEL_OAM_BIT) : 0) |
	       (flags & MF_TUN_GENEVE ? BIT(IP_TUNNEL_GENEVE_OPT_BIT) : 0) |
	       (flags & MF_TUN_VXLAN ? BIT(IP_TUNNEL_VXLAN_OPT_BIT) : 0) |
	       (flags & MF_TUN_ERSPAN ? BIT(IP_TUNNEL_ERSPAN_OPT_BIT) : 0);
}

/*
 * Receivers walk the options by their own lengths, so these must add up. Their
 * sum is a multiple of four, so there is always room for a header. The tunnel's
 * own header says whether any of them is critical.
 */
static int check_geneve(struct act_compiler *c, const struct mf_key *key,
			const struct nlattr *attr, bool *critical)
{
	size_t len = key->tun_opts_len;
	const u8 *at = key->tun_opts;

	*critical = false;
	while (len) {
		const struct geneve_opt *opt = (const struct geneve_opt *)at;
		size_t size = sizeof(*opt) + opt->length * 4;

		if (len < size)
			return mf_compile_refuse(c, attr, -EINVAL,
						 "tunnel geneve: an option is longer than what is left");
		*critical |= opt->type & GENEVE_CRIT_OPT_TYPE;
		at += size;
		len -= size;
	}
	return 0;
}

static void fill_key(struct ip_tunnel_key *to, const struct mf_key *key, bool critical)
{
	if (key->tun_family == AF_INET6) {
		memcpy(&to->u.ipv6.src, key->tun_ipv6_src, sizeof(to->u.ipv6.src));
		memcpy(&to->u.ipv6.dst, key->tun_ipv6_dst, sizeof(to->u.ipv6.dst));
	} else {
		to->u.ipv4.src = key->tun_ipv4_src;
		to->u.ipv4.dst = key->tun_ipv4_dst;
	}
	to->tun_id = key->tun_id;
	to->tos = key->tun_tos;
	to->ttl = key->tun_ttl;
	to->tp_src = key->tun_tp_src;
	to->tp_dst = key->tun_tp_dst;
	mf_tunnel_flags_set(to, kernel_flags(key) |
				(critical ? BIT(IP_TUNNEL_CRIT_OPT_BIT) : 0));
}

static struct metadata_dst *dst_new(const struct mf_key *key, bool critical)
{
	struct metadata_dst *dst;
	struct ip_tunnel_info *info;

	dst = metadata_dst_alloc(key->tun_opts_len, METADATA_IP_TUNNEL, GFP_KERNEL_ACCOUNT);
	if (!dst)
		return NULL;
	info = &dst->u.tun_info;
#ifdef CONFIG_DST_CACHE
	if (dst_cache_init(&info->dst_cache, GFP_KERNEL)) {
		dst_release(&dst->dst);
		return NULL;
	}
#endif
	info->mode = IP_TUNNEL_INFO_TX;
	if (key->tun_family == AF_INET6)
		info->mode |= IP_TUNNEL_INFO_IPV6;
	if (key->tun_flags & MF_TUN_BRIDGE)
		info->mode |= IP_TUNNEL_INFO_BRIDGE;
	fill_key(&info->key, key, critical);
	if (key->tun_opts_len) {
		info->options_len = key->tun_opts_len;
		/* Before 6.13 the room behind the structure has no name: a checked copy warns. */
		unsafe_memcpy(ip_tunnel_info_opts(info), key->tun_opts, key->tun_opts_len,
			      /* metadata_dst_alloc() was asked for that much */);
	}
	return dst;
}

/* Packets that have left the datapath may still hold references. */
static void release(void *object)
{
	struct metadata_dst *dst = object;

	dst_release(&dst->dst);
}

/**
 * mf_compile_tunnel() - compile SET of TUNNEL
 * @c: the compilation
 * @attr: the TUNNEL attribute
 *
 * Context: process, may sleep.
 * Return: 0; -EINVAL with extack filled; -ENOMEM.
 */
int mf_compile_tunnel(struct act_compiler *c, const struct nlattr *attr)
{
	struct mf_insn_tunnel *tunnel;
	struct mf_key *key = &c->view;
	struct mf_insn *insn;
	bool critical;
	int err;

	err = mf_tunnel_parse(key, attr, c->extack);
	if (err)
		return err;
	critical = false;
	if (key->tun_flags & MF_TUN_GENEVE)
		err = check_geneve(c, key, attr, &critical);
	if (err)
		return err;

	insn = mf_compile_emit(c, MF_OP_TUNNEL, 0, sizeof(*tunnel));
	if (!insn)
		return 0;
	tunnel = (struct mf_insn_tunnel *)(insn + 1);
	tunnel->dst = dst_new(key, critical);
	if (!tunnel->dst)
		return -ENOMEM;
	mf_compile_own(c, &tunnel->ref, tunnel->dst, release);
	return 0;
}
