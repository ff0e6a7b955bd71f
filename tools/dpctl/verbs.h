/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "app.h"

namespace dpctl
{

/* One function a verb; verbs.cc has the table. */
void run_add_dp(App &app);
void run_del_dp(App &app);
void run_dump_dps(App &app);
void run_show(App &app);
void run_cache_get_size(App &app);
void run_cache_set_size(App &app);
void run_add_if(App &app);
void run_del_if(App &app);
void run_set_if(App &app);
void run_dump_flows(App &app);
void run_get_flow(App &app);
void run_add_flow(App &app);
void run_mod_flow(App &app);
void run_del_flow(App &app);
void run_add_flows(App &app);
void run_mod_flows(App &app);
void run_del_flows(App &app);
void run_meter_features(App &app);
void run_dump_meters(App &app);
void run_get_meter(App &app);
void run_set_meter(App &app);
void run_del_meter(App &app);
void run_dump_conntrack(App &app);
void run_flush_conntrack(App &app);
void run_ct_stats_show(App &app);
void run_ct_set_limits(App &app);
void run_ct_get_limits(App &app);
void run_ct_del_limits(App &app);
void run_execute(App &app);
void run_monitor(App &app);
void run_doctor(App &app);
void run_parse_actions(App &app);
void run_parse_flow(App &app);
void run_describe(App &app);

void options_add_dp(CLI::App &sub, Options &options);
void options_execute(CLI::App &sub, Options &options);
void options_monitor(CLI::App &sub, Options &options);

/** "NETDEV[,type=T][,port_no=N][,ifindex=N][,upcall_pid=N[:N]...]" */
PortWish parse_port_argument(const std::string &text);

Json json_port(const Port &port);
Json json_datapath(const Datapath &dp);

} // namespace dpctl
