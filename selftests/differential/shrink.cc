// SPDX-License-Identifier: GPL-2.0-only
/* All candidates of all failures are played in one batch: loading a module takes longer. */
#include "shrink.h"

#include "loose.h"

#include <algorithm>
#include <linux/openvswitch.h>
#include <tuple>

namespace diff
{

namespace
{

enum class Part : uint8_t { STEP, OPTION, KEY, MASK, WHOLE_MASK, ACTIONS, PACKET };

/* One thing to take away. */
struct Edit {
	size_t step;
	Part part;
	std::vector<size_t> path; /* index by index into the nests */

	bool operator<(const Edit &other) const
	{
		return std::tie(step, part, path) < std::tie(other.step, other.part, other.path);
	}
};

using Edits = std::vector<Edit>;

constexpr size_t FRAME_MIN = 60;
constexpr unsigned int ROUNDS_MAX = 12;

/* ---- What may be taken away ---- */

void list_attrs(const Bytes &run, Edit edit, Edits &out)
{
	std::vector<Loose> attrs;

	try {
		attrs = take_apart(run);
	} catch (const std::exception &) {
		return;
	}
	for (size_t i = 0; i < attrs.size(); i++) {
		Edit one = edit;

		one.path.push_back(i);
		out.push_back(one);
		if (attrs[i].nested())
			list_attrs(attrs[i].data, one, out);
	}
}

Edits edits_of(const Scenario &scenario)
{
	Edits out;

	for (size_t i = 0; i < scenario.steps.size(); i++) {
		const Step &step = scenario.steps[i];

		out.push_back({i, Part::STEP, {}});
		for (size_t n = 0; n < step.options.size(); n++)
			out.push_back({i, Part::OPTION, {n}});
		if (step.key)
			list_attrs(*step.key, {i, Part::KEY, {}}, out);
		if (step.mask) {
			out.push_back({i, Part::WHOLE_MASK, {}});
			list_attrs(*step.mask, {i, Part::MASK, {}}, out);
		}
		if (step.actions)
			list_attrs(*step.actions, {i, Part::ACTIONS, {}}, out);
		if (step.packet && step.packet->size() > FRAME_MIN)
			out.push_back({i, Part::PACKET, {}});
	}
	return out;
}

/* ---- Taking it away ---- */

/* @return the type of what went */
uint16_t remove_at(Bytes &run, std::span<const size_t> path)
{
	std::vector<Loose> attrs = take_apart(run);
	uint16_t type = 0;

	if (path[0] >= attrs.size())
		return 0;
	if (path.size() == 1) {
		type = attrs[path[0]].type;
		attrs.erase(attrs.begin() + static_cast<long>(path[0]));
	} else {
		type = remove_at(attrs[path[0]].data, path.subspan(1));
	}
	run = put_together(attrs);
	return type;
}

void apply(Scenario &scenario, const Edit &edit)
{
	Step &step = scenario.steps[edit.step];

	switch (edit.part) {
	case Part::STEP:
		scenario.steps.erase(scenario.steps.begin() + static_cast<long>(edit.step));
		break;
	case Part::OPTION:
		step.options.erase(step.options.begin() + static_cast<long>(edit.path[0]));
		break;
	case Part::KEY:
		remove_at(*step.key, edit.path);
		break;
	case Part::MASK:
		remove_at(*step.mask, edit.path);
		break;
	case Part::WHOLE_MASK:
		step.mask.reset();
		break;
	case Part::ACTIONS:
		remove_at(*step.actions, edit.path);
		break;
	case Part::PACKET:
		step.packet->resize(std::max(FRAME_MIN, step.packet->size() / 2));
		break;
	}
}

/* Two that belong together: a key's attribute and its mask, which are listed at other places. */
Scenario without(const Scenario &scenario, Edits edits)
{
	Scenario out = scenario;

	std::sort(edits.begin(), edits.end());
	/* From behind, so that what is still to come keeps its place. */
	for (auto it = edits.rbegin(); it != edits.rend(); ++it) {
		const bool gone = std::any_of(edits.begin(), edits.end(), [&](const Edit &other) {
			const bool step = other.part == Part::STEP && other.step == it->step;
			const bool mask = other.part == Part::WHOLE_MASK &&
					  it->part == Part::MASK && other.step == it->step;
			const bool nest = other.part == it->part && other.step == it->step &&
					  other.path.size() < it->path.size() &&
					  std::equal(other.path.begin(), other.path.end(),
						     it->path.begin());

			return &other != &*it && (step || mask || nest);
		});

		if (!gone)
			apply(out, *it);
	}
	return out;
}

/* ---- Rounds ---- */

struct Candidate {
	size_t failure;
	Edits edits;
	Scenario scenario;
};

/* Which of them still fail in the way of their failure. */
std::vector<bool> try_all(const Modules &modules, AllowedTable &allowed,
			  const std::vector<Failure> &failures,
			  const std::vector<Candidate> &candidates)
{
	std::vector<Scenario> scenarios;
	std::vector<bool> fails;

	for (const Candidate &candidate : candidates)
		scenarios.push_back(candidate.scenario);
	const std::vector<Pair> pairs = play_on_both(modules, scenarios);
	for (size_t i = 0; i < pairs.size(); i++) {
		const auto left = allowed.unexplained(
			scenarios[i], compare(scenarios[i], pairs[i].in_tree, pairs[i].ours));

		fails.push_back(!left.empty() &&
				left[0].kind == failures[candidates[i].failure].kind);
	}
	return fails;
}

void add_candidate(std::vector<Candidate> &out, const std::vector<Failure> &failures,
		   size_t failure, const Edits &edits)
{
	if (!edits.empty())
		out.push_back({failure, edits, without(failures[failure].scenario, edits)});
}

/* Everything at once, halves and quarters of it, then the first alone. */
std::vector<Candidate> combined(const std::vector<Failure> &failures,
				const std::vector<Edits> &useful)
{
	std::vector<Candidate> out;

	for (size_t f = 0; f < useful.size(); f++)
		for (size_t parts = 1; parts <= 8 && parts <= useful[f].size(); parts *= 2)
			for (size_t i = 0; i < parts; i++) {
				const auto at = [&](size_t n) {
					return useful[f].begin() +
					       static_cast<long>(useful[f].size() * n / parts);
				};

				add_candidate(out, failures, f, {at(i), at(i + 1)});
			}
	return out;
}

} // namespace

void shrink(const Modules &modules, AllowedTable &allowed, std::vector<Failure> &failures)
{
	std::vector<bool> done(failures.size());

	for (unsigned int round = 0; round < ROUNDS_MAX; round++) {
		std::vector<Candidate> candidates;
		std::vector<Edits> useful(failures.size());

		for (size_t f = 0; f < failures.size(); f++)
			for (const Edit &edit : done[f] ? Edits{} : edits_of(failures[f].scenario))
				add_candidate(candidates, failures, f, {edit});
		if (candidates.empty())
			return;
		std::vector<bool> fails = try_all(modules, allowed, failures, candidates);
		for (size_t i = 0; i < candidates.size(); i++)
			if (fails[i])
				useful[candidates[i].failure].push_back(candidates[i].edits[0]);
		for (size_t f = 0; f < failures.size(); f++)
			done[f] = useful[f].empty();

		candidates = combined(failures, useful);
		fails = try_all(modules, allowed, failures, candidates);
		std::vector<bool> taken(failures.size());
		for (size_t i = 0; i < candidates.size(); i++)
			if (fails[i] && !taken[candidates[i].failure]) {
				taken[candidates[i].failure] = true;
				failures[candidates[i].failure].scenario = candidates[i].scenario;
			}
		for (size_t f = 0; f < failures.size(); f++)
			if (!taken[f] && !useful[f].empty())
				failures[f].scenario =
					without(failures[f].scenario, {useful[f][0]});
	}
}

} // namespace diff
