/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of actions written as text, for tests: text in, netlink out.
 *
 * Items are separated by commas; braces hold the list or the nest of the item
 * before them:
 *
 *	7			output to port 7
 *	clone{1,2}		numbers below are decimal or hexadecimal
 *	sample(P){1}		P of 4294967295
 *	user(PID) user(PID,N)	N bytes of user data: 0, 1, 2...
 *	mark(V) mark(V,M)	SET or SET_MASKED of SKB_MARK
 *	ttl(V)			SET_MASKED of the IPv4 TTL
 *	dst(V)			SET_MASKED of the last byte of the Ethernet destination
 *	mpls(LSE,MASK)		SET_MASKED of the outermost label stack entry
 *	add_mpls(LSE,TYPE,FLAGS)	ADD_MPLS; PUSH_MPLS has no flags, POP_MPLS the type only
 *	tcp(PORT) udp(PORT)	SET_MASKED of the destination port
 *	attr(T)=HEX		any attribute with those bytes
 *	attr(T){...}		any attribute that nests others
 *	bytes=HEX		bytes without a header
 *
 * and recirc, trunc, meter, push_vlan(TPID,TCI), pop_vlan, hash(ALG,BASIS), drop.
 */
#ifndef MF_KUNIT_ACTION_TEXT_H
#define MF_KUNIT_ACTION_TEXT_H

#include <kunit/test.h>
#include <linux/ctype.h>
#include <linux/hex.h>
#include <linux/openvswitch.h>
#include <net/netlink.h>

#define TEXT_BYTES	(U16_MAX + 1)
#define TEXT_NESTS	64

struct text {
	struct kunit *test;
	const char *at;
	u8 *buf;
	size_t len;
	size_t nests[TEXT_NESTS];
	u32 depth;
	u32 args[3];
	u32 n_args;
};

static void text_bytes(struct text *t, const void *data, size_t len)
{
	KUNIT_ASSERT_LE(t->test, t->len + len, (size_t)TEXT_BYTES);
	memcpy(t->buf + t->len, data, len);
	t->len += len;
}

static void text_open(struct text *t, u16 type)
{
	struct nlattr attr = { .nla_type = type };

	KUNIT_ASSERT_LT(t->test, t->depth, TEXT_NESTS);
	t->nests[t->depth++] = t->len;
	text_bytes(t, &attr, sizeof(attr));
}

static void text_close(struct text *t)
{
	static const u8 pad[NLA_ALIGNTO];
	struct nlattr *attr;

	KUNIT_ASSERT_GT(t->test, t->depth, 0u);
	attr = (struct nlattr *)(t->buf + t->nests[--t->depth]);
	attr->nla_len = t->buf + t->len - (u8 *)attr;
	text_bytes(t, pad, NLA_ALIGN(attr->nla_len) - attr->nla_len);
}

static void text_attr(struct text *t, u16 type, const void *data, size_t len)
{
	text_open(t, type);
	text_bytes(t, data, len);
	text_close(t);
}

static void text_set(struct text *t, u16 action, u16 type, const void *data, size_t len)
{
	text_open(t, action);
	text_attr(t, type, data, len);
	text_close(t);
}

static void text_u32(struct text *t, u16 type)
{
	text_attr(t, type, &t->args[0], sizeof(u32));
}

static void text_flag(struct text *t, u16 type)
{
	text_attr(t, type, NULL, 0);
}

static void text_push_vlan(struct text *t, u16 type)
{
	const struct ovs_action_push_vlan vlan = {
		.vlan_tpid = htons(t->args[0]),
		.vlan_tci = htons(t->args[1]),
	};

	text_attr(t, type, &vlan, sizeof(vlan));
}

static void text_hash(struct text *t, u16 type)
{
	const struct ovs_action_hash hash = { .hash_alg = t->args[0], .hash_basis = t->args[1] };

	text_attr(t, type, &hash, sizeof(hash));
}

