// SPDX-License-Identifier: GPL-2.0-only
/*
 * Family ovs_meter: requests about meters (abi.md section 6.1).
 */
#include <net/genetlink.h>
#include <net/sock.h>

#include "../dp.h"
#include "../limits.h"
#include "../meter/meter.h"
#include "family.h"

static const struct nla_policy meter_policy[OVS_METER_ATTR_MAX + 1] = {
	[OVS_METER_ATTR_ID] = { .type = NLA_U32 },
	[OVS_METER_ATTR_KBPS] = { .type = NLA_FLAG },
	[OVS_METER_ATTR_STATS] = { .len = sizeof(struct ovs_flow_stats) },
	[OVS_METER_ATTR_BANDS] = { .type = NLA_NESTED },
	[OVS_METER_ATTR_USED] = { .type = NLA_U64 },
	[OVS_METER_ATTR_CLEAR] = { .type = NLA_FLAG },
	[OVS_METER_ATTR_MAX_METERS] = { .type = NLA_U32 },
	[OVS_METER_ATTR_MAX_BANDS] = { .type = NLA_U32 },
};

static const struct nla_policy band_policy[OVS_BAND_ATTR_MAX + 1] = {
	[OVS_BAND_ATTR_TYPE] = { .type = NLA_U32 },
	[OVS_BAND_ATTR_RATE] = { .type = NLA_U32 },
	[OVS_BAND_ATTR_BURST] = { .type = NLA_U32 },
	[OVS_BAND_ATTR_STATS] = { .len = sizeof(struct ovs_flow_stats) },
};

/* One meter in a message. */
static size_t meter_size(void)
{
	return nla_total_size(sizeof(u32)) +				/* ID */
	       nla_total_size(0) +					/* KBPS */
	       nla_total_size(sizeof(struct ovs_flow_stats)) +
	       nla_total_size_64bit(sizeof(u64)) +			/* USED */
	       nla_total_size(0) +					/* BANDS */
	       nla_total_size(0) +					/* the band */
	       3 * nla_total_size(sizeof(u32)) +
	       nla_total_size(sizeof(struct ovs_flow_stats));
}

static struct sk_buff *message_new(size_t n_meters)
{
	return genlmsg_new(NLMSG_ALIGN(sizeof(struct ovs_header)) +
			   nla_total_size(sizeof(u32)) + n_meters * meter_size(), GFP_KERNEL);
}

static int put_band(struct sk_buff *msg, const struct mf_meter_spec *spec,
		    const struct ovs_flow_stats *exceeded)
{
	struct nlattr *band = nla_nest_start_noflag(msg, OVS_BAND_ATTR_UNSPEC);

	if (!band ||
	    nla_put(msg, OVS_BAND_ATTR_STATS, sizeof(*exceeded), exceeded) ||
	    nla_put_u32(msg, OVS_BAND_ATTR_TYPE, spec->type) ||
	    nla_put_u32(msg, OVS_BAND_ATTR_RATE, spec->rate) ||
	    nla_put_u32(msg, OVS_BAND_ATTR_BURST, spec->burst))
		return -EMSGSIZE;
	nla_nest_end(msg, band);
	return 0;
}

static int put_meter(struct sk_buff *msg, struct mf_meter *meter)
{
	struct mf_meter_state state;
	struct nlattr *bands;

	mf_meter_read(meter, &state);
	if (nla_put_u32(msg, OVS_METER_ATTR_ID, meter->spec.id) ||
	    nla_put(msg, OVS_METER_ATTR_STATS, sizeof(state.stats), &state.stats) ||
	    nla_put_u64_64bit(msg, OVS_METER_ATTR_USED, state.used, OVS_METER_ATTR_PAD) ||
	    (meter->spec.kbps && nla_put_flag(msg, OVS_METER_ATTR_KBPS)))
		return -EMSGSIZE;
	bands = nla_nest_start_noflag(msg, OVS_METER_ATTR_BANDS);
	if (!bands)
		return -EMSGSIZE;
	if (meter->spec.has_band && put_band(msg, &meter->spec, &state.exceeded))
		return -EMSGSIZE;
	nla_nest_end(msg, bands);
	return 0;
}

