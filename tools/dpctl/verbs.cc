// SPDX-License-Identifier: GPL-2.0-only
#include "verbs.h"

namespace dpctl
{

static constexpr size_t MANY = SIZE_MAX;

const std::vector<Verb> &verbs()
{
	/* clang-format off */
	static const std::vector<Verb> rows = {
		{"add-dp", "dp [netdev[,option]...]...", "make a datapath, with ports", 1, MANY, run_add_dp, options_add_dp},
		{"del-dp", "dp", "delete a datapath", 1, 1, run_del_dp, nullptr},
		{"dump-dps", "", "list the datapaths", 0, 0, run_dump_dps, nullptr},
		{"show", "[dp]...", "describe datapaths and their ports; -s adds counters", 0, MANY, run_show, nullptr},
		{"add-if", "dp netdev[,option]...", "add ports: type=, port_no=, ifindex=, upcall_pid=", 2, MANY, run_add_if, nullptr},
		{"del-if", "dp port...", "delete ports", 2, MANY, run_del_if, nullptr},
		{"set-if", "dp port[,option]...", "change ports: upcall_pid=N[:N]...", 2, MANY, run_set_if, nullptr},
		{"dump-flows", "[dp] [filter=KEY]", "print the flows; -m in full", 0, 3, run_dump_flows, nullptr},
		{"get-flow", "[dp] ufid:ID|key", "print one flow", 1, 2, run_get_flow, nullptr},
		{"add-flow", "[dp] flow actions", "add a flow", 2, 3, run_add_flow, nullptr},
		{"mod-flow", "[dp] flow actions", "change a flow; --clear, --may-create", 2, 3, run_mod_flow, nullptr},
		{"del-flow", "[dp] flow", "delete a flow", 1, 2, run_del_flow, nullptr},
		{"add-flows", "[dp] file", "add the flows of a file", 1, 2, run_add_flows, nullptr},
		{"mod-flows", "[dp] file", "change the flows of a file", 1, 2, run_mod_flows, nullptr},
		{"del-flows", "[dp] [file]", "delete all flows, or those of a file", 0, 2, run_del_flows, nullptr},
		{"meter-features", "[dp]", "tell how many meters there may be, and with which bands", 0, 1, run_meter_features, nullptr},
		{"dump-meters", "[dp]", "print the meters", 0, 1, run_dump_meters, nullptr},
		{"get-meter", "[dp] id", "print one meter", 1, 2, run_get_meter, nullptr},
		{"set-meter", "[dp] meter", "make or replace a meter", 1, 2, run_set_meter, nullptr},
		{"del-meter", "[dp] id", "delete a meter; -s prints its last counters", 1, 2, run_del_meter, nullptr},
		{"dump-conntrack", "[dp] [zone=N]", "print the connections; -m in full, -s with counters", 0, 2, run_dump_conntrack, nullptr},
		{"flush-conntrack", "[dp] [zone=N] [tuple [reply-tuple]]", "forget connections, all or some", 0, 4, run_flush_conntrack, nullptr},
		{"ct-stats-show", "[dp] [zone=N]", "count the connections by protocol; -m by TCP state, too", 0, 2, run_ct_stats_show, nullptr},
		{"ct-set-limits", "[dp] [default=N] [zone=N,limit=N]...", "say how many connections zones may have", 1, MANY, run_ct_set_limits, nullptr},
		{"ct-get-limits", "[dp] [zone=N[,N]...]", "print how many connections zones may have, and have", 0, MANY, run_ct_get_limits, nullptr},
		{"ct-del-limits", "[dp] [default] [zone=N[,N]...]", "give zones the default limit; with default, delete that", 1, MANY, run_ct_del_limits, nullptr},
		{"execute", "[dp] packet actions", "run actions on a packet given in hex", 2, 3, run_execute, options_execute},
		{"monitor", "[dp]", "print notifications, and upcalls with --upcalls", 0, 1, run_monitor, options_monitor},
		{"doctor", "", "tell which module is loaded, what it offers and what is missing", 0, 0, run_doctor, nullptr},
		{"cache-get-size", "[dp]", "print the size of the mask cache", 0, 1, run_cache_get_size, nullptr},
		{"cache-set-size", "dp masks-cache size", "set the size of the mask cache", 3, 3, run_cache_set_size, nullptr},
		{"parse-actions", "actions...", "read actions and print them, without a kernel", 1, MANY, run_parse_actions, nullptr},
		{"parse-flow", "flow...", "read a flow's key and print it, without a kernel", 1, MANY, run_parse_flow, nullptr},
		{"describe", "keys|actions", "print the table of all keys or all actions, without a kernel", 1, 1, run_describe, nullptr},
	};
	/* clang-format on */

	return rows;
}

} // namespace dpctl
