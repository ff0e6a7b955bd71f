/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rows of key.def as tables.
 */
#ifndef MF_KEY_FIELD_H
#define MF_KEY_FIELD_H

#include <linux/netlink.h>
#include <linux/types.h>

#include "key.h"

/*
 * enum mf_key_class_id - what must hold for an attribute to be present
 *
 * One enumerator for each KEY_CLASS row.
 */
enum mf_key_class_id {
#define KEY_CLASS(class, parent, member, op, a, b) MF_CLASS_##class,
#include <megaflow/key.def>
	MF_CLASSES,
};

/**
 * enum mf_key_when - how a class compares its member
 * @MF_WHEN_ALWAYS: not at all
 * @MF_WHEN_EQ: equals a
 * @MF_WHEN_EITHER: equals a or b
 * @MF_WHEN_NE: differs from a
 */
enum mf_key_when {
	MF_WHEN_ALWAYS,
	MF_WHEN_EQ,
	MF_WHEN_EITHER,
	MF_WHEN_NE,
};

/**
 * struct mf_key_class - a KEY_CLASS row
 * @parent: enum mf_key_class_id that must hold as well; ROOT is its own parent
 * @when: enum mf_key_when
 * @width: bytes of the member; two bytes are in network order
 * @key_off: offset of the member in struct mf_key
 * @a: value to compare with, in host order
 * @b: other value to compare with
 */
struct mf_key_class {
	u8 parent;
	u8 when;
	u8 width;
	u16 key_off;
	u16 a;
	u16 b;
};

/**
 * enum mf_key_form - who knows what an attribute looks like
 * @MF_FORM_FIELDS: the field rows say it all
 * @MF_FORM_VLAN: vlan.c
 * @MF_FORM_ENCAP: vlan.c
 * @MF_FORM_TUNNEL: tunnel.c
 * @MF_FORM_MPLS: mpls.c
 * @MF_FORM_NSH: nsh.c
 */
enum mf_key_form {
	MF_FORM_FIELDS,
	MF_FORM_VLAN,
	MF_FORM_ENCAP,
	MF_FORM_TUNNEL,
	MF_FORM_MPLS,
	MF_FORM_NSH,
};

/**
 * enum mf_key_need - must a key of its class carry the attribute?
 * @MF_NEED_OPTIONAL: no
 * @MF_NEED_REQUIRED: yes
 */
enum mf_key_need {
	MF_NEED_OPTIONAL,
	MF_NEED_REQUIRED,
};

/**
 * enum mf_key_set - may SET and SET_MASKED change the field?
 * @MF_SET_RO: no
 * @MF_SET_RW: yes
 */
enum mf_key_set {
	MF_SET_RO,
	MF_SET_RW,
};

/**
 * struct mf_key_field - a KEY_FIELD row
 * @attr: OVS_KEY_ATTR_* that it belongs to
 * @set: enum mf_key_set
 * @block: enum mf_block that holds it
 * @wire_off: offset in the attribute's payload
 * @wire_len: bytes there
 * @key_off: offset in struct mf_key
 * @key_len: bytes there; fewer than @wire_len only for an integer in host order
 * @max: the largest value in host order, 0 for no limit
 * @text: name, empty if the attribute has one field only
 * @refusal: what to say of a value above @max
 */
struct mf_key_field {
	u8 attr;
	u8 set;
	u8 block;
	u8 wire_off;
	u8 wire_len;
	u8 key_len;
	u16 key_off;
	u32 max;
	const char *text;
	const char *refusal;
};

/**
 * struct mf_key_attr - a KEY_ATTR row
 * @attr: OVS_KEY_ATTR_*, 0 for a number that has no row
 * @class: enum mf_key_class_id
 * @need: enum mf_key_need
 * @form: enum mf_key_form
 * @len: exact payload length if @form is MF_FORM_FIELDS or MF_FORM_VLAN
 * @text: name, for messages
 * @fields: the first of its fields; mf_key_field_each() walks them
 * @bad_len: what to say of a wrong length
 * @twice: ... of a second one
 * @missing: ... of a key that lacks it
 * @unmatched: ... of a mask for it that the key and mask do not allow
 */
struct mf_key_attr {
	u8 attr;
	u8 class;
	u8 need;
	u8 form;
	u16 len;
	const char *text;
	const struct mf_key_field *fields;
	const char *bad_len;
	const char *twice;
	const char *missing;
	const char *unmatched;
};

/* The rows in the order of the wire, ended by one whose attr is 0. */
extern const struct mf_key_attr mf_key_attrs[];
extern const struct mf_key_class mf_key_classes[MF_CLASSES];

/**
 * mf_key_attr_each() - walk all attribute rows in the order of the wire
 * @row: struct mf_key_attr pointer to walk with
 */
#define mf_key_attr_each(row) for ((row) = mf_key_attrs; (row)->attr; (row)++)

/**
 * mf_key_field_each() - walk the fields of an attribute
 * @field: struct mf_key_field pointer to walk with
 * @row: the attribute's row
 */
#define mf_key_field_each(field, row) \
	for ((field) = (row)->fields; (field)->attr == (row)->attr; (field)++)

const struct mf_key_attr *mf_key_attr_find(u16 type);
int mf_key_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr, const char *msg);
int mf_key_attr_check(const struct mf_key_attr *row, const struct nlattr *attr,
		      struct netlink_ext_ack *extack);

bool mf_key_class_holds(enum mf_key_class_id class, const struct mf_key *key);
u32 mf_key_classes_held(const struct mf_key *key);
bool mf_key_class_exact(enum mf_key_class_id class, const struct mf_key *mask);

u32 mf_key_field_read(const struct mf_key_field *field, const void *wire);
int mf_key_field_check(const struct mf_key_field *field, const struct nlattr *attr,
		       const void *wire, struct netlink_ext_ack *extack);
void mf_key_field_load(const struct mf_key_field *field, struct mf_key *key, const void *wire);
void mf_key_field_store(const struct mf_key_field *field, const struct mf_key *key, void *wire);

#endif
