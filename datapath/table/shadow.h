/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table's shadow: some lookups are checked by looking at every flow.
 */
#ifndef MF_TABLE_SHADOW_H
#define MF_TABLE_SHADOW_H

#include <linux/compiler.h>
#include <linux/types.h>

struct mf_flow;
struct mf_key;
struct mf_table;

extern unsigned int mf_shadow_every;

u32 mf_shadow_begin(const struct mf_table *table);
void mf_shadow_end(const struct mf_table *table, struct mf_key *key, const struct mf_flow *flow,
		   u32 began);

/* Is this lookup to be checked? */
static inline bool mf_shadow_wanted(void)
{
	return unlikely(READ_ONCE(mf_shadow_every));
}

#endif
