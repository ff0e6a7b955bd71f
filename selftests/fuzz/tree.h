/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "lab/netlink.h"

#include <random>

namespace fuzz
{

using lab::Bytes;
using lab::View;

/** An attribute that knows its parts, so that it can be broken in ways that are not only noise. */
struct Node {
	uint16_t type = 0; /**< with its flags */
	Bytes payload;     /**< unless it has children */
	std::vector<Node> children;
};

/** Where chance comes from; the same seed breaks the same things. */
class Dice
{
public:
	explicit Dice(uint64_t seed) : engine(seed) {}

	/** A number below @p limit. */
	size_t below(size_t limit) { return limit ? engine() % limit : 0; }
	bool one_in(size_t n) { return below(n) == 0; }
	uint8_t byte() { return static_cast<uint8_t>(engine()); }

private:
	std::mt19937_64 engine;
};

/** Reads attributes; what looks like a nest is taken apart. */
std::vector<Node> parse(View run, int depth = 0);
/** Writes them; a payload too long for its length field is written all the same. */
Bytes write(const std::vector<Node> &nodes);
/** Breaks something of a list of attributes. */
void mutate(std::vector<Node> &nodes, Dice &dice);
/** Breaks bytes of a message behind its first @p keep. */
void corrupt(Bytes &message, size_t keep, Dice &dice);

} // namespace fuzz
