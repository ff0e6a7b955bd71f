/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "attr.h"

namespace diff
{

using mf::Bytes;
using mf::View;

/** A netlink attribute on its own, to be altered and put back. */
struct Loose {
	uint16_t type; /**< with its flags */
	Bytes data;

	bool nested() const;
	uint16_t number() const;
};

/** Splits a run; throws mf::Error if it is none. */
std::vector<Loose> take_apart(View run);
/** The run that they make. */
Bytes put_together(const std::vector<Loose> &attrs);

} // namespace diff