static void text_label(struct text *t, u16 type)
{
	const struct ovs_action_add_mpls mpls = {
		.mpls_lse = htonl(t->args[0]),
		.mpls_ethertype = htons(t->args[1]),
		.tun_flags = t->args[2],
	};

	text_attr(t, type, &mpls, type == OVS_ACTION_ATTR_ADD_MPLS ? sizeof(mpls) :
					  sizeof(struct ovs_action_push_mpls));
}

static void text_type(struct text *t, u16 type)
{
	const __be16 proto = htons(t->args[0]);

	text_attr(t, type, &proto, sizeof(proto));
}

static void text_user(struct text *t, u16 type)
{
	u8 i;

	text_open(t, type);
	text_u32(t, OVS_USERSPACE_ATTR_PID);
	if (t->n_args > 1) {
		text_open(t, OVS_USERSPACE_ATTR_USERDATA);
		for (i = 0; i < t->args[1]; i++)
			text_bytes(t, &i, 1);
		text_close(t);
	}
	text_close(t);
}

static void text_sample(struct text *t, u16 type)
{
	text_open(t, type);
	text_u32(t, OVS_SAMPLE_ATTR_PROBABILITY);
	text_open(t, OVS_SAMPLE_ATTR_ACTIONS);
}

static void text_mark(struct text *t, u16 type)
{
	if (t->n_args > 1)
		type = OVS_ACTION_ATTR_SET_MASKED;
	text_set(t, type, OVS_KEY_ATTR_SKB_MARK, t->args, t->n_args * sizeof(u32));
}

static void text_ttl(struct text *t, u16 type)
{
	const struct ovs_key_ipv4 ip[2] = { { .ipv4_ttl = t->args[0] }, { .ipv4_ttl = 0xff } };

	text_set(t, type, OVS_KEY_ATTR_IPV4, ip, sizeof(ip));
}

static void text_mpls(struct text *t, u16 type)
{
	const __be32 lse[2] = { htonl(t->args[0]), htonl(t->args[1]) };

	text_set(t, type, OVS_KEY_ATTR_MPLS, lse, sizeof(lse));
}

static void text_dst(struct text *t, u16 type)
{
	const struct ovs_key_ethernet eth[2] = {
		{ .eth_dst = { [5] = t->args[0] } }, { .eth_dst = { [5] = 0xff } },
	};

	text_set(t, type, OVS_KEY_ATTR_ETHERNET, eth, sizeof(eth));
}

static void text_ports(struct text *t, u16 attr)
{
	const struct ovs_key_tcp tcp[2] = { { .tcp_dst = htons(t->args[0]) }, { .tcp_dst = ~0 } };

	text_set(t, OVS_ACTION_ATTR_SET_MASKED, attr, tcp, sizeof(tcp));
}

static void text_any(struct text *t, u16 type)
{
	u8 byte;

	text_open(t, t->args[0]);
	if (*t->at == '{')
		return;
	if (*t->at == '=')
		for (t->at++; isxdigit(*t->at); t->at += 2) {
			KUNIT_ASSERT_EQ(t->test, hex2bin(&byte, t->at, 1), 0);
			text_bytes(t, &byte, 1);
		}
	text_close(t);
}

static void text_raw(struct text *t, u16 type)
{
	u8 byte;

	for (t->at++; isxdigit(*t->at); t->at += 2) {
		KUNIT_ASSERT_EQ(t->test, hex2bin(&byte, t->at, 1), 0);
		text_bytes(t, &byte, 1);
	}
}

