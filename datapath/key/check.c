// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether the attributes of a KEY belong together, and what a MASK may cover.
 */
#include <linux/if_ether.h>

#include "attrs.h"
#include "field.h"
#include "match.h"

/* Attributes that a mask may always carry, even if the key does not. */
#define ALWAYS_MASKABLE (BIT_ULL(OVS_KEY_ATTR_TUNNEL) |	\
			 BIT_ULL(OVS_KEY_ATTR_IN_PORT) |	\
			 BIT_ULL(OVS_KEY_ATTR_ETHERTYPE))

/**
 * mf_key_check() - does a key carry all that its classes need?
 * @key: the key
 * @list: its attributes, innermost level
 * @whole: KEY, to point at when something is missing
 * @extack: for the refusal
 *
 * Context: any.
 * Return: 0, or -EINVAL with @extack filled.
 */
int mf_key_check(const struct mf_key *key, const struct mf_attrs *list,
		 const struct nlattr *whole, struct netlink_ext_ack *extack)
{
	u32 held = mf_key_classes_held(key);
	const struct mf_key_attr *row;

	mf_key_attr_each(row) {
		if (row->need != MF_NEED_REQUIRED || mf_attrs_get(list, row->attr))
			continue;
		if (held & BIT(row->class))
			return mf_key_refuse(extack, whole, row->missing);
	}
	return 0;
}

static bool maskable(const struct mf_key_attr *row, const struct mf_match *match, u64 key_present)
{
	if (ALWAYS_MASKABLE & BIT_ULL(row->attr))
		return true;
	if (!(key_present & BIT_ULL(row->attr)))
		return false;
	return mf_key_class_holds(row->class, &match->key) &&
	       mf_key_class_exact(row->class, &match->mask);
}

/**
 * mf_mask_check() - does a mask cover only what it may?
 * @match: key and mask, both parsed
 * @key_present: bitmap of the attributes of the key, innermost level
 * @list: attributes of the mask, innermost level
 * @extack: for the refusal
 *
 * A field may be matched only where the fields that say it exists are matched
 * exactly.
 *
 * Context: any.
 * Return: 0, or -EINVAL with @extack filled.
 */
int mf_mask_check(const struct mf_match *match, u64 key_present, const struct mf_attrs *list,
		  struct netlink_ext_ack *extack)
{
	const struct mf_key_attr *row;

	mf_key_attr_each(row) {
		if (mf_attrs_get(list, row->attr) && !maskable(row, match, key_present))
			return mf_key_refuse(extack, list->at[row->attr], row->unmatched);
	}
	return 0;
}
