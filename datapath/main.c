// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module init and exit: a ladder, climbed down in reverse.
 */
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "action/action.h"
#include "dp.h"
#include "drop.h"
#include "netlink/family.h"
#include "netns.h"
#include "notify.h"
#include "port/internal.h"
#include "table/flow.h"
#include "table/tree.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static int __init megaflow_init(void)
{
	int err;

	err = mf_flow_init();
	if (err)
		return err;
	err = mf_tree_module_init();
	if (err)
		goto err_flow;
	err = mf_action_init();
	if (err)
		goto err_tree;
	err = mf_dp_init();
	if (err)
		goto err_action;
	mf_drop_init();
	err = mf_internal_init();
	if (err)
		goto err_drop;
	err = mf_netns_init();
	if (err)
		goto err_internal;
	err = mf_notify_init();
	if (err)
		goto err_netns;
	err = mf_family_init();
	if (err)
		goto err_notify;
	return 0;

err_notify:
	mf_notify_exit();
err_netns:
	mf_netns_exit();
err_internal:
	mf_internal_exit();
err_drop:
	mf_drop_exit();
	mf_dp_exit();
err_action:
	mf_action_exit();
err_tree:
	mf_tree_module_exit();
err_flow:
	mf_flow_exit();
	return err;
}

static void __exit megaflow_exit(void)
{
	mf_family_exit();
	mf_notify_exit();
	mf_netns_exit();
	mf_internal_exit();
	mf_drop_exit();
	mf_dp_exit();
	/* What the last datapaths' ends put off until no packet was under way. */
	rcu_barrier();
	mf_action_exit();
	mf_tree_module_exit();
	mf_flow_exit();
}

module_init(megaflow_init);
module_exit(megaflow_exit);

MODULE_DESCRIPTION("Megaflow: Open vSwitch datapath");
MODULE_LICENSE("GPL");
/*
 * The first segments super-packets with labels on. The second cannot be loaded
 * when a request needs it: a generic netlink family cannot register meanwhile.
 */
MODULE_SOFTDEP("pre: mpls_gso psample");
MODULE_ALIAS("net-pf-16-proto-16-family-ovs_datapath");
MODULE_ALIAS("net-pf-16-proto-16-family-ovs_vport");
MODULE_ALIAS("net-pf-16-proto-16-family-ovs_flow");
MODULE_ALIAS("net-pf-16-proto-16-family-ovs_packet");
MODULE_ALIAS("net-pf-16-proto-16-family-ovs_meter");
MODULE_ALIAS("net-pf-16-proto-16-family-ovs_ct_limit");
