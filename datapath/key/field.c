// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of key.def as tables, and what can be said of a row alone.
 */
#include <linux/bitops.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/nospec.h>
#include <linux/unaligned.h>

#include <net/netlink.h>

#include "field.h"

/*
 * UNLESS_SELF(wire, is_self, value): the wire member SELF turns into two
 * arguments, which shifts is_self to the second place.
 */
#define SELF_PLACEHOLDER_SELF	0,
#define SECOND(first, second, ...) second
#define SELF_OR(junk, is_self, value) SECOND(junk is_self, value, 0)
#define UNLESS_SELF(wire, is_self, value) SELF_OR(SELF_PLACEHOLDER_##wire, is_self, value)

/* All payloads, so that a row can name the type of its attribute. */
union payloads {
#define KEY_ATTR(attr, text, payload, class, need, form) payload attr;
#include <megaflow/key.def>
};

#define PAYLOAD(attr)		(((union payloads *)0)->attr)
#define WIRE_OFF(attr, wire)	UNLESS_SELF(wire, 0, offsetof(union payloads, attr.wire))
#define WIRE_LEN(attr, wire)	UNLESS_SELF(wire, sizeof(PAYLOAD(attr)), sizeof(PAYLOAD(attr).wire))

/* Positions in the two tables. The rows of one attribute are adjacent. */
enum attr_row {
#define KEY_ATTR(attr, text, payload, class, need, form) ATTR_##attr,
#include <megaflow/key.def>
	ATTR_ROWS,
};

enum field_row {
#define KEY_ATTR(attr, text, payload, class, need, form) \
	FIRST_##attr, BEFORE_##attr = FIRST_##attr - 1,
#define KEY_FIELD(attr, wire, width, member, text, set, max, show) FIELD_##attr##_##member,
#include <megaflow/key.def>
	FIELD_ROWS,
};

/* Blocks follow each other, so the number of starts passed names the block. */
#define BLOCK_OF(off) (						\
	((off) >= offsetof(struct mf_key, cvlan_tci)) +		\
	((off) >= offsetof(struct mf_key, ipv6_src)) +		\
	((off) >= offsetof(struct mf_key, arp_sip)) +		\
	((off) >= offsetof(struct mf_key, nd_target)) +		\
	((off) >= offsetof(struct mf_key, ct4_src)) +		\
	((off) >= offsetof(struct mf_key, ct6_src)) +		\
	((off) >= offsetof(struct mf_key, ct_labels)) +		\
	((off) >= offsetof(struct mf_key, mpls_lse)) +		\
	((off) >= offsetof(struct mf_key, nsh_flags)) +		\
	((off) >= offsetof(struct mf_key, tun_id)) +		\
	((off) >= offsetof(struct mf_key, tun_opts)))

const struct mf_key_class mf_key_classes[MF_CLASSES] = {
#define KEY_CLASS(class, up, member, op, va, vb)			\
	[MF_CLASS_##class] = {						\
		.parent = MF_CLASS_##up,				\
		.when = MF_WHEN_##op,					\
		.width = sizeof_field(struct mf_key, member),		\
		.key_off = offsetof(struct mf_key, member),		\
		.a = va,						\
		.b = vb,						\
	},
#include <megaflow/key.def>
};

static const struct mf_key_field fields[FIELD_ROWS + 1] = {
#define KEY_FIELD(id, wire, width, member, name, may_set, limit, show)	\
	[FIELD_##id##_##member] = {					\
		.attr = OVS_KEY_ATTR_##id,				\
		.set = MF_SET_##may_set,				\
		.block = BLOCK_OF(offsetof(struct mf_key, member)),	\
		.wire_off = WIRE_OFF(id, wire),				\
		.wire_len = width,					\
		.key_off = offsetof(struct mf_key, member),		\
		.key_len = sizeof_field(struct mf_key, member),		\
		.max = limit,						\
		.text = name,						\
		.refusal = "value out of range: " #member,		\
	},
#include <megaflow/key.def>
};

