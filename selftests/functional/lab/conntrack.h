/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "netlink.h"

namespace lab
{

/** A request to ctnetlink without attributes. @param command IPCTNL_MSG_CT_* */
Bytes conntrack_request(uint8_t command, uint16_t flags);
/** Forgets all connections of the socket's namespace; throws if that cannot be.
 *  @param netlink a socket of NETLINK_NETFILTER */
void flush_connections(Netlink &netlink);

} // namespace lab
