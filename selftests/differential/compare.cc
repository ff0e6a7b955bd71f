// SPDX-License-Identifier: GPL-2.0-only
#include "compare.h"

#include "action.h"
#include "error.h"

#include <fmt/format.h>
#include <fstream>
#include <map>
#include <sys/utsname.h>

namespace diff
{

static std::string verb_of(const Scenario &scenario, size_t step)
{
	if (step == 0)
		return "begin";
	return step <= scenario.steps.size() ? scenario.steps[step - 1].verb : "end";
}

using ByPath = std::map<std::string, std::vector<std::string>>;

static ByPath by_path(const StepRecord &facts)
{
	ByPath out;

	for (const Fact &fact : facts)
		out[fact.path].push_back(fact.value);
	return out;
}

/* Short values make part of the kind: one errno for another is not just any difference. */
static std::string kind_of(const std::string &where, const std::string &in_tree,
			   const std::string &ours)
{
	return where.ends_with("errno") ? fmt::format("{} {} -> {}", where, in_tree, ours) : where;
}

/* The first message and the fifth differ in the same way, if at all. */
static std::string without_number(std::string path)
{
	const size_t at = path.find(NUMBER);

	if (at != std::string::npos)
		path.erase(at, path.find('/', at) == std::string::npos
				       ? std::string::npos
				       : path.find('/', at) - at);
	return path;
}

static StepRecord without_remarks(StepRecord facts)
{
	std::erase_if(facts, [](const Fact &fact) { return fact.path == REMARK; });
	return facts;
}

static void compare_step(const std::string &verb, size_t step, const StepRecord &in_tree,
			 const StepRecord &ours, std::vector<Difference> &out)
{
	const ByPath left = by_path(in_tree), right = by_path(ours);
	std::map<std::string, bool> paths;
	bool same = true;

	for (const auto *side : {&in_tree, &ours})
		for (const Fact &fact : *side) {
			if (paths[fact.path])
				continue;
			paths[fact.path] = true;
			const std::string where = verb + " " + without_number(fact.path);
			const auto l = left.find(fact.path), r = right.find(fact.path);
			const size_t nl = l == left.end() ? 0 : l->second.size();
			const size_t nr = r == right.end() ? 0 : r->second.size();

			for (size_t i = 0; i < std::max(nl, nr); i++) {
				const std::string a = i < nl ? l->second[i] : "(absent)";
				const std::string b = i < nr ? r->second[i] : "(absent)";
				const std::string kind =
					kind_of(where, a, b) + (i >= nl	  ? " only ours"
								: i >= nr ? " only in tree"
									  : "");

				if (a == b)
					continue;
				same = false;
				out.push_back({step, kind, a, b});
			}
		}
	if (same && in_tree != ours)
		out.push_back({step, verb + " order", "", ""});
}

std::vector<Difference> compare(const Scenario &scenario, const Record &in_tree,
				const Record &ours)
{
	std::vector<Difference> out;
	static const StepRecord nothing;

	for (size_t i = 0; i < std::max(in_tree.size(), ours.size()); i++)
		compare_step(verb_of(scenario, i), i,
			     without_remarks(i < in_tree.size() ? in_tree[i] : nothing),
			     without_remarks(i < ours.size() ? ours[i] : nothing), out);
	return out;
}

/* ---- Allowed ---- */

static std::vector<std::string> split_row(const std::string &line)
{
	std::vector<std::string> parts;
	size_t at = 0;

	for (size_t end = 0; end != std::string::npos; at = end + 3) {
		end = line.find(" | ", at);
		std::string part = line.substr(at, end == std::string::npos ? end : end - at);
		const size_t first = part.find_first_not_of(' ');

		part.erase(0, first == std::string::npos ? part.size() : first);
		part.erase(part.find_last_not_of(' ') + 1);
		parts.push_back(std::move(part));
	}
	return parts;
}

static constexpr std::string_view RARE = ", rare";

/* "6.12:id" is a row for kernels of that series only. */
static bool is_for_this_kernel(const std::string &id)
{
	const size_t colon = id.find(':');
	utsname name{};

	if (colon == std::string::npos)
		return true;
	uname(&name);
	return std::string_view(name.release).starts_with(id.substr(0, colon) + ".");
}

AllowedTable::AllowedTable(const std::string &path)
{
	std::ifstream in(path);
	std::string line;
	unsigned int number = 0;

	if (!in)
		throw mf::Error(fmt::format("cannot read {}", path));
	while (std::getline(in, line)) {
		number++;
		if (line.empty() || line[0] == '#')
			continue;
		const auto parts = split_row(line);
		std::string then = parts.size() == 6 ? parts[4] : "";
		const bool rare = then.ends_with(RARE);
		if (rare)
			then.resize(then.size() - RARE.size());
		if (then != "on" && then != "part")
			throw mf::Error(fmt::format("{}:{}: six columns are needed, the fifth "
						    "\"on\" or \"part\"",
						    path, number));
		if (!is_for_this_kernel(parts[0]))
			continue;
		rows.push_back({parts[0], std::regex(parts[1]), std::regex(parts[2]),
				std::regex(parts[3]), then == "part", rare, parts[5]});
		if (!counts.emplace(parts[0], 0).second)
			throw mf::Error(fmt::format("{}:{}: {} is there twice", path, number,
						    parts[0]));
	}
}

/* Lists whose text would not give back the same bytes are printed as bytes: here they are read. */
static std::string readable(const Step &step)
{
	std::string text = text_of(step);

	try {
		if (step.actions)
			text += " ; that is " + mf::format_actions(*step.actions, {});
	} catch (const std::exception &) {
		/* Too damaged to be read. */
	}
	return text;
}

static bool step_matches(const Scenario &scenario, size_t step, const std::regex &when)
{
	std::string text;

	if (step == 0)
		return std::regex_search(text, when);
	if (step <= scenario.steps.size())
		return std::regex_search(readable(scenario.steps[step - 1]), when);
	for (const Step &one : scenario.steps)
		text += readable(one) + "\n";
	return std::regex_search(text, when);
}

const Allowed *AllowedTable::find(const Scenario &scenario, const Difference &difference) const
{
	const std::string values = difference.in_tree + " -> " + difference.ours;

	for (const Allowed &row : rows)
		if (std::regex_match(difference.kind, row.kind) &&
		    std::regex_search(values, row.values) &&
		    step_matches(scenario, difference.step, row.when))
			return &row;
	return nullptr;
}

std::vector<Difference> AllowedTable::unexplained(const Scenario &scenario,
						  const std::vector<Difference> &differences)
{
	std::vector<Difference> out;

	for (const Difference &difference : differences) {
		const Allowed *row = nullptr;

		row = find(scenario, difference);
		if (!row) {
			out.push_back(difference);
			continue;
		}
		counts[row->id]++;
		if (row->parts)
			break;
	}
	return out;
}

std::vector<std::string> AllowedTable::unused() const
{
	std::vector<std::string> out;

	for (const Allowed &row : rows)
		if (!row.rare && !counts.at(row.id))
			out.push_back(row.id);
	return out;
}

} // namespace diff
