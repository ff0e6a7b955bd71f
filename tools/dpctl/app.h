/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "datapath.h"
#include "field.h"
#include "port.h"

#include <memory>

namespace CLI
{
class App;
}

namespace dpctl
{

using namespace mf;

/** What the command line said, apart from the verb. */
struct Options {
	bool json = false;
	bool more = false;
	bool statistics = false;
	bool force = false;
	bool clear = false;
	bool may_create = false;
	bool names = false;
	bool no_names = false;
	unsigned int timeout = 0;

	std::string key;          /* execute */
	std::string upcall_ports; /* monitor */
	uint64_t count = 0;       /* monitor */
	std::optional<uint16_t> mru;
	std::optional<uint64_t> hash;
	std::optional<uint32_t> upcall_pid;
	std::optional<std::string> features;
	std::optional<uint32_t> cache_size;
	std::optional<int32_t> ifindex;

	std::vector<std::string> args;
};

/** One run of the command: options, connection, output. */
class App
{
public:
	explicit App(Options opts) : options(std::move(opts)) {}

	const Options options;

	/** Opened when first needed: a typo is told before the kernel is asked. */
	Client &client();

	/**
	 * The datapath that the arguments name, or the only one there is.
	 * @param others	how many arguments the verb needs besides it
	 * @param rest		receives those
	 */
	Datapath datapath(size_t others, std::vector<std::string> &rest);
	Datapath datapath_named(const std::string &name);
	Datapath only_datapath();

	/** Names and numbers of its ports. */
	PortNames names_of(const Datapath &dp);
	/** Whether ports are written by name: asked for, or implied by -m. */
	bool wants_names() const { return options.names || (options.more && !options.no_names); }

	/** Prints one JSON value. */
	static void print_json(const Json &value);

private:
	std::unique_ptr<Client> connection;
};

/** "NAME" or "system@NAME" without the type; throws UsageError for other types. */
std::string plain_name(const std::string &name);

/** Reads a number that is an argument; throws SyntaxError. */
uint64_t argument_number(std::string_view what, std::string_view text, uint64_t max);

/** A verb of the command line. */
struct Verb {
	const char *name;
	const char *arguments; /**< as the help shows them */
	const char *help;
	size_t min_args, max_args;
	void (*run)(App &app);
	void (*add_options)(CLI::App &sub, Options &options); /**< may be null */
};

/** All verbs in the order of the help. */
const std::vector<Verb> &verbs();

/**
 * Throws Error if another live process takes the upcalls of the datapath and
 * --force was not given: what the verb does would pull the rug from under it.
 */
void guard_owner(App &app, const Datapath &dp, std::string_view verb);

} // namespace dpctl
