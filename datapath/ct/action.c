// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compiling CT: everything that names an object is looked up once, and the
 * program owns what was found.
 */
#include <linux/openvswitch.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_labels.h>
#include <net/netfilter/nf_conntrack_timeout.h>
#include <net/netlink.h>

#include "action/compile.h"
#include "ct.h"
#include "netns.h"

#define MARK_LEN	(2 * sizeof(u32))
#define LABELS_LEN	(2 * sizeof(struct ovs_key_ct_labels))
#define RANGE_FLAGS	(NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED | \
			 NF_NAT_RANGE_PERSISTENT | NF_NAT_RANGE_PROTO_RANDOM | \
			 NF_NAT_RANGE_PROTO_RANDOM_FULLY)

static const struct act_nested ct_rows[] = {
	[OVS_CT_ATTR_COMMIT] = { 0, 0, true, false },
	[OVS_CT_ATTR_ZONE] = { 2, 2, true, false },
	[OVS_CT_ATTR_MARK] = { MARK_LEN, MARK_LEN, true, false },
	[OVS_CT_ATTR_LABELS] = { LABELS_LEN, LABELS_LEN, true, false },
	[OVS_CT_ATTR_HELPER] = { 1, NF_CT_HELPER_NAME_LEN, true, false },
	[OVS_CT_ATTR_NAT] = { 0, U16_MAX, true, false },
	[OVS_CT_ATTR_FORCE_COMMIT] = { 0, 0, true, false },
	[OVS_CT_ATTR_EVENTMASK] = { 4, 4, true, false },
	[OVS_CT_ATTR_TIMEOUT] = { 1, CTNL_TIMEOUT_NAME_MAX, true, false },
};

static const struct act_nested nat_rows[] = {
	[OVS_NAT_ATTR_SRC] = { 0, 0, true, false },
	[OVS_NAT_ATTR_DST] = { 0, 0, true, false },
	[OVS_NAT_ATTR_IP_MIN] = { 4, 16, true, false },
	[OVS_NAT_ATTR_IP_MAX] = { 4, 16, true, false },
	[OVS_NAT_ATTR_PROTO_MIN] = { 2, 2, true, false },
	[OVS_NAT_ATTR_PROTO_MAX] = { 2, 2, true, false },
	[OVS_NAT_ATTR_PERSISTENT] = { 0, 0, true, false },
	[OVS_NAT_ATTR_PROTO_HASH] = { 0, 0, true, false },
	[OVS_NAT_ATTR_PROTO_RANDOM] = { 0, 0, true, false },
};

/**
 * struct ct_attrs - the attributes of a CT action
 * @ct: those of OVS_CT_ATTR_*
 * @nat: those in NAT, all absent if there is none
 */
struct ct_attrs {
	const struct nlattr *ct[ARRAY_SIZE(ct_rows)];
	const struct nlattr *nat[ARRAY_SIZE(nat_rows)];
};

static int read_addresses(struct act_compiler *c, const struct ct_attrs *attrs, struct mf_ct *ct)
{
	const struct nlattr *min = attrs->nat[OVS_NAT_ATTR_IP_MIN];
	const struct nlattr *max = attrs->nat[OVS_NAT_ATTR_IP_MAX];
	int len = ct->family == NFPROTO_IPV4 ? 4 : 16;

	if (min && nla_len(min) != len)
		return mf_compile_refuse(c, min, -EINVAL,
					 "nat: an address of the other IP version");
	if (max && nla_len(max) != len)
		return mf_compile_refuse(c, max, -EINVAL,
					 "nat: an address of the other IP version");
	if (min) {
		nla_memcpy(&ct->range.min_addr, min, len);
		nla_memcpy(&ct->range.max_addr, min, len);
	}
	if (max)
		nla_memcpy(&ct->range.max_addr, max, len);
	if (min || max)
		ct->range.flags |= NF_NAT_RANGE_MAP_IPS;
	return 0;
}

static void read_ports(const struct ct_attrs *attrs, struct mf_ct *ct)
{
	const struct nlattr *min = attrs->nat[OVS_NAT_ATTR_PROTO_MIN];
	const struct nlattr *max = attrs->nat[OVS_NAT_ATTR_PROTO_MAX];

	if (min) {
		ct->range.min_proto.all = htons(nla_get_u16(min));
		ct->range.max_proto.all = ct->range.min_proto.all;
	}
	if (max)
		ct->range.max_proto.all = htons(nla_get_u16(max));
	if (min || max)
		ct->range.flags |= NF_NAT_RANGE_PROTO_SPECIFIED;
}

