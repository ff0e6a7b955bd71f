// SPDX-License-Identifier: GPL-2.0-only
/*
 * Family ovs_ct_limit: requests about how many connections a zone may have
 * (abi.md section 6.2). They are about the namespace, not about a datapath.
 */
#include <linux/slab.h>
#include <net/genetlink.h>

#include "../ct/limit.h"
#include "family.h"

/* Zones in one message: they are one attribute. */
#define ZONES_MAX ((U16_MAX - NLA_HDRLEN) / sizeof(struct ovs_zone_limit))

/* The attribute is no nest and no single struct: its length is checked by hand. */
static const struct nla_policy limit_policy[OVS_CT_LIMIT_ATTR_MAX + 1] = {
	[OVS_CT_LIMIT_ATTR_ZONE_LIMIT] = { .type = NLA_UNSPEC },
};

static bool is_zone(int zone)
{
	return zone == OVS_ZONE_LIMIT_DEFAULT_ZONE || (zone >= 0 && zone <= U16_MAX);
}

/*
 * The zones of a request. Numbers that are no zone's are left out, as ever;
 * the answer to the request says so.
 */
static struct ovs_zone_limit *parse_zones(struct genl_info *info, size_t *n)
{
	const struct nlattr *attr = info->attrs[OVS_CT_LIMIT_ATTR_ZONE_LIMIT];
	struct ovs_zone_limit *zones;
	size_t all;
	size_t i;

	if (!attr) {
		GENL_SET_ERR_MSG(info, "Which zones? OVS_CT_LIMIT_ATTR_ZONE_LIMIT is missing");
		return ERR_PTR(-EINVAL);
	}
	if (nla_len(attr) % sizeof(*zones)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "A zone and its limit are 12 bytes, and the last one has fewer");
		return ERR_PTR(-EINVAL);
	}
	all = nla_len(attr) / sizeof(*zones);
	zones = kvcalloc(all + 1, sizeof(*zones), GFP_KERNEL);
	if (!zones)
		return ERR_PTR(-ENOMEM);
	nla_memcpy(zones, attr, nla_len(attr));
	*n = 0;
	for (i = 0; i < all; i++)
		if (is_zone(zones[i].zone_id))
			zones[(*n)++] = zones[i];
	if (*n < all)
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "Zones are numbered from 0 to 65535, or -1: others are left out");
	return zones;
}

/* Answers a request, with zones or without. */
static int answer(struct genl_info *info, u8 cmd, const struct ovs_zone_limit *zones, size_t n)
{
	const struct ovs_header *asked = genl_info_userhdr(info);
	const struct mf_reply reply = mf_reply_to(info, cmd);
	struct sk_buff *msg;
	void *header;

	msg = genlmsg_new(NLMSG_ALIGN(sizeof(*asked)) + nla_total_size(n * sizeof(*zones)),
			  GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	header = mf_reply_put(msg, &mf_ct_limit_family, &reply, asked->dp_ifindex);
	if (!header ||
	    (zones && nla_put(msg, OVS_CT_LIMIT_ATTR_ZONE_LIMIT, n * sizeof(*zones), zones))) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, header);
	return genlmsg_reply(msg, info);
}

static int limit_cmd_set(struct sk_buff *skb, struct genl_info *info)
{
	struct ovs_zone_limit *zones;
	size_t n;
	int err;

	zones = parse_zones(info, &n);
	if (IS_ERR(zones))
		return PTR_ERR(zones);
	err = mf_ct_limit_set(genl_info_net(info), zones, n);
	kvfree(zones);
	if (err) {
		GENL_SET_ERR_MSG(info, "The kernel cannot count connections now");
		return err;
	}
	return answer(info, OVS_CT_LIMIT_CMD_SET, NULL, 0);
}

static int limit_cmd_del(struct sk_buff *skb, struct genl_info *info)
{
	struct ovs_zone_limit *zones;
	size_t n;

	zones = parse_zones(info, &n);
	if (IS_ERR(zones))
		return PTR_ERR(zones);
	mf_ct_limit_del(genl_info_net(info), zones, n);
	kvfree(zones);
	return answer(info, OVS_CT_LIMIT_CMD_DEL, NULL, 0);
}

/* Without a list, the default and all zones that have a limit of their own. */
static int limit_cmd_get(struct sk_buff *skb, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct ovs_zone_limit *zones;
	size_t n;
	int err;

	if (info->attrs[OVS_CT_LIMIT_ATTR_ZONE_LIMIT]) {
		zones = parse_zones(info, &n);
		if (!IS_ERR(zones))
			mf_ct_limit_get(net, zones, n);
	} else {
		zones = mf_ct_limit_all(net, ZONES_MAX, &n);
		if (zones == ERR_PTR(-EMSGSIZE))
			GENL_SET_ERR_MSG(info, "Too many zones for one answer: name some");
	}
	if (IS_ERR(zones))
		return PTR_ERR(zones);
	err = answer(info, OVS_CT_LIMIT_CMD_GET, zones, n);
	kvfree(zones);
	return err;
}

static const struct genl_small_ops limit_ops[] = {
	{ .cmd = OVS_CT_LIMIT_CMD_SET, .validate = MF_OP_LIBERAL, .flags = GENL_UNS_ADMIN_PERM,
	  .doit = limit_cmd_set },
	{ .cmd = OVS_CT_LIMIT_CMD_DEL, .validate = MF_OP_LIBERAL, .flags = GENL_UNS_ADMIN_PERM,
	  .doit = limit_cmd_del },
	{ .cmd = OVS_CT_LIMIT_CMD_GET, .validate = MF_OP_LIBERAL, .doit = limit_cmd_get },
};

/* Nothing is ever sent to it; user space may look for it all the same. */
static const struct genl_multicast_group limit_group = { .name = OVS_CT_LIMIT_MCGROUP };

struct genl_family mf_ct_limit_family __ro_after_init = {
	.hdrsize = sizeof(struct ovs_header),
	.name = OVS_CT_LIMIT_FAMILY,
	.version = OVS_CT_LIMIT_VERSION,
	.maxattr = OVS_CT_LIMIT_ATTR_MAX,
	.policy = limit_policy,
	.netnsok = true,
	.parallel_ops = true,
	.small_ops = limit_ops,
	.n_small_ops = ARRAY_SIZE(limit_ops),
	.resv_start_op = OVS_CT_LIMIT_CMD_GET + 1,
	.mcgrps = &limit_group,
	.n_mcgrps = 1,
	.module = THIS_MODULE,
};
