// SPDX-License-Identifier: GPL-2.0-only
/* dpctl: the datapath's command. */
#include "app.h"
#include "hints.h"

#include <algorithm>
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

namespace dpctl
{

static constexpr const char *VERSION = "0.1";

enum ExitStatus { EXIT_FINE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2 };

static void add_global_options(CLI::App &cli, Options &options)
{
	cli.add_flag("-j,--json", options.json, "print JSON");
	cli.add_flag("-m,--more", options.more, "print wildcarded fields and flow ids too");
	cli.add_flag("-s,--statistics", options.statistics, "print counters");
	cli.add_flag("--names", options.names, "print ports by name");
	cli.add_flag("--no-names", options.no_names, "print ports by number, even with -m");
	cli.add_flag("--force", options.force, "act even if another process takes the upcalls");
	cli.add_flag("--clear", options.clear, "mod-flow: zero the flow's counters");
	cli.add_flag("--may-create", options.may_create,
		     "mod-flow: add the flow if it is not there");
	cli.add_option("-t,--timeout", options.timeout, "give up after that many seconds");
	cli.set_version_flag("-V,--version", fmt::format("dpctl (Megaflow) {}", VERSION));
}

static std::string usage_of(const Verb &verb)
{
	return fmt::format("dpctl {} {}", verb.name, verb.arguments);
}

/** Usage lines of our own, the rest of the help as CLI11 writes it. */
class HelpText : public CLI::Formatter
{
public:
	std::string make_usage(const CLI::App *app, std::string) const override
	{
		for (const Verb &verb : verbs())
			if (app->get_name() == verb.name)
				return fmt::format("Usage: {}\n", usage_of(verb));
		return "Usage: dpctl [options] command [arguments]\n";
	}
};

static void check_count(const Verb &verb, size_t count)
{
	if (count < verb.min_args)
		throw UsageError(fmt::format("{}: {} argument{} needed, {} given: {}", verb.name,
					     verb.min_args, verb.min_args == 1 ? " is" : "s are",
					     count, usage_of(verb)));
	if (count > verb.max_args)
		throw UsageError(fmt::format("{}: at most {} arguments, {} given: {}", verb.name,
					     verb.max_args, count, usage_of(verb)));
}

static void add_verbs(CLI::App &cli, Options &options, const Verb *&chosen)
{
	for (const Verb &verb : verbs()) {
		CLI::App *sub = cli.add_subcommand(verb.name, verb.help);

		sub->fallthrough();
		sub->add_option("args", options.args, verb.arguments)->expected(0, -1);
		if (verb.add_options)
			verb.add_options(*sub, options);
		sub->callback([&verb, &chosen] { chosen = &verb; });
	}
}

/* The first word that is no option must be a verb; CLI11's own words are less clear. */
static void check_verb(int argc, char **argv)
{
	std::vector<std::string> known;
	bool value_follows = false;

	for (const Verb &verb : verbs())
		known.emplace_back(verb.name);
	for (int i = 1; i < argc; i++) {
		const std::string word = argv[i];

		if (value_follows || word.starts_with('-')) {
			value_follows = !value_follows && (word == "-t" || word == "--timeout");
			continue;
		}
		if (std::find(known.begin(), known.end(), word) == known.end())
			throw UsageError(fmt::format("\"{}\" is no command{}; see dpctl --help",
						     word, suggestion(word, known)));
		return;
	}
	throw UsageError("a command is missing; see dpctl --help");
}

static bool wants_help(int argc, char **argv)
{
	return std::any_of(argv + 1, argv + argc, [](const char *arg) {
		const std::string_view word = arg;

		return word == "-h" || word == "--help" || word == "-V" || word == "--version";
	});
}

static std::string one_line(std::string text)
{
	std::replace(text.begin(), text.end(), '\n', ' ');
	while (!text.empty() && text.back() == ' ')
		text.pop_back();
	return text;
}

/* Says which verb was refused, and what that means if the kernel did not. */
static void run_verb(const Verb &verb, App &app)
{
	try {
		verb.run(app);
	} catch (const KernelError &error) {
		std::string line = fmt::format("{}: {}", verb.name, error.what());
		const std::string hint = error_hint(verb.name, error.code);

		if (error.message.empty() && !hint.empty())
			line += fmt::format(": {}", hint);
		throw Error(line);
	}
}

static int run(int argc, char **argv)
{
	CLI::App cli("dpctl - look after Open vSwitch datapaths in the kernel", "dpctl");
	Options options;
	const Verb *verb = nullptr;

	cli.formatter(std::make_shared<HelpText>());
	add_global_options(cli, options);
	add_verbs(cli, options, verb);
	if (!wants_help(argc, argv))
		check_verb(argc, argv);
	try {
		cli.parse(argc, argv);
	} catch (const CLI::Success &done) {
		return cli.exit(done);
	} catch (const CLI::ParseError &error) {
		throw UsageError(one_line(error.what()));
	}
	if (!verb)
		throw UsageError("a command is missing; see dpctl --help");
	check_count(*verb, options.args.size());
	if (options.timeout)
		alarm(options.timeout);

	App app(std::move(options));
	run_verb(*verb, app);
	if (fflush(stdout) != 0)
		throw Error("cannot write the output");
	return EXIT_FINE;
}

} // namespace dpctl

int main(int argc, char **argv)
{
	try {
		return dpctl::run(argc, argv);
	} catch (const mf::UsageError &error) {
		fmt::print(stderr, "dpctl: {}\n", error.what());
		return dpctl::EXIT_USAGE;
	} catch (const std::exception &error) {
		fmt::print(stderr, "dpctl: {}\n", error.what());
		return dpctl::EXIT_REFUSED;
	}
}