static int read_nat(struct act_compiler *c, const struct ct_attrs *attrs, struct mf_ct *ct)
{
	const struct nlattr *nest = attrs->ct[OVS_CT_ATTR_NAT];
	int err;

	ct->flags |= MF_CT_NAT;
	if (attrs->nat[OVS_NAT_ATTR_SRC])
		ct->flags |= MF_CT_NAT_SRC;
	if (attrs->nat[OVS_NAT_ATTR_DST])
		ct->flags |= MF_CT_NAT_DST;
	if (ct->flags & MF_CT_NAT_SRC && ct->flags & MF_CT_NAT_DST)
		return mf_compile_refuse(c, nest, -ERANGE, "nat: either source or destination");

	err = read_addresses(c, attrs, ct);
	if (err)
		return err;
	read_ports(attrs, ct);
	if (attrs->nat[OVS_NAT_ATTR_PERSISTENT])
		ct->range.flags |= NF_NAT_RANGE_PERSISTENT;
	if (attrs->nat[OVS_NAT_ATTR_PROTO_HASH])
		ct->range.flags |= NF_NAT_RANGE_PROTO_RANDOM;
	if (attrs->nat[OVS_NAT_ATTR_PROTO_RANDOM])
		ct->range.flags |= NF_NAT_RANGE_PROTO_RANDOM_FULLY;

	if (!(ct->flags & (MF_CT_NAT_SRC | MF_CT_NAT_DST))) {
		if (ct->range.flags & RANGE_FLAGS)
			return mf_compile_refuse(c, nest, -EINVAL,
						 "nat: a range needs src or dst");
	} else if (!(ct->flags & MF_CT_COMMIT)) {
		return mf_compile_refuse(c, nest, -EINVAL, "nat: src and dst need commit");
	}
	return 0;
}

static int read_mark(struct act_compiler *c, const struct nlattr *attr, struct mf_ct *ct)
{
	const u32 *mark = nla_data(attr);

	if (!mark[1])
		return mf_compile_refuse(c, attr, -EINVAL, "ct: the mask of mark is zero");
	if (!(ct->flags & MF_CT_COMMIT))
		return mf_compile_refuse(c, attr, -EINVAL, "ct: mark needs commit");
	ct->mark_mask = mark[1];
	ct->mark = mark[0] & mark[1];
	return 0;
}

static int read_labels(struct act_compiler *c, const struct nlattr *attr, struct mf_ct *ct)
{
	const struct ovs_key_ct_labels *labels = nla_data(attr);
	int i;

	if (!mf_netns(c->net)->has_labels)
		return mf_compile_refuse(c, attr, -EINVAL,
					 "ct: this namespace has no connection labels");
	if (!memchr_inv(&labels[1], 0, sizeof(labels[1])))
		return mf_compile_refuse(c, attr, -EINVAL, "ct: the mask of label is zero");
	if (!(ct->flags & MF_CT_COMMIT))
		return mf_compile_refuse(c, attr, -EINVAL, "ct: label needs commit");
	for (i = 0; i < MF_CT_LABEL_WORDS; i++) {
		ct->labels_mask[i] = labels[1].ct_labels_32[i];
		ct->labels[i] = labels[0].ct_labels_32[i] & ct->labels_mask[i];
	}
	return 0;
}

static int check_name(struct act_compiler *c, const struct nlattr *attr)
{
	if (!attr || memchr(nla_data(attr), 0, nla_len(attr)))
		return 0;
	return mf_compile_refuse(c, attr, -EINVAL, "ct: a name without its final NUL");
}

/* All that can be said without looking anything up. */
static int read_attrs(struct act_compiler *c, const struct act_list *list,
		      const struct nlattr *action, struct ct_attrs *attrs, struct mf_ct *ct)
{
	const struct nlattr **tb = attrs->ct;
	int err;

	if (list->state.eth_type != htons(ETH_P_IP) && list->state.eth_type != htons(ETH_P_IPV6))
		return mf_compile_refuse(c, action, -EINVAL, "ct: the packet must be known as IP");
	ct->family = list->state.eth_type == htons(ETH_P_IP) ? NFPROTO_IPV4 : NFPROTO_IPV6;
	ct->net = c->net;
	if (tb[OVS_CT_ATTR_COMMIT] || tb[OVS_CT_ATTR_FORCE_COMMIT])
		ct->flags |= MF_CT_COMMIT;
	if (tb[OVS_CT_ATTR_FORCE_COMMIT])
		ct->flags |= MF_CT_FORCE;
	ct->zone.dir = NF_CT_DEFAULT_ZONE_DIR;
	if (tb[OVS_CT_ATTR_ZONE])
		ct->zone.id = nla_get_u16(tb[OVS_CT_ATTR_ZONE]);
	if (tb[OVS_CT_ATTR_EVENTMASK]) {
		ct->flags |= MF_CT_EVENTMASK;
		ct->eventmask = nla_get_u32(tb[OVS_CT_ATTR_EVENTMASK]);
	}
	err = tb[OVS_CT_ATTR_MARK] ? read_mark(c, tb[OVS_CT_ATTR_MARK], ct) : 0;
	if (!err && tb[OVS_CT_ATTR_LABELS])
		err = read_labels(c, tb[OVS_CT_ATTR_LABELS], ct);
	if (!err && tb[OVS_CT_ATTR_NAT])
		err = read_nat(c, attrs, ct);
	if (!err)
		err = check_name(c, tb[OVS_CT_ATTR_HELPER]);
	if (!err)
		err = check_name(c, tb[OVS_CT_ATTR_TIMEOUT]);
	return err;
}

