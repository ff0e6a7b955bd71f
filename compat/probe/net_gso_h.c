// SPDX-License-Identifier: GPL-2.0-only
// Is segmentation declared in a header of its own? Since 6.5.
#include <net/gso.h>

bool (*probe)(const struct sk_buff *skb, unsigned int len) = skb_gso_validate_mac_len;
