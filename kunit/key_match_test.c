// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every row of key.def: from a key to netlink and back, and what must be
 * refused on the way.
 */
#include <linux/random.h>

#include "key_unit.h"

#define ROUNDS	32
#define MSG_SIZE 8192

/**
 * struct bench - what a test works with, too large for the stack
 * @match: result of parsing
 * @other: result of parsing again
 * @key: a key made up
 * @msg: a message
 * @extack: reason of the last refusal
 */
struct bench {
	struct mf_match match;
	struct mf_match other;
	struct mf_key key;
	struct sk_buff *msg;
	struct netlink_ext_ack extack;
};

static struct bench *bench_new(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	b->msg = nlmsg_new(MSG_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, b->msg);
	return b;
}

static void bench_free(struct bench *b)
{
	nlmsg_free(b->msg);
}

static void msg_reset(struct bench *b)
{
	skb_trim(b->msg, 0);
	memset(&b->extack, 0, sizeof(b->extack));
}

static const struct nlattr *first(const struct bench *b)
{
	return (const struct nlattr *)b->msg->data;
}

/* The attribute behind @attr. */
static const struct nlattr *after(const struct nlattr *attr)
{
	int rem = MSG_SIZE;

	return nla_next(attr, &rem);
}

static int parse_first(struct bench *b)
{
	return mf_match_parse(&b->match, first(b), NULL, &b->extack);
}

/* A random payload that respects the limits. */
static void random_payload(const struct mf_key_attr *row, u8 *wire)
{
	const struct mf_key_field *field;
	u32 value;

	memset(wire, 0, row->len);
	mf_key_field_each(field, row) {
		get_random_bytes(wire + field->wire_off, field->wire_len);
		if (!field->max)
			continue;
		value = get_random_u32() % (field->max + 1);
		if (field->key_len < field->wire_len)
			put_unaligned(value, (u32 *)(wire + field->wire_off));
		else if (field->wire_len == 1)
			wire[field->wire_off] = value;
		else if (field->wire_len == 2)
			put_unaligned_be16(value, wire + field->wire_off);
		else
			put_unaligned_be32(value, wire + field->wire_off);
	}
}

static void class_write(const struct mf_key_class *row, struct mf_key *key, u16 value)
{
	u8 *at = (u8 *)key + row->key_off;

	if (row->width == 2)
		put_unaligned_be16(value, at);
	else
		*at = value;
}

/* Make a class hold. */
static void satisfy(enum mf_key_class_id class, struct mf_key *key)
{
	for (; class != MF_CLASS_ROOT; class = mf_key_classes[class].parent) {
		const struct mf_key_class *row = &mf_key_classes[class];

		if (class_compare(row, key))
			continue;
		if (row->when == MF_WHEN_NE)
			class_write(row, key, 0);
		else if (row->when == MF_WHEN_EITHER && get_random_u32() % 2)
			class_write(row, key, row->b);
		else
			class_write(row, key, row->a);
	}
}

/* A random key for which an attribute is present. */
static void random_key(struct mf_key *key, const struct mf_key_attr *want)
{
	const struct mf_key_field *field;
	const struct mf_key_attr *row;
	u8 wire[64];

	memset(key, 0, sizeof(*key));
	key->blocks = GENMASK(MF_BLOCKS - 1, 0);
	key->eth_type = htons(0x7777);
	mf_key_attr_each(row) {
		if (row->form != MF_FORM_FIELDS || row->attr == OVS_KEY_ATTR_ETHERTYPE)
			continue;
		random_payload(row, wire);
		mf_key_field_each(field, row)
			mf_key_field_load(field, key, wire);
	}
	satisfy(want->class, key);
	if (want->attr != OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV4)
		key->ct4_proto = 0;
	else
		key->ct4_proto |= 1;
	if (want->attr != OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV6)
		key->ct6_proto = 0;
	else
		key->ct6_proto |= 1;
	if (key->eth_type == htons(ETH_P_MPLS_UC) || key->eth_type == htons(ETH_P_MPLS_MC)) {
		get_random_bytes(key->mpls_lse, sizeof(key->mpls_lse));
		key->mpls_present = MF_MPLS_PRESENT(MF_MPLS_DEPTH);
	}
	if (key->eth_type == htons(ETH_P_NSH)) {
		get_random_bytes(key->nsh_context, sizeof(key->nsh_context));
		key->nsh_mdtype = NSH_M_TYPE1;
	}
}

