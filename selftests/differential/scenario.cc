// SPDX-License-Identifier: GPL-2.0-only
#include "scenario.h"

#include "action.h"
#include "error.h"
#include "key.h"

#include <fmt/format.h>
#include <sstream>

namespace diff
{

static constexpr const char *HEX = "hex:";

std::optional<std::string> Step::option(const std::string &name) const
{
	for (const Option &it : options)
		if (it.name == name)
			return it.value;
	return std::nullopt;
}

uint64_t Step::number(const std::string &name, uint64_t absent) const
{
	const auto text = option(name);

	return text ? std::stoull(*text, nullptr, 0) : absent;
}

void Step::set(const std::string &name, const std::string &value)
{
	options.push_back({name, value});
}

/* ---- Writing ---- */

static Bytes key_from(const std::string &text, bool mask)
{
	mf::AttrWriter out;
	const mf::Key key = mf::parse_key("key", text, nullptr);

	if (mask)
		mf::encode_mask(key, out);
	else
		mf::encode_key(key, out);
	return out.bytes();
}

/* The text of a key with or without a mask; nothing if reading it would give something else. */
static std::optional<std::string> key_text(const Bytes &key, const std::optional<Bytes> &mask)
{
	try {
		const std::string text =
			mf::format_key(mf::decode_key(key, mask), {.all = true, .names = nullptr});

		if (key_from(text, false) == key && (!mask || key_from(text, true) == *mask))
			return text;
	} catch (const std::exception &) {
		/* What cannot be read as a key is written as bytes. */
	}
	return std::nullopt;
}

static std::string actions_text(const Bytes &actions)
{
	try {
		const std::string text = mf::format_actions(actions, {});

		if (mf::parse_actions("actions", text, nullptr) == actions)
			return text;
	} catch (const std::exception &) {
		/* As above. */
	}
	return HEX + mf::to_hex(actions);
}

std::string text_of(const Step &step)
{
	std::string text = step.verb;

	for (const Step::Option &option : step.options)
		text += fmt::format(" {}{}{}", option.name, option.value.empty() ? "" : "=",
				    option.value);
	if (step.key && step.mask) {
		const auto both = key_text(*step.key, step.mask);

		text += both ? " ; flow " + *both : fmt::format(" ; key {}", key_text(*step.key, {}).value_or(HEX + mf::to_hex(*step.key))) +
							    fmt::format(" ; mask {}{}", HEX, mf::to_hex(*step.mask));
	} else if (step.key) {
		text += " ; key " +
			key_text(*step.key, {}).value_or(HEX + mf::to_hex(*step.key));
	}
	if (step.packet)
		text += " ; packet " + mf::to_hex(*step.packet);
	if (step.actions)
		text += " ; actions " + actions_text(*step.actions);
	return text;
}

std::string text_of(const Scenario &scenario)
{
	std::string text = fmt::format("scenario seed={} features={:#x}", scenario.seed,
				       scenario.features);

	text += scenario.talks.empty() ? "\n" : " talks=" + scenario.talks + "\n";
	for (const Step &step : scenario.steps)
		text += text_of(step) + "\n";
	return text;
}

/* ---- Reading ---- */

static Bytes hex_of(std::string_view digits)
{
	Bytes raw;

	if (!mf::from_hex(digits, raw))
		throw mf::Error(fmt::format("\"{}\" is no hex", digits));
	return raw;
}

static Bytes key_or_hex(const std::string &text)
{
	return text.starts_with(HEX) ? hex_of(std::string_view(text).substr(4))
				     : key_from(text, false);
}

static void read_part(Step &step, const std::string &name, const std::string &text)
{
	if (name == "flow") {
		step.key = key_from(text, false);
		step.mask = key_from(text, true);
	} else if (name == "key") {
		step.key = key_or_hex(text);
	} else if (name == "mask") {
		step.mask = key_or_hex(text);
	} else if (name == "packet") {
		step.packet = hex_of(text);
	} else if (name == "actions") {
		step.actions = text.starts_with(HEX) ? hex_of(std::string_view(text).substr(4))
						     : mf::parse_actions("actions", text, nullptr);
	} else {
		throw mf::Error(fmt::format(
			"\"{}\" is no part of a step: flow, key, mask, packet or actions", name));
	}
}

static void read_options(Step &step, const std::string &text)
{
	std::istringstream words(text);
	std::string word;

	words >> step.verb;
	while (words >> word) {
		const size_t equals = word.find('=');

		step.set(word.substr(0, equals),
			 equals == std::string::npos ? "" : word.substr(equals + 1));
	}
}

static Step read_step(const std::string &line)
{
	static constexpr const char *BETWEEN = " ; ";
	Step step;
	size_t at = line.find(BETWEEN);

	read_options(step, line.substr(0, at));
	while (at != std::string::npos) {
		const size_t end = line.find(BETWEEN, at + 3);
		const std::string part = line.substr(at + 3, end == std::string::npos
								     ? end
								     : end - at - 3);
		const size_t space = part.find(' ');

		read_part(step, part.substr(0, space),
			  space == std::string::npos ? "" : part.substr(space + 1));
		at = end;
	}
	return step;
}

Scenario read_scenario(const std::string &text)
{
	std::istringstream lines(text);
	std::string line;
	Scenario scenario;
	unsigned int number = 0;

	while (std::getline(lines, line)) {
		number++;
		if (line.empty() || line[0] == '#')
			continue;
		try {
			Step step = read_step(line);

			if (step.verb == "scenario") {
				scenario.seed = step.number("seed", 0);
				scenario.features =
					static_cast<uint32_t>(step.number("features", 0));
				scenario.talks = step.option("talks").value_or("");
			} else {
				scenario.steps.push_back(std::move(step));
			}
		} catch (const std::exception &error) {
			throw mf::Error(fmt::format("line {}: {}", number, error.what()));
		}
	}
	return scenario;
}

} // namespace diff
