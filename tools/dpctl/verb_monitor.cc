// SPDX-License-Identifier: GPL-2.0-only
/* monitor: what the kernel announces, and on request the upcalls of ports. */
#include "flow.h"
#include "packet.h"
#include "verbs.h"

#include <CLI/CLI.hpp>
#include <csignal>
#include <fmt/format.h>
#include <linux/netlink.h>
#include <nlohmann/json.hpp>

namespace dpctl
{

static volatile std::sig_atomic_t stopped;

static void on_signal(int)
{
	stopped = 1;
}

void options_monitor(CLI::App &sub, Options &options)
{
	sub.add_option("--upcalls", options.upcall_ports,
		       "take the upcalls of these ports (PORT[,PORT]... or all) while it runs");
	sub.add_option("--count", options.count, "stop after that many events");
}

/** Redirects upcalls to a socket for as long as it lives. */
class UpcallTap
{
public:
	UpcallTap(App &application, const Datapath &datapath, uint32_t portid)
	    : app(application), dp(datapath)
	{
		if (app.options.upcall_ports.empty())
			return;
		guard_owner(app, dp, "monitor --upcalls");
		if (dp.user_features & OVS_DP_F_DISPATCH_UPCALL_PER_CPU)
			tap_datapath(portid);
		else
			tap_ports(portid);
	}

	~UpcallTap()
	{
		try {
			restore();
		} catch (const Error &error) {
			fmt::print(stderr, "dpctl: cannot give the upcalls back: {}\n",
				   error.what());
		}
	}
	UpcallTap(const UpcallTap &) = delete;
	UpcallTap &operator=(const UpcallTap &) = delete;

private:
	void tap_datapath(uint32_t portid)
	{
		DatapathWish wish;

		wish.per_cpu_pids = {portid};
		set_datapath(app.client(), dp.name, wish);
		whole = true;
	}

	void tap_ports(uint32_t portid)
	{
		for (const Port &port : dump_ports(app.client(), dp.ifindex)) {
			if (!is_wanted(port))
				continue;
			PortWish wish;

			wish.upcall_pids = {portid};
			set_port(app.client(), dp.ifindex, port.number, wish);
			tapped.push_back(port);
		}
		if (tapped.empty())
			throw Error(fmt::format("\"{}\" names no port of {}",
						app.options.upcall_ports, dp.name));
	}

	bool is_wanted(const Port &port) const
	{
		Cursor in("ports", app.options.upcall_ports);

		for (; !in.done(); in.eat(",")) {
			const std::string_view word = in.until(",");

			if (word == "all" || word == port.name ||
			    word == fmt::format("{}", port.number))
				return true;
		}
		return false;
	}

	void restore()
	{
		if (whole) {
			DatapathWish wish;

			wish.per_cpu_pids = dp.per_cpu_pids;
			if (wish.per_cpu_pids.empty())
				wish.per_cpu_pids = {0};
			set_datapath(app.client(), dp.name, wish);
		}
		for (const Port &port : tapped) {
			PortWish wish;

			wish.upcall_pids = port.upcall_pids;
			if (wish.upcall_pids.empty())
				wish.upcall_pids = {0};
			try {
				set_port(app.client(), dp.ifindex, port.number, wish);
			} catch (const KernelError &) {
				/* the port is gone, and its upcalls with it */
			}
		}
	}

	App &app;
	Datapath dp;
	bool whole = false;
	std::vector<Port> tapped;
};

static const char *verb_of(uint8_t cmd)
{
	static constexpr const char *words[] = {"?", "new", "del", "get", "set"};

	return cmd < std::size(words) ? words[cmd] : "?";
}

/** Turns messages into lines. */
class EventPrinter
{
public:
	EventPrinter(App &application, const Datapath &datapath)
	    : app(application), dp(datapath), names(app.names_of(datapath))
	{
	}

	/** @return false for messages about other datapaths */
	bool print(const Message &m)
	{
		if (m.dp_ifindex != dp.ifindex)
			return false;
		if (m.family == app.client().family(OVS_DATAPATH_FAMILY).id)
			print_datapath(m);
		else if (m.family == app.client().family(OVS_VPORT_FAMILY).id)
			print_port(m);
		else if (m.family == app.client().family(OVS_FLOW_FAMILY).id)
			print_flow(m);
		else if (m.family == app.client().family(OVS_PACKET_FAMILY).id)
			print_upcall(m);
		else
			return false;
		fflush(stdout);
		return true;
	}

private:
	TextStyle style() const { return {app.options.more, app.wants_names() ? &names : nullptr}; }

	static void print_line(Json event) { fmt::print("{}\n", event.dump()); }

	void print_datapath(const Message &m)
	{
		const Datapath seen = parse_datapath(m);

		if (app.options.json)
			print_line({{"event", std::string("dp-") + verb_of(m.cmd)},
				    {"datapath", json_datapath(seen)}});
		else
			fmt::print("dp {}: {} features:{:#x}\n", verb_of(m.cmd), seen.name,
				   seen.user_features);
	}

	void print_port(const Message &m)
	{
		const Port port = parse_port(m);

		if (m.cmd == OVS_VPORT_CMD_NEW)
			names.add(port.number, port.name);
		if (app.options.json)
			print_line({{"event", std::string("port-") + verb_of(m.cmd)},
				    {"port", json_port(port)}});
		else
			fmt::print("port {}: {}: {} ({})\n", verb_of(m.cmd), port.number, port.name,
				   port_type_name(port.type));
	}

	void print_flow(const Message &m)
	{
		const Flow flow = parse_flow(m);

		if (app.options.json)
			print_line({{"event", std::string("flow-") + verb_of(m.cmd)},
				    {"flow", json_flow(flow, style())}});
		else
			fmt::print("flow {}: {}\n", verb_of(m.cmd), format_flow(flow, style()));
	}

	void print_upcall(const Message &m)
	{
		const Upcall upcall = parse_upcall(m);

		if (app.options.json)
			print_line(json_upcall(upcall, style()));
		else
			fmt::print("upcall {}\n", format_upcall(upcall, style()));
	}

	App &app;
	Datapath dp;
	PortNames names;
};

static void catch_signals()
{
	struct sigaction action {
	};

	action.sa_handler = on_signal;
	sigaction(SIGINT, &action, nullptr);
	sigaction(SIGTERM, &action, nullptr);
}

void run_monitor(App &app)
{
	static constexpr int BUFFER = 8 * 1024 * 1024;
	std::vector<std::string> rest;
	const Datapath dp = app.datapath(0, rest);
	Socket events(NETLINK_GENERIC);
	uint64_t seen = 0, lost = 0;

	events.set_receive_buffer(BUFFER);
	for (const char *family : {OVS_DATAPATH_FAMILY, OVS_VPORT_FAMILY, OVS_FLOW_FAMILY}) {
		const Family &found = app.client().family(family);
		const auto group = found.groups.find(family);

		if (group != found.groups.end())
			events.join(group->second);
	}

	EventPrinter printer(app, dp);
	catch_signals();
	const UpcallTap tap(app, dp, events.portid());
	while (!stopped && (!app.options.count || seen < app.options.count)) {
		events.receive(-1, [&](const Message &m) { seen += printer.print(m); });
		if (events.overruns() != lost) {
			lost = events.overruns();
			fmt::print(stderr, "dpctl: events came too fast, some are lost\n");
		}
	}
}

} // namespace dpctl
