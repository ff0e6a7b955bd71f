// SPDX-License-Identifier: GPL-2.0-only
/* add-dp, del-dp, dump-dps, show, and the size of the mask cache. */
#include "drops.h"
#include "verbs.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>

namespace dpctl
{

static uint32_t parse_features(const std::string &text)
{
	return static_cast<uint32_t>(argument_number("--features", text, UINT32_MAX));
}

void options_add_dp(CLI::App &sub, Options &options)
{
	sub.add_option("--features", options.features, "user features, OVS_DP_F_* as a number");
	sub.add_option("--cache-size", options.cache_size, "mask cache entries per CPU");
	sub.add_option("--upcall-pid", options.upcall_pid, "netlink port id for the local port");
	sub.add_option("--ifindex", options.ifindex, "interface index of the local port");
}

void run_add_dp(App &app)
{
	const std::string name = plain_name(app.options.args[0]);
	DatapathWish wish;
	std::vector<PortWish> ports;

	for (size_t i = 1; i < app.options.args.size(); i++)
		ports.push_back(parse_port_argument(app.options.args[i]));
	wish.upcall_pid = app.options.upcall_pid.value_or(0);
	wish.user_features = app.options.features ? parse_features(*app.options.features)
						  : OVS_DP_F_UNALIGNED | OVS_DP_F_VPORT_PIDS;
	wish.masks_cache_size = app.options.cache_size;
	wish.ifindex = app.options.ifindex;

	const Datapath dp = new_datapath(app.client(), name, wish);
	try {
		for (const PortWish &port : ports)
			new_port(app.client(), dp.ifindex, port);
	} catch (const Error &) {
		delete_datapath(app.client(), name); /* all or nothing */
		throw;
	}
	if (app.options.json)
		App::print_json(json_datapath(dp));
}

void run_del_dp(App &app)
{
	const Datapath dp = app.datapath_named(app.options.args[0]);

	guard_owner(app, dp, "del-dp");
	delete_datapath(app.client(), dp.name);
	if (app.options.json)
		App::print_json({{"deleted", dp.name}});
}

void run_dump_dps(App &app)
{
	Json out = Json::array();

	for (const Datapath &dp : dump_datapaths(app.client())) {
		if (app.options.json)
			out.push_back(dp.name);
		else
			fmt::print("system@{}\n", dp.name);
	}
	if (app.options.json)
		App::print_json(out);
}

/* ---- show ---- */

static constexpr const char *device_counters[] = {"rx_over_errors", "rx_frame_errors",
						  "tx_aborted_errors", "tx_carrier_errors",
						  "collisions"};
enum { RX_OVER, RX_FRAME, TX_ABORTED, TX_CARRIER, COLLISIONS, DEVICE_COUNTERS };

using DeviceCounters = std::array<std::optional<uint64_t>, DEVICE_COUNTERS>;

/* What the datapath does not count; unknown if the device lives elsewhere. */
static DeviceCounters read_device_counters(const Port &port)
{
	DeviceCounters counters;

	if (port.netnsid)
		return counters;
	for (size_t i = 0; i < DEVICE_COUNTERS; i++) {
		std::ifstream file(fmt::format("/sys/class/net/{}/statistics/{}", port.name,
					       device_counters[i]));
		uint64_t value;

		if (file >> value)
			counters[i] = value;
	}
	return counters;
}

static std::string counter_text(const std::optional<uint64_t> &value)
{
	return value ? fmt::format("{}", *value) : "?";
}

static std::string human_size(uint64_t bytes)
{
	static constexpr const char *units[] = {"KiB", "MiB", "GiB", "TiB"};
	double size = static_cast<double>(bytes);
	size_t unit = 0;

	if (bytes < 1024)
		return "";
	for (size /= 1024; size >= 1024 && unit + 1 < std::size(units); unit++)
		size /= 1024;
	return fmt::format(" ({:.1f} {})", size, units[unit]);
}

static void print_port_statistics(const Port &port, bool more)
{
	const DeviceCounters device = read_device_counters(port);
	const ovs_vport_stats &s = port.stats;

	fmt::print("    RX packets:{} errors:{} dropped:{} overruns:{} frame:{}\n", s.rx_packets,
		   s.rx_errors, s.rx_dropped, counter_text(device[RX_OVER]),
		   counter_text(device[RX_FRAME]));
	fmt::print("    TX packets:{} errors:{} dropped:{} aborted:{} carrier:{}\n", s.tx_packets,
		   s.tx_errors, s.tx_dropped, counter_text(device[TX_ABORTED]),
		   counter_text(device[TX_CARRIER]));
	fmt::print("    collisions:{}\n", counter_text(device[COLLISIONS]));
	fmt::print("    RX bytes:{}{}  TX bytes:{}{}\n", s.rx_bytes, human_size(s.rx_bytes),
		   s.tx_bytes, human_size(s.tx_bytes));
	if (more && port.upcalls_sent && port.upcalls_lost)
		fmt::print("    upcalls sent:{} lost:{}\n", *port.upcalls_sent, *port.upcalls_lost);
}

static double per_packet(uint64_t count, const ovs_dp_stats &stats)
{
	const uint64_t packets = stats.n_hit + stats.n_missed;

	return packets ? static_cast<double>(count) / static_cast<double>(packets) : 0;
}

static void print_datapath(App &app, const Datapath &dp, const std::vector<Port> &ports)
{
	const ovs_dp_stats &s = dp.stats;

	fmt::print("system@{}:\n", dp.name);
	fmt::print("  lookups: hit:{} missed:{} lost:{}\n", s.n_hit, s.n_missed, s.n_lost);
	fmt::print("  flows: {}\n", s.n_flows);
	if (dp.megaflow) {
		fmt::print("  masks: hit:{} total:{} hit/pkt:{:.2f}\n", dp.megaflow->n_mask_hit,
			   dp.megaflow->n_masks, per_packet(dp.megaflow->n_mask_hit, s));
		if (dp.megaflow->n_cache_hit)
			fmt::print("  cache: hit:{} hit-rate:{:.2f}%\n", dp.megaflow->n_cache_hit,
				   100 * per_packet(dp.megaflow->n_cache_hit, s));
	}
	if (dp.masks_cache_size)
		fmt::print("  caches:\n    masks-cache: size:{}\n", *dp.masks_cache_size);
	if (app.options.statistics)
		for (const DropCounter &drop : get_drops(app.client(), dp.ifindex))
			if (drop.packets)
				fmt::print("  dropped {}:{} ({})\n", drop.name, drop.packets,
					   drop.text);
	for (const Port &port : ports) {
		fmt::print("  port {}: {}", port.number, port.name);
		if (port.type != OVS_VPORT_TYPE_NETDEV)
			fmt::print(" ({})", port_type_name(port.type));
		fmt::print("\n");
		if (app.options.statistics)
			print_port_statistics(port, app.options.more);
	}
}

Json json_port(const Port &port)
{
	Json out = {{"port_no", port.number},
		    {"name", port.name},
		    {"type", port_type_name(port.type)},
		    {"upcall_pids", port.upcall_pids},
		    {"rx_packets", port.stats.rx_packets},
		    {"tx_packets", port.stats.tx_packets},
		    {"rx_bytes", port.stats.rx_bytes},
		    {"tx_bytes", port.stats.tx_bytes},
		    {"rx_errors", port.stats.rx_errors},
		    {"tx_errors", port.stats.tx_errors},
		    {"rx_dropped", port.stats.rx_dropped},
		    {"tx_dropped", port.stats.tx_dropped}};

	if (port.ifindex)
		out["ifindex"] = *port.ifindex;
	if (port.netnsid)
		out["netnsid"] = *port.netnsid;
	if (port.upcalls_sent)
		out["upcalls_sent"] = *port.upcalls_sent;
	if (port.upcalls_lost)
		out["upcalls_lost"] = *port.upcalls_lost;
	return out;
}

Json json_datapath(const Datapath &dp)
{
	Json out = {{"name", dp.name},
		    {"ifindex", dp.ifindex},
		    {"user_features", dp.user_features},
		    {"hit", dp.stats.n_hit},
		    {"missed", dp.stats.n_missed},
		    {"lost", dp.stats.n_lost},
		    {"flows", dp.stats.n_flows}};

	if (dp.megaflow) {
		out["mask_hit"] = dp.megaflow->n_mask_hit;
		out["masks"] = dp.megaflow->n_masks;
		out["cache_hit"] = dp.megaflow->n_cache_hit;
	}
	if (dp.masks_cache_size)
		out["masks_cache_size"] = *dp.masks_cache_size;
	if (!dp.per_cpu_pids.empty())
		out["per_cpu_pids"] = dp.per_cpu_pids;
	return out;
}

void run_show(App &app)
{
	std::vector<Datapath> dps;
	Json out = Json::array();

	for (const std::string &name : app.options.args)
		dps.push_back(app.datapath_named(name));
	if (app.options.args.empty())
		dps = dump_datapaths(app.client());

	for (const Datapath &dp : dps) {
		const auto ports = dump_ports(app.client(), dp.ifindex);

		if (!app.options.json) {
			print_datapath(app, dp, ports);
			continue;
		}
		Json one = json_datapath(dp);
		for (const DropCounter &drop : get_drops(app.client(), dp.ifindex))
			one["drops"][drop.name] = drop.packets;
		one["ports"] = Json::array();
		for (const Port &port : ports)
			one["ports"].push_back(json_port(port));
		out.push_back(std::move(one));
	}
	if (app.options.json)
		App::print_json(out);
}

/* ---- the mask cache ---- */

void run_cache_get_size(App &app)
{
	std::vector<std::string> rest;
	const Datapath dp = app.datapath(0, rest);

	if (app.options.json) {
		App::print_json(
			{{"name", dp.name}, {"masks-cache", dp.masks_cache_size.value_or(0)}});
		return;
	}
	fmt::print("system@{}:\n  caches:\n", dp.name);
	if (dp.masks_cache_size)
		fmt::print("    masks-cache: size:{}\n", *dp.masks_cache_size);
}

void run_cache_set_size(App &app)
{
	const auto size =
		static_cast<uint32_t>(argument_number("size", app.options.args[2], UINT32_MAX));

	if (app.options.args[1] != "masks-cache")
		throw UsageError(fmt::format("\"{}\" is no cache: there is masks-cache",
					     app.options.args[1]));

	const Datapath dp = app.datapath_named(app.options.args[0]);
	guard_owner(app, dp, "cache-set-size");

	DatapathWish wish;
	wish.masks_cache_size = size;
	const Datapath after = set_datapath(app.client(), dp.name, wish);
	if (app.options.json)
		App::print_json(json_datapath(after));
	else
		fmt::print("Setting cache size successful, new size {}\n",
			   after.masks_cache_size.value_or(0));
}

} // namespace dpctl
