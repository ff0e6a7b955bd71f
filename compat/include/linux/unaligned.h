/* SPDX-License-Identifier: GPL-2.0-only */
#include <megaflow_have.h>
#ifdef HAVE_LINUX_UNALIGNED_H
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif
