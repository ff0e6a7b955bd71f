/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "bytes.h"

#include <initializer_list>
#include <random>

namespace diff
{

using mf::Bytes;
using mf::View;

/** Chance out of a seed: the same seed always falls the same way. */
class Dice
{
public:
	explicit Dice(uint64_t seed) : engine(seed) {}

	/** A number from 0 to n - 1. */
	uint32_t below(uint32_t n) { return n ? static_cast<uint32_t>(engine() % n) : 0; }
	bool percent(uint32_t chance) { return below(100) < chance; }
	uint64_t any() { return engine(); }

	template <typename T> T pick(std::initializer_list<T> choices)
	{
		return choices.begin()[below(static_cast<uint32_t>(choices.size()))];
	}
	template <typename List> const auto &of(const List &list)
	{
		return list[below(static_cast<uint32_t>(list.size()))];
	}
	Bytes bytes(size_t length)
	{
		Bytes out(length);

		for (uint8_t &byte : out)
			byte = static_cast<uint8_t>(engine());
		return out;
	}

private:
	std::mt19937_64 engine;
};

} // namespace diff