/* Asked one by one or all at once, the classes are the same. */
static void classes_agree(struct kunit *test)
{
	struct bench *b = bench_new(test);
	const struct mf_key_attr *want;
	unsigned int class;

	mf_key_attr_each(want) {
		u32 held;

		random_key(&b->key, want);
		held = mf_key_classes_held(&b->key);
		KUNIT_EXPECT_TRUE_MSG(test, held & BIT(want->class), "%s", want->text);
		for (class = 0; class < MF_CLASSES; class++)
			KUNIT_EXPECT_EQ_MSG(test, !!(held & BIT(class)),
					    mf_key_class_holds(class, &b->key), "%s, class %u",
					    want->text, class);
	}
	bench_free(b);
}

static void expect_same_fields(struct kunit *test, const struct mf_key_attr *row,
			       const struct mf_key *want, const struct mf_key *got)
{
	const struct mf_key_field *field;

	mf_key_field_each(field, row)
		KUNIT_EXPECT_EQ_MSG(test, 0, memcmp((u8 *)want + field->key_off,
						    (u8 *)got + field->key_off, field->key_len),
				    "%s %s", row->text, field->text);
}

static void round_trip(struct kunit *test)
{
	struct bench *b = bench_new(test);
	const struct mf_key_attr *want;
	const struct mf_key_attr *row;
	unsigned int i;

	mf_key_attr_each(want) {
		for (i = 0; i < ROUNDS; i++) {
			random_key(&b->key, want);
			msg_reset(b);
			KUNIT_ASSERT_EQ(test, 0, mf_key_put(b->msg, OVS_FLOW_ATTR_KEY, &b->key));
			KUNIT_EXPECT_LE(test, b->msg->len, mf_key_attr_size());
			KUNIT_ASSERT_EQ_MSG(test, 0, parse_first(b), "%s: %s", want->text,
					    b->extack._msg);
			mf_key_attr_each(row)
				if (b->match.key_attrs & BIT_ULL(row->attr))
					expect_same_fields(test, row, &b->key, &b->match.key);
			KUNIT_EXPECT_EQ(test, 0, memcmp(b->key.mpls_lse, b->match.key.mpls_lse,
							sizeof(b->key.mpls_lse)));
			KUNIT_EXPECT_EQ(test, 0,
					memcmp(b->key.nsh_context, b->match.key.nsh_context,
					       sizeof(b->key.nsh_context)));
			KUNIT_EXPECT_TRUE(test, want->form != MF_FORM_FIELDS ||
					  b->match.key_attrs & BIT_ULL(want->attr));
		}
	}
	bench_free(b);
}

/* Put one attribute of random bytes and any length into a KEY. */
static void lone_attr(struct bench *b, int type, size_t len)
{
	struct nlattr *nest;
	u8 bytes[64];

	msg_reset(b);
	get_random_bytes(bytes, sizeof(bytes));
	nest = nla_nest_start_noflag(b->msg, OVS_FLOW_ATTR_KEY);
	nla_put(b->msg, type, len, bytes);
	nla_nest_end(b->msg, nest);
}

static void lengths(struct kunit *test)
{
	struct bench *b = bench_new(test);
	const struct mf_key_attr *row;
	int d;

	mf_key_attr_each(row) {
		if (row->form != MF_FORM_FIELDS && row->form != MF_FORM_VLAN)
			continue;
		for (d = -1; d <= 1; d += 2) {
			lone_attr(b, row->attr, row->len + d);
			KUNIT_EXPECT_EQ(test, -EINVAL, parse_first(b));
			KUNIT_EXPECT_PTR_EQ(test, row->bad_len, b->extack._msg);
			KUNIT_EXPECT_PTR_EQ(test, (const struct nlattr *)nla_data(first(b)),
					    b->extack.bad_attr);
		}
	}
	bench_free(b);
}

