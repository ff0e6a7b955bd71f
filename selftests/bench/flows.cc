/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Installs the flows of a benchmark, as ovs-vswitchd would: by UFID, with
 * metadata and a tunnel attribute in every mask although no packet here has a
 * tunnel. Text forms of a flow cannot say the latter, and it costs lookups time.
 *
 *   flows DATAPATH one|exact COUNT IN-PORT OUT-PORT
 *
 * one: UDP over IPv4 between two Ethernet addresses, whatever the rest.
 * exact: every field, one flow for each UDP source port from 10000 on.
 */
#include "client.h"
#include "datapath.h"
#include "error.h"

#include <arpa/inet.h>
#include <cstdio>
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <net/if.h>
#include <netinet/in.h>

namespace
{

constexpr uint16_t FIRST_PORT = 10000;

struct Headers {
	uint32_t recirc_id, in_port;
	ovs_key_ethernet ethernet;
	uint16_t eth_type;
	ovs_key_ipv4 ipv4;
	ovs_key_udp udp;
};

/* The packet that guest tells pktgen to make. */
Headers packet(uint32_t in_port, uint16_t source)
{
	return {
		.recirc_id = 0,
		.in_port = in_port,
		.ethernet = {.eth_src = {2, 0, 0, 0, 0, 1}, .eth_dst = {2, 0, 0, 0, 0, 2}},
		.eth_type = htons(ETH_P_IP),
		.ipv4 = {.ipv4_src = inet_addr("10.0.0.1"),
			 .ipv4_dst = inet_addr("10.0.0.2"),
			 .ipv4_proto = IPPROTO_UDP,
			 .ipv4_tos = 0,
			 .ipv4_ttl = 32,
			 .ipv4_frag = OVS_FRAG_TYPE_NONE},
		.udp = {.udp_src = htons(source), .udp_dst = htons(9)},
	};
}

Headers mask(bool exact)
{
	Headers bits;

	std::memset(&bits, 0xff, sizeof(bits));
	if (!exact) {
		bits.ipv4 = {};
		bits.ipv4.ipv4_proto = 0xff;
		bits.ipv4.ipv4_frag = 0xff;
		bits.udp = {};
	}
	return bits;
}

void put_headers(mf::AttrWriter &out, uint16_t type, const Headers &h, bool is_mask)
{
	const size_t nest = out.begin(type);

	if (is_mask) {
		const size_t tunnel = out.begin(OVS_KEY_ATTR_TUNNEL);

		out.u8(OVS_TUNNEL_KEY_ATTR_TTL, 0);
		out.end(tunnel);
	}
	out.u32(OVS_KEY_ATTR_PRIORITY, 0);
	out.u32(OVS_KEY_ATTR_SKB_MARK, 0);
	out.u32(OVS_KEY_ATTR_RECIRC_ID, h.recirc_id);
	out.u32(OVS_KEY_ATTR_DP_HASH, 0);
	out.u32(OVS_KEY_ATTR_IN_PORT, h.in_port);
	out.put(OVS_KEY_ATTR_ETHERNET, mf::bytes_of(h.ethernet));
	out.u16(OVS_KEY_ATTR_ETHERTYPE, h.eth_type);
	out.put(OVS_KEY_ATTR_IPV4, mf::bytes_of(h.ipv4));
	out.put(OVS_KEY_ATTR_UDP, mf::bytes_of(h.udp));
	out.end(nest);
}

void install(mf::Client &client, int dp, bool exact, uint32_t index, uint32_t in, uint32_t to)
{
	mf::Request request =
		client.request(OVS_FLOW_FAMILY, OVS_FLOW_CMD_NEW, NLM_F_CREATE | NLM_F_EXCL, dp);
	const uint32_t ufid[4] = {0x6d656761, 0x666c6f77, exact, index};

	request.put(OVS_FLOW_ATTR_UFID, mf::bytes_of(ufid));
	put_headers(request, OVS_FLOW_ATTR_KEY, packet(in, FIRST_PORT + index), false);
	put_headers(request, OVS_FLOW_ATTR_MASK, mask(exact), true);

	const size_t actions = request.begin(OVS_FLOW_ATTR_ACTIONS);

	request.u32(OVS_ACTION_ATTR_OUTPUT, to);
	request.end(actions);
	client.transact(request);
}

} // namespace

int main(int argc, char **argv)
try {
	if (argc != 6)
		throw mf::UsageError("usage: flows DATAPATH one|exact COUNT IN-PORT OUT-PORT");

	const bool exact = std::string_view(argv[2]) == "exact";
	const int dp = static_cast<int>(if_nametoindex(argv[1]));
	mf::Client client;

	for (int i = 0; i < std::stoi(argv[3]); i++)
		install(client, dp, exact, static_cast<uint32_t>(i),
			static_cast<uint32_t>(std::stoi(argv[4])),
			static_cast<uint32_t>(std::stoi(argv[5])));
	return 0;
} catch (const std::exception &error) {
	std::fprintf(stderr, "flows: %s\n", error.what());
	return 1;
}
