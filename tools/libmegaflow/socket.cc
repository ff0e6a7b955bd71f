// SPDX-License-Identifier: GPL-2.0-only
#include "socket.h"

#include "error.h"
#include "names.h"

#include <cerrno>
#include <fmt/format.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>

namespace mf
{

/* A dumped message can be as large as the kernel's dump buffer or one attribute. */
static constexpr size_t RECEIVE_BUFFER = 256 * 1024;

/* In newer headers than the system's: which attribute was missing, and where. */
static constexpr uint16_t ATTR_MISS_TYPE = 5;
static constexpr uint16_t ATTR_MISS_NEST = 6;

[[noreturn]] static void fail(const char *what)
{
	throw Error(fmt::format("netlink: {}: {}", what, strerror(errno)));
}

Socket::Socket(int bus) : socket(mnl_socket_open2(bus, SOCK_CLOEXEC)), buffer(RECEIVE_BUFFER)
{
	int one = 1;

	if (!socket)
		fail("cannot open a socket");
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		mnl_socket_close(socket);
		fail("cannot bind a socket");
	}
	/* Without these two the kernel's words stay unheard; nothing else depends on them. */
	mnl_socket_setsockopt(socket, NETLINK_EXT_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(socket, NETLINK_CAP_ACK, &one, sizeof(one));
	next_seq = 1;
}

Socket::~Socket()
{
	mnl_socket_close(socket);
}

uint32_t Socket::portid() const
{
	return mnl_socket_get_portid(socket);
}

void Socket::set_receive_buffer(int bytes)
{
	const int fd = mnl_socket_get_fd(socket);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

void Socket::join(uint32_t group)
{
	int id = static_cast<int>(group);

	if (mnl_socket_setsockopt(socket, NETLINK_ADD_MEMBERSHIP, &id, sizeof(id)) < 0)
		fail("cannot join a multicast group");
}

/* Turns the extended part of an error into the exception that says it all. */
static void throw_kernel_error(const nlmsghdr *nlh, int err, const Request &request)
{
	std::string said, at;

	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS) {
		size_t skip = NLMSG_HDRLEN + sizeof(nlmsgerr);
		const View all{reinterpret_cast<const uint8_t *>(nlh), nlh->nlmsg_len};

		if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
			skip += NLMSG_ALIGN(load<nlmsgerr>(all, NLMSG_HDRLEN).msg.nlmsg_len) -
				NLMSG_HDRLEN;
		if (skip <= all.size()) {
			const auto tlvs = split_attrs(all.subspan(skip));

			if (auto attr = find_attr(tlvs, NLMSGERR_ATTR_MSG))
				said = attr->str();
			if (auto attr = find_attr(tlvs, NLMSGERR_ATTR_OFFS))
				at = attr_path(request, attr->u32());
			if (auto attr = find_attr(tlvs, ATTR_MISS_TYPE))
				at = missing_attr_path(
					request, attr->u32(),
					find_attr(tlvs, ATTR_MISS_NEST)
						? find_attr(tlvs, ATTR_MISS_NEST)->u32()
						: 0);
		}
	}

	std::string line = strerror(err);
	if (!said.empty() && !at.empty())
		line += fmt::format(" ({}, at {})", said, at);
	else if (!said.empty())
		line += fmt::format(" ({})", said);
	else if (!at.empty())
		line += fmt::format(" (at {})", at);
	throw KernelError(line, err, said, at);
}

/* One buffer of replies; true when the request is answered in full. */
bool Socket::collect(const Request &request, uint32_t seq, const Handler &handler)
{
	const ssize_t got = mnl_socket_recvfrom(socket, buffer.data(), buffer.size());

	if (got < 0) {
		if (errno == EINTR)
			return false;
		fail("cannot receive");
	}

	int left = static_cast<int>(got);
	for (auto nlh = reinterpret_cast<const nlmsghdr *>(buffer.data()); mnl_nlmsg_ok(nlh, left);
	     nlh = mnl_nlmsg_next(nlh, &left)) {
		if (nlh->nlmsg_seq != seq)
			continue; /* a late word on an earlier request */
		if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE) {
			const auto err = load<int32_t>(
				{reinterpret_cast<const uint8_t *>(nlh), nlh->nlmsg_len},
				NLMSG_HDRLEN);

			if (err < 0)
				throw_kernel_error(nlh, -err, request);
			return true;
		}
		if (nlh->nlmsg_type >= NLMSG_MIN_TYPE)
			handler(nlh);
	}
	return false;
}

void Socket::transact(Request &request, const Handler &handler)
{
	const uint32_t seq = next_seq++;

	request.seal(seq, portid());
	if (mnl_socket_sendto(socket, request.bytes().data(), request.bytes().size()) < 0)
		fail("cannot send");
	while (!collect(request, seq, handler))
		;
}

void Socket::transact(Request &request, const std::function<void(const Message &)> &handler)
{
	transact(request, Handler([&](const nlmsghdr *nlh) { handler(parse_message(nlh)); }));
}

bool Socket::receive(int timeout_ms, const std::function<void(const Message &)> &handler)
{
	pollfd wait{mnl_socket_get_fd(socket), POLLIN, 0};

	if (poll(&wait, 1, timeout_ms) <= 0)
		return false;

	const ssize_t got = mnl_socket_recvfrom(socket, buffer.data(), buffer.size());
	if (got < 0) {
		if (errno == ENOBUFS) {
			lost++;
			return true;
		}
		if (errno == EINTR)
			return false;
		fail("cannot receive");
	}
	int left = static_cast<int>(got);
	for (auto nlh = reinterpret_cast<const nlmsghdr *>(buffer.data()); mnl_nlmsg_ok(nlh, left);
	     nlh = mnl_nlmsg_next(nlh, &left))
		if (nlh->nlmsg_type >= NLMSG_MIN_TYPE)
			handler(parse_message(nlh));
	return true;
}

} // namespace mf