/* Attributes too short to hold anything, as key and as mask. */
static void no_bytes(struct kunit *test)
{
	struct bench *b = bench_new(test);
	int type;
	int len;

	for (type = 0; type < 2 * OVS_KEY_ATTR_MAX; type++) {
		for (len = 0; len < 2; len++) {
			lone_attr(b, type, len);
			KUNIT_EXPECT_EQ_MSG(test, -EINVAL, parse_first(b), "type %d", type);
			KUNIT_EXPECT_NOT_NULL(test, b->extack._msg);
			random_key(&b->key, mf_key_attr_find(OVS_KEY_ATTR_ETHERNET));
			mf_key_put(b->msg, OVS_FLOW_ATTR_KEY, &b->key);
			if (type == OVS_KEY_ATTR_ENCAP || type == OVS_KEY_ATTR_TUNNEL ||
			    type == OVS_KEY_ATTR_NSH || type == OVS_KEY_ATTR_MPLS)
				continue;
			KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
					    mf_match_parse(&b->match, after(first(b)), first(b),
							   &b->extack),
					    "mask type %d", type);
		}
	}
	bench_free(b);
}

/* Write @value where a field lies in the dumped key. */
static bool patch(struct bench *b, const struct mf_key_field *field, u32 value)
{
	struct nlattr *attr = nla_find_nested(first(b), field->attr);
	u8 *at;

	if (!attr)
		return false;
	at = nla_data(attr) + field->wire_off;
	if (field->key_len < field->wire_len)
		put_unaligned(value, (u32 *)at);
	else if (field->wire_len == 1)
		*at = value;
	else if (field->wire_len == 2)
		put_unaligned_be16(value, at);
	else
		put_unaligned_be32(value, at);
	return true;
}

static void limits(struct kunit *test)
{
	struct bench *b = bench_new(test);
	const struct mf_key_field *field;
	const struct mf_key_attr *row;
	unsigned int n = 0;

	mf_key_attr_each(row) {
		mf_key_field_each(field, row) {
			if (!field->max)
				continue;
			random_key(&b->key, row);
			msg_reset(b);
			mf_key_put(b->msg, OVS_FLOW_ATTR_KEY, &b->key);
			KUNIT_ASSERT_TRUE(test, patch(b, field, field->max));
			if (parse_first(b))
				KUNIT_EXPECT_PTR_NE(test, field->refusal, b->extack._msg);
			patch(b, field, field->max + 1);
			KUNIT_EXPECT_EQ(test, -EINVAL, parse_first(b));
			KUNIT_EXPECT_PTR_EQ(test, field->refusal, b->extack._msg);
			n++;
		}
	}
	KUNIT_EXPECT_EQ(test, 6, n);
	bench_free(b);
}

/* What a field of an exact mask looks like on the wire. */
static void expect_ones(struct kunit *test, const struct mf_key_field *field, const u8 *wire)
{
	u8 want[16];

	memset(want, 0xff, sizeof(want));
	if (field->attr == OVS_KEY_ATTR_CT_STATE)
		put_unaligned(0xffU, (u32 *)want);
	if (field->attr == OVS_KEY_ATTR_ARP && field->wire_len == 2)
		want[0] = 0;
	KUNIT_EXPECT_EQ_MSG(test, 0, memcmp(want, wire + field->wire_off, field->wire_len),
			    "attribute %u %s", field->attr, field->text);
}