static void ct_free(void *object)
{
	struct mf_ct *ct = object;

	if (ct->timeout)
		nf_ct_destroy_timeout(ct->tmpl);
	if (ct->flags & MF_CT_NAT_HELPER)
		nf_nat_helper_put(ct->helper);
	if (ct->helper)
		nf_conntrack_helper_put(ct->helper);
	if (ct->tmpl)
		nf_ct_put(ct->tmpl);
	kfree(ct);
}

static int take_helper(struct act_compiler *c, const struct nlattr *attr, struct mf_ct *ct)
{
	struct nf_conn_help *help;
	int err;

	ct->helper = nf_conntrack_helper_try_module_get(nla_data(attr), ct->family,
							c->view.ip_proto);
	if (!ct->helper)
		return mf_compile_refuse(c, attr, -EINVAL, "ct: unknown helper");
	if (ct->flags & MF_CT_NAT) {
		err = nf_nat_helper_try_module_get(nla_data(attr), ct->family, c->view.ip_proto);
		if (err)
			return mf_compile_refuse(c, attr, err,
						 "ct: the helper knows nothing of nat");
		ct->flags |= MF_CT_NAT_HELPER;
	}
	help = nf_ct_helper_ext_add(ct->tmpl, GFP_KERNEL);
	if (!help)
		return -ENOMEM;
	rcu_assign_pointer(help->helper, ct->helper);
	return 0;
}

/* Asked first: setting what is not there is logged, and user space probes with made-up names. */
static bool timeout_exists(struct net *net, const char *name)
{
#ifdef CONFIG_NF_CONNTRACK_TIMEOUT
	const struct nf_ct_timeout_hooks *hooks;
	struct nf_ct_timeout *timeout = NULL;

	rcu_read_lock();
	hooks = rcu_dereference(nf_ct_timeout_hook);
	if (hooks)
		timeout = hooks->timeout_find_get(net, name);
	if (timeout)
		hooks->timeout_put(timeout);
	rcu_read_unlock();
	return timeout;
#else
	return false;
#endif
}

/* A policy that is not there, or is another protocol's, does without. */
static void take_timeout(struct act_compiler *c, const struct nlattr *attr, struct mf_ct *ct)
{
	const struct nf_conn_timeout *timeout;

	if (!timeout_exists(ct->net, nla_data(attr)))
		return;
	if (nf_ct_set_timeout(ct->net, ct->tmpl, ct->family, c->view.ip_proto, nla_data(attr)))
		return;
	timeout = nf_ct_timeout_find(ct->tmpl);
	if (timeout)
		ct->timeout = rcu_access_pointer(timeout->timeout);
}

static int take_objects(struct act_compiler *c, const struct ct_attrs *attrs, struct mf_ct *ct)
{
	int err = 0;

	ct->tmpl = nf_ct_tmpl_alloc(ct->net, &ct->zone, GFP_KERNEL);
	if (!ct->tmpl)
		return -ENOMEM;
	if (attrs->ct[OVS_CT_ATTR_TIMEOUT])
		take_timeout(c, attrs->ct[OVS_CT_ATTR_TIMEOUT], ct);
	if (attrs->ct[OVS_CT_ATTR_HELPER])
		err = take_helper(c, attrs->ct[OVS_CT_ATTR_HELPER], ct);
	/*
	 * What is not confirmed leaves an expectation where it is. Last, for
	 * nothing may be added to what is.
	 */
	if (ct->flags & MF_CT_COMMIT)
		__set_bit(IPS_CONFIRMED_BIT, &ct->tmpl->status);
	return err;
}

/**
 * mf_compile_ct() - compile a CT action
 * @c: the compilation
 * @list: the list it is in
 * @attr: the action
 *
 * Context: process, may sleep, and may load the module of a helper.
 * Return: 0; -EINVAL, or -ERANGE if source and destination are translated at
 * once, with extack filled; -ENOMEM.
 */
int mf_compile_ct(struct act_compiler *c, struct act_list *list, const struct nlattr *attr)
{
	struct mf_insn_ct *payload;
	struct ct_attrs attrs = {};
	struct mf_insn *insn;
	struct mf_ct *ct;
	int err;

	err = mf_compile_nest(c, attr, ct_rows, ARRAY_SIZE(ct_rows) - 1, attrs.ct);
	if (!err && attrs.ct[OVS_CT_ATTR_NAT])
		err = mf_compile_nest(c, attrs.ct[OVS_CT_ATTR_NAT], nat_rows,
				      ARRAY_SIZE(nat_rows) - 1, attrs.nat);
	if (err)
		return err;

	ct = kzalloc_obj(*ct);
	if (!ct)
		return -ENOMEM;
	err = read_attrs(c, list, attr, &attrs, ct);
	if (err) {
		kfree(ct);
		return err;
	}
	list->state.rewritten |= !!(ct->flags & MF_CT_NAT);
	insn = mf_compile_emit(c, MF_OP_CT, 0, sizeof(*payload));
	if (!insn) {
		kfree(ct);
		return 0;
	}
	payload = (struct mf_insn_ct *)(insn + 1);
	payload->ct = ct;
	mf_compile_own(c, &payload->ref, ct, ct_free);
	return take_objects(c, &attrs, ct);
}
