// SPDX-License-Identifier: GPL-2.0-only
#include "conntrack.h"

#include <cstring>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <stdexcept>

namespace lab
{

Bytes conntrack_request(uint8_t command, uint16_t flags)
{
	const nlmsghdr header{NLMSG_HDRLEN + sizeof(nfgenmsg),
			      static_cast<uint16_t>(NFNL_SUBSYS_CTNETLINK << 8 | command),
			      static_cast<uint16_t>(NLM_F_REQUEST | flags), 0, 0};
	Bytes out;

	for (const View part : {mf::bytes_of(header), mf::bytes_of(nfgenmsg{})})
		out.insert(out.end(), part.begin(), part.end());
	return out;
}

void flush_connections(Netlink &netlink)
{
	const Answer answer = netlink.ask_raw(conntrack_request(IPCTNL_MSG_CT_DELETE, NLM_F_ACK));

	if (!answer.ok())
		throw std::runtime_error(std::string("the connections cannot be flushed: ") +
					 strerror(answer.error));
}

} // namespace lab
