/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "lab/netlink.h"

namespace fuzz
{

/** What is broken: a command of a family with the attributes of a sane request. */
struct Model {
	const char *family;
	uint8_t cmd;
	lab::Bytes attrs;
};

/** Sane requests of a family, every attribute and every action among them. */
std::vector<Model> models_of(const std::string &family);

} // namespace fuzz
