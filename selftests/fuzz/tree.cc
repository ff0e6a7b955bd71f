// SPDX-License-Identifier: GPL-2.0-only
#include "tree.h"

#include <algorithm>

namespace fuzz
{

/* Deeper than the kernel allows; the rest stays bytes. */
static constexpr int DEPTH = 20;

/* Payloads that are a run of attributes to the last byte, of types that may be. */
static bool is_nest(View payload)
{
	size_t at = 0;

	if (payload.size() < NLA_HDRLEN)
		return false;
	while (at < payload.size()) {
		const auto header = mf::load<nlattr>(payload, at);

		if (payload.size() - at < NLA_HDRLEN || header.nla_len < NLA_HDRLEN ||
		    header.nla_len > payload.size() - at || (header.nla_type & NLA_TYPE_MASK) > 64)
			return false;
		at += NLA_ALIGN(header.nla_len);
	}
	return at == payload.size();
}

std::vector<Node> parse(View run, int depth)
{
	std::vector<Node> nodes;
	size_t at = 0;

	while (at + NLA_HDRLEN <= run.size()) {
		const auto header = mf::load<nlattr>(run, at);
		const View payload = run.subspan(at + NLA_HDRLEN, header.nla_len - NLA_HDRLEN);
		Node node{header.nla_type, {}, {}};

		if (depth < DEPTH && is_nest(payload))
			node.children = parse(payload, depth + 1);
		else
			node.payload.assign(payload.begin(), payload.end());
		nodes.push_back(std::move(node));
		at += NLA_ALIGN(header.nla_len);
	}
	return nodes;
}

Bytes write(const std::vector<Node> &nodes)
{
	Bytes out;

	for (const Node &node : nodes) {
		const Bytes payload = node.children.empty() ? node.payload : write(node.children);
		const nlattr header{static_cast<uint16_t>(NLA_HDRLEN + payload.size()), node.type};
		const View raw = mf::bytes_of(header);

		out.insert(out.end(), raw.begin(), raw.end());
		out.insert(out.end(), payload.begin(), payload.end());
		out.resize(NLA_ALIGN(out.size()));
	}
	return out;
}

static void change_payload(Bytes &payload, Dice &dice)
{
	static const uint32_t edges[] = {0,      1,      2,      0xff,       0x100,     0xffff,
					 0x10000, 65534, 65535, 0x7fffffff, 0x80000000, 0xffffffff};

	switch (dice.below(6)) {
	case 0:
		payload.resize(dice.below(payload.size() + 1));
		break;
	case 1:
		payload.resize(payload.size() + 1 + dice.below(8), dice.byte());
		break;
	case 2:
		payload.resize(dice.below(3000), dice.byte());
		break;
	case 3:
		payload.assign(4, 0);
		mf::store_host(payload, edges[dice.below(std::size(edges))]);
		break;
	case 4:
		std::fill(payload.begin(), payload.end(), dice.one_in(2) ? 0xff : 0);
		break;
	default:
		if (!payload.empty())
			payload[dice.below(payload.size())] = dice.byte();
		break;
	}
}

static void wrap(Node &node, Dice &dice)
{
	const size_t levels = 1 + dice.below(24);

	for (size_t i = 0; i < levels; i++) {
		Node outer{node.type, {}, {}};

		outer.children.push_back(std::move(node));
		node = std::move(outer);
	}
}

static void change_list(std::vector<Node> &nodes, size_t at, Dice &dice)
{
	Node copy;

	switch (dice.below(6)) {
	case 0:
		nodes.erase(nodes.begin() + static_cast<long>(at));
		break;
	case 1:
		copy = nodes[at];
		nodes.insert(nodes.begin() + static_cast<long>(dice.below(nodes.size() + 1)), copy);
		break;
	case 2:
		std::swap(nodes[at], nodes[dice.below(nodes.size())]);
		break;
	case 3:
		copy = nodes[at];
		nodes.insert(nodes.end(), dice.below(dice.one_in(20) ? 2000 : 20), copy);
		break;
	case 4:
		wrap(nodes[at], dice);
		break;
	default:
		copy.type = static_cast<uint16_t>(dice.below(40));
		copy.payload.resize(dice.below(48), dice.byte());
		nodes.insert(nodes.begin() + static_cast<long>(dice.below(nodes.size() + 1)), copy);
		break;
	}
}

void mutate(std::vector<Node> &nodes, Dice &dice)
{
	if (nodes.empty()) {
		nodes.push_back({static_cast<uint16_t>(dice.below(40)), Bytes(dice.below(16)), {}});
		return;
	}
	const size_t at = dice.below(nodes.size());
	Node &node = nodes[at];

	if (!node.children.empty() && !dice.one_in(4)) {
		mutate(node.children, dice);
		return;
	}
	switch (dice.below(4)) {
	case 0:
		change_list(nodes, at, dice);
		break;
	case 1:
		node.type = dice.one_in(3) ? static_cast<uint16_t>(dice.byte() << 8 | dice.byte())
					   : static_cast<uint16_t>(dice.below(40));
		break;
	case 2:
		node.type ^= NLA_F_NESTED;
		break;
	default:
		/* A nest that is cut through the middle of a child, too. */
		if (!node.children.empty())
			node.payload = write(std::exchange(node.children, {}));
		change_payload(node.payload, dice);
		break;
	}
}

void corrupt(Bytes &message, size_t keep, Dice &dice)
{
	if (message.size() <= keep)
		return;
	for (size_t n = 1 + dice.below(4); n; n--) {
		const size_t at = keep + dice.below(message.size() - keep);

		/* Lengths stand at multiples of four. */
		if (dice.one_in(2))
			message[at & ~size_t{3}] = dice.byte();
		else
			message[at] = dice.byte();
	}
	if (dice.one_in(8))
		message.resize(keep + dice.below(message.size() - keep));
}

} // namespace fuzz
