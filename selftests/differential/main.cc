// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plays scenarios on the in-tree module and on ours, and tells where they part. Run by the script
 * `guest` inside a test kernel; its arguments are NAME=VALUE.
 */
#include "batch.h"
#include "compare.h"
#include "coverage.h"
#include "error.h"
#include "generate.h"
#include "sessions.h"
#include "shrink.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

namespace
{

using namespace diff;

/* What scenarios are made of: flows and packets of all kinds, or sessions through ct(). */
struct Suite {
	const char *name;
	Scenario (*generate)(uint64_t seed);
	unsigned int (Coverage::*print)(uint64_t least) const;
	uint64_t enough; /* seeds from which on everything has to occur so often: */
	bool all_rows;   /* and each row of the table has to be of use */
};

constexpr uint64_t LEAST = 20;

constexpr Suite suites[] = {
	{"all", generate, &Coverage::print, 2000, true},
	{"conntrack", generate_sessions, &Coverage::print_talks, 500, false},
};

struct Config {
	Modules modules;
	std::string allowed;
	std::string scenario; /* a file instead of seeds */
	const Suite *suite = &suites[0];
	uint64_t first = 1, seeds = 50;
	uint64_t shrink = 3; /* how many kinds of failures are made small */
	bool print = false;  /* only print the scenarios */
};

const Suite *find_suite(const std::string &name)
{
	for (const Suite &suite : suites)
		if (suite.name == name)
			return &suite;
	throw mf::Error(fmt::format("\"{}\" is no suite: all or conntrack", name));
}

Config read_config(int argc, char **argv)
{
	Config config;

	for (int i = 1; i < argc; i++) {
		const std::string word = argv[i];
		const size_t equals = word.find('=');
		const std::string name = word.substr(0, equals);
		const std::string value =
			equals == std::string::npos ? "" : word.substr(equals + 1);

		if (name == "ours")
			config.modules.ours = value;
		else if (name == "workers")
			config.modules.workers = static_cast<unsigned int>(std::stoul(value));
		else if (name == "allowed")
			config.allowed = value;
		else if (name == "scenario")
			config.scenario = value;
		else if (name == "suite")
			config.suite = find_suite(value);
		else if (name == "first")
			config.first = std::stoull(value);
		else if (name == "seeds")
			config.seeds = std::stoull(value);
		else if (name == "shrink")
			config.shrink = std::stoull(value);
		else if (name == "print")
			config.print = true;
		else
			throw mf::Error(fmt::format("\"{}\" is no argument", word));
	}
	return config;
}

std::vector<Scenario> scenarios_of(const Config &config)
{
	std::vector<Scenario> out;

	if (!config.scenario.empty()) {
		std::ifstream in(config.scenario);
		std::stringstream text;

		if (!in)
			throw mf::Error("cannot read " + config.scenario);
		text << in.rdbuf();
		out.push_back(read_scenario(text.str()));
		return out;
	}
	for (uint64_t i = 0; i < config.seeds; i++)
		out.push_back(config.suite->generate(config.first + i));
	return out;
}

/* Failures of one kind are most likely one failure: the smallest stands for all. */
struct Group {
	size_t count = 0;
	Difference difference;
	Scenario smallest;
	std::vector<uint64_t> seeds;
};

using Groups = std::map<std::string, Group>;

void add_to_group(Groups &groups, const Scenario &scenario, const Difference &difference)
{
	Group &group = groups[difference.kind];

	if (!group.count++ || text_of(scenario).size() < text_of(group.smallest).size()) {
		group.difference = difference;
		group.smallest = scenario;
	}
	if (group.seeds.size() < 8)
		group.seeds.push_back(scenario.seed);
}

void print_groups(const Groups &groups)
{
	for (const auto &[kind, group] : groups) {
		const size_t step = group.difference.step;
		const auto &steps = group.smallest.steps;

		fmt::print("\nFAIL {}: {} scenarios, seeds", kind, group.count);
		for (const uint64_t seed : group.seeds)
			fmt::print(" {}", seed);
		fmt::print("\n  in tree: {}\n  ours:    {}\n", group.difference.in_tree,
			   group.difference.ours);
		if (step && step <= steps.size())
			fmt::print("  step {}: {}\n", step, text_of(steps[step - 1]));
	}
}

void print_small(const Config &config, AllowedTable &allowed, const Groups &groups)
{
	std::vector<std::pair<size_t, std::string>> order;
	std::vector<Failure> failures;

	for (const auto &[kind, group] : groups)
		order.emplace_back(group.count, kind);
	std::sort(order.rbegin(), order.rend());
	for (size_t i = 0; i < order.size() && i < config.shrink; i++)
		failures.push_back({order[i].second, groups.at(order[i].second).smallest});
	if (failures.empty())
		return;
	shrink(config.modules, allowed, failures);
	for (const Failure &failure : failures)
		fmt::print("\nSmallest form of \"{}\":\n{}", failure.kind,
			   text_of(failure.scenario));
}

/* Everything about one scenario that a file holds. */
void print_facts(const Scenario &scenario, const Pair &pair)
{
	for (size_t i = 0; i < pair.in_tree.size(); i++) {
		if (i && i <= scenario.steps.size())
			fmt::print("{}\n", text_of(scenario.steps[i - 1]));
		for (const Fact &fact : pair.in_tree[i])
			fmt::print("    {} = {}\n", fact.path, fact.value);
		for (const Fact &fact : i < pair.ours.size() ? pair.ours[i] : StepRecord{})
			if (fact.path == REMARK)
				fmt::print("    ours: {}\n", fact.value);
	}
}

int run(const Config &config)
{
	AllowedTable allowed(config.allowed);
	const std::vector<Scenario> scenarios = scenarios_of(config);
	const bool one = !config.scenario.empty();
	Coverage coverage;
	Groups groups;
	size_t failed = 0;

	if (!one)
		fmt::print("seeds {} to {}\n", config.first, config.first + config.seeds - 1);
	const std::vector<Pair> pairs = play_on_both(config.modules, scenarios);
	for (size_t i = 0; i < scenarios.size(); i++) {
		const auto left = allowed.unexplained(
			scenarios[i], compare(scenarios[i], pairs[i].in_tree, pairs[i].ours));

		coverage.add(scenarios[i]);
		if (!left.empty())
			add_to_group(groups, scenarios[i], left[0]);
		failed += !left.empty();
		for (const Difference &difference : one ? left : std::vector<Difference>{})
			fmt::print("step {} {}\n  in tree: {}\n  ours:    {}\n", difference.step,
				   difference.kind, difference.in_tree, difference.ours);
	}
	if (one)
		print_facts(scenarios[0], pairs[0]);
	else
		print_groups(groups);
	print_small(config, allowed, groups);

	unsigned int faults = 0;
	if (!one) {
		const bool enough = config.seeds >= config.suite->enough;
		const bool rows = enough && config.suite->all_rows;

		fmt::print("\n");
		faults = (coverage.*config.suite->print)(enough ? LEAST : 0);
		for (const auto &[id, count] : allowed.uses())
			fmt::print("allowed {:<28} {:>6} differences\n", id, count);
		for (const std::string &id : rows ? allowed.unused() : std::vector<std::string>{}) {
			fmt::print("FAIL the row \"{}\" of the table matches nothing\n", id);
			faults++;
		}
	}
	fmt::print("{} passed, {} failed, 0 skipped\n", scenarios.size() - failed,
		   failed + faults);
	return failed + faults ? 1 : 0;
}

} // namespace

int main(int argc, char **argv)
{
	try {
		const Config config = read_config(argc, argv);

		if (config.print) {
			for (const Scenario &scenario : scenarios_of(config))
				std::cout << text_of(scenario) << "\n";
			return 0;
		}
		return run(config);
	} catch (const std::exception &error) {
		fmt::print("{}\n0 passed, 1 failed, 0 skipped\n", error.what());
		return 1;
	}
}
