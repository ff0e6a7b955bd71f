/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "link.h"

namespace lab
{

/** Values of Offload::gso_type, those of PACKET_VNET_HDR. */
inline constexpr uint8_t GSO_TCPV4 = 1;
inline constexpr uint8_t GSO_UDP = 3;
inline constexpr uint8_t GSO_TCPV6 = 4;
inline constexpr uint8_t GSO_UDP_L4 = 5;

/** What the stack may leave to be done to a frame that it hands to a device. */
struct Offload {
	uint8_t gso_type = 0;   /**< GSO_* below */
	uint16_t gso_size = 0;  /**< payload of a segment */
	uint16_t header_len = 0; /**< of a segment */
	uint16_t csum_start = 0; /**< 0: the checksum is complete */
	uint16_t csum_offset = 0;
};

/** A frame with what is still to be done to it. */
struct Frame {
	Bytes bytes; /**< VLAN tags in place */
	Offload offload;
};

/** Speaks and hears on a device, beneath the protocols. */
class Tap
{
public:
	Tap(const Netns &ns, const std::string &device);
	~Tap();
	Tap(const Tap &) = delete;
	Tap &operator=(const Tap &) = delete;

	/** Sends a frame; throws if the device does not take it. */
	void send(View frame, const Offload &offload = {});
	/** The same, telling errno instead. */
	int try_send(View frame, const Offload &offload = {});
	/** The next frame that came in; nothing after that many milliseconds. */
	std::optional<Frame> receive(int timeout_ms = 2000);
	/** Its bytes; empty if none came. */
	Bytes receive_bytes(int timeout_ms = 2000);

private:
	int file = -1;
	int ifindex = 0;
};

} // namespace lab
