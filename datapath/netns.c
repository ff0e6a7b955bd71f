// SPDX-License-Identifier: GPL-2.0-only
/*
 * Namespaces come with nothing and go with all their datapaths.
 */
#include <linux/rtnetlink.h>
#include <net/netfilter/nf_conntrack_labels.h>

#include "ct/limit.h"
#include "dp.h"
#include "netns.h"

/* Every connection has room for as many labels as a key has. */
#define MF_LABEL_BITS	128

unsigned int mf_netns_id;

static int netns_start(struct net *net)
{
	struct mf_netns *ns = mf_netns(net);
	int i;

	/* Without labels a namespace still has all the rest. */
	ns->has_labels = !nf_connlabels_get(net, MF_LABEL_BITS - 1);
	INIT_LIST_HEAD(&ns->dps);
	for (i = 0; i < MF_NAME_BUCKETS; i++)
		INIT_HLIST_HEAD(&ns->port_names[i]);
	return 0;
}

/* What is taken away here is freed by netns_stop(), a grace period later. */
static void netns_close(struct net *net)
{
	mf_ct_limit_detach(net);
}

/*
 * Internal ports that other namespaces' datapaths have here need no care:
 * the core unregisters their devices next, and the notifier detaches them.
 */
static void netns_stop(struct net *net)
{
	struct mf_netns *ns = mf_netns(net);
	struct mf_dp *next;
	struct mf_dp *dp;

	rtnl_lock();
	list_for_each_entry_safe(dp, next, &ns->dps, node)
		mf_dp_destroy(dp);
	rtnl_unlock();
	mf_ct_limit_free(net);
	if (ns->has_labels)
		nf_connlabels_put(net);
}

static struct pernet_operations netns_ops = {
	.init = netns_start,
	.pre_exit = netns_close,
	.exit = netns_stop,
	.id = &mf_netns_id,
	.size = sizeof(struct mf_netns),
};

/**
 * mf_netns_init() - start keeping state in every namespace
 *
 * Registered as a device operation, so that a dying namespace loses its
 * datapaths before the core takes its devices away.
 *
 * Context: module load.
 * Return: 0 or a negative errno.
 */
int mf_netns_init(void)
{
	return register_pernet_device(&netns_ops);
}

/**
 * mf_netns_exit() - destroy the datapaths of all namespaces
 *
 * Context: module unload, after the families are gone.
 */
void mf_netns_exit(void)
{
	unregister_pernet_device(&netns_ops);
}
