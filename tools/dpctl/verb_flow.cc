// SPDX-License-Identifier: GPL-2.0-only
/* Verbs about one flow or a table of them. */
#include "action.h"
#include "filter.h"
#include "flow_text.h"
#include "key_class.h"
#include "verbs.h"

#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <linux/netlink.h>
#include <nlohmann/json.hpp>

namespace dpctl
{

static TextStyle style_of(App &app, const PortNames &names)
{
	return {app.options.more, app.wants_names() ? &names : nullptr};
}

/* ---- dump-flows, get-flow ---- */

/* Separates "key=value" arguments of dump-flows from the datapath's name. */
static std::string take_filter(std::vector<std::string> &args)
{
	std::string filter;

	for (auto it = args.begin(); it != args.end();) {
		if (it->starts_with("filter=")) {
			filter = it->substr(7);
		} else if (it->starts_with("type=")) {
			if (*it != "type=ovs" && *it != "type=all")
				throw UsageError(fmt::format(
					"\"{}\": the kernel's flows have type ovs", *it));
		} else {
			++it;
			continue;
		}
		it = args.erase(it);
	}
	if (args.size() > 1)
		throw UsageError(fmt::format("\"{}\" is no argument of dump-flows: it takes [dp] "
					     "[filter=KEY]",
					     args[1]));
	return filter;
}

void run_dump_flows(App &app)
{
	std::vector<std::string> args = app.options.args;
	const std::string text = take_filter(args);
	const Datapath dp = args.empty() ? app.only_datapath() : app.datapath_named(args[0]);
	const PortNames names = app.names_of(dp);
	const TextStyle style = style_of(app, names);
	std::optional<Filter> filter;
	Json out = Json::array();

	if (!text.empty())
		filter.emplace(text, &names);
	dump_flows(app.client(), dp.ifindex, [&](const Flow &flow) {
		if (filter && !filter->picks(decode_key(flow.key, flow.mask)))
			return;
		if (app.options.json)
			out.push_back(json_flow(flow, style));
		else
			fmt::print("{}\n", format_flow(flow, style));
	});
	if (app.options.json)
		App::print_json(out);
}

static void print_flow(App &app, const Datapath &dp, const Flow &flow)
{
	const PortNames names = app.names_of(dp);
	const TextStyle style = style_of(app, names);

	if (app.options.json)
		App::print_json(json_flow(flow, style));
	else
		fmt::print("{}\n", format_flow(flow, style));
}

void run_get_flow(App &app)
{
	std::vector<std::string> rest;
	const Datapath dp = app.datapath(1, rest);
	const PortNames names = app.names_of(dp);

	print_flow(app, dp, get_flow(app.client(), dp.ifindex, parse_flow_name(rest[0], &names)));
}

/* ---- add-flow, mod-flow, del-flow ---- */

/* If the kernel found a key invalid and said no more, say what the key lacks. */
static void explain_refusal(const KernelError &error, const FlowName &name)
{
	if (error.code != EINVAL || !error.message.empty() || !name.key)
		return;

	const auto missing = missing_attrs(*name.key);
	if (!missing.empty())
		throw KernelError(fmt::format("{}: the key also needs {}", error.what(),
					      fmt::join(missing, ", ")),
				  error.code, "lacks an attribute", "KEY");
}

static void create(App &app, const Datapath &dp, const FlowName &name, const FlowChange &change)
{
	try {
		new_flow(app.client(), dp.ifindex, name, change, NLM_F_CREATE | NLM_F_EXCL);
	} catch (const KernelError &error) {
		explain_refusal(error, name);
		throw;
	}
}

static void print_stats(App &app, const Flow &flow)
{
	if (app.options.json)
		App::print_json(json_flow(flow, {app.options.more, nullptr}));
	else if (app.options.statistics)
		fmt::print("{}\n", format_flow_stats(flow));
}

void run_add_flow(App &app)
{
	std::vector<std::string> rest;
	const Datapath dp = app.datapath(2, rest);
	const PortNames names = app.names_of(dp);
	FlowChange change;

	const FlowName name = parse_flow_name(rest[0], &names);
	change.actions = parse_actions("actions", rest[1], &names);
	if (!name.key)
		throw UsageError("a new flow needs a key besides its ufid");
	create(app, dp, name, change);
	if (app.options.json)
		App::print_json(json_flow(get_flow(app.client(), dp.ifindex, name), {}));
}

static Flow modify(App &app, const Datapath &dp, const FlowName &name, const FlowChange &change)
{
	try {
		return set_flow(app.client(), dp.ifindex, name, change);
	} catch (const KernelError &error) {
		explain_refusal(error, name);
		if (error.code != ENOENT || !app.options.may_create)
			throw;
	}
	create(app, dp, name, change);
	return get_flow(app.client(), dp.ifindex, name);
}

void run_mod_flow(App &app)
{
	std::vector<std::string> rest;
	const Datapath dp = app.datapath(2, rest);
	const PortNames names = app.names_of(dp);
	FlowChange change;

	const FlowName name = parse_flow_name(rest[0], &names);
	change.actions = parse_actions("actions", rest[1], &names);
	change.clear = app.options.clear;
	if (!name.key)
		throw UsageError("the kernel checks actions against the key: give it besides the "
				 "ufid");
	guard_owner(app, dp, "mod-flow");
	print_stats(app, modify(app, dp, name, change));
}

void run_del_flow(App &app)
{
	std::vector<std::string> rest;
	const Datapath dp = app.datapath(1, rest);
	const PortNames names = app.names_of(dp);
	const FlowName name = parse_flow_name(rest[0], &names);

	guard_owner(app, dp, "del-flow");
	print_stats(app, delete_flow(app.client(), dp.ifindex, name));
}

/* ---- files of flows ---- */

/* Reads the whole file before anything is sent: a typo leaves nothing half done. */
static std::vector<FlowLine> read_flow_file(const std::string &path, FlowVerb verb,
					    const PortNames &names)
{
	std::ifstream file;
	std::vector<FlowLine> lines;
	std::string text;

	if (path != "-") {
		file.open(path);
		if (!file)
			throw Error(fmt::format("{}: {}", path, strerror(errno)));
	}
	std::istream &in = path == "-" ? std::cin : file;
	for (size_t number = 1; std::getline(in, text); number++) {
		const size_t first = text.find_first_not_of(" \t\r");

		if (first == std::string::npos || text[first] == '#')
			continue;
		try {
			lines.push_back(parse_flow_line(text, verb, &names));
			if (!lines.back().name.key && lines.back().verb != FlowVerb::DELETE)
				throw SyntaxError("the flow has a ufid but no key", 0);
		} catch (const SyntaxError &error) {
			throw SyntaxError(fmt::format("{}:{}: {}", path == "-" ? "stdin" : path,
						      number, error.what()),
					  error.position);
		}
	}
	return lines;
}

static void apply_line(App &app, const Datapath &dp, const FlowLine &line)
{
	FlowChange change;

	if (line.verb == FlowVerb::DELETE) {
		delete_flow(app.client(), dp.ifindex, line.name);
		return;
	}
	change.actions = line.actions;
	change.clear = app.options.clear;
	if (line.verb == FlowVerb::ADD)
		create(app, dp, line.name, change);
	else
		modify(app, dp, line.name, change);
}

static void run_flow_file(App &app, const Datapath &dp, const std::string &path, FlowVerb verb)
{
	const auto lines = read_flow_file(path, verb, app.names_of(dp));
	size_t done = 0;

	if (std::any_of(lines.begin(), lines.end(),
			[](const FlowLine &line) { return line.verb != FlowVerb::ADD; }))
		guard_owner(app, dp, "this");
	for (const FlowLine &line : lines) {
		try {
			apply_line(app, dp, line);
		} catch (const KernelError &error) {
			throw Error(fmt::format("{}: flow {} of {}, {}: {}", path, done + 1,
						lines.size(),
						line.name.key ? format_key(*line.name.key, {})
							      : format_ufid(line.name.ufid),
						error.what()));
		}
		done++;
	}
	if (app.options.json)
		App::print_json({{"flows", done}});
}

void run_add_flows(App &app)
{
	std::vector<std::string> rest;
	const Datapath dp = app.datapath(1, rest);

	run_flow_file(app, dp, rest[0], FlowVerb::ADD);
}

void run_mod_flows(App &app)
{
	std::vector<std::string> rest;
	const Datapath dp = app.datapath(1, rest);

	run_flow_file(app, dp, rest[0], FlowVerb::MODIFY);
}

void run_del_flows(App &app)
{
	const auto &args = app.options.args;

	if (args.size() == 2) {
		run_flow_file(app, app.datapath_named(args[0]), args[1], FlowVerb::DELETE);
		return;
	}
	/* One argument is a file only if it cannot be a datapath. */
	if (args.size() == 1 && (args[0] == "-" || args[0].find('/') != std::string::npos)) {
		run_flow_file(app, app.only_datapath(), args[0], FlowVerb::DELETE);
		return;
	}

	const Datapath dp = args.empty() ? app.only_datapath() : app.datapath_named(args[0]);
	guard_owner(app, dp, "del-flows");
	flush_flows(app.client(), dp.ifindex);
	if (app.options.json)
		App::print_json({{"flushed", dp.name}});
}

} // namespace dpctl
