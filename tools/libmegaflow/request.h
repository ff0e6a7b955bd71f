/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "attr.h"

#include <optional>

struct nlmsghdr;

namespace mf
{

/** Which table names the attributes of a request, for errors that point at one. */
enum class AttrSet : uint8_t {
	NONE,
	CTRL,
	DATAPATH,
	VPORT,
	FLOW,
	PACKET,
	METER,
	BANDS,
	BAND,
	KEY,
	ACTION,
	USERSPACE,
	SAMPLE,
};

/** A generic netlink request being written: headers first, then attributes. */
class Request : public AttrWriter
{
public:
	/**
	 * @param family	generic netlink family id
	 * @param cmd		the family's command
	 * @param version	the family's version
	 * @param flags		NLM_F_* beyond NLM_F_REQUEST and NLM_F_ACK
	 * @param dp_ifindex	put behind the header as struct ovs_header if given
	 */
	Request(uint16_t family, uint8_t cmd, uint8_t version, uint16_t flags,
		std::optional<int> dp_ifindex, AttrSet set);

	/** Completes length, sequence number and sender; call just before sending. */
	void seal(uint32_t seq, uint32_t portid);

	uint16_t flags() const;
	AttrSet attr_set() const { return names; }
	/** Where the attributes start. */
	size_t payload_offset() const { return payload; }

private:
	AttrSet names;
	size_t payload;
};

/** A message that came from the kernel. */
struct Message {
	uint16_t family = 0;
	uint16_t flags = 0;
	uint32_t seq = 0;
	uint32_t portid = 0;
	uint8_t cmd = 0;
	uint8_t version = 0;
	int dp_ifindex = 0; /**< only if the family has an ovs_header */
	View payload;       /**< behind the generic netlink header */

	/** The attributes behind a user header of @p header_len bytes. */
	std::vector<Attr> attrs(size_t header_len) const;
};

/** Takes a message apart; throws Error if it is too short. */
Message parse_message(const nlmsghdr *nlh);

} // namespace mf
