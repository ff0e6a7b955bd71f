/* SPDX-License-Identifier: GPL-2.0-only */
#include_next <net/dst.h>
#include <megaflow_have.h>

#ifndef MF_COMPAT_NET_DST_H
#define MF_COMPAT_NET_DST_H

/* Older kernels ask how many references there are at first: always one. */
#ifndef HAVE_DST_INIT_WITHOUT_REF
#define dst_init(dst, ops, dev, initial_obsolete, flags)		\
	(dst_init)(dst, ops, dev, 1, initial_obsolete, flags)
#endif

#endif
