// SPDX-License-Identifier: GPL-2.0-only
#include "tap.h"

#include <arpa/inet.h>
#include <cerrno>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <system_error>
#include <unistd.h>

namespace lab
{

/* The header of linux/virtio_net.h is no C++; of it, this is what PACKET_VNET_HDR uses. */
struct virtio_net_hdr {
	uint8_t flags;
	uint8_t gso_type;
	uint16_t hdr_len;
	uint16_t gso_size;
	uint16_t csum_start;
	uint16_t csum_offset;
};

static constexpr uint8_t NEEDS_CSUM = 1;

static void check(long result, const char *what)
{
	if (result < 0)
		throw std::system_error(errno, std::generic_category(), what);
}

Tap::Tap(const Netns &ns, const std::string &device)
{
	const Inside inside(ns);
	const int on = 1;
	const int room = 8 << 20;
	sockaddr_ll address{};

	ifindex = link_get(ns, device).ifindex;
	file = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	check(file, "packet socket");
	check(setsockopt(file, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)), "PACKET_VNET_HDR");
	check(setsockopt(file, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)), "PACKET_AUXDATA");
	check(setsockopt(file, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)),
	      "PACKET_IGNORE_OUTGOING");
	setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	setsockopt(file, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room));
	address.sll_family = AF_PACKET;
	address.sll_protocol = htons(ETH_P_ALL);
	address.sll_ifindex = ifindex;
	check(bind(file, reinterpret_cast<sockaddr *>(&address), sizeof(address)), "bind");
}

Tap::~Tap()
{
	::close(file);
}

int Tap::try_send(View frame, const Offload &offload)
{
	virtio_net_hdr header{};

	header.gso_type = offload.gso_type;
	header.gso_size = offload.gso_size;
	header.hdr_len = offload.header_len;
	if (offload.csum_start) {
		header.flags = NEEDS_CSUM;
		header.csum_start = offload.csum_start;
		header.csum_offset = offload.csum_offset;
	}
	iovec parts[] = {{&header, sizeof(header)},
			 {const_cast<uint8_t *>(frame.data()), frame.size()}};
	return writev(file, parts, 2) < 0 ? errno : 0;
}

void Tap::send(View frame, const Offload &offload)
{
	const int error = try_send(frame, offload);

	if (error)
		throw std::system_error(error, std::generic_category(), "send a frame");
}

/* The kernel takes the outermost tag out of the frame and tells it beside. */
static void put_tag_back(Bytes &frame, const tpacket_auxdata &aux)
{
	const uint16_t tpid = htons(aux.tp_status & TP_STATUS_VLAN_TPID_VALID ? aux.tp_vlan_tpid
									       : ETH_P_8021Q);
	const uint16_t tci = htons(aux.tp_vlan_tci);
	Bytes tag;

	for (const uint16_t part : {tpid, tci}) {
		const View raw = mf::bytes_of(part);

		tag.insert(tag.end(), raw.begin(), raw.end());
	}
	frame.insert(frame.begin() + 2 * ETH_ALEN, tag.begin(), tag.end());
}

std::optional<Frame> Tap::receive(int timeout_ms)
{
	pollfd ready{file, POLLIN, 0};
	const int n = poll(&ready, 1, timeout_ms);

	check(n, "poll");
	if (!n)
		return std::nullopt;

	Frame frame;
	virtio_net_hdr header{};
	alignas(cmsghdr) char control[256];
	frame.bytes.resize(1 << 17);
	iovec parts[] = {{&header, sizeof(header)}, {frame.bytes.data(), frame.bytes.size()}};
	msghdr message{};
	message.msg_iov = parts;
	message.msg_iovlen = 2;
	message.msg_control = control;
	message.msg_controllen = sizeof(control);
	const ssize_t got = recvmsg(file, &message, 0);
	check(got, "receive a frame");
	frame.bytes.resize(static_cast<size_t>(got) - sizeof(header));

	frame.offload.gso_type = header.gso_type;
	frame.offload.gso_size = header.gso_size;
	frame.offload.header_len = header.hdr_len;
	if (header.flags & NEEDS_CSUM) {
		frame.offload.csum_start = header.csum_start;
		frame.offload.csum_offset = header.csum_offset;
	}
	for (cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
		if (c->cmsg_level != SOL_PACKET || c->cmsg_type != PACKET_AUXDATA)
			continue;
		const auto aux = mf::load<tpacket_auxdata>(
			View{CMSG_DATA(c), sizeof(tpacket_auxdata)});

		if (aux.tp_status & TP_STATUS_VLAN_VALID)
			put_tag_back(frame.bytes, aux);
	}
	return frame;
}

Bytes Tap::receive_bytes(int timeout_ms)
{
	const auto frame = receive(timeout_ms);

	return frame ? frame->bytes : Bytes{};
}

} // namespace lab