static void exact_mask(struct kunit *test)
{
	struct bench *b = bench_new(test);
	const struct mf_key_field *field;
	const struct mf_key_attr *want;
	const struct mf_key_attr *row;
	const struct nlattr *attr;

	mf_key_attr_each(want) {
		random_key(&b->key, want);
		msg_reset(b);
		mf_key_put(b->msg, OVS_FLOW_ATTR_KEY, &b->key);
		KUNIT_ASSERT_EQ_MSG(test, 0, parse_first(b), "%s", b->extack._msg);
		KUNIT_ASSERT_EQ(test, 0, mf_mask_put(b->msg, OVS_FLOW_ATTR_MASK, &b->match.key,
						     &b->match.mask));
		mf_key_attr_each(row) {
			attr = nla_find_nested(after(first(b)), row->attr);
			if (!(b->match.key_attrs & BIT_ULL(row->attr)))
				continue;
			KUNIT_ASSERT_NOT_NULL_MSG(test, attr, "%s", row->text);
			mf_key_field_each(field, row)
				expect_ones(test, field, nla_data(attr));
		}
		/* And the dump is the same mask again. */
		KUNIT_ASSERT_EQ_MSG(test, 0,
				    mf_match_parse(&b->other, first(b), after(first(b)),
						   &b->extack), "%s: %s", want->text,
				    b->extack._msg);
		KUNIT_EXPECT_EQ_MSG(test, 0, memcmp(b->match.mask.words, b->other.mask.words,
						    sizeof(b->match.mask.words)),
				    "%s", want->text);
	}
	bench_free(b);
}

/* Dump a key without one of its attributes. */
static void put_without(struct bench *b, int type)
{
	const struct nlattr *attr;
	struct nlattr *nest;
	struct sk_buff *msg = nlmsg_new(MSG_SIZE, GFP_KERNEL);
	int rem;

	mf_key_put(msg, OVS_FLOW_ATTR_KEY, &b->key);
	nest = nla_nest_start_noflag(b->msg, OVS_FLOW_ATTR_KEY);
	nla_for_each_nested(attr, (const struct nlattr *)msg->data, rem)
		if (nla_type(attr) != type)
			nla_put(b->msg, nla_type(attr), nla_len(attr), nla_data(attr));
	nla_nest_end(b->msg, nest);
	nlmsg_free(msg);
}

static void missing(struct kunit *test)
{
	struct bench *b = bench_new(test);
	const struct mf_key_attr *row;

	mf_key_attr_each(row) {
		random_key(&b->key, row);
		msg_reset(b);
		put_without(b, row->attr);
		if (row->need == MF_NEED_REQUIRED) {
			KUNIT_EXPECT_EQ_MSG(test, -EINVAL, parse_first(b), "%s", row->text);
			/* Without IP there is more missing than the row itself. */
			KUNIT_ASSERT_NOT_NULL(test, b->extack._msg);
			KUNIT_EXPECT_NOT_NULL(test, strstr(b->extack._msg, "missing"));
		} else if (row->attr != OVS_KEY_ATTR_ETHERTYPE) {
			KUNIT_EXPECT_EQ_MSG(test, 0, parse_first(b), "%s: %s", row->text,
					    b->extack._msg);
		}
	}
	bench_free(b);
}

/* A mask for a header whose existence is not matched. */
static void prerequisites(struct kunit *test)
{
	struct bench *b = bench_new(test);
	const struct mf_key_attr *row;
	struct nlattr *nest;
	u8 ones[64];

	memset(ones, 0xff, sizeof(ones));
	mf_key_attr_each(row) {
		if (row->need != MF_NEED_REQUIRED || row->form != MF_FORM_FIELDS)
			continue;
		random_key(&b->key, row);
		msg_reset(b);
		mf_key_put(b->msg, OVS_FLOW_ATTR_KEY, &b->key);
		nest = nla_nest_start_noflag(b->msg, OVS_FLOW_ATTR_MASK);
		nla_put(b->msg, row->attr, row->len, ones);
		nla_nest_end(b->msg, nest);
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    mf_match_parse(&b->match, first(b), after(first(b)),
						   &b->extack), "%s", row->text);
		KUNIT_EXPECT_PTR_EQ(test, row->unmatched, b->extack._msg);
	}
	bench_free(b);
}