const struct mf_key_attr mf_key_attrs[ATTR_ROWS + 1] = {
#define KEY_ATTR(id, name, payload, of_class, is_need, is_form)		\
	[ATTR_##id] = {							\
		.attr = OVS_KEY_ATTR_##id,				\
		.class = MF_CLASS_##of_class,				\
		.need = MF_NEED_##is_need,				\
		.form = MF_FORM_##is_form,				\
		.len = sizeof(payload),					\
		.text = name,						\
		.fields = &fields[FIRST_##id],				\
		.bad_len = name ": wrong length",			\
		.twice = name ": given twice",				\
		.missing = name ": missing, the key's other fields need it", \
		.unmatched = name ": matched, but not in the key, or what it depends on is not", \
	},
#include <megaflow/key.def>
};

/* Row of each attribute number, plus one; 0 for a number without a row. */
static const u8 row_of[OVS_KEY_ATTR_MAX + 1] = {
#define KEY_ATTR(attr, text, payload, class, need, form) \
	[OVS_KEY_ATTR_##attr] = ATTR_##attr + 1,
#include <megaflow/key.def>
};

/*
 * Layouts that must agree: the fields and pads of each attribute as its rows
 * list them, and its payload. A forgotten member moves all that follows.
 */
struct listed {
#define KEY_ATTR(attr, text, payload, class, need, form) char attr[0];
#define KEY_FIELD(attr, wire, width, member, text, set, max, show) char attr##_##wire[width];
#define KEY_PAD(attr, width) char attr##_pad[width];
#include <megaflow/key.def>
};

struct meant {
#define KEY_ATTR(attr, text, payload, class, need, form) \
	char attr[0];					 \
	char attr##_payload[MF_FORM_##form == MF_FORM_FIELDS ? sizeof(payload) : 0];
#include <megaflow/key.def>
};

#define KEY_ATTR(attr, text, payload, class, need, form) \
	static_assert(offsetof(struct listed, attr) == offsetof(struct meant, attr)); \
	static_assert(OVS_KEY_ATTR_##attr <= OVS_KEY_ATTR_MAX);
#define KEY_FIELD(attr, wire, width, member, text, set, max, show)			\
	static_assert(WIRE_LEN(attr, wire) == (width));					\
	static_assert(sizeof_field(struct mf_key, member) == (width) ||			\
		      ((width) == 4 && sizeof_field(struct mf_key, member) < 4 &&	\
		       (max) != 0 && (max) >> 8 * sizeof_field(struct mf_key, member) == 0)); \
	static_assert((max) == 0 || (width) <= 4);					\
	static_assert(offsetof(struct listed, attr##_##wire) -				\
		      offsetof(struct listed, attr) == WIRE_OFF(attr, wire));
#define KEY_CLASS(class, parent, member, op, a, b)					\
	static_assert(BLOCK_OF(offsetof(struct mf_key, member)) == MF_BLOCK_BASE);	\
	static_assert(sizeof_field(struct mf_key, member) <= 2);			\
	static_assert(MF_CLASS_##parent <= MF_CLASS_##class);				\
	static_assert(MF_CLASS_##class < 32);
#include <megaflow/key.def>
static_assert(sizeof(struct listed) == sizeof(struct meant));

/* Every attribute number once: then adding their bits is the same as or-ing. */
enum attr_bits {
	ATTR_BITS_SUM = 0ULL
#define KEY_ATTR(attr, text, payload, class, need, form) + (1ULL << OVS_KEY_ATTR_##attr)
#include <megaflow/key.def>
	,
	ATTR_BITS_OR = 0ULL
#define KEY_ATTR(attr, text, payload, class, need, form) | (1ULL << OVS_KEY_ATTR_##attr)
#include <megaflow/key.def>
};

static_assert(ATTR_BITS_SUM == ATTR_BITS_OR);

/* Conntrack attributes that this kernel's conntrack has no storage for. */
static bool attr_is_built(u16 type)
{
	switch (type) {
	case OVS_KEY_ATTR_CT_ZONE:
		return IS_ENABLED(CONFIG_NF_CONNTRACK_ZONES);
	case OVS_KEY_ATTR_CT_MARK:
		return IS_ENABLED(CONFIG_NF_CONNTRACK_MARK);
	case OVS_KEY_ATTR_CT_LABELS:
		return IS_ENABLED(CONFIG_NF_CONNTRACK_LABELS);
	case OVS_KEY_ATTR_CT_STATE:
	case OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV4:
	case OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV6:
		return IS_ENABLED(CONFIG_NF_CONNTRACK);
	default:
		return true;
	}
}

/**
 * mf_key_attr_find() - the row of an attribute
 * @type: OVS_KEY_ATTR_*, from user space
 *
 * Context: any.
 * Return: the row, or NULL if a key may not contain such an attribute.
 */
const struct mf_key_attr *mf_key_attr_find(u16 type)
{
	u8 row;

	if (type >= ARRAY_SIZE(row_of) || !attr_is_built(type))
		return NULL;

	row = row_of[array_index_nospec(type, ARRAY_SIZE(row_of))];
	return row ? &mf_key_attrs[row - 1] : NULL;
}

/**
 * mf_key_refuse() - refuse a request because of an attribute
 * @extack: where to say so, may be NULL
 * @attr: the culprit, NULL if it is one that is absent
 * @msg: what is wrong with it; stays valid as long as the module does
 *
 * Context: any.
 * Return: -EINVAL.
 */
int mf_key_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr, const char *msg)
{
	if (extack) {
		extack->_msg = msg;
		NL_SET_BAD_ATTR(extack, attr);
	}
	return -EINVAL;
}

/**
 * mf_key_attr_check() - check the length of an attribute
 * @row: its row
 * @attr: the attribute
 * @extack: for the refusal
 *
 * Hand-written forms of variable length check themselves.
 *
 * Context: any.
 * Return: 0, or -EINVAL with @extack filled.
 */
int mf_key_attr_check(const struct mf_key_attr *row, const struct nlattr *attr,
		      struct netlink_ext_ack *extack)
{
	if (row->form != MF_FORM_FIELDS && row->form != MF_FORM_VLAN)
		return 0;
	if (nla_len(attr) != row->len)
		return mf_key_refuse(extack, attr, row->bad_len);
	return 0;
}

static u16 class_read(const struct mf_key_class *row, const struct mf_key *key)
{
	const u8 *at = (const u8 *)key + row->key_off;

	return row->width == 2 ? get_unaligned_be16(at) : *at;
}

static bool class_compare(const struct mf_key_class *row, const struct mf_key *key)
{
	u16 value = class_read(row, key);

	switch ((enum mf_key_when)row->when) {
	case MF_WHEN_ALWAYS:
		return true;
	case MF_WHEN_EQ:
		return value == row->a;
	case MF_WHEN_EITHER:
		return value == row->a || value == row->b;
	case MF_WHEN_NE:
		return value != row->a;
	}
	return false;
}

/**
 * mf_key_class_holds() - does a key belong to a class?
 * @class: the class
 * @key: the key
 *
 * Context: any.
 * Return: true if the class and all its parents hold.
 */
bool mf_key_class_holds(enum mf_key_class_id class, const struct mf_key *key)
{
	for (; class != MF_CLASS_ROOT; class = mf_key_classes[class].parent)
		if (!class_compare(&mf_key_classes[class], key))
			return false;
	return true;
}

/**
 * mf_key_classes_held() - all classes that a key belongs to
 * @key: the key
 *
 * For those who would ask about many rows one by one.
 *
 * Context: any.
 * Return: bitmap of enum mf_key_class_id.
 */
u32 mf_key_classes_held(const struct mf_key *key)
{
	u32 held = BIT(MF_CLASS_ROOT);
	unsigned int i;

	/* A parent stands before its children. */
	for (i = MF_CLASS_ROOT + 1; i < MF_CLASSES; i++)
		if (held & BIT(mf_key_classes[i].parent) && class_compare(&mf_key_classes[i], key))
			held |= BIT(i);
	return held;
}

/**
 * mf_key_class_exact() - does a mask match exactly what a class depends on?
 * @class: the class
 * @mask: the mask
 *
 * What a class only excludes (a later fragment) need not be matched.
 *
 * Context: any.
 * Return: true if it does, all parents included.
 */
bool mf_key_class_exact(enum mf_key_class_id class, const struct mf_key *mask)
{
	for (; class != MF_CLASS_ROOT; class = mf_key_classes[class].parent) {
		const struct mf_key_class *row = &mf_key_classes[class];

		if (row->when == MF_WHEN_NE)
			continue;
		if (class_read(row, mask) != (row->width == 2 ? 0xffff : 0xff))
			return false;
	}
	return true;
}

/**
 * mf_key_field_read() - a field's value as an integer
 * @field: a field of at most four bytes
 * @wire: payload of its attribute
 *
 * Context: any.
 * Return: the value in host order.
 */
u32 mf_key_field_read(const struct mf_key_field *field, const void *wire)
{
	const u8 *at = wire + field->wire_off;

	if (field->key_len < field->wire_len)
		return get_unaligned((const u32 *)at);
	if (field->wire_len == 1)
		return *at;
	if (field->wire_len == 2)
		return get_unaligned_be16(at);
	return get_unaligned_be32(at);
}

/**
 * mf_key_field_check() - check the limit of a field
 * @field: the field
 * @attr: its attribute, of the right length
 * @wire: where the value is, usually the payload of @attr
 * @extack: for the refusal
 *
 * Context: any.
 * Return: 0, or -EINVAL with @extack filled.
 */
int mf_key_field_check(const struct mf_key_field *field, const struct nlattr *attr,
		       const void *wire, struct netlink_ext_ack *extack)
{
	if (field->max && mf_key_field_read(field, wire) > field->max)
		return mf_key_refuse(extack, attr, field->refusal);
	return 0;
}

/**
 * mf_key_field_load() - from the wire to a key
 * @field: the field
 * @key: the key
 * @wire: payload of the field's attribute
 *
 * A mask's ones beyond the width of the key are dropped.
 *
 * Context: any.
 */
void mf_key_field_load(const struct mf_key_field *field, struct mf_key *key, const void *wire)
{
	void *to = (u8 *)key + field->key_off;
	u32 value;

	if (field->key_len == field->wire_len) {
		memcpy(to, wire + field->wire_off, field->wire_len);
		return;
	}

	value = mf_key_field_read(field, wire);
	if (field->key_len == 2)
		*(u16 *)to = value;
	else
		*(u8 *)to = value;
}

/**
 * mf_key_field_store() - from a key to the wire
 * @field: the field
 * @key: the key
 * @wire: payload of the field's attribute, zeroed
 *
 * A field whose block is not valid is left zero.
 *
 * Context: any.
 */
void mf_key_field_store(const struct mf_key_field *field, const struct mf_key *key, void *wire)
{
	const void *from = (const u8 *)key + field->key_off;
	u32 value;

	if (!(key->blocks & BIT(field->block)))
		return;
	if (field->key_len == field->wire_len) {
		memcpy(wire + field->wire_off, from, field->wire_len);
		return;
	}

	value = field->key_len == 2 ? *(const u16 *)from : *(const u8 *)from;
	memcpy(wire + field->wire_off, &value, sizeof(value));
}
