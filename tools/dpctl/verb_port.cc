// SPDX-License-Identifier: GPL-2.0-only
/* add-if, del-if, set-if. */
#include "verbs.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <linux/if.h>
#include <nlohmann/json.hpp>

namespace dpctl
{

static std::vector<uint32_t> parse_pids(Cursor &in)
{
	std::vector<uint32_t> pids;

	do {
		pids.push_back(static_cast<uint32_t>(in.number(UINT32_MAX, "upcall_pid=")));
	} while (in.eat(":"));
	return pids;
}

static void parse_port_option(Cursor &in, PortWish &wish)
{
	static const std::vector<std::string> known = {"type", "port_no", "ifindex", "upcall_pid"};
	const size_t start = in.position();
	const std::string word(in.word());

	if (std::find(known.begin(), known.end(), word) == known.end())
		in.fail_at(start, fmt::format("is no option of a port: one of {}{}",
					      fmt::join(known, " "), suggestion(word, known)));
	in.expect("=");
	const size_t value = in.position();
	if (word == "type") {
		wish.type = port_type_number(std::string(in.until(",")));
		if (!wish.type)
			in.fail_at(value, "is no type of port: system or internal");
	} else if (word == "port_no") {
		wish.number = static_cast<uint32_t>(in.number(65534, "port_no="));
	} else if (word == "ifindex") {
		wish.ifindex = static_cast<int32_t>(in.number(INT32_MAX, "ifindex="));
	} else {
		wish.upcall_pids = parse_pids(in);
	}
}

PortWish parse_port_argument(const std::string &text)
{
	Cursor in("port", text);
	PortWish wish;

	wish.name = in.until(",");
	if (wish.name.empty())
		in.fail_at(0, "where a device name should be");
	if (wish.name.size() >= IFNAMSIZ)
		in.fail_at(0, fmt::format("is too long for a device name: at most {} characters",
					  IFNAMSIZ - 1));
	while (in.eat(","))
		parse_port_option(in, wish);
	if (!in.done())
		in.fail("where \",\" should be");
	return wish;
}

/* A port that an argument names, by name or by number. */
static Port find_port(const std::vector<Port> &ports, const Datapath &dp, const std::string &text)
{
	const bool number = std::all_of(text.begin(), text.end(), [](char c) {
		return std::isdigit(static_cast<unsigned char>(c));
	});
	std::vector<std::string> known;

	for (const Port &port : ports) {
		if (port.name == text || (number && fmt::format("{}", port.number) == text))
			return port;
		known.push_back(port.name);
	}
	throw Error(
		fmt::format("\"{}\" is no port of {}{}", text, dp.name, suggestion(text, known)));
}

static std::vector<PortWish> port_arguments(App &app)
{
	std::vector<PortWish> wishes;

	for (size_t i = 1; i < app.options.args.size(); i++)
		wishes.push_back(parse_port_argument(app.options.args[i]));
	return wishes;
}

/* Names the device that a refusal is about: several may be given. */
template <typename Do> static void for_port(const std::string &name, Do action)
{
	try {
		action();
	} catch (const KernelError &error) {
		throw KernelError(fmt::format("{}: {}", name, error.what()), error.code,
				  error.message, error.attribute);
	}
}

void run_add_if(App &app)
{
	const auto wishes = port_arguments(app);
	const Datapath dp = app.datapath_named(app.options.args[0]);
	Json out = Json::array();

	for (const PortWish &wish : wishes)
		for_port(wish.name, [&] {
			out.push_back(json_port(new_port(app.client(), dp.ifindex, wish)));
		});
	if (app.options.json)
		App::print_json(out);
}

void run_del_if(App &app)
{
	const Datapath dp = app.datapath_named(app.options.args[0]);
	const auto ports = dump_ports(app.client(), dp.ifindex);
	std::vector<Port> victims;
	Json out = Json::array();

	for (size_t i = 1; i < app.options.args.size(); i++)
		victims.push_back(find_port(ports, dp, app.options.args[i]));
	guard_owner(app, dp, "del-if");
	for (const Port &port : victims) {
		for_port(port.name, [&] { delete_port(app.client(), dp.ifindex, port.number); });
		out.push_back(port.name);
	}
	if (app.options.json)
		App::print_json({{"deleted", out}});
}

/* What cannot be changed may be repeated, as long as it is true. */
static void check_unchanged(const Port &port, const PortWish &wish)
{
	if (wish.type && *wish.type != port.type)
		throw Error(fmt::format("{}: the type of a port cannot change: it is {}", port.name,
					port_type_name(port.type)));
	if (wish.number && *wish.number != port.number)
		throw Error(fmt::format("{}: the number of a port cannot change: it is {}",
					port.name, port.number));
	if (wish.ifindex && wish.ifindex != port.ifindex)
		throw Error(
			fmt::format("{}: the interface index of a port cannot change", port.name));
}

void run_set_if(App &app)
{
	const auto wishes = port_arguments(app);
	const Datapath dp = app.datapath_named(app.options.args[0]);
	const auto ports = dump_ports(app.client(), dp.ifindex);
	std::vector<Port> chosen;
	Json out = Json::array();

	for (const PortWish &wish : wishes) {
		chosen.push_back(find_port(ports, dp, wish.name));
		check_unchanged(chosen.back(), wish);
	}
	guard_owner(app, dp, "set-if");
	for (size_t i = 0; i < wishes.size(); i++) {
		if (wishes[i].upcall_pids.empty())
			continue;
		PortWish change;

		change.upcall_pids = wishes[i].upcall_pids;
		for_port(chosen[i].name, [&] {
			out.push_back(json_port(
				set_port(app.client(), dp.ifindex, chosen[i].number, change)));
		});
	}
	if (app.options.json)
		App::print_json(out);
}

} // namespace dpctl