static const struct text_item {
	const char *name;
	void (*put)(struct text *t, u16 type);
	u16 type;
} text_items[] = {
	{ "recirc", text_u32, OVS_ACTION_ATTR_RECIRC },
	{ "trunc", text_u32, OVS_ACTION_ATTR_TRUNC },
	{ "drop", text_u32, OVS_ACTION_ATTR_DROP },
	{ "meter", text_u32, OVS_ACTION_ATTR_METER },
	{ "pop_vlan", text_flag, OVS_ACTION_ATTR_POP_VLAN },
	{ "pop_eth", text_flag, OVS_ACTION_ATTR_POP_ETH },
	{ "pop_nsh", text_flag, OVS_ACTION_ATTR_POP_NSH },
	{ "push_vlan", text_push_vlan, OVS_ACTION_ATTR_PUSH_VLAN },
	{ "push_mpls", text_label, OVS_ACTION_ATTR_PUSH_MPLS },
	{ "add_mpls", text_label, OVS_ACTION_ATTR_ADD_MPLS },
	{ "pop_mpls", text_type, OVS_ACTION_ATTR_POP_MPLS },
	{ "mpls", text_mpls, OVS_ACTION_ATTR_SET_MASKED },
	{ "hash", text_hash, OVS_ACTION_ATTR_HASH },
	{ "user", text_user, OVS_ACTION_ATTR_USERSPACE },
	{ "clone", text_open, OVS_ACTION_ATTR_CLONE },
	{ "sample", text_sample, OVS_ACTION_ATTR_SAMPLE },
	{ "mark", text_mark, OVS_ACTION_ATTR_SET },
	{ "ttl", text_ttl, OVS_ACTION_ATTR_SET_MASKED },
	{ "dst", text_dst, OVS_ACTION_ATTR_SET_MASKED },
	{ "tcp", text_ports, OVS_KEY_ATTR_TCP },
	{ "udp", text_ports, OVS_KEY_ATTR_UDP },
	{ "attr", text_any, 0 },
	{ "bytes", text_raw, 0 },
};

static u32 text_number(struct text *t)
{
	u32 number;
	int found;
	int len;

	found = sscanf(t->at, "%i%n", &number, &len);
	KUNIT_ASSERT_EQ(t->test, found, 1);
	t->at += len;
	return number;
}

static void text_args(struct text *t)
{
	t->n_args = 0;
	memset(t->args, 0, sizeof(t->args));
	if (*t->at != '(')
		return;
	do {
		t->at++;
		KUNIT_ASSERT_LT(t->test, t->n_args, (u32)ARRAY_SIZE(t->args));
		t->args[t->n_args++] = text_number(t);
	} while (*t->at == ',');
	KUNIT_ASSERT_EQ(t->test, *t->at, ')');
	t->at++;
}

static void text_item(struct text *t)
{
	const struct text_item *item;
	const char *name = t->at;
	size_t len;

	if (isdigit(*t->at)) {
		t->args[0] = text_number(t);
		text_u32(t, OVS_ACTION_ATTR_OUTPUT);
		return;
	}
	while (isalnum(*t->at) || *t->at == '_')
		t->at++;
	len = t->at - name;
	text_args(t);
	for (item = text_items; item < text_items + ARRAY_SIZE(text_items); item++)
		if (strlen(item->name) == len && !memcmp(item->name, name, len)) {
			item->put(t, item->type);
			return;
		}
	KUNIT_ASSERT_TRUE_MSG(t->test, false, "no such item: %s", name);
}

static struct text *text_new(struct kunit *test)
{
	struct text *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->test = test;
	t->buf = kunit_kzalloc(test, TEXT_BYTES, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t->buf);
	return t;
}

/* The list as an attribute of any type, allocated for the test's life. */
static struct nlattr *text_to_actions(struct kunit *test, const char *text)
{
	struct text *t = text_new(test);
	bool sample[TEXT_NESTS] = {};
	struct nlattr *actions;

	t->at = text;
	text_open(t, OVS_FLOW_ATTR_ACTIONS);
	while (*t->at) {
		u32 depth = t->depth;

		switch (*t->at) {
		case '{':
			t->at++;
			break;
		case ',':
			t->at++;
			break;
		case '}':
			t->at++;
			depth--;
			text_close(t);
			if (sample[depth])
				text_close(t);
			sample[depth] = false;
			break;
		default:
			text_item(t);
			if (t->depth == depth + 2)
				sample[depth + 1] = true;
		}
	}
	KUNIT_ASSERT_EQ(test, t->depth, 1u);
	t->depth = 0;
	((struct nlattr *)t->buf)->nla_len = t->len;
	actions = (struct nlattr *)t->buf;
	kunit_kfree(test, t);
	return actions;
}

#endif
