/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connection tracking: what a CT action was compiled to, and the steps that a
 * packet goes through, one a file.
 */
#ifndef MF_CT_CT_H
#define MF_CT_CT_H

#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/openvswitch.h>
#include <linux/types.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include <net/netfilter/nf_nat.h>

#include "action/action.h"
#include "drop.h"
#include "key/key.h"

struct nf_conntrack_helper;
struct nf_ct_timeout;
struct mf_dp;

/* The connection is entered into the table. */
#define MF_CT_COMMIT		BIT(0)
/* ... with the packet's direction as the original one */
#define MF_CT_FORCE		BIT(1)
/* Addresses of connections that have a translation are translated. */
#define MF_CT_NAT		BIT(2)
/* A new connection gets a translation of its source */
#define MF_CT_NAT_SRC		BIT(3)
/* ... of its destination */
#define MF_CT_NAT_DST		BIT(4)
/* The events that are told are those of the mask. */
#define MF_CT_EVENTMASK		BIT(5)
/* What translates for @helper has been taken, too. */
#define MF_CT_NAT_HELPER	BIT(6)

/* Translated packets; their tuple is not the one that they came with. */
#define MF_CT_STATE_NAT		(OVS_CS_F_SRC_NAT | OVS_CS_F_DST_NAT)

#define MF_CT_LABEL_WORDS	4

/**
 * struct mf_ct - a CT action, compiled
 * @net: the namespace whose connections are tracked
 * @tmpl: what a new connection is made after
 * @helper: the application protocol's helper, or NULL
 * @timeout: timeout policy of @tmpl, to compare with; NULL for none
 * @zone: the zone
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @flags: MF_CT_*
 * @mark: bits of the mark that are set
 * @mark_mask: bits of the mark that are written
 * @eventmask: events that are told, by enum ip_conntrack_events
 * @labels: bits of the labels that are set
 * @labels_mask: bits of the labels that are written, none if labels stay
 * @range: what addresses and ports are translated to
 */
struct mf_ct {
	struct net *net;
	struct nf_conn *tmpl;
	struct nf_conntrack_helper *helper;
	struct nf_ct_timeout *timeout;
	struct nf_conntrack_zone zone;
	u8 family;
	u8 flags;
	u32 mark;
	u32 mark_mask;
	u32 eventmask;
	u32 labels[MF_CT_LABEL_WORDS];
	u32 labels_mask[MF_CT_LABEL_WORDS];
	struct nf_nat_range2 range;
};

/**
 * struct mf_insn_ct - payload of MF_OP_CT
 * @ref: lets the program own @ct
 * @ct: the action
 */
struct mf_insn_ct {
	struct mf_program_ref ref;
	const struct mf_ct *ct;
};

/**
 * struct mf_ct_run - a packet on its way through one CT action
 * @dp: the datapath
 * @ct: the action
 * @skb: the packet, data at the network header; NULL once it is gone
 * @key: its key
 * @known: the packet had been through this zone before
 * @rewritten: headers have changed
 * @reason: under which the packet is dropped if it has to be
 */
struct mf_ct_run {
	struct mf_dp *dp;
	const struct mf_ct *ct;
	struct sk_buff *skb;
	struct mf_key *key;
	bool known;
	bool rewritten;
	enum mf_drop reason;
};

int mf_ct_defrag(struct mf_ct_run *run);
int mf_ct_lookup(struct mf_ct_run *run);
int mf_ct_commit(struct mf_ct_run *run);
int mf_ct_label_init(struct nf_conn *conn);
int mf_ct_label_set(const struct mf_ct *ct, struct nf_conn *conn);
int mf_ct_nat(struct mf_ct_run *run, struct nf_conn *conn, enum ip_conntrack_info info);
int mf_ct_help(struct mf_ct_run *run, struct nf_conn *conn, enum ip_conntrack_info info);
int mf_ct_verdict(unsigned int verdict);

#endif