/* A whole message about one meter, or about none. */
static int meter_fill(struct sk_buff *msg, const struct mf_reply *reply, int dp_ifindex,
		      struct mf_meter *meter)
{
	void *header = mf_reply_put(msg, &mf_meter_family, reply, dp_ifindex);

	if (!header)
		return -EMSGSIZE;
	if (meter && put_meter(msg, meter)) {
		genlmsg_cancel(msg, header);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, header);
	return 0;
}

static int parse_band(struct mf_meter_spec *spec, const struct nlattr *nest,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[OVS_BAND_ATTR_MAX + 1];
	int err;

	err = nla_parse_nested_deprecated(attrs, OVS_BAND_ATTR_MAX, nest, band_policy, extack);
	if (err)
		return err;
	if (!attrs[OVS_BAND_ATTR_TYPE] || !attrs[OVS_BAND_ATTR_RATE] ||
	    !attrs[OVS_BAND_ATTR_BURST]) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "A meter's band needs type, rate and burst");
		return -EINVAL;
	}
	spec->has_band = true;
	spec->type = nla_get_u32(attrs[OVS_BAND_ATTR_TYPE]);
	spec->rate = nla_get_u32(attrs[OVS_BAND_ATTR_RATE]);
	spec->burst = nla_get_u32(attrs[OVS_BAND_ATTR_BURST]);
	if (!spec->rate) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[OVS_BAND_ATTR_RATE],
				    "The rate of a meter's band must not be 0");
		return -EINVAL;
	}
	return 0;
}

static int parse_meter(struct mf_meter_spec *spec, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	const struct nlattr *band;
	int err;
	int rem;

	if (!attrs[OVS_METER_ATTR_ID] || !attrs[OVS_METER_ATTR_BANDS]) {
		GENL_SET_ERR_MSG(info, "A meter needs an id and bands");
		return -EINVAL;
	}
	*spec = (struct mf_meter_spec){
		.id = nla_get_u32(attrs[OVS_METER_ATTR_ID]),
		.kbps = attrs[OVS_METER_ATTR_KBPS],
		.keeps_stats = !attrs[OVS_METER_ATTR_CLEAR],
	};
	if (spec->keeps_stats && attrs[OVS_METER_ATTR_STATS])
		memcpy(&spec->stats, nla_data(attrs[OVS_METER_ATTR_STATS]), sizeof(spec->stats));

	nla_for_each_nested(band, attrs[OVS_METER_ATTR_BANDS], rem) {
		if (spec->has_band) {
			NL_SET_ERR_MSG_ATTR(info->extack, band, "A meter has one band at most");
			return -EINVAL;
		}
		err = parse_band(spec, band, info->extack);
		if (err)
			return err;
	}
	return 0;
}

/* The datapath of a request, referenced and locked. */
static int dp_lock(struct genl_info *info, struct mf_dp **dp)
{
	int err = mf_request_dp(info, dp);

	if (err)
		return err;
	err = mf_dp_lock(*dp);
	if (err) {
		GENL_SET_ERR_MSG(info, "The datapath is being destroyed");
		mf_dp_put(*dp);
	}
	return err;
}

static void dp_unlock(struct mf_dp *dp)
{
	mf_dp_unlock(dp);
	mf_dp_put(dp);
}

static int put_drop_band(struct sk_buff *msg)
{
	struct nlattr *bands = nla_nest_start_noflag(msg, OVS_METER_ATTR_BANDS);
	struct nlattr *band;

	if (!bands)
		return -EMSGSIZE;
	band = nla_nest_start_noflag(msg, OVS_BAND_ATTR_UNSPEC);
	if (!band || nla_put_u32(msg, OVS_BAND_ATTR_TYPE, OVS_METER_BAND_TYPE_DROP))
		return -EMSGSIZE;
	nla_nest_end(msg, band);
	nla_nest_end(msg, bands);
	return 0;
}

