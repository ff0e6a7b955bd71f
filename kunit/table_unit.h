/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The whole of the table, and what it takes from the key.
 */
#ifndef MF_KUNIT_TABLE_UNIT_H
#define MF_KUNIT_TABLE_UNIT_H

#include <kunit/test.h>

#include "../datapath/key/field.c"
#include "../datapath/key/key.c"
#include "../datapath/key/ufid.c"
#include "../datapath/table/cache.c"
#include "../datapath/table/digits.c"
#include "../datapath/table/flow.c"
#include "../datapath/table/mask.c"
#include "../datapath/table/node.c"
#include "../datapath/table/plan.c"
#include "../datapath/table/registry.c"
#include "../datapath/table/review.c"
#include "../datapath/table/search.c"
#include "../datapath/table/shadow.c"
#include "../datapath/table/shape.c"
#include "../datapath/table/signature.c"
#include "../datapath/table/slots.c"
#include "../datapath/table/table.c"
#include "../datapath/table/tree.c"
#include "../datapath/table/vectors.c"

/* Programs are another unit's: here a flow has none. */
void mf_program_free(struct mf_program *prog)
{
}

#endif
