/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MF_UPCALL_PID_H
#define MF_UPCALL_PID_H

#include <linux/types.h>

struct mf_dp;
struct mf_upcall;
struct sk_buff;

u32 mf_upcall_pid(const struct mf_dp *dp, struct sk_buff *skb, const struct mf_upcall *upcall);

#endif
