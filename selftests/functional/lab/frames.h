/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "bytes.h"

#include <tins/arp.h>
#include <tins/dot1q.h>
#include <tins/ethernetII.h>
#include <tins/icmp.h>
#include <tins/icmpv6.h>
#include <tins/ip.h>
#include <tins/ipv6.h>
#include <tins/rawpdu.h>
#include <tins/tcp.h>
#include <tins/udp.h>

namespace lab
{

using mf::Bytes;
using mf::View;

inline constexpr const char *MAC_A = "02:00:00:00:00:0a";
inline constexpr const char *MAC_B = "02:00:00:00:00:0b";
inline constexpr const char *IP_A = "10.1.0.1";
inline constexpr const char *IP_B = "10.1.0.2";
inline constexpr const char *IP6_A = "fc00::1";
inline constexpr const char *IP6_B = "fc00::2";

/** The bytes of a packet; lengths and checksums are filled in by libtins, not by us. */
Bytes frame(const Tins::PDU &packet);
/** From A to B. */
Tins::EthernetII eth();
/** An Ethernet header of any type with raw bytes behind it. */
Bytes raw_frame(uint16_t type, const Bytes &payload, const char *dst = MAC_B,
		const char *src = MAC_A);
/** From A to B over IPv4: "hello" by UDP. */
Bytes udp_frame(uint16_t sport = 1000, uint16_t dport = 2000);
/** The same by TCP, without payload. */
Bytes tcp_frame(uint16_t sport, uint16_t dport, uint16_t flags);
/** From A to B over IPv6: raw bytes, which may start with further headers. */
Bytes ipv6_frame(uint8_t next_header, const Bytes &payload);
/** A run of bytes out of hex digits; spaces allowed. */
Bytes hex(const std::string &digits);
/** Two runs, one behind the other. */
Bytes operator+(Bytes left, View right);
/** That many bytes, counting up. */
Bytes pattern(size_t length);
/** SCTP's header from and to a port, with one DATA chunk and the right CRC32c. */
Bytes sctp(uint16_t sport, uint16_t dport);
/** The ones' complement sum over IPv4's or IPv6's pseudo header and payload; 0 if it is right. */
uint16_t l4_checksum(View ip_packet);

} // namespace lab
