// SPDX-License-Identifier: GPL-2.0-only
/*
 * PSAMPLE: copies of packets to whoever listens to the kernel's psample.
 *
 * The psample module is loaded before ours where there is one (a soft
 * dependency), looked up when the first flow wants it, and held from then on.
 */
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <net/psample.h>

#include "cb.h"
#include "dp.h"
#include "execute.h"
#include "port/port.h"
#include "psample.h"

static DEFINE_MUTEX(send_mutex);
static mf_psample_fn send;

/**
 * mf_psample_get() - make sure that psample is there
 *
 * Context: process, may sleep.
 * Return: 0, or -EOPNOTSUPP.
 */
int mf_psample_get(void)
{
	int err;

	mutex_lock(&send_mutex);
	if (!send)
		send = mf_psample_request();
	err = send ? 0 : -EOPNOTSUPP;
	mutex_unlock(&send_mutex);
	return err;
}

/**
 * mf_psample_exit() - let go of psample
 *
 * Context: module unload, when no packet can run a program any more.
 */
void mf_psample_exit(void)
{
	if (send)
		mf_psample_release();
}

/**
 * mf_exec_psample() - carry out PSAMPLE
 * @x: the run
 * @insn: the instruction; that it was compiled means that psample is there
 *
 * Context: BH off, RCU read lock held.
 */
void mf_exec_psample(struct act_exec *x, const struct mf_insn *insn)
{
	const struct mf_insn_psample *psample = mf_insn_payload(insn);
	const struct mf_port *in = mf_cb(x->skb)->in;
	struct psample_group group = {
		.net = x->dp->net,
		.group_num = psample->group,
	};
	struct psample_metadata md = {
		.trunc_size = min(x->skb->len, x->max_len),
		.in_ifindex = in ? in->dev->ifindex : 0,
	};

	x->max_len = MF_LEN_ALL;
	mf_psample_set_cookie(&md, psample->cookie, psample->cookie_len);
	send(&group, x->skb, x->probability ?: U32_MAX, &md);
}
