// SPDX-License-Identifier: GPL-2.0-only
#include "app.h"

#include <cerrno>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace dpctl
{

Client &App::client()
{
	if (!connection)
		connection = std::make_unique<Client>();
	return *connection;
}

std::string plain_name(const std::string &name)
{
	const size_t at = name.find('@');

	if (at == std::string::npos)
		return name;
	if (name.substr(0, at) != "system")
		throw UsageError(
			fmt::format("\"{}\": only datapaths of type system are in the kernel; "
				    "write system@{} or {}",
				    name, name.substr(at + 1), name.substr(at + 1)));
	return name.substr(at + 1);
}

Datapath App::datapath_named(const std::string &name)
{
	const std::string plain = plain_name(name);

	try {
		return get_datapath(client(), plain);
	} catch (const KernelError &error) {
		std::vector<std::string> known;

		if (error.code != ENODEV)
			throw;
		for (const Datapath &dp : dump_datapaths(client()))
			known.push_back(dp.name);
		throw Error(fmt::format("\"{}\" is no datapath{}", plain,
					known.empty() ? "; there is none"
						      : fmt::format("; there {} {}",
								    known.size() > 1 ? "are" : "is",
								    fmt::join(known, ", "))));
	}
}

Datapath App::only_datapath()
{
	const auto all = dump_datapaths(client());
	std::vector<std::string> names;

	if (all.size() == 1)
		return all[0];
	for (const Datapath &dp : all)
		names.push_back(dp.name);
	if (names.empty())
		throw Error("there is no datapath; make one with \"dpctl add-dp NAME\"");
	throw Error(fmt::format("there are several datapaths, say which one: {}",
				fmt::join(names, ", ")));
}

Datapath App::datapath(size_t others, std::vector<std::string> &rest)
{
	rest = options.args;
	if (rest.size() <= others)
		return only_datapath();

	const Datapath dp = datapath_named(rest.front());
	rest.erase(rest.begin());
	return dp;
}

PortNames App::names_of(const Datapath &dp)
{
	return port_names(dump_ports(client(), dp.ifindex));
}

void App::print_json(const Json &value)
{
	fmt::print("{}\n", value.dump(2, ' ', false, Json::error_handler_t::replace));
}

uint64_t argument_number(std::string_view what, std::string_view text, uint64_t max)
{
	Cursor in(what, text);
	const uint64_t value = in.number(max, what);

	if (!in.done())
		in.fail("does not belong to a number");
	return value;
}

} // namespace dpctl
