// SPDX-License-Identifier: GPL-2.0-only
/* A packet's bytes, lengths and checksums as they should be. */
#include "packet.h"

#include "lab/frames.h"

#include <linux/if_ether.h>
#include <netinet/in.h>

namespace diff
{

static void put(Bytes &out, size_t width, uint64_t value)
{
	out.resize(out.size() + width);
	mf::store_be(std::span(out).last(width), value);
}

static void put(Bytes &out, View more)
{
	out.insert(out.end(), more.begin(), more.end());
}

static uint32_t sum(View data)
{
	uint32_t total = 0;

	for (size_t i = 0; i < data.size(); i++)
		total += i % 2 ? data[i] : data[i] << 8u;
	return total;
}

static uint16_t fold(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return static_cast<uint16_t>(~total);
}

static Bytes tail(const Packet &p)
{
	Bytes out(p.payload);

	for (size_t i = 0; i < out.size(); i++)
		out[i] = static_cast<uint8_t>(i);
	return out;
}

static Bytes nd_message(const Packet &p)
{
	Bytes out;

	put(out, 4, 0);
	put(out, p.nd_target);
	for (const auto &[kind, address] : {std::pair{1, p.nd_sll}, std::pair{2, p.nd_tll}})
		if (!mf::all_bytes(address, 0)) {
			put(out, 1, static_cast<uint64_t>(kind));
			put(out, 1, 1);
			put(out, address);
		}
	return out;
}

/* The transport header and payload; @p at tells where its checksum is, 0 if it has none. */
static Bytes transport(const Packet &p, size_t &at)
{
	const Bytes rest = tail(p);
	Bytes out;

	at = 0;
	switch (p.proto) {
	case IPPROTO_TCP:
		put(out, 2, p.tp_src);
		put(out, 2, p.tp_dst);
		put(out, 8, 0x1111111122222222);
		put(out, 2, 0x5000 | p.tcp_flags);
		put(out, 6, 0x100000000000);
		at = 16;
		break;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		put(out, 2, p.tp_src);
		put(out, 2, p.tp_dst);
		put(out, 2, 8 + rest.size());
		put(out, 2, 0);
		at = p.proto == IPPROTO_UDP && p.tos == 1 ? 0 : 6;
		break;
	case IPPROTO_DCCP:
		put(out, 2, p.tp_src);
		put(out, 2, p.tp_dst);
		put(out, 8, 0x0400000004000000);
		put(out, 4, 1);
		at = 6;
		break;
	case IPPROTO_SCTP:
		return lab::sctp(p.tp_src, p.tp_dst);
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		put(out, 1, p.type);
		put(out, 1, p.code);
		put(out, 2, 0);
		if (p.is_nd())
			put(out, nd_message(p));
		else
			put(out, 4, 0x00010002);
		at = 2;
		break;
	default:
		break;
	}
	put(out, rest);
	return out;
}

static Bytes l4_of(const Packet &p)
{
	size_t at;
	Bytes out;

	if (p.frag == 2)
		return tail(p);
	out = transport(p, at);
	if (!at)
		return out;
	uint32_t total = sum(out);
	const uint32_t pseudo =
		sum(p.ip_src) + sum(p.ip_dst) + p.proto + static_cast<uint32_t>(out.size());
	if (p.proto != IPPROTO_ICMP)
		total += pseudo;
	const uint16_t value = p.open_sum ? static_cast<uint16_t>(~fold(pseudo)) : fold(total);
	mf::store_be(std::span(out).subspan(at, 2), p.bad_sum ? 0x1234 : value);
	return out;
}

static Bytes ipv4_of(const Packet &p)
{
	const Bytes inner = l4_of(p);
	Bytes out;

	put(out, 1, 0x45);
	put(out, 1, p.tos);
	put(out, 2, 20 + inner.size());
	put(out, 2, 0x4242);
	put(out, 2, p.frag == 1 ? 0x2000 : p.frag == 2 ? 0x0010 : 0x4000);
	put(out, 1, p.ttl);
	put(out, 1, p.proto);
	put(out, 2, 0);
	put(out, p.ip_src);
	put(out, p.ip_dst);
	mf::store_be(std::span(out).subspan(10, 2), fold(sum(out)));
	put(out, inner);
	return out;
}

static Bytes extension(const Packet &p, uint8_t kind, uint8_t next)
{
	Bytes out;

	put(out, 1, next);
	switch (kind) {
	case IPPROTO_FRAGMENT:
		put(out, 1, 0);
		put(out, 2, p.frag == 1 ? 1 : 0x80);
		put(out, 4, 0x42);
		break;
	case IPPROTO_AH:
		put(out, 1, 1);
		put(out, 2, 0);
		put(out, 8, 0x100000001);
		break;
	case IPPROTO_ROUTING:
		put(out, 1, 2);
		put(out, 1, 2);
		put(out, 1, 1);
		put(out, 4, 0);
		put(out, p.ip_src);
		break;
	default:
		put(out, 1, 0);
		put(out, 2, 0x0104);
		put(out, 4, 0);
		break;
	}
	return out;
}

static Bytes ipv6_of(const Packet &p)
{
	const Bytes inner = l4_of(p);
	Bytes chain, out;

	for (size_t i = 0; i < p.headers.size(); i++)
		put(chain, extension(p, p.headers[i],
				     i + 1 < p.headers.size() ? p.headers[i + 1] : p.proto));
	put(out, 4, 0x60000000u | static_cast<uint32_t>(p.tos) << 20 | p.label);
	put(out, 2, chain.size() + inner.size());
	put(out, 1, p.headers.empty() ? p.proto : p.headers[0]);
	put(out, 1, p.ttl);
	put(out, p.ip_src);
	put(out, p.ip_dst);
	put(out, chain);
	put(out, inner);
	return out;
}

static Bytes arp_of(const Packet &p)
{
	Bytes out;

	put(out, 6, 0x000108000604);
	put(out, 2, p.arp_op);
	put(out, p.src);
	put(out, p.ip_src);
	put(out, p.dst);
	put(out, p.ip_dst);
	return out;
}

static Bytes l3_of(const Packet &p)
{
	Bytes out;

	if (p.is_ipv4())
		return ipv4_of(p);
	if (p.is_ipv6())
		return ipv6_of(p);
	if (p.is_arp())
		return arp_of(p);
	for (const uint32_t lse : p.lse)
		put(out, 4, lse);
	put(out, p.nsh);
	put(out, tail(p));
	return out;
}

Bytes frame_of(const Packet &p)
{
	const Bytes inner = l3_of(p);
	Bytes out;

	if (p.ethernet) {
		put(out, p.dst);
		put(out, p.src);
		for (const Tag &tag : p.tags) {
			put(out, 2, tag.tpid);
			put(out, 2, tag.tci);
		}
		if (p.llc) {
			put(out, 2, 3 + inner.size());
			put(out, 3, 0x424203);
		} else {
			put(out, 2, p.eth_type);
		}
	}
	put(out, inner);
	return out;
}

std::optional<lab::Offload> offload_of(const Packet &p)
{
	const bool tcp = p.proto == IPPROTO_TCP;
	lab::Offload left;

	if (!p.ethernet || !p.has_l4() || p.frag || (!tcp && p.proto != IPPROTO_UDP) ||
	    (!tcp && p.tos == 1))
		return std::nullopt;
	left.csum_start = static_cast<uint16_t>(frame_of(p).size() - l4_of(p).size());
	left.csum_offset = tcp ? 16 : 6;
	left.header_len = static_cast<uint16_t>(left.csum_start + (tcp ? 20 : 8));
	return left;
}

} // namespace diff
