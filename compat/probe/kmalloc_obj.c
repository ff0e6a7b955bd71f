// SPDX-License-Identifier: GPL-2.0-only
// Are there allocators that take a type, kmalloc_obj() and family? Since 7.0.
#include <linux/slab.h>

struct list { int n; int item[]; };

void *probe(int n)
{
	struct list *list = kvzalloc_flex(*list, item, n);

	return n ? (void *)list : kzalloc_obj(*list, GFP_ATOMIC);
}
