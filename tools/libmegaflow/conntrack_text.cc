// SPDX-License-Identifier: GPL-2.0-only
/* Connections as ovs-dpctl writes them, and as JSON. */
#include "conntrack.h"
#include "cursor.h"

#include <algorithm>
#include <arpa/inet.h>
#include <ctime>
#include <fmt/format.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>

namespace mf
{

/* What connections print of a bit. */
struct FlagName {
	uint32_t bit;
	const char *name;
};

static constexpr FlagName STATUS[] = {
	{IPS_EXPECTED, "EXPECTED"},
	{IPS_SEEN_REPLY, "SEEN_REPLY"},
	{IPS_ASSURED, "ASSURED"},
	{IPS_CONFIRMED, "CONFIRMED"},
	{IPS_SRC_NAT, "SRC_NAT"},
	{IPS_DST_NAT, "DST_NAT"},
	{IPS_SEQ_ADJUST, "SEQ_ADJUST"},
	{IPS_SRC_NAT_DONE, "SRC_NAT_DONE"},
	{IPS_DST_NAT_DONE, "DST_NAT_DONE"},
	{IPS_DYING, "DYING"},
	{IPS_FIXED_TIMEOUT, "FIXED_TIMEOUT"},
};

static constexpr FlagName TCP_FLAGS[] = {
	{IP_CT_TCP_FLAG_WINDOW_SCALE, "WINDOW_SCALE"},
	{IP_CT_TCP_FLAG_SACK_PERM, "SACK_PERM"},
	{IP_CT_TCP_FLAG_CLOSE_INIT, "CLOSE_INIT"},
	{IP_CT_TCP_FLAG_BE_LIBERAL, "BE_LIBERAL"},
	{IP_CT_TCP_FLAG_DATA_UNACKNOWLEDGED, "DATA_UNACKNOWLEDGED"},
	{IP_CT_TCP_FLAG_MAXACK_SET, "MAXACK_SET"},
};

/* In the order of a connection's life, which is that of ct-stats-show. */
static constexpr struct {
	uint8_t state;
	const char *name;
} TCP_STATES[] = {
	{TCP_CONNTRACK_NONE, "CLOSED"},
	{TCP_CONNTRACK_SYN_SENT, "SYN_SENT"},
	{TCP_CONNTRACK_SYN_SENT2, "SYN_SENT"},
	{TCP_CONNTRACK_SYN_RECV, "SYN_RECV"},
	{TCP_CONNTRACK_ESTABLISHED, "ESTABLISHED"},
	{TCP_CONNTRACK_CLOSE_WAIT, "CLOSE_WAIT"},
	{TCP_CONNTRACK_FIN_WAIT, "FIN_WAIT_1"},
	{TCP_CONNTRACK_CLOSE, "CLOSING"},
	{TCP_CONNTRACK_LAST_ACK, "LAST_ACK"},
	{TCP_CONNTRACK_TIME_WAIT, "TIME_WAIT"},
};

static constexpr struct {
	uint8_t proto;
	const char *name;
} PROTOS[] = {
	{IPPROTO_ICMP, "icmp"}, {IPPROTO_IGMP, "igmp"},       {IPPROTO_TCP, "tcp"},
	{IPPROTO_UDP, "udp"},   {IPPROTO_DCCP, "dccp"},       {IPPROTO_ICMPV6, "icmpv6"},
	{IPPROTO_SCTP, "sctp"}, {IPPROTO_UDPLITE, "udplite"},
};

static std::string proto_name(uint8_t proto)
{
	for (const auto &row : PROTOS)
		if (row.proto == proto)
			return row.name;
	return fmt::format("{}", proto);
}

static std::string tcp_state_name(uint8_t state)
{
	for (const auto &row : TCP_STATES)
		if (row.state == state)
			return row.name;
	return fmt::format("{}", state);
}

static std::string sctp_state_name(uint8_t state)
{
	static constexpr const char *NAMES[] = {
		"NONE",           "CLOSED",         "COOKIE_WAIT",   "COOKIE_ECHOED",
		"ESTABLISHED",    "SHUTDOWN_SENT",  "SHUTDOWN_RECD", "SHUTDOWN_ACK_SENT",
		"HEARTBEAT_SENT", "HEARTBEAT_ACKED"};

	return state < std::size(NAMES) ? NAMES[state] : fmt::format("{}", state);
}

template <size_t N>
static std::vector<std::string> names_of(uint32_t bits, const FlagName (&rows)[N])
{
	std::vector<std::string> names;

	for (const FlagName &row : rows)
		if (bits & row.bit)
			names.emplace_back(row.name);
	return names;
}

static std::string address(const CtTuple &tuple, const std::array<uint8_t, 16> &bytes)
{
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(tuple.family, bytes.data(), text, sizeof(text));
	return text;
}

static std::string format_tuple(const CtTuple &tuple)
{
	std::string text =
		fmt::format("src={},dst={}", address(tuple, tuple.src), address(tuple, tuple.dst));

	if (tuple.is_icmp())
		return text + fmt::format(",id={},type={},code={}", tuple.icmp_id, tuple.icmp_type,
					  tuple.icmp_code);
	return text + fmt::format(",sport={},dport={}", tuple.src_port, tuple.dst_port);
}

static std::string format_counters(const CtCounters &counters)
{
	if (!counters.packets && !counters.bytes)
		return "";
	return fmt::format(",packets={},bytes={}", counters.packets, counters.bytes);
}

static std::string format_time(const char *title, uint64_t ns)
{
	const auto seconds = static_cast<time_t>(ns / 1000000000);
	char text[32] = "";
	tm parts{};

	if (!ns)
		return "";
	gmtime_r(&seconds, &parts);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
	return fmt::format("{}{}.{:03}", title, text, ns / 1000000 % 1000);
}

static std::string format_labels(const std::array<uint8_t, 16> &labels)
{
	const std::string digits = to_hex(labels);
	const size_t first = digits.find_first_not_of('0');

	return first == std::string::npos ? "" : "0x" + digits.substr(first);
}

/* In short, a connection whose reply was seen is there, as ovs-dpctl has it. */
static std::string tcp_state_in_short(uint8_t state)
{
	if (state == TCP_CONNTRACK_SYN_RECV)
		state = TCP_CONNTRACK_ESTABLISHED;
	return tcp_state_name(state);
}

static std::string format_tcp(const CtTcp &tcp, bool more)
{
	if (!more)
		return fmt::format(",protoinfo=(state={})", tcp_state_in_short(tcp.state));

	std::string text = fmt::format(",protoinfo=(state_orig={0},state_reply={0}",
				       tcp_state_name(tcp.state));
	if (tcp.wscale_orig || tcp.wscale_reply)
		text += fmt::format(",wscale_orig={},wscale_reply={}", tcp.wscale_orig,
				    tcp.wscale_reply);
	return text + fmt::format(",flags_orig={},flags_reply={})",
				  fmt::join(names_of(tcp.flags_orig, TCP_FLAGS), "|"),
				  fmt::join(names_of(tcp.flags_reply, TCP_FLAGS), "|"));
}

static std::string format_sctp(const CtSctp &sctp)
{
	return fmt::format(",protoinfo=(state={},vtag_orig={},vtag_reply={})",
			   sctp_state_name(sctp.state), sctp.vtag_orig, sctp.vtag_reply);
}

std::string format_connection(const Connection &connection, bool more, bool counts)
{
	std::string text = proto_name(connection.orig.proto);

	text += fmt::format(",orig=({}{}),reply=({}{})", format_tuple(connection.orig),
			    counts ? format_counters(connection.orig_count) : "",
			    format_tuple(connection.reply),
			    counts ? format_counters(connection.reply_count) : "");
	if (counts)
		text += format_time(",start=", connection.start) +
			format_time(",stop=", connection.stop);
	if (more)
		text += fmt::format(",id={}", connection.id);
	if (connection.zone)
		text += fmt::format(",zone={}", connection.zone);
	if (more)
		text += fmt::format(",status={}",
				    fmt::join(names_of(connection.status, STATUS), "|"));
	if (counts)
		text += fmt::format(",timeout={}", connection.timeout.value_or(0));
	if (connection.mark)
		text += fmt::format(",mark={}", connection.mark);
	if (const std::string labels = format_labels(connection.labels); !labels.empty())
		text += ",labels=" + labels;
	if (connection.tcp)
		text += format_tcp(*connection.tcp, more);
	if (connection.sctp)
		text += format_sctp(*connection.sctp);
	if (!connection.helper.empty())
		text += ",helper=" + connection.helper;
	if (more && connection.master)
		text += fmt::format(",parent=({})", format_tuple(*connection.master));
	return text;
}

CtCounts count_connections(const std::vector<Connection> &connections)
{
	CtCounts counts;

	for (const auto &row : TCP_STATES)
		if (counts.tcp_states.empty() || counts.tcp_states.back().first != row.name)
			counts.tcp_states.emplace_back(row.name, 0);
	for (const Connection &connection : connections) {
		const uint8_t proto = connection.orig.proto;

		counts.total++;
		if (proto == IPPROTO_TCP)
			counts.tcp++;
		else if (proto == IPPROTO_UDP)
			counts.udp++;
		else if (proto == IPPROTO_SCTP)
			counts.sctp++;
		else if (connection.orig.is_icmp())
			counts.icmp++;
		else
			counts.other++;
		if (!connection.tcp)
			continue;
		for (auto &[name, n] : counts.tcp_states)
			n += name == tcp_state_in_short(connection.tcp->state);
	}
	return counts;
}

std::string format_ct_counts(const CtCounts &counts, bool more)
{
	std::string text = fmt::format("Connections Stats:\n    Total: {}\n", counts.total);

	if (counts.tcp) {
		text += fmt::format("  TCP: {}\n", counts.tcp);
		if (more)
			text += "    Conn per TCP states:\n";
		for (const auto &[name, n] : counts.tcp_states)
			if (more && n)
				text += fmt::format("\t  [{}]={}\n", name, n);
	}
	if (counts.udp)
		text += fmt::format("  UDP: {}\n", counts.udp);
	if (counts.sctp)
		text += fmt::format("  SCTP: {}\n", counts.sctp);
	if (counts.icmp)
		text += fmt::format("  ICMP: {}\n", counts.icmp);
	if (counts.other)
		text += fmt::format("  Other: {}\n", counts.other);
	return text;
}

static Json json_tuple(const CtTuple &tuple)
{
	Json out = {{"src", address(tuple, tuple.src)}, {"dst", address(tuple, tuple.dst)}};

	if (tuple.is_icmp()) {
		out["id"] = tuple.icmp_id;
		out["type"] = tuple.icmp_type;
		out["code"] = tuple.icmp_code;
	} else {
		out["sport"] = tuple.src_port;
		out["dport"] = tuple.dst_port;
	}
	return out;
}

static Json json_side(const CtTuple &tuple, const CtCounters &counters)
{
	Json out = json_tuple(tuple);

	if (counters.packets || counters.bytes) {
		out["packets"] = counters.packets;
		out["bytes"] = counters.bytes;
	}
	return out;
}

Json json_connection(const Connection &connection)
{
	Json out = {{"proto", proto_name(connection.orig.proto)},
		    {"zone", connection.zone},
		    {"orig", json_side(connection.orig, connection.orig_count)},
		    {"reply", json_side(connection.reply, connection.reply_count)},
		    {"id", connection.id},
		    {"status", names_of(connection.status, STATUS)},
		    {"mark", connection.mark}};
	const std::string labels = format_labels(connection.labels);

	out["labels"] = labels.empty() ? "0x0" : labels;
	if (connection.timeout)
		out["timeout"] = *connection.timeout;
	if (connection.tcp)
		out["tcp_state"] = tcp_state_name(connection.tcp->state);
	if (connection.sctp)
		out["sctp_state"] = sctp_state_name(connection.sctp->state);
	if (!connection.helper.empty())
		out["helper"] = connection.helper;
	if (connection.master)
		out["parent"] = json_tuple(*connection.master);
	return out;
}

Json json_ct_counts(const CtCounts &counts)
{
	Json states = Json::object();

	for (const auto &[name, n] : counts.tcp_states)
		if (n)
			states[name] = n;
	return {{"total", counts.total}, {"tcp", counts.tcp},   {"udp", counts.udp},
		{"sctp", counts.sctp},   {"icmp", counts.icmp}, {"other", counts.other},
		{"tcp_states", states}};
}

static CtTuple parse_address(Cursor &in)
{
	const size_t start = in.position();
	const std::string text(in.until(", "));
	CtTuple tuple;

	tuple.family = text.find(':') == std::string::npos ? AF_INET : AF_INET6;
	if (inet_pton(tuple.family, text.c_str(), tuple.src.data()) != 1)
		in.fail_at(start, "is no IP address");
	return tuple;
}

void parse_ct_tuple(std::string_view text, CtFilter::Side &side)
{
	static const std::vector<std::string> known = {
		"ct_nw_src", "ct_ipv6_src", "ct_nw_dst", "ct_ipv6_dst", "ct_nw_proto",
		"ct_tp_src", "ct_tp_dst",   "icmp_id",   "icmp_type",   "icmp_code"};
	Cursor in("tuple", text);

	for (in.skip_separators(); !in.done(); in.skip_separators()) {
		const size_t start = in.position();
		const std::string word(in.word());

		if (std::find(known.begin(), known.end(), word) == known.end())
			in.fail_at(start,
				   fmt::format("is no part of a tuple: one of {}{}",
					       fmt::join(known, " "), suggestion(word, known)));
		in.expect("=");
		if (word == "ct_nw_src" || word == "ct_ipv6_src")
			side.src = parse_address(in);
		else if (word == "ct_nw_dst" || word == "ct_ipv6_dst")
			side.dst = parse_address(in);
		else if (word == "ct_nw_proto")
			side.proto = static_cast<uint8_t>(in.number(UINT8_MAX, word));
		else if (word == "ct_tp_src")
			side.src_port = static_cast<uint16_t>(in.number(UINT16_MAX, word));
		else if (word == "ct_tp_dst")
			side.dst_port = static_cast<uint16_t>(in.number(UINT16_MAX, word));
		else if (word == "icmp_id")
			side.icmp_id = static_cast<uint16_t>(in.number(UINT16_MAX, word));
		else if (word == "icmp_type")
			side.icmp_type = static_cast<uint8_t>(in.number(UINT8_MAX, word));
		else
			side.icmp_code = static_cast<uint8_t>(in.number(UINT8_MAX, word));
	}
}

} // namespace mf