static int meter_cmd_features(struct sk_buff *skb, struct genl_info *info)
{
	const struct mf_reply reply = mf_reply_to(info, OVS_METER_CMD_FEATURES);
	struct sk_buff *msg;
	struct mf_dp *dp;
	void *header;
	int err;

	err = mf_request_dp(info, &dp);
	if (err)
		return err;
	msg = message_new(1);
	if (!msg) {
		mf_dp_put(dp);
		return -ENOMEM;
	}
	header = mf_reply_put(msg, &mf_meter_family, &reply, mf_dp_ifindex(dp));
	mf_dp_put(dp);
	if (!header ||
	    nla_put_u32(msg, OVS_METER_ATTR_MAX_METERS, MF_METERS_MAX) ||
	    nla_put_u32(msg, OVS_METER_ATTR_MAX_BANDS, MF_METER_BANDS_MAX) ||
	    put_drop_band(msg)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, header);
	return genlmsg_reply(msg, info);
}

/*
 * What is said of a SET: the number, and the last of the meter that it
 * replaced, if that one was to keep its counts. The number comes twice then.
 */
static void set_fill(struct sk_buff *msg, struct genl_info *info, int dp_ifindex, u32 id,
		     struct mf_meter *old)
{
	const struct mf_reply reply = mf_reply_to(info, OVS_METER_CMD_SET);
	void *header = mf_reply_put(msg, &mf_meter_family, &reply, dp_ifindex);

	/* message_new() has made room for all of it. */
	if (!header || nla_put_u32(msg, OVS_METER_ATTR_ID, id))
		return;
	if (old && old->spec.keeps_stats)
		put_meter(msg, old);
	genlmsg_end(msg, header);
}

static int set_locked(struct mf_dp *dp, struct mf_meter *meter, struct genl_info *info,
		      struct sk_buff *msg)
{
	u32 id = meter->spec.id;
	struct mf_meter *old;
	int err;

	err = mf_meters_set_locked(&dp->meters, meter, &old);
	if (err == -EFBIG)
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[OVS_METER_ATTR_ID],
				    "The datapath has as many meters as it may have");
	if (err)
		return err;
	set_fill(msg, info, mf_dp_ifindex(dp), id, old);
	mf_meter_free(old);
	return 0;
}

static int meter_cmd_set(struct sk_buff *skb, struct genl_info *info)
{
	struct mf_meter_spec spec;
	struct mf_meter *meter;
	struct sk_buff *msg;
	struct mf_dp *dp;
	int err;

	err = parse_meter(&spec, info);
	if (err)
		return err;
	meter = mf_meter_new(&spec, mf_meter_now());
	msg = message_new(1);
	err = -ENOMEM;
	if (!meter || !msg)
		goto err_free;
	err = dp_lock(info, &dp);
	if (err)
		goto err_free;
	err = set_locked(dp, meter, info, msg);
	dp_unlock(dp);
	if (err)
		goto err_free;
	return genlmsg_reply(msg, info);

err_free:
	nlmsg_free(msg);
	mf_meter_free(meter);
	return err;
}

static int meter_id(struct genl_info *info, u32 *id)
{
	if (!info->attrs[OVS_METER_ATTR_ID]) {
		GENL_SET_ERR_MSG(info, "The id of a meter is needed");
		return -EINVAL;
	}
	*id = nla_get_u32(info->attrs[OVS_METER_ATTR_ID]);
	return 0;
}

