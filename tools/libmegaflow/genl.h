/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "socket.h"

#include <map>

namespace mf
{

/** One command of a generic netlink family. */
struct FamilyOp {
	uint32_t cmd = 0;
	uint32_t flags = 0; /**< GENL_ADMIN_PERM and friends */
};

/** What generic netlink knows about a family. */
struct Family {
	std::string name;
	uint16_t id = 0;
	uint32_t version = 0;
	uint32_t header_size = 0;
	uint32_t max_attr = 0;
	std::vector<FamilyOp> ops;
	std::map<std::string, uint32_t> groups;

	bool has_op(uint32_t cmd) const;
};

/** One attribute as the kernel's own policy describes it. */
struct PolicyAttr {
	uint32_t policy = 0; /**< index of the policy it is part of; 0 is the top one */
	uint16_t type = 0;
	uint32_t kind = 0; /**< NL_ATTR_TYPE_* */
	std::optional<uint64_t> min_length, max_length, min_value, max_value, mask;
};

/** Finds a family by name; the kernel may load a module for it. Nothing if there is none. */
std::optional<Family> find_family(Socket &socket, const std::string &name);

/** Every family there is; loads nothing. */
std::vector<Family> dump_families(Socket &socket);

/** The policy of a family; empty if the kernel cannot tell. Loads nothing. */
std::vector<PolicyAttr> dump_policy(Socket &socket, const Family &family);

} // namespace mf
