// SPDX-License-Identifier: GPL-2.0-only
// Are there readers of attributes that may be absent? Since 6.13.
#include <net/netlink.h>

u32 (*probe)(const struct nlattr *nla, u32 def) = nla_get_u32_default;
