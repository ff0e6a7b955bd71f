/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "bytes.h"
#include "json.h"
#include "socket.h"

#include <array>
#include <optional>

namespace mf
{

/** One direction of a connection. */
struct CtTuple {
	uint8_t family = 0; /**< AF_INET or AF_INET6 */
	uint8_t proto = 0;
	std::array<uint8_t, 16> src{}, dst{}; /**< IPv4 in the first four bytes */
	uint16_t src_port = 0, dst_port = 0;
	uint16_t icmp_id = 0; /**< ICMP has these three instead of ports */
	uint8_t icmp_type = 0, icmp_code = 0;

	bool is_icmp() const;
};

/** What was counted of one direction. Zero if the namespace does not count. */
struct CtCounters {
	uint64_t packets = 0, bytes = 0;
};

/** What only TCP has. */
struct CtTcp {
	uint8_t state = 0; /**< TCP_CONNTRACK_* */
	uint8_t flags_orig = 0, flags_reply = 0;
	uint8_t wscale_orig = 0, wscale_reply = 0;
};

/** What only SCTP has. */
struct CtSctp {
	uint8_t state = 0; /**< SCTP_CONNTRACK_* */
	uint32_t vtag_orig = 0, vtag_reply = 0;
};

/** A connection as the kernel tracks it. */
struct Connection {
	CtTuple orig, reply;
	std::optional<CtTuple> master; /**< it was expected by that one */
	CtCounters orig_count, reply_count;
	std::optional<CtTcp> tcp;
	std::optional<CtSctp> sctp;
	std::string helper;
	std::array<uint8_t, 16> labels{}; /**< most significant byte first */
	uint64_t start = 0, stop = 0;     /**< ns since the epoch, 0 if not recorded */
	uint32_t id = 0;
	uint32_t status = 0; /**< IPS_* */
	uint32_t mark = 0;
	std::optional<uint32_t> timeout; /**< seconds until it is forgotten */
	uint16_t zone = 0;
};

/** Which connections are meant; what is absent matches any. */
struct CtFilter {
	std::optional<uint16_t> zone;
	struct Side {
		std::optional<CtTuple> src, dst; /**< only that address, and the family */
		std::optional<uint8_t> proto;
		std::optional<uint16_t> src_port, dst_port, icmp_id;
		std::optional<uint8_t> icmp_type, icmp_code;
	} orig, reply;

	/** Whether it is said at all which ones. */
	bool is_set = false;

	bool picks(const Connection &connection) const;
};

/** Connections by protocol, and TCP's by state. */
struct CtCounts {
	size_t total = 0, tcp = 0, udp = 0, sctp = 0, icmp = 0, other = 0;
	/** By name, in the order of a connection's life. */
	std::vector<std::pair<std::string, size_t>> tcp_states;
};

/** Reads a message of ctnetlink; throws Error if it is none. */
Connection parse_connection(const nlmsghdr *nlh);
/** The connections of this namespace that the filter picks, in the kernel's order. */
std::vector<Connection> dump_connections(Socket &ctnetlink, const CtFilter &filter);
/** Has the kernel forget those. @return how many; nothing if it was told to forget all */
std::optional<size_t> flush_connections(Socket &ctnetlink, const CtFilter &filter);

/** Adds to a filter "ct_nw_src=10.0.0.1,ct_tp_dst=80,..."; throws SyntaxError. */
void parse_ct_tuple(std::string_view text, CtFilter::Side &side);

/** As `ovs-dpctl dump-conntrack` writes it. @param more its -m @param counts its -s */
std::string format_connection(const Connection &connection, bool more, bool counts);
/** As `ovs-dpctl ct-stats-show` writes it. @param more its -m */
std::string format_ct_counts(const CtCounts &counts, bool more);
CtCounts count_connections(const std::vector<Connection> &connections);
Json json_connection(const Connection &connection);
Json json_ct_counts(const CtCounts &counts);

} // namespace mf