/* All zeros in a mask say nothing, even where a mask is not allowed. */
static void zero_mask(struct kunit *test)
{
	struct bench *b = bench_new(test);
	const struct mf_key_attr *row;
	struct nlattr *nest;
	u8 zeros[64] = {};

	mf_key_attr_each(row) {
		random_key(&b->key, mf_key_attr_find(OVS_KEY_ATTR_IPV4));
		msg_reset(b);
		mf_key_put(b->msg, OVS_FLOW_ATTR_KEY, &b->key);
		nest = nla_nest_start_noflag(b->msg, OVS_FLOW_ATTR_MASK);
		nla_put(b->msg, row->attr, row->form == MF_FORM_FIELDS ? row->len : 2, zeros);
		nla_nest_end(b->msg, nest);
		KUNIT_EXPECT_EQ_MSG(test, 0, mf_match_parse(&b->match, first(b), after(first(b)),
							    &b->extack),
				    "%s: %s", row->text, b->extack._msg);
		KUNIT_EXPECT_EQ(test, 0, b->match.mask.eth_type);
		KUNIT_EXPECT_EQ(test, MF_MAC_MASK, b->match.mask.mac_proto);
	}
	bench_free(b);
}

/* The fields that SET may write: a change here is a change of the ABI. */
static void settable(struct kunit *test)
{
	static const u8 rw[OVS_KEY_ATTR_MAX + 1] = {
		[OVS_KEY_ATTR_PRIORITY] = 1, [OVS_KEY_ATTR_SKB_MARK] = 1,
		[OVS_KEY_ATTR_ETHERNET] = 2, [OVS_KEY_ATTR_IPV4] = 4, [OVS_KEY_ATTR_IPV6] = 5,
		[OVS_KEY_ATTR_TCP] = 2, [OVS_KEY_ATTR_UDP] = 2, [OVS_KEY_ATTR_SCTP] = 2,
	};
	const struct mf_key_field *field;
	const struct mf_key_attr *row;
	unsigned int n;

	mf_key_attr_each(row) {
		n = 0;
		mf_key_field_each(field, row) {
			n += field->set == MF_SET_RW;
			if (!strcmp(field->text, "proto") || !strcmp(field->text, "frag"))
				KUNIT_EXPECT_EQ(test, MF_SET_RO, field->set);
		}
		KUNIT_EXPECT_EQ_MSG(test, rw[row->attr], n, "%s", row->text);
	}
}

static void twice_and_trailing(struct kunit *test)
{
	struct bench *b = bench_new(test);
	const struct mf_key_attr *row;
	struct nlattr *nest;
	u8 wire[64];

	mf_key_attr_each(row) {
		if (row->form != MF_FORM_FIELDS)
			continue;
		random_payload(row, wire);
		msg_reset(b);
		nest = nla_nest_start_noflag(b->msg, OVS_FLOW_ATTR_KEY);
		nla_put(b->msg, row->attr, row->len, wire);
		nla_put(b->msg, row->attr, row->len, wire);
		nla_nest_end(b->msg, nest);
		KUNIT_EXPECT_EQ(test, -EINVAL, parse_first(b));
		KUNIT_EXPECT_PTR_EQ(test, row->twice, b->extack._msg);

		random_key(&b->key, row);
		msg_reset(b);
		mf_key_put(b->msg, OVS_FLOW_ATTR_KEY, &b->key);
		skb_put_zero(b->msg, 4);
		nest = (struct nlattr *)b->msg->data;
		nest->nla_len += 2;
		KUNIT_EXPECT_EQ(test, -EINVAL, parse_first(b));
	}
	bench_free(b);
}

static void refused_types(struct kunit *test)
{
	struct bench *b = bench_new(test);
	static const u16 types[] = { 0, 29, 30, 31, 33, 100, 0x3fff };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		lone_attr(b, types[i], 4);
		KUNIT_EXPECT_EQ(test, -EINVAL, parse_first(b));
		KUNIT_EXPECT_STREQ(test, "unknown key attribute", b->extack._msg);
	}
	bench_free(b);
}

