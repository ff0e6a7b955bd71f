// SPDX-License-Identifier: GPL-2.0-only
// Has <asm/unaligned.h> moved to linux/? Since 6.12.
#include <linux/unaligned.h>

u32 probe(const void *p)
{
	return get_unaligned_be32(p);
}
