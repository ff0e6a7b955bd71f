// SPDX-License-Identifier: GPL-2.0-only
#include "link.h"

#include <arpa/inet.h>
#include <cstdlib>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <stdexcept>
#include <unistd.h>

namespace lab
{

namespace
{

/** A routing netlink message being written. */
template <typename Header> class RouteRequest : public AttrWriter
{
public:
	RouteRequest(uint16_t type, uint16_t flags, const Header &header)
	{
		nlmsghdr nlh{};

		nlh.nlmsg_type = type;
		nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
		append(nlh);
		append(header);
	}

	template <typename T> void append(const T &part)
	{
		const View raw = mf::bytes_of(part);

		bytes().insert(bytes().end(), raw.begin(), raw.end());
	}

	Answer ask(const Netns &ns)
	{
		Netlink netlink(ns, NETLINK_ROUTE);
		const auto length = static_cast<uint32_t>(bytes().size());

		mf::store_host(std::span(bytes()).first(4), length);
		return netlink.ask_raw(bytes());
	}
};

using LinkRequest = RouteRequest<ifinfomsg>;

} // namespace

static void demand(const Answer &answer, const std::string &what)
{
	if (!answer.ok())
		throw std::runtime_error(what + ": errno " + std::to_string(answer.error) + " " +
					 answer.why);
}

/*
 * A device has its carrier at once, but sends only after a worker has seen that. IFF_RUNNING does not
 * tell: a new device has it before the worker looks for the first time.
 */
static void wait_running(const Netns &ns, const std::string &name)
{
	for (int i = 0; i < 1000 && link_get(ns, name).operstate != IF_OPER_UP; i++)
		usleep(2000);
}

void veth_add(const Netns &ns, const std::string &name, const std::string &peer,
	      const Netns *peer_ns)
{
	ifinfomsg ours{};
	ifinfomsg theirs{};

	ours.ifi_flags = ours.ifi_change = IFF_UP;
	LinkRequest request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, ours);
	request.str(IFLA_IFNAME, name);
	const size_t info = request.begin(IFLA_LINKINFO);
	request.str(IFLA_INFO_KIND, "veth");
	const size_t data = request.begin(IFLA_INFO_DATA);
	const size_t nest = request.begin(VETH_INFO_PEER);
	request.append(theirs);
	request.str(IFLA_IFNAME, peer);
	if (peer_ns)
		request.u32(IFLA_NET_NS_FD, static_cast<uint32_t>(peer_ns->fd()));
	request.end(nest);
	request.end(data);
	request.end(info);
	demand(request.ask(ns), "veth " + name);
	link_up(peer_ns ? *peer_ns : ns, peer);
	wait_running(ns, name);
	wait_running(peer_ns ? *peer_ns : ns, peer);
}

Answer link_add(const Netns &ns, const std::string &kind, const std::string &name)
{
	LinkRequest request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, ifinfomsg{});

	request.str(IFLA_IFNAME, name);
	const size_t info = request.begin(IFLA_LINKINFO);
	request.str(IFLA_INFO_KIND, kind);
	request.end(info);
	return request.ask(ns);
}

Answer link_change(const Netns &ns, const std::string &name, const LinkChange &change)
{
	ifinfomsg header{};

	header.ifi_index = link_get(ns, name).ifindex;
	if (change.up) {
		header.ifi_change = IFF_UP;
		header.ifi_flags = *change.up ? IFF_UP : 0;
	}
	LinkRequest request(RTM_NEWLINK, 0, header);
	if (change.mtu)
		request.u32(IFLA_MTU, *change.mtu);
	if (change.rename)
		request.str(IFLA_IFNAME, *change.rename);
	if (change.netns_fd)
		request.u32(IFLA_NET_NS_FD, static_cast<uint32_t>(*change.netns_fd));
	if (change.master)
		request.u32(IFLA_MASTER, static_cast<uint32_t>(*change.master));
	if (change.address)
		request.put(IFLA_ADDRESS, *change.address);
	return request.ask(ns);
}

Answer link_del(const Netns &ns, const std::string &name)
{
	LinkRequest request(RTM_DELLINK, 0, ifinfomsg{});

	request.str(IFLA_IFNAME, name);
	return request.ask(ns);
}

void link_set(const Netns &ns, const std::string &name, const LinkChange &change)
{
	demand(link_change(ns, name, change), "change " + name);
}

void link_up(const Netns &ns, const std::string &name)
{
	LinkChange change;

	change.up = true;
	link_set(ns, name, change);
}

std::optional<Link> link_find(const Netns &ns, const std::string &name)
{
	LinkRequest request(RTM_GETLINK, 0, ifinfomsg{});

	request.str(IFLA_IFNAME, name);
	const Answer answer = request.ask(ns);
	if (!answer.ok() || answer.messages.empty())
		return std::nullopt;

	const View raw = answer.messages[0];
	const auto header = mf::load<ifinfomsg>(raw, NLMSG_HDRLEN);
	Link link;
	link.ifindex = header.ifi_index;
	link.flags = header.ifi_flags;
	for (const mf::Attr &attr : mf::split_attrs(raw.subspan(NLMSG_HDRLEN + sizeof(header)))) {
		if (attr.type == IFLA_IFNAME)
			link.name = attr.str();
		if (attr.type == IFLA_MTU)
			link.mtu = attr.u32();
		if (attr.type == IFLA_PROMISCUITY)
			link.promiscuity = attr.u32();
		if (attr.type == IFLA_OPERSTATE)
			link.operstate = attr.u8();
		if (attr.type == IFLA_MASTER)
			link.master = attr.s32();
		if (attr.type == IFLA_ADDRESS)
			link.address.assign(attr.data.begin(), attr.data.end());
	}
	return link;
}

Link link_get(const Netns &ns, const std::string &name)
{
	const auto link = link_find(ns, name);

	if (!link)
		throw std::runtime_error("no device " + name);
	return *link;
}

void address_add(const Netns &ns, const std::string &name, const std::string &address)
{
	ifaddrmsg header{};
	in_addr binary{};

	header.ifa_family = AF_INET;
	header.ifa_prefixlen = 24;
	header.ifa_index = static_cast<uint32_t>(link_get(ns, name).ifindex);
	inet_pton(AF_INET, address.c_str(), &binary);
	RouteRequest<ifaddrmsg> request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, header);
	request.put(IFA_LOCAL, mf::bytes_of(binary));
	demand(request.ask(ns), "address " + address);
}

void shell(const Netns &ns, const std::string &command)
{
	const Inside inside(ns);

	if (std::system(command.c_str()))
		throw std::runtime_error("failed: " + command);
}

} // namespace lab