/* A meter that is not there is as gone as one that was deleted. */
static int meter_cmd_del(struct sk_buff *skb, struct genl_info *info)
{
	const struct mf_reply reply = mf_reply_to(info, OVS_METER_CMD_DEL);
	struct mf_meter *meter;
	struct sk_buff *msg;
	struct mf_dp *dp;
	int err;
	u32 id;

	err = meter_id(info, &id);
	if (err)
		return err;
	msg = message_new(1);
	if (!msg)
		return -ENOMEM;
	err = dp_lock(info, &dp);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	meter = mf_meters_remove_locked(&dp->meters, id);
	err = meter_fill(msg, &reply, mf_dp_ifindex(dp), meter);
	dp_unlock(dp);
	mf_meter_free(meter);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

static int meter_cmd_get(struct sk_buff *skb, struct genl_info *info)
{
	const struct mf_reply reply = mf_reply_to(info, OVS_METER_CMD_GET);
	struct mf_meter *meter;
	struct sk_buff *msg;
	struct mf_dp *dp;
	int err;
	u32 id;

	err = meter_id(info, &id);
	if (err)
		return err;
	err = mf_request_dp(info, &dp);
	if (err)
		return err;
	msg = message_new(1);
	if (!msg) {
		mf_dp_put(dp);
		return -ENOMEM;
	}
	rcu_read_lock();
	meter = mf_meters_find_rcu(&dp->meters, id);
	err = meter ? meter_fill(msg, &reply, mf_dp_ifindex(dp), meter) : -ENOENT;
	rcu_read_unlock();
	mf_dp_put(dp);
	if (err) {
		GENL_SET_ERR_MSG(info, "No such meter");
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

static int meter_cmd_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	const struct ovs_header *header = genlmsg_data(nlmsg_data(cb->nlh));
	const struct mf_reply reply = mf_reply_dump(cb, OVS_METER_CMD_GET);
	unsigned long id = cb->args[0];
	struct mf_meter *meter;
	struct mf_dp *dp;

	dp = mf_dp_get(sock_net(msg->sk), header->dp_ifindex);
	if (!dp) {
		NL_SET_ERR_MSG(cb->extack, "No datapath has this interface index");
		return -ENODEV;
	}
	rcu_read_lock();
	while ((meter = mf_meters_next_rcu(&dp->meters, &id))) {
		if (meter_fill(msg, &reply, header->dp_ifindex, meter))
			break;
		id++;
	}
	rcu_read_unlock();
	mf_dp_put(dp);
	cb->args[0] = id;
	return msg->len;
}

static const struct genl_small_ops meter_ops[] = {
	{ .cmd = OVS_METER_CMD_FEATURES, .validate = MF_OP_LIBERAL, .doit = meter_cmd_features },
	{ .cmd = OVS_METER_CMD_SET, .validate = MF_OP_LIBERAL, .flags = GENL_UNS_ADMIN_PERM,
	  .doit = meter_cmd_set },
	{ .cmd = OVS_METER_CMD_DEL, .validate = MF_OP_LIBERAL, .flags = GENL_UNS_ADMIN_PERM,
	  .doit = meter_cmd_del },
	{ .cmd = OVS_METER_CMD_GET, .validate = MF_OP_LIBERAL,
	  .doit = meter_cmd_get, .dumpit = meter_cmd_dump },
};

static const struct genl_multicast_group meter_group = { .name = OVS_METER_MCGROUP };

struct genl_family mf_meter_family __ro_after_init = {
	.hdrsize = sizeof(struct ovs_header),
	.name = OVS_METER_FAMILY,
	.version = OVS_METER_VERSION,
	.maxattr = OVS_METER_ATTR_MAX,
	.policy = meter_policy,
	.netnsok = true,
	.parallel_ops = true,
	.small_ops = meter_ops,
	.n_small_ops = ARRAY_SIZE(meter_ops),
	.resv_start_op = OVS_METER_CMD_GET + 1,
	.mcgrps = &meter_group,
	.n_mcgrps = 1,
	.module = THIS_MODULE,
};
