/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "request.h"

#include <functional>

struct mnl_socket;

namespace mf
{

/** A netlink socket. One thread at a time. */
class Socket
{
public:
	/** @param bus NETLINK_GENERIC or NETLINK_ROUTE; throws Error. */
	explicit Socket(int bus);
	~Socket();
	Socket(const Socket &) = delete;
	Socket &operator=(const Socket &) = delete;

	using Handler = std::function<void(const nlmsghdr *)>;

	/**
	 * Sends a request and waits until the kernel has answered it in full.
	 * @param handler called for every reply that is not an ACK
	 * Throws KernelError if the kernel refuses.
	 */
	void transact(Request &request, const Handler &handler);

	/** The same for a request and its replies as generic netlink messages. */
	void transact(Request &request, const std::function<void(const Message &)> &handler);

	/** Subscribes to a multicast group. */
	void join(uint32_t group);

	/**
	 * Waits for unsolicited messages and hands each on.
	 * @param timeout_ms -1 waits for ever
	 * @return false when the time is up or a signal came; throws Error.
	 */
	bool receive(int timeout_ms, const std::function<void(const Message &)> &handler);

	/** Asks for a receive buffer of that many bytes. */
	void set_receive_buffer(int bytes);

	uint32_t portid() const;
	/** Messages that the kernel could not queue for us, as far as it said so. */
	uint64_t overruns() const { return lost; }

private:
	bool collect(const Request &request, uint32_t seq, const Handler &handler);

	mnl_socket *socket;
	uint32_t next_seq;
	uint64_t lost = 0;
	Bytes buffer;
};

} // namespace mf
