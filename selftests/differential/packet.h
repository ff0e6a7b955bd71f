/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "dice.h"

#include "lab/tap.h"

#include <optional>
#include <vector>

namespace diff
{

/** A VLAN tag. */
struct Tag {
	uint16_t tpid = 0x8100;
	uint16_t tci = 0; /**< as on the wire */
};

/**
 * A packet by its fields, from which both its bytes and its flow key are made,
 * so that flows hit what is sent.
 */
struct Packet {
	/* What comes beside the packet. */
	std::optional<uint32_t> in_port;
	uint32_t priority = 0;
	uint32_t mark = 0;
	uint32_t recirc = 0;
	uint32_t dp_hash = 0;
	Bytes tunnel; /**< OVS_TUNNEL_KEY_ATTR_*, empty without a tunnel */
	std::optional<uint32_t> ct_state;
	uint16_t ct_zone = 0;
	uint32_t ct_mark = 0;
	Bytes ct_labels;
	bool ct_tuple = false;

	bool ethernet = true; /**< false: starts at layer 3 */
	Bytes src, dst;
	std::vector<Tag> tags;
	uint16_t eth_type = 0;
	bool llc = false; /**< 802.2 without SNAP instead of an EtherType */

	Bytes ip_src, ip_dst;
	uint8_t proto = 0;
	uint8_t tos = 0;
	uint8_t ttl = 64;
	uint8_t frag = 0; /**< enum ovs_frag_type */
	uint32_t label = 0;
	std::vector<uint8_t> headers; /**< IPv6 extension headers by protocol */

	uint16_t tp_src = 0, tp_dst = 0;
	uint16_t tcp_flags = 0;
	uint8_t type = 0, code = 0; /**< ICMP */
	Bytes nd_target, nd_sll, nd_tll;

	uint8_t arp_op = 1;
	std::vector<uint32_t> lse; /**< MPLS, the last has its bottom bit set */
	Bytes nsh;                 /**< the whole header */
	uint32_t payload = 0;      /**< bytes behind all headers */
	bool bad_sum = false;
	bool open_sum = false; /**< the transport checksum is left to the device: see offload_of() */

	bool is_ipv4() const { return eth_type == 0x0800; }
	bool is_ipv6() const { return eth_type == 0x86dd; }
	bool is_arp() const { return eth_type == 0x0806 || eth_type == 0x8035; }
	bool is_mpls() const { return eth_type == 0x8847 || eth_type == 0x8848; }
	bool is_nsh() const { return eth_type == 0x894f; }
	bool has_l4() const { return (is_ipv4() || is_ipv6()) && frag != 2; }
	bool is_nd() const
	{
		return is_ipv6() && has_l4() && proto == 58 && (type == 135 || type == 136);
	}
};

/** Any packet at all. */
Packet roll_packet(Dice &dice);
/** Alters a field or two, so that it may hit the flow of the other or miss it. */
Packet vary_packet(Dice &dice, const Packet &packet);
/** Its bytes. */
Bytes frame_of(const Packet &packet);
/**
 * What the device is to do to a packet that leaves its checksum open; nothing if it has none that
 * can be. TCP and UDP only.
 */
std::optional<lab::Offload> offload_of(const Packet &packet);

} // namespace diff
