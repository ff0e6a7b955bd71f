/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic netlink families, and what they have in common.
 */
#ifndef MF_NETLINK_FAMILY_H
#define MF_NETLINK_FAMILY_H

#include <linux/openvswitch.h>
#include <net/genetlink.h>

struct mf_dp;
struct sk_buff;

extern struct genl_family mf_datapath_family;
extern struct genl_family mf_vport_family;
extern struct genl_family mf_flow_family;
extern struct genl_family mf_packet_family;
extern struct genl_family mf_meter_family;
extern struct genl_family mf_ct_limit_family;
extern struct genl_family mf_stats_family;

/**
 * struct mf_reply - whom a message answers, and how
 * @portid: netlink port id of the requester, 0 for a notification of our own
 * @seq: its sequence number
 * @flags: NLM_F_*
 * @cmd: command of the message
 */
struct mf_reply {
	u32 portid;
	u32 seq;
	u16 flags;
	u8 cmd;
};

/* Unknown attributes are let pass, as user space of any age needs it. */
#define MF_OP_LIBERAL (GENL_DONT_VALIDATE_STRICT | GENL_DONT_VALIDATE_DUMP)

int mf_request_dp(struct genl_info *info, struct mf_dp **dp);
bool mf_reply_wanted(const struct genl_family *family, struct genl_info *info);
struct mf_reply mf_reply_to(const struct genl_info *info, u8 cmd);
struct mf_reply mf_reply_dump(const struct netlink_callback *cb, u8 cmd);
void mf_reply_send(const struct genl_family *family, struct sk_buff *msg, struct genl_info *info);

int mf_family_init(void);
void mf_family_exit(void);

/**
 * mf_reply_put() - begin a message
 * @msg: the buffer
 * @family: family of the message
 * @reply: whom it answers
 * @dp_ifindex: the datapath it is about
 *
 * Context: any.
 * Return: for genlmsg_end() or genlmsg_cancel(), or NULL when it does not fit.
 */
static inline void *mf_reply_put(struct sk_buff *msg, const struct genl_family *family,
				 const struct mf_reply *reply, int dp_ifindex)
{
	struct {
		struct nlmsghdr netlink;
		struct genlmsghdr generic;
		struct ovs_header ovs;
	} *header;

	static_assert(sizeof(*header) == NLMSG_HDRLEN + GENL_HDRLEN + sizeof(struct ovs_header) &&
		      sizeof(*header) == NLMSG_ALIGN(sizeof(*header)));

	/* Dumps put one of these for each flow: genlmsg_put() is several calls. */
	if (skb_tailroom(msg) < sizeof(*header))
		return NULL;
	header = __skb_put(msg, sizeof(*header));
	header->netlink = (struct nlmsghdr){
		.nlmsg_len = sizeof(*header),
		.nlmsg_type = family->id,
		.nlmsg_flags = reply->flags,
		.nlmsg_seq = reply->seq,
		.nlmsg_pid = reply->portid,
	};
	header->generic = (struct genlmsghdr){ .cmd = reply->cmd, .version = family->version };
	header->ovs.dp_ifindex = dp_ifindex;
	return &header->ovs;
}

#endif
