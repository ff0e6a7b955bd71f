/* SPDX-License-Identifier: GPL-2.0-only */
#include "shape.h"

#include "error.h"

#include <arpa/inet.h>
#include <cstring>
#include <fmt/format.h>
#include <linux/if_ether.h>
#include <netinet/in.h>

namespace bench
{

namespace
{

/* What the shapes make: addresses and ports in host byte order. */
struct Tuple {
	uint32_t src, dst;
	uint16_t tp_src, tp_dst;
};

constexpr Tuple EXACT = {UINT32_MAX, UINT32_MAX, UINT16_MAX, UINT16_MAX};

Tuple random_tuple(Random &random)
{
	const uint64_t a = random(), b = random();

	return {static_cast<uint32_t>(a), static_cast<uint32_t>(a >> 32),
		static_cast<uint16_t>(b), static_cast<uint16_t>(b >> 16)};
}

uint32_t prefix32(unsigned len)
{
	return len ? UINT32_MAX << (32 - len) : 0;
}

uint16_t prefix16(unsigned len)
{
	return static_cast<uint16_t>(prefix32(len) >> 16);
}

void set_tuple(Headers &h, const Tuple &tuple)
{
	h.ipv4.ipv4_src = htonl(tuple.src);
	h.ipv4.ipv4_dst = htonl(tuple.dst);
	h.ports = {.udp_src = htons(tuple.tp_src), .udp_dst = htons(tuple.tp_dst)};
}

/* All but addresses, ports, type of service and time to live is exact. */
Flow flow_of(unsigned context, Tuple key, const Tuple &mask)
{
	Flow flow{};

	key.src &= mask.src;
	key.dst &= mask.dst;
	key.tp_src &= mask.tp_src;
	key.tp_dst &= mask.tp_dst;
	flow.key.in_port = context;
	flow.key.ethernet = {.eth_src = {2, 0, 0, 0, 0, 1}, .eth_dst = {2, 0, 0, 0, 0, 2}};
	flow.key.eth_type = htons(ETH_P_IP);
	flow.key.ipv4.ipv4_proto = IPPROTO_UDP;
	set_tuple(flow.key, key);
	std::memset(&flow.mask, 0xff, sizeof(flow.mask));
	flow.mask.ct_state = 0;
	flow.mask.ipv4.ipv4_tos = 0;
	flow.mask.ipv4.ipv4_ttl = 0;
	set_tuple(flow.mask, mask);
	return flow;
}

std::vector<Flow> make_exact(unsigned, unsigned flows, Random &)
{
	std::vector<Flow> out;

	for (unsigned i = 0; i < flows; i++)
		out.push_back(flow_of(0,
				      {0x0a000001, 0x0a000002 + i / 60000,
				       static_cast<uint16_t>(1024 + i % 60000), 80},
				      EXACT));
	return out;
}

/* A context has a pair of prefix lengths of its own, and 16 prefixes of a port. */
std::vector<Flow> make_tenants(unsigned masks, unsigned flows, Random &random)
{
	std::vector<Flow> out;

	for (unsigned i = 0; i < flows; i++) {
		const unsigned m = i % masks, context = m / 16;
		const Tuple mask = {prefix32(1 + context % 32), prefix32(32 - context / 32 % 32), 0,
				    prefix16(1 + m % 16)};
		Tuple key = random_tuple(random);

		key.dst = i / masks << 8;
		key.tp_dst = static_cast<uint16_t>(0x8000 >> m % 16);
		out.push_back(flow_of(context, key, mask));
	}
	return out;
}

/* Products of prefixes that differ in their last bit from one rule. */
std::vector<Flow> make_tse(unsigned masks, unsigned, Random &)
{
	std::vector<Flow> out;

	for (unsigned i = 0; i < masks; i++) {
		const unsigned a = 1 + i / 256 % 32, b = 1 + i / 16 % 16, c = 1 + i % 16;

		out.push_back(flow_of(0,
				      {0x0a010203 ^ 1u << (32 - a), 0,
				       static_cast<uint16_t>(0x1234 ^ 1u << (16 - b)),
				       static_cast<uint16_t>(0x0050 ^ 1u << (16 - c))},
				      {prefix32(a), 0, prefix16(b), prefix16(c)}));
	}
	return out;
}

std::vector<Flow> make_random(unsigned masks, unsigned flows, Random &random)
{
	std::vector<Tuple> mask(masks);
	std::vector<Flow> out;

	for (Tuple &m : mask)
		m = random_tuple(random);
	for (unsigned i = 0; i < flows; i++)
		out.push_back(flow_of(0, random_tuple(random), mask[i % masks]));
	return out;
}

/* A region of the space of tuples: a prefix of each part. */
struct Region {
	uint32_t value[4], len[4];
};

/* Cuts a region in two at random, and so on; a flow for each part. */
void cut(std::vector<Flow> &out, unsigned context, Region r, unsigned flows, Random &random)
{
	static constexpr uint32_t WIDTH[4] = {32, 32, 16, 16};
	unsigned d;

	if (flows == 1) {
		out.push_back(flow_of(context,
				      {r.value[0], r.value[1], static_cast<uint16_t>(r.value[2]),
				       static_cast<uint16_t>(r.value[3])},
				      {prefix32(r.len[0]), prefix32(r.len[1]), prefix16(r.len[2]),
				       prefix16(r.len[3])}));
		return;
	}
	do
		d = random() % 4;
	while (r.len[d] == WIDTH[d]);
	const auto left = static_cast<unsigned>(1 + random() % (flows - 1));
	r.len[d]++;
	cut(out, context, r, left, random);
	r.value[d] |= 1u << (WIDTH[d] - r.len[d]);
	cut(out, context, r, flows - left, random);
}

std::vector<Flow> make_cuts(unsigned contexts, unsigned flows, Random &random)
{
	std::vector<Flow> out;

	for (unsigned i = 0; i < contexts; i++)
		cut(out, i, {}, flows / contexts, random);
	return out;
}

/* Exact flows of no order. */
std::vector<Flow> make_scatter(unsigned, unsigned flows, Random &random)
{
	std::vector<Flow> out;

	for (unsigned i = 0; i < flows; i++)
		out.push_back(flow_of(0, random_tuple(random), EXACT));
	return out;
}

uint32_t rotate(uint32_t value, unsigned by)
{
	return value << by | value >> (32 - by);
}

/* The end of Bob Jenkins' hash (lookup3, jhash in the kernel), and the way back. */
constexpr unsigned ROTATIONS[] = {14, 11, 25, 16, 4, 14, 24};

void jhash_final(uint32_t (&v)[3])
{
	for (unsigned i = 0; i < 7; i++) {
		uint32_t &to = v[(i + 2) % 3];
		const uint32_t from = v[(i + 1) % 3];

		to = (to ^ from) - rotate(from, ROTATIONS[i]);
	}
}

void jhash_final_undo(uint32_t (&v)[3])
{
	for (unsigned i = 7; i--;) {
		uint32_t &to = v[(i + 2) % 3];
		const uint32_t from = v[(i + 1) % 3];

		to = (to + rotate(from, ROTATIONS[i])) ^ from;
	}
}

/*
 * Exact flows whose source, destination and ports, as three words in network
 * byte order, all have the jhash 0 where the seed is 0.
 */
std::vector<Flow> make_collide(unsigned, unsigned flows, Random &random)
{
	constexpr uint32_t START = 0xdeadbeef + (3 << 2);
	std::vector<Flow> out;

	for (unsigned i = 0; i < flows; i++) {
		const uint64_t free = random();
		uint32_t v[3] = {static_cast<uint32_t>(free), static_cast<uint32_t>(free >> 32), 0};

		jhash_final_undo(v);
		const uint32_t words[3] = {v[0] - START, v[1] - START, v[2] - START};
		uint16_t ports[2];

		jhash_final(v);
		if (v[2])
			throw mf::Error("flows that were to collide do not");
		std::memcpy(ports, &words[2], sizeof(ports));
		out.push_back(flow_of(0,
				      {ntohl(words[0]), ntohl(words[1]), ntohs(ports[0]), ntohs(ports[1])},
				      EXACT));
	}
	return out;
}

constexpr Shape SHAPES[] = {
	{"exact", "one mask, every flow its own port", make_exact},
	{"tenants", "16 masks for each input port, its own", make_tenants},
	{"tse", "tuple space explosion: products of prefixes on one input port", make_tse},
	{"random", "any bits of addresses and ports, on one input port", make_random},
	{"cuts", "prefixes that random cuts leave, on as many input ports as masks are asked for",
	 make_cuts},
	{"scatter", "one mask, every flow random", make_scatter},
	{"collide", "one mask, every flow with the same unkeyed jhash of addresses and ports", make_collide},
};

/* What matches a flow in the part of it that @p mask is of. */
template <typename T> T fill(T key, T mask, Random &random)
{
	return static_cast<T>(key | (static_cast<T>(random()) & ~mask));
}

} // namespace

const Shape &shape_of(const std::string &name)
{
	std::string names;

	for (const Shape &shape : SHAPES) {
		if (shape.name == name)
			return shape;
		names += fmt::format(" {}", shape.name);
	}
	throw mf::UsageError(fmt::format("there is no shape {}; there are{}", name, names));
}

Frame frame_of(const Flow &flow, Random &random)
{
	const Headers &key = flow.key, &mask = flow.mask;
	const uint32_t src = fill(key.ipv4.ipv4_src, mask.ipv4.ipv4_src, random);
	const uint32_t dst = fill(key.ipv4.ipv4_dst, mask.ipv4.ipv4_dst, random);
	const uint16_t ports[2] = {fill(key.ports.udp_src, mask.ports.udp_src, random),
				   fill(key.ports.udp_dst, mask.ports.udp_dst, random)};
	/* Nobody here looks at checksums. */
	Frame frame = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 46,
		       0, 0, 0, 0, 32, IPPROTO_UDP, 0, 0};

	std::memcpy(&frame[26], &src, sizeof(src));
	std::memcpy(&frame[30], &dst, sizeof(dst));
	std::memcpy(&frame[34], ports, sizeof(ports));
	frame[39] = 26; /* the datagram's length */
	return frame;
}

Frame frame_of_none(const Flow &flow, Random &random)
{
	Frame frame = frame_of(flow, random);

	frame[5] = 3;
	return frame;
}

} // namespace bench
