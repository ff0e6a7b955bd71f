// SPDX-License-Identifier: GPL-2.0-only
// Is there a policy for "at most so many bytes"? Since 7.0 or so.
#include <net/netlink.h>

const struct nla_policy probe = NLA_POLICY_MAX_LEN(16);
