/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets to user space.
 */
#ifndef MF_UPCALL_H
#define MF_UPCALL_H

#include <linux/types.h>

struct mf_dp;
struct mf_key;
struct mf_program;
struct sk_buff;

/**
 * struct mf_upcall - what a packet to user space carries besides itself
 * @cmd: OVS_PACKET_CMD_MISS or OVS_PACKET_CMD_ACTION
 * @portid: netlink port id that a USERSPACE action names; not used for a miss
 * @userdata: bytes that come back verbatim; NULL for none
 * @userdata_len: their number
 * @has_userdata: the action had a USERDATA attribute, empty or not
 * @egress: key whose tunnel is the outer header that the packet would get, or
 *	NULL
 * @actions: the program whose source list is to be sent along, or NULL
 * @max_len: bytes of the packet to send, U32_MAX for all
 */
struct mf_upcall {
	u8 cmd;
	bool has_userdata;
	u16 userdata_len;
	u32 portid;
	u32 max_len;
	const void *userdata;
	const struct mf_key *egress;
	const struct mf_program *actions;
};

int mf_upcall_send(struct mf_dp *dp, struct sk_buff *skb, const struct mf_key *key,
		   const struct mf_upcall *upcall);

#endif
