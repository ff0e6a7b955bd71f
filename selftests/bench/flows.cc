/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Installs the flows of a benchmark.
 *
 *   flows DATAPATH one|exact|many|ct|nat COUNT IN-PORT OUT-PORT
 *
 * one: UDP over IPv4 between two Ethernet addresses, whatever the rest.
 * exact, many: every field, one flow for each of 50,001 UDP source ports from 10000
 *	on, then for the next destination address; installed in random order.
 * ct: TCP through conntrack in a zone, then looked up again; the connection is established.
 * nat: TCP with source address and port rewritten.
 */
#include "action.h"
#include "client.h"
#include "datapath.h"
#include "error.h"
#include "headers.h"
#include "packet.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstdio>
#include <fmt/format.h>
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <net/if.h>
#include <netinet/in.h>
#include <numeric>
#include <random>

using bench::Headers;

namespace
{

constexpr uint16_t FIRST_PORT = 10000;
constexpr uint32_t PORTS = 50001;
constexpr uint64_t SEED = 20261128;

/* What a packet goes through: a flow, and the one it is looked up with if that recirculates. */
struct Case {
	const char *name;
	uint8_t proto;
	bool exact;
	const char *actions;
	bool tracked;
};

constexpr Case CASES[] = {
	{"one", IPPROTO_UDP, false, "{}", false},
	{"lone", IPPROTO_UDP, false, "{}", false},
	{"exact", IPPROTO_UDP, true, "{}", false},
	{"many", IPPROTO_UDP, true, "{}", false},
	{"ct", IPPROTO_TCP, false, "ct(zone=1),recirc(1)", true},
	{"nat", IPPROTO_TCP, false, "set(ipv4(src=10.9.9.9)),set(tcp(src=7)),{}", false},
};

/* +trk+est, as ovs-vswitchd asks for it. */
constexpr uint32_t ESTABLISHED = 0x22;

/* The packet that guest tells pktgen to make. */
Headers packet(const Case &kind, uint32_t in_port, uint16_t source)
{
	return {
		.recirc_id = 0,
		.in_port = in_port,
		.ct_state = 0,
		.ethernet = {.eth_src = {2, 0, 0, 0, 0, 1}, .eth_dst = {2, 0, 0, 0, 0, 2}},
		.eth_type = htons(ETH_P_IP),
		.ipv4 = {.ipv4_src = inet_addr("10.0.0.1"),
			 .ipv4_dst = inet_addr("10.0.0.2"),
			 .ipv4_proto = kind.proto,
			 .ipv4_tos = 0,
			 .ipv4_ttl = 32,
			 .ipv4_frag = OVS_FRAG_TYPE_NONE},
		.ports = {.udp_src = htons(source), .udp_dst = htons(9)},
	};
}

Headers mask(bool exact)
{
	Headers bits;

	std::memset(&bits, 0xff, sizeof(bits));
	bits.ct_state = 0;
	if (!exact) {
		bits.ipv4 = {};
		bits.ipv4.ipv4_proto = 0xff;
		bits.ipv4.ipv4_frag = 0xff;
		bits.ports = {};
	}
	return bits;
}

void install(mf::Client &client, int dp, uint32_t index, const Headers &key, const Headers &mask,
	     const std::string &actions)
{
	mf::Request request = bench::flow_request(client, dp, index, key, mask,
						  mf::parse_actions("actions", actions, nullptr));

	client.transact(request);
}

/* The flow after recirculation. */
void install_established(mf::Client &client, int dp, const Case &kind, uint32_t in, uint32_t to)
{
	Headers key = packet(kind, in, FIRST_PORT), bits = mask(kind.exact);

	key.recirc_id = 1;
	key.ct_state = bits.ct_state = ESTABLISHED;
	install(client, dp, 0, key, bits, std::to_string(to));
}

constexpr uint8_t SYN = 2, ACK = 16;

/* A segment of the connection as bytes. Nobody looks at the checksums: `guest` sees to that. */
mf::Bytes segment(const Headers &h, bool reply, uint8_t flags)
{
	const in_addr_t from = reply ? h.ipv4.ipv4_dst : h.ipv4.ipv4_src;
	const in_addr_t to = reply ? h.ipv4.ipv4_src : h.ipv4.ipv4_dst;
	const uint16_t ports[2] = {reply ? h.ports.udp_dst : h.ports.udp_src,
				   reply ? h.ports.udp_src : h.ports.udp_dst};
	const uint32_t next[2] = {1000u + (flags & SYN ? 0 : 1), 2000u + (flags & SYN ? 0 : 1)};
	const uint32_t numbers[2] = {htonl(next[reply]), htonl(flags & ACK ? next[!reply] + (reply ? 1 : 0) : 0)};
	const uint8_t rest[8] = {0x50, flags, 0x1f, 0x40, 0, 0, 0, 0};
	mf::Bytes out = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 40, 0, 0, 0, 0,
			 32, IPPROTO_TCP, 0, 0};
	const auto add = [&out](const auto &value) {
		const mf::View more = mf::bytes_of(value);

		out.insert(out.end(), more.begin(), more.end());
	};

	add(from);
	add(to);
	add(ports);
	add(numbers);
	add(rest);
	return out;
}

/* Three segments, and the connection counts as established. */
void establish(mf::Client &client, int dp, const Case &kind, uint32_t in)
{
	const Headers h = packet(kind, in, FIRST_PORT);

	for (const mf::Bytes &bytes :
	     {segment(h, false, SYN), segment(h, true, SYN | ACK), segment(h, false, ACK)})
		mf::execute_packet(client, dp,
				   {.packet = bytes,
				    .key = mf::parse_key("key", fmt::format("in_port({})", in), nullptr),
				    .actions = mf::parse_actions("actions", "ct(commit,zone=1)", nullptr),
				    .mru = {},
				    .hash = {},
				    .upcall_pid = {}});
}

const Case &case_of(std::string_view name)
{
	for (const Case &kind : CASES)
		if (kind.name == name)
			return kind;
	throw mf::UsageError(fmt::format("there is no case {}", name));
}

} // namespace

int main(int argc, char **argv)
try {
	if (argc != 6)
		throw mf::UsageError("usage: flows DATAPATH one|exact|many|ct|nat COUNT IN-PORT OUT-PORT");

	const Case &kind = case_of(argv[2]);
	const auto dp = static_cast<int>(if_nametoindex(argv[1]));
	const auto in = static_cast<uint32_t>(std::stoul(argv[4]));
	const auto to = static_cast<uint32_t>(std::stoul(argv[5]));
	std::vector<uint32_t> order(std::stoul(argv[3]));
	mf::Client client;

	std::iota(order.begin(), order.end(), 0);
	std::shuffle(order.begin(), order.end(), std::mt19937_64(SEED));
	for (const uint32_t i : order) {
		Headers key = packet(kind, in, static_cast<uint16_t>(FIRST_PORT + i % PORTS));

		key.ipv4.ipv4_dst = htonl(ntohl(key.ipv4.ipv4_dst) + i / PORTS);
		install(client, dp, i, key, mask(kind.exact), fmt::format(fmt::runtime(kind.actions), to));
	}
	if (kind.tracked) {
		install_established(client, dp, kind, in, to);
		establish(client, dp, kind, in);
	}
	return 0;
} catch (const std::exception &error) {
	std::fprintf(stderr, "flows: %s\n", error.what());
	return 1;
}
