// SPDX-License-Identifier: GPL-2.0-only
// Can a module register drop reasons as Open vSwitch? Since 6.6.
#include <linux/skbuff.h>
#include <net/dropreason.h>

void probe(const struct drop_reason_list *list)
{
	drop_reasons_register_subsys(SKB_DROP_REASON_SUBSYS_OPENVSWITCH, list);
}
