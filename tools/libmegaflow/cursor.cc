// SPDX-License-Identifier: GPL-2.0-only
#include "cursor.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <numeric>

namespace mf
{

static constexpr std::string_view DELIMITERS = "(),=/ \t\n{}";
static constexpr size_t QUOTE_MAX = 40;

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool Cursor::eat(std::string_view literal)
{
	if (!all.substr(at).starts_with(literal))
		return false;
	at += literal.size();
	return true;
}

void Cursor::expect(std::string_view literal)
{
	if (!eat(literal))
		fail(fmt::format("where \"{}\" should be", literal));
}

void Cursor::skip_space()
{
	while (!done() && is_space(all[at]))
		at++;
}

void Cursor::skip_separators()
{
	while (!done() && (is_space(all[at]) || all[at] == ','))
		at++;
}

std::string_view Cursor::word()
{
	const size_t start = at;

	while (!done() && (std::isalnum(static_cast<unsigned char>(all[at])) || all[at] == '_'))
		at++;
	return all.substr(start, at - start);
}

std::string_view Cursor::until(std::string_view stop)
{
	const size_t start = at;

	at = std::min(all.find_first_of(stop, at), all.size());
	return all.substr(start, at - start);
}

static int digit_of(char c, unsigned int base)
{
	int digit = -1;

	if (c >= '0' && c <= '9')
		digit = c - '0';
	else if (c >= 'a' && c <= 'f')
		digit = c - 'a' + 10;
	else if (c >= 'A' && c <= 'F')
		digit = c - 'A' + 10;
	return digit >= 0 && static_cast<unsigned int>(digit) < base ? digit : -1;
}

uint64_t Cursor::number(uint64_t max, std::string_view of)
{
	const size_t start = at;
	const unsigned int base = eat("0x") || eat("0X") ? 16 : 10;
	const size_t first = at;
	uint64_t value = 0;
	bool overflow = false;

	for (int digit; !done() && (digit = digit_of(all[at], base)) >= 0; at++) {
		overflow |= value > (UINT64_MAX - static_cast<uint64_t>(digit)) / base;
		value = value * base + static_cast<uint64_t>(digit);
	}

	const bool junk =
		!done() && (std::isalnum(static_cast<unsigned char>(all[at])) || all[at] == '_');
	if (at == first || junk)
		fail_at(start, fmt::format("is not a number for {}", of));
	if (base == 10 && at - first > 1 && all[first] == '0')
		fail_at(start,
			fmt::format("starts with 0: write {} decimal without it, or hex with 0x",
				    of));
	if (overflow || value > max)
		fail_at(start, fmt::format("is too large for {}: at most {}", of, max));
	return value;
}

void Cursor::fail_at(size_t position, std::string_view problem) const
{
	if (position >= all.size())
		throw SyntaxError(fmt::format("{}: at the end: nothing {}", what,
					      problem.starts_with("where")
						      ? problem
						      : fmt::format("there, it {}", problem)),
				  position);

	size_t end = all.find_first_of(DELIMITERS, position);
	if (end == position)
		end = position + 1;
	const std::string_view token = all.substr(position, std::min(end - position, QUOTE_MAX));

	throw SyntaxError(
		fmt::format("{}: column {}: \"{}\" {}", what, position + 1, token, problem),
		position);
}

static size_t edit_distance(std::string_view a, std::string_view b)
{
	std::vector<size_t> row(b.size() + 1);

	std::iota(row.begin(), row.end(), 0);
	for (size_t i = 0; i < a.size(); i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < b.size(); j++) {
			const size_t change = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			row[j + 1] = std::min({change, row[j] + 1, row[j + 1] + 1});
		}
	}
	return row[b.size()];
}

std::string suggestion(std::string_view word, const std::vector<std::string> &words)
{
	const std::string *best = nullptr;
	size_t least = 3;

	for (const std::string &candidate : words) {
		const size_t distance = edit_distance(word, candidate);

		if (distance < least && distance < candidate.size()) {
			least = distance;
			best = &candidate;
		}
	}
	return best ? fmt::format("; did you mean \"{}\"?", *best) : "";
}

} // namespace mf
