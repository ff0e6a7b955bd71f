// SPDX-License-Identifier: GPL-2.0-only
// Is there genl_info_userhdr()? Since 6.6.
#include <net/genetlink.h>

void *(*probe)(const struct genl_info *info) = genl_info_userhdr;
