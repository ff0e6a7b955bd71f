/* SPDX-License-Identifier: GPL-2.0-only */
#include_next <net/genetlink.h>
#include <megaflow_have.h>

#ifndef MF_COMPAT_NET_GENETLINK_H
#define MF_COMPAT_NET_GENETLINK_H

#ifndef HAVE_GENL_INFO_USERHDR
static inline void *genl_info_userhdr(const struct genl_info *info)
{
	return info->userhdr;
}
#endif

#endif
