/* SPDX-License-Identifier: GPL-2.0-only */
#include "headers.h"

#include <linux/netlink.h>
#include <netinet/in.h>

namespace bench
{

namespace
{

void put_headers(mf::AttrWriter &out, uint16_t type, const Headers &h, bool tcp, bool is_mask)
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
	if (h.ct_state)
		out.u32(OVS_KEY_ATTR_CT_STATE, h.ct_state);
	out.put(OVS_KEY_ATTR_ETHERNET, mf::bytes_of(h.ethernet));
	out.u16(OVS_KEY_ATTR_ETHERTYPE, h.eth_type);
	out.put(OVS_KEY_ATTR_IPV4, mf::bytes_of(h.ipv4));
	out.put(tcp ? OVS_KEY_ATTR_TCP : OVS_KEY_ATTR_UDP, mf::bytes_of(h.ports));
	if (tcp)
		out.u16(OVS_KEY_ATTR_TCP_FLAGS, 0);
	out.end(nest);
}

} // namespace

mf::Request flow_request(mf::Client &client, int dp, uint32_t index, const Headers &key,
			 const Headers &mask, const mf::Bytes &actions)
{
	mf::Request request =
		client.request(OVS_FLOW_FAMILY, OVS_FLOW_CMD_NEW, NLM_F_CREATE | NLM_F_EXCL, dp);
	const uint32_t ufid[4] = {0x6d656761, 0x666c6f77, key.recirc_id, index};
	const bool tcp = key.ipv4.ipv4_proto == IPPROTO_TCP;

	request.put(OVS_FLOW_ATTR_UFID, mf::bytes_of(ufid));
	put_headers(request, OVS_FLOW_ATTR_KEY, key, tcp, false);
	put_headers(request, OVS_FLOW_ATTR_MASK, mask, tcp, true);
	request.put(OVS_FLOW_ATTR_ACTIONS | NLA_F_NESTED, actions);
	return request;
}

mf::Request flow_removal(mf::Client &client, int dp, uint32_t index)
{
	mf::Request request = client.request(OVS_FLOW_FAMILY, OVS_FLOW_CMD_DEL, 0, dp);
	const uint32_t ufid[4] = {0x6d656761, 0x666c6f77, 0, index};

	request.put(OVS_FLOW_ATTR_UFID, mf::bytes_of(ufid));
	return request;
}

} // namespace bench
