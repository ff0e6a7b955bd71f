/* SPDX-License-Identifier: GPL-2.0-only */
/** @file
 * Flows of a benchmark, as ovs-vswitchd would install them: by UFID, with
 * metadata and a tunnel attribute in every mask although no packet here has a
 * tunnel. Text forms of a flow cannot say the latter, and it costs lookups time.
 */
#pragma once

#include "client.h"

#include <cstdint>
#include <linux/openvswitch.h>
#include <string>

namespace bench
{

/** What such a flow matches; addresses and ports in network byte order. */
struct Headers {
	uint32_t recirc_id, in_port, ct_state;
	ovs_key_ethernet ethernet;
	uint16_t eth_type;
	ovs_key_ipv4 ipv4;
	ovs_key_udp ports; /* TCP's look the same */
};

/**
 * A request to install a flow.
 * @param index  tells its UFID from those of other flows with the same recirc_id
 * @param actions  as nested attributes
 */
mf::Request flow_request(mf::Client &client, int dp, uint32_t index, const Headers &key,
			 const Headers &mask, const mf::Bytes &actions);

/** A request to remove the flow of such a request, if its recirc_id was 0. */
mf::Request flow_removal(mf::Client &client, int dp, uint32_t index);

} // namespace bench
