/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registry of masks: one of each content, counted by its flows.
 */
#ifndef MF_TABLE_REGISTRY_H
#define MF_TABLE_REGISTRY_H

struct mf_mask;
struct mf_table;

int mf_registry_init(struct mf_table *table);
void mf_registry_destroy(struct mf_table *table);
struct mf_mask *mf_registry_get(struct mf_table *table, struct mf_mask *mask);
void mf_registry_put(struct mf_table *table, struct mf_mask *mask);

#endif
