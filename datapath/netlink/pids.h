/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MF_NETLINK_PIDS_H
#define MF_NETLINK_PIDS_H

struct mf_upcall_pids;
struct netlink_ext_ack;
struct nlattr;

struct mf_upcall_pids *mf_pids_parse(const struct nlattr *nla, struct netlink_ext_ack *extack);

#endif
