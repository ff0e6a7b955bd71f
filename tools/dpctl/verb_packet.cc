// SPDX-License-Identifier: GPL-2.0-only
/* execute, and the two verbs that only read text. */
#include "action.h"
#include "flow_text.h"
#include "packet.h"
#include "verbs.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace dpctl
{

void options_execute(CLI::App &sub, Options &options)
{
	sub.add_option("--key", options.key, "metadata of the packet: in_port(), skb_mark(), ...");
	sub.add_option("--mru", options.mru, "largest fragment it was made of");
	sub.add_option("--hash", options.hash, "its flow hash");
	sub.add_option("--upcall-pid", options.upcall_pid, "netlink port id for its upcalls");
}

void run_execute(App &app)
{
	std::vector<std::string> rest;
	Execution what;

	if (!from_hex(app.options.args[app.options.args.size() - 2], what.packet))
		throw SyntaxError("packet: it is not hex in whole bytes", 0);

	const Datapath dp = app.datapath(2, rest);
	const PortNames names = app.names_of(dp);

	what.key = parse_key("key", app.options.key, &names);
	what.actions = parse_actions("actions", rest[1], &names);
	what.mru = app.options.mru;
	what.hash = app.options.hash;
	what.upcall_pid = app.options.upcall_pid;
	execute_packet(app.client(), dp.ifindex, what);
	if (app.options.json)
		App::print_json({{"executed", true}, {"bytes", what.packet.size()}});
}

void run_parse_actions(App &app)
{
	for (const std::string &text : app.options.args) {
		const Bytes actions = parse_actions("actions", text, nullptr);

		if (app.options.json)
			App::print_json({{"actions", json_actions(actions, {})},
					 {"netlink", to_hex(actions)}});
		else
			fmt::print("{}\n", format_actions(actions, {}));
	}
}

void run_parse_flow(App &app)
{
	for (const std::string &text : app.options.args) {
		const FlowName name = parse_flow_name(text, nullptr);
		const Key key = name.key.value_or(Key{});
		const TextStyle style{app.options.more, nullptr};
		AttrWriter value, mask;

		encode_key(key, value);
		encode_mask(key, mask);
		if (app.options.json)
			App::print_json({{"key", json_key(key, style)},
					 {"netlink", to_hex(value.bytes())},
					 {"netlink_mask", to_hex(mask.bytes())}});
		else
			fmt::print("{}{}\n", name.ufid.empty() ? "" : format_ufid(name.ufid) + ", ",
				   format_key(key, style));
	}
}

} // namespace dpctl