/* Damage a key and a mask anywhere: refused or sound, never harmful. */
static void damaged(struct kunit *test)
{
	struct bench *b = bench_new(test);
	const struct mf_key_attr *row;
	unsigned int ok = 0;
	unsigned int i;
	unsigned int n;
	int err;

	for (i = 0; i < 200 * ROUNDS; i++) {
		row = &mf_key_attrs[get_random_u32() % ATTR_ROWS];
		random_key(&b->key, row);
		msg_reset(b);
		mf_key_put(b->msg, OVS_FLOW_ATTR_KEY, &b->key);
		mf_mask_put(b->msg, OVS_FLOW_ATTR_MASK, &b->key, &b->key);
		for (n = get_random_u32() % 4; n; n--)
			b->msg->data[NLA_HDRLEN + get_random_u32() % (b->msg->len - NLA_HDRLEN)] =
				get_random_u32() % 2 ? get_random_u32() : get_random_u32() % 40;
		if (nla_len(first(b)) < 0 || first(b)->nla_len > b->msg->len - 8 ||
		    after(first(b))->nla_len > b->msg->len - ((u8 *)after(first(b)) - b->msg->data))
			continue;
		err = mf_match_parse(&b->match, first(b), after(first(b)), &b->extack);
		KUNIT_EXPECT_TRUE(test, !err || (err == -EINVAL && b->extack._msg));
		if (err)
			continue;
		ok++;
		msg_reset(b);
		KUNIT_EXPECT_EQ(test, 0, mf_key_put(b->msg, OVS_FLOW_ATTR_KEY, &b->match.key));
		KUNIT_EXPECT_LE(test, b->msg->len, mf_key_attr_size());
		msg_reset(b);
		KUNIT_EXPECT_EQ(test, 0, mf_mask_put(b->msg, OVS_FLOW_ATTR_MASK, &b->match.key,
						     &b->match.mask));
		KUNIT_EXPECT_LE(test, b->msg->len, mf_key_attr_size());
	}
	KUNIT_EXPECT_GT(test, ok, 0);
	bench_free(b);
}

/* Bytes of a payload that hold nothing are zero, whatever the room held. */
static void padding(struct kunit *test)
{
	static const struct {
		u8 attr;
		u8 at;
		u8 len;
	} pads[] = {
		{ OVS_KEY_ATTR_ARP, 22, 2 },
		{ OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV4, 13, 3 },
		{ OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV6, 37, 3 },
	};
	struct bench *b = bench_new(test);
	const struct nlattr *attr;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pads); i++) {
		random_key(&b->key, mf_key_attr_find(pads[i].attr));
		msg_reset(b);
		memset(b->msg->data, 0xa5, skb_tailroom(b->msg));
		mf_key_put(b->msg, OVS_FLOW_ATTR_KEY, &b->key);
		attr = nla_find_nested(first(b), pads[i].attr);
		KUNIT_ASSERT_NOT_NULL(test, attr);
		KUNIT_EXPECT_NULL(test, memchr_inv(nla_data(attr) + pads[i].at, 0, pads[i].len));
	}
	bench_free(b);
}

/* A message too small for the key stays as it was. */
static void no_room(struct kunit *test)
{
	struct bench *b = bench_new(test);
	const struct mf_key_attr *row;

	mf_key_attr_each(row) {
		unsigned int room;

		random_key(&b->key, row);
		for (room = 0; room < 300; room += 4) {
			msg_reset(b);
			skb_put(b->msg, skb_tailroom(b->msg) - room);
			if (mf_key_put(b->msg, OVS_FLOW_ATTR_KEY, &b->key))
				KUNIT_EXPECT_EQ(test, room, skb_tailroom(b->msg));
		}
	}
	bench_free(b);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(classes_agree),
	KUNIT_CASE(round_trip),
	KUNIT_CASE(lengths),
	KUNIT_CASE(no_bytes),
	KUNIT_CASE(limits),
	KUNIT_CASE(exact_mask),
	KUNIT_CASE(missing),
	KUNIT_CASE(prerequisites),
	KUNIT_CASE(zero_mask),
	KUNIT_CASE(settable),
	KUNIT_CASE(twice_and_trailing),
	KUNIT_CASE(refused_types),
	KUNIT_CASE(damaged),
	KUNIT_CASE(padding),
	KUNIT_CASE(no_room),
	{}
};

static struct kunit_suite suite = {
	.name = "key_match",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of keys and masks in netlink");
MODULE_LICENSE("GPL");
