// SPDX-License-Identifier: GPL-2.0-only
/*
 * CT and CT_CLEAR, seen from the executor.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>

#include "action/execute.h"
#include "ct.h"
#include "drop.h"
#include "key.h"
#include "key/extract.h"

/*
 * Bytes behind the IP packet are the link layer's padding, and no part of any
 * checksum. A length of 0 stands for more than the field can say.
 */
static int trim(const struct mf_ct *ct, struct sk_buff *skb)
{
	unsigned int len;

	if (ct->family == NFPROTO_IPV4) {
		if (!pskb_may_pull(skb, sizeof(struct iphdr)))
			return 0;
		len = ntohs(ip_hdr(skb)->tot_len);
		if (len < sizeof(struct iphdr))
			return 0;
	} else {
		if (!pskb_may_pull(skb, sizeof(struct ipv6hdr)))
			return 0;
		len = ntohs(ipv6_hdr(skb)->payload_len);
		if (!len)
			return 0;
		len += sizeof(struct ipv6hdr);
	}
	return pskb_trim_rcsum(skb, len);
}

static int track(struct mf_ct_run *run)
{
	int err;

	err = trim(run->ct, run->skb);
	if (err)
		return err;
	if (unlikely(run->key->ip_frag != OVS_FRAG_TYPE_NONE)) {
		err = mf_ct_defrag(run);
		if (err)
			return err;
	}
	return run->ct->flags & MF_CT_COMMIT ? mf_ct_commit(run) : mf_ct_lookup(run);
}

/**
 * mf_exec_ct() - carry out CT
 * @x: the run; its packet may be gone afterwards, without that being an error
 * @insn: the instruction
 *
 * Context: BH off, RCU read lock held.
 * Return: 0, or a negative errno; then the packet has been dropped.
 */
int mf_exec_ct(struct act_exec *x, const struct mf_insn *insn)
{
	const struct mf_insn_ct *payload = mf_insn_payload(insn);
	struct mf_ct_run run = {
		.dp = x->dp,
		.ct = payload->ct,
		.skb = x->skb,
		.key = x->key,
		.reason = MF_DROP_CONNTRACK,
	};
	int err;

	err = mf_exec_refresh(x);
	if (unlikely(err))
		return err;

	skb_pull_rcsum(run.skb, skb_network_offset(run.skb));
	err = track(&run);
	x->skb = NULL;
	if (err == -EINPROGRESS)
		return 0;
	if (!run.skb)
		return err;
	skb_push_rcsum(run.skb, -skb_mac_offset(run.skb));
	if (!err && run.rewritten)
		err = mf_key_refresh(x->key, run.skb);
	if (err)
		mf_drop(x->dp, run.skb, run.reason);
	else
		x->skb = run.skb;
	return err;
}

/**
 * mf_exec_ct_clear() - carry out CT_CLEAR
 * @x: the run
 *
 * Context: BH off.
 */
void mf_exec_ct_clear(struct act_exec *x)
{
	nf_reset_ct(x->skb);
	/* The local stack is not to track it again. */
	nf_ct_set(x->skb, NULL, IP_CT_UNTRACKED);
	mf_ct_key_clear(x->key);
}
