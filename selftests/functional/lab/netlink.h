/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "netns.h"

#include "attr.h"
#include "request.h"

#include <deque>
#include <linux/netlink.h>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lab
{

using mf::AttrWriter;
using mf::Bytes;
using mf::Request;
using mf::View;

/** Everything that the kernel said to one request. */
struct Answer {
	int error = 0;                  /**< errno, positive; 0 for success */
	std::string why;                /**< the extack's text */
	std::optional<uint32_t> offset; /**< of the attribute that it points at */
	std::vector<Bytes> messages;    /**< replies, whole netlink messages */

	bool ok() const { return error == 0; }
};

/** A generic netlink family as the kernel numbers it. */
struct Family {
	uint16_t id = 0;
	uint8_t version = 0;
	std::map<std::string, uint32_t> groups;
};

/** A netlink socket that hides nothing: raw requests in, everything said out. */
class Netlink
{
public:
	explicit Netlink(const Netns &ns, int bus = NETLINK_GENERIC);
	~Netlink();
	Netlink(const Netlink &) = delete;
	Netlink &operator=(const Netlink &) = delete;

	/** Sends a request and collects replies up to its ACK, error or the end of its dump. */
	Answer ask(Request &request);
	/** The same for bytes that need not be a sane request; only the header is completed. */
	Answer ask_raw(Bytes message);
	/** Sends, expects nothing. @return errno of the send, or 0 */
	int shout(Bytes message);

	void join(uint32_t group);
	void set_receive_buffer(int bytes);
	uint32_t portid() const { return port; }

	/** The next message that answers no request; nothing after that many milliseconds. */
	std::optional<Bytes> receive(int timeout_ms = 2000);

	/** The family, loading its module if need be; nothing if there is none. */
	std::optional<Family> find_family(const std::string &name);

private:
	bool take(Answer &answer, uint32_t seq, bool dump, const Bytes &datagram);
	std::optional<Bytes> read_datagram(int timeout_ms);

	int file = -1;
	uint32_t port = 0;
	uint32_t next_seq = 1;
	std::deque<Bytes> unsolicited;
};

/** The message behind its headers. */
mf::Message message_of(const Bytes &raw);
/** The attributes behind generic netlink's and the ovs_header. */
std::vector<mf::Attr> attrs_of(const Bytes &raw);

/** The family, looked up once; throws if there is none. */
const Family &family(const std::string &name);
/** Looks families up anew: the module that has them was loaded again. */
void forget_families();
/** True if the module under test is Megaflow, not the one it is compared with. */
bool is_megaflow();
/** A request to a family. @param version taken from the family if negative */
Request request(const std::string &name, uint8_t cmd, int dp_ifindex, uint16_t flags = 0,
		int version = -1);

} // namespace lab
