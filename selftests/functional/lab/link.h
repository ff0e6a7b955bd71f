/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "netlink.h"

namespace lab
{

/** A network device as rtnetlink reports it. */
struct Link {
	int ifindex = 0;
	std::string name;
	uint32_t flags = 0;
	uint32_t mtu = 0;
	uint32_t promiscuity = 0;
	uint8_t operstate = 0; /**< IF_OPER_* */
	int master = 0;
	Bytes address;
};

/** What is to be changed of a device; what is absent stays. */
struct LinkChange {
	std::optional<bool> up = std::nullopt;
	std::optional<uint32_t> mtu = std::nullopt;
	std::optional<std::string> rename = std::nullopt;
	std::optional<int> netns_fd = std::nullopt;
	std::optional<int> master = std::nullopt;
	std::optional<Bytes> address = std::nullopt;
};

/** Makes a pair; the peer is in @p peer_ns, or in the same namespace if null. Both are set up. */
void veth_add(const Netns &ns, const std::string &name, const std::string &peer,
	      const Netns *peer_ns = nullptr);
/** Makes a device of a kind without options, such as "dummy" or "bridge". */
Answer link_add(const Netns &ns, const std::string &kind, const std::string &name);
Answer link_change(const Netns &ns, const std::string &name, const LinkChange &change);
Answer link_del(const Netns &ns, const std::string &name);
/** These two throw if refused. */
void link_up(const Netns &ns, const std::string &name);
void link_set(const Netns &ns, const std::string &name, const LinkChange &change);

/** The device, or nothing if there is none of that name. */
std::optional<Link> link_find(const Netns &ns, const std::string &name);
/** The device; throws if there is none. */
Link link_get(const Netns &ns, const std::string &name);
/** Gives it an IPv4 address, such as "10.0.0.1", with a prefix of 24 bits. */
void address_add(const Netns &ns, const std::string &name, const std::string &address);

/** Runs a command inside, for what has no helper; throws unless it exits with 0. */
void shell(const Netns &ns, const std::string &command);

} // namespace lab
