// SPDX-License-Identifier: GPL-2.0-only
#include "genl.h"

#include "error.h"

#include <algorithm>
#include <cerrno>
#include <linux/genetlink.h>
#include <linux/netlink.h>

namespace mf
{

bool Family::has_op(uint32_t cmd) const
{
	return std::any_of(ops.begin(), ops.end(),
			   [cmd](const FamilyOp &op) { return op.cmd == cmd; });
}

static FamilyOp parse_op(const Attr &nest)
{
	FamilyOp op;

	for (const Attr &attr : split_attrs(nest.data)) {
		if (attr.type == CTRL_ATTR_OP_ID)
			op.cmd = attr.u32();
		else if (attr.type == CTRL_ATTR_OP_FLAGS)
			op.flags = attr.u32();
	}
	return op;
}

static void parse_group(const Attr &nest, Family &family)
{
	const auto attrs = split_attrs(nest.data);
	const auto name = find_attr(attrs, CTRL_ATTR_MCAST_GRP_NAME);
	const auto id = find_attr(attrs, CTRL_ATTR_MCAST_GRP_ID);

	if (name && id)
		family.groups[name->str()] = id->u32();
}

static Family parse_family(const Message &message)
{
	Family family;

	for (const Attr &attr : message.attrs(0)) {
		switch (attr.type) {
		case CTRL_ATTR_FAMILY_NAME:
			family.name = attr.str();
			break;
		case CTRL_ATTR_FAMILY_ID:
			family.id = attr.u16();
			break;
		case CTRL_ATTR_VERSION:
			family.version = attr.u32();
			break;
		case CTRL_ATTR_HDRSIZE:
			family.header_size = attr.u32();
			break;
		case CTRL_ATTR_MAXATTR:
			family.max_attr = attr.u32();
			break;
		case CTRL_ATTR_OPS:
			for (const Attr &op : split_attrs(attr.data))
				family.ops.push_back(parse_op(op));
			break;
		case CTRL_ATTR_MCAST_GROUPS:
			for (const Attr &group : split_attrs(attr.data))
				parse_group(group, family);
			break;
		default:
			break;
		}
	}
	return family;
}

std::optional<Family> find_family(Socket &socket, const std::string &name)
{
	Request request(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 2, 0, std::nullopt, AttrSet::CTRL);
	std::optional<Family> found;

	request.str(CTRL_ATTR_FAMILY_NAME, name);
	try {
		socket.transact(request, [&](const Message &m) { found = parse_family(m); });
	} catch (const KernelError &error) {
		if (error.code != ENOENT)
			throw;
	}
	return found;
}

std::vector<Family> dump_families(Socket &socket)
{
	Request request(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 2, NLM_F_DUMP, std::nullopt,
			AttrSet::CTRL);
	std::vector<Family> families;

	socket.transact(request, [&](const Message &m) { families.push_back(parse_family(m)); });
	return families;
}

static PolicyAttr parse_policy_attr(uint32_t policy, const Attr &nest)
{
	PolicyAttr row;

	row.policy = policy;
	row.type = nest.type;
	for (const Attr &attr : split_attrs(nest.data)) {
		switch (attr.type) {
		case NL_POLICY_TYPE_ATTR_TYPE:
			row.kind = attr.u32();
			break;
		case NL_POLICY_TYPE_ATTR_MIN_LENGTH:
			row.min_length = attr.u32();
			break;
		case NL_POLICY_TYPE_ATTR_MAX_LENGTH:
			row.max_length = attr.u32();
			break;
		case NL_POLICY_TYPE_ATTR_MIN_VALUE_U:
		case NL_POLICY_TYPE_ATTR_MIN_VALUE_S:
			row.min_value = attr.u64();
			break;
		case NL_POLICY_TYPE_ATTR_MAX_VALUE_U:
		case NL_POLICY_TYPE_ATTR_MAX_VALUE_S:
			row.max_value = attr.u64();
			break;
		case NL_POLICY_TYPE_ATTR_MASK:
			row.mask = attr.u64();
			break;
		default:
			break;
		}
	}
	return row;
}

std::vector<PolicyAttr> dump_policy(Socket &socket, const Family &family)
{
	Request request(GENL_ID_CTRL, CTRL_CMD_GETPOLICY, 2, NLM_F_DUMP, std::nullopt,
			AttrSet::CTRL);
	std::vector<PolicyAttr> rows;

	request.u16(CTRL_ATTR_FAMILY_ID, family.id);
	try {
		socket.transact(request, [&](const Message &m) {
			const auto policy = find_attr(m.attrs(0), CTRL_ATTR_POLICY);

			if (!policy)
				return;
			for (const Attr &index : split_attrs(policy->data))
				for (const Attr &attr : split_attrs(index.data))
					rows.push_back(parse_policy_attr(index.type, attr));
		});
	} catch (const KernelError &) {
		rows.clear(); /* older kernels cannot tell, families may have no policy */
	}
	return rows;
}

} // namespace mf
