// SPDX-License-Identifier: GPL-2.0-only
#include "request.h"

#include "error.h"

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>

namespace mf
{

Request::Request(uint16_t family, uint8_t cmd, uint8_t version, uint16_t flags,
		 std::optional<int> dp_ifindex, AttrSet set)
    : names(set), payload(NLMSG_HDRLEN + GENL_HDRLEN)
{
	const nlmsghdr nlh{0, family, static_cast<uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags), 0,
			   0};
	const genlmsghdr genl{cmd, version, 0};
	Bytes &out = bytes();

	const View first = bytes_of(nlh);
	out.insert(out.end(), first.begin(), first.end());
	const View second = bytes_of(genl);
	out.insert(out.end(), second.begin(), second.end());
	if (dp_ifindex) {
		const ovs_header ovs{*dp_ifindex};
		const View third = bytes_of(ovs);

		out.insert(out.end(), third.begin(), third.end());
		payload += sizeof(ovs);
	}
}

void Request::seal(uint32_t seq, uint32_t portid)
{
	auto nlh = load<nlmsghdr>(bytes());

	nlh.nlmsg_len = static_cast<uint32_t>(bytes().size());
	nlh.nlmsg_seq = seq;
	nlh.nlmsg_pid = portid;
	std::memcpy(bytes().data(), &nlh, sizeof(nlh));
}

uint16_t Request::flags() const
{
	return load<nlmsghdr>(bytes()).nlmsg_flags;
}

std::vector<Attr> Message::attrs(size_t header_len) const
{
	if (payload.size() < header_len)
		throw Error("malformed netlink message: no room for its header");
	return split_attrs(payload.subspan(header_len));
}

Message parse_message(const nlmsghdr *nlh)
{
	if (nlh->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
		throw Error("malformed netlink message: no generic netlink header");

	const View all{reinterpret_cast<const uint8_t *>(nlh), nlh->nlmsg_len};
	const auto genl = load<genlmsghdr>(all, NLMSG_HDRLEN);
	Message message;

	message.family = nlh->nlmsg_type;
	message.flags = nlh->nlmsg_flags;
	message.seq = nlh->nlmsg_seq;
	message.portid = nlh->nlmsg_pid;
	message.cmd = genl.cmd;
	message.version = genl.version;
	message.payload = all.subspan(NLMSG_HDRLEN + GENL_HDRLEN);
	message.dp_ifindex = load<ovs_header>(message.payload).dp_ifindex;
	return message;
}

} // namespace mf
