/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mf
{

/**
 * Reads text from left to right. Every failure is one line that quotes what
 * stands there, says at which column, and what would be right.
 */
class Cursor
{
public:
	/** @param what_text what the text is, in the user's words: "flow", "actions" */
	Cursor(std::string_view what_text, std::string_view text) : what(what_text), all(text) {}

	bool done() const { return at >= all.size(); }
	char peek() const { return done() ? '\0' : all[at]; }
	size_t position() const { return at; }
	std::string_view rest() const { return all.substr(at); }
	void rewind(size_t position) { at = position; }

	/** Steps over @p literal if it stands here. */
	bool eat(std::string_view literal);
	/** Steps over @p literal or fails. */
	void expect(std::string_view literal);
	/** Steps over white space and commas between things of a list. */
	void skip_separators();
	void skip_space();
	/** Reads letters, digits and underscores; may be empty. */
	std::string_view word();
	/** Reads up to the next character of @p stop or the end. */
	std::string_view until(std::string_view stop);

	/**
	 * Reads a decimal or 0x number.
	 * @param max	the largest one allowed
	 * @param of	what it is the number of, for the error
	 */
	uint64_t number(uint64_t max, std::string_view of);

	/** Throws SyntaxError about what stands at @p position. */
	[[noreturn]] void fail_at(size_t position, std::string_view problem) const;
	[[noreturn]] void fail(std::string_view problem) const { fail_at(at, problem); }

private:
	std::string what;
	std::string_view all;
	size_t at = 0;
};

/** "; did you mean "x"?" with the closest of the words, or nothing if none is close. */
std::string suggestion(std::string_view word, const std::vector<std::string> &words);

} // namespace mf
