/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "record.h"
#include "scenario.h"

#include <regex>
#include <set>

namespace diff
{

/** Something that one module shows and the other does not, or not so. */
struct Difference {
	size_t step = 0; /**< in the record: 0 before the first step */
	std::string kind;  /**< what it is about, without its values */
	std::string in_tree, ours;
};

/** Everything that differs, in the order in which it was seen. */
std::vector<Difference> compare(const Scenario &scenario, const Record &in_tree,
				const Record &ours);

/** A row of the table of differences that are meant. */
struct Allowed {
	std::string id;
	std::regex kind;   /**< of the difference */
	std::regex values; /**< "in-tree -> ours" */
	std::regex when;   /**< what the step, as text, must hold; of the last one: any step */
	bool parts = false; /**< from here on the two go different ways: no more is compared */
	bool rare = false;  /**< a run of many seeds may do without */
	std::string heading; /**< in divergences.rst */
};

/** The table, and which of its rows were of use. */
class AllowedTable
{
public:
	/** Reads the table; throws mf::Error that names the line. */
	explicit AllowedTable(const std::string &path);

	/** Takes away what is allowed. */
	std::vector<Difference> unexplained(const Scenario &scenario,
					    const std::vector<Difference> &differences);
	/** Rows that have matched nothing so far. */
	std::vector<std::string> unused() const;
	/** How often each row was of use. */
	const std::map<std::string, uint64_t> &uses() const { return counts; }

private:
	const Allowed *find(const Scenario &scenario, const Difference &difference) const;

	std::vector<Allowed> rows;
	std::map<std::string, uint64_t> counts;
};

} // namespace diff
