// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink families, and what they have in common.
 */
#include <net/genetlink.h>

#include "../dp.h"
#include "family.h"

/* In the order in which they appear to user space. */
static struct genl_family *const families[] = {
	&mf_datapath_family,
	&mf_vport_family,
	&mf_flow_family,
	&mf_packet_family,
	&mf_meter_family,
	&mf_ct_limit_family,
	&mf_stats_family,
};

/**
 * mf_request_dp() - the datapath that a request's header names
 * @info: the request
 * @dp: set to the datapath, to be given back with mf_dp_put()
 *
 * Context: process.
 * Return: 0 or -ENODEV.
 */
int mf_request_dp(struct genl_info *info, struct mf_dp **dp)
{
	const struct ovs_header *header = genl_info_userhdr(info);

	*dp = mf_dp_get(genl_info_net(info), header->dp_ifindex);
	if (*dp)
		return 0;
	GENL_SET_ERR_MSG(info, "No datapath has this interface index");
	return -ENODEV;
}

/**
 * mf_reply_wanted() - would anybody read a message about a change?
 * @family: family of the change
 * @info: the request for it
 *
 * Context: any.
 * Return: true if the requester asked for an echo, or the group has listeners.
 */
bool mf_reply_wanted(const struct genl_family *family, struct genl_info *info)
{
	return nlmsg_report(info->nlhdr) || genl_has_listeners(family, genl_info_net(info), 0);
}

/**
 * mf_reply_to() - a message that answers a request
 * @info: the request
 * @cmd: command of the message
 *
 * Context: any.
 * Return: the description of the answer.
 */
struct mf_reply mf_reply_to(const struct genl_info *info, u8 cmd)
{
	return (struct mf_reply){
		.portid = info->snd_portid,
		.seq = info->snd_seq,
		.cmd = cmd,
	};
}

/**
 * mf_reply_dump() - a message that is part of a dump
 * @cb: the dump
 * @cmd: command of the message
 *
 * Context: any.
 * Return: the description of the answer.
 */
struct mf_reply mf_reply_dump(const struct netlink_callback *cb, u8 cmd)
{
	return (struct mf_reply){
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.flags = NLM_F_MULTI,
		.cmd = cmd,
	};
}

/**
 * mf_reply_send() - tell the requester, if it asked for that, and the group
 * @family: family of the change
 * @msg: the message; consumed
 * @info: the request
 *
 * Context: process.
 */
void mf_reply_send(const struct genl_family *family, struct sk_buff *msg, struct genl_info *info)
{
	genl_notify(family, msg, info, 0, GFP_KERNEL);
}

/**
 * mf_family_init() - open the families to user space
 *
 * Context: module load, last.
 * Return: 0 or a negative errno.
 */
int mf_family_init(void)
{
	int err;
	int i;

	for (i = 0; i < ARRAY_SIZE(families); i++) {
		err = genl_register_family(families[i]);
		if (err)
			goto err_unregister;
	}
	return 0;

err_unregister:
	while (i--)
		genl_unregister_family(families[i]);
	return err;
}

/**
 * mf_family_exit() - close the families
 *
 * Context: module unload, first.
 */
void mf_family_exit(void)
{
	int i = ARRAY_SIZE(families);

	while (i--)
		genl_unregister_family(families[i]);
}
