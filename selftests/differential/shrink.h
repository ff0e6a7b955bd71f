/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "batch.h"
#include "compare.h"

namespace diff
{

/** A scenario that fails, and how. */
struct Failure {
	std::string kind; /**< of its first unexplained difference */
	Scenario scenario;
};

/** Makes each as small as it can be while it still fails in the same way. */
void shrink(const Modules &modules, AllowedTable &allowed, std::vector<Failure> &failures);

} // namespace diff
