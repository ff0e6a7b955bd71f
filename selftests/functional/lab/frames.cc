// SPDX-License-Identifier: GPL-2.0-only
#include "frames.h"

#include <memory>
#include <stdexcept>

namespace lab
{

Bytes frame(const Tins::PDU &packet)
{
	const std::unique_ptr<Tins::PDU> copy(packet.clone());

	return copy->serialize();
}

Tins::EthernetII eth()
{
	return {Tins::HWAddress<6>(MAC_B), Tins::HWAddress<6>(MAC_A)};
}

Bytes hex(const std::string &digits)
{
	Bytes out;

	if (!mf::from_hex(digits, out))
		throw std::runtime_error("no hex: " + digits);
	return out;
}

Bytes operator+(Bytes left, View right)
{
	left.insert(left.end(), right.begin(), right.end());
	return left;
}

Bytes raw_frame(uint16_t type, const Bytes &payload, const char *dst, const char *src)
{
	return hex(dst) + hex(src) +
	       Bytes{static_cast<uint8_t>(type >> 8), static_cast<uint8_t>(type)} + payload;
}

Bytes udp_frame(uint16_t sport, uint16_t dport)
{
	return frame(eth() / Tins::IP(IP_B, IP_A) / Tins::UDP(dport, sport) /
		     Tins::RawPDU("hello"));
}

Bytes tcp_frame(uint16_t sport, uint16_t dport, uint16_t flags)
{
	Tins::TCP tcp(dport, sport);

	tcp.flags(flags);
	return frame(eth() / Tins::IP(IP_B, IP_A) / tcp);
}

Bytes ipv6_frame(uint8_t next_header, const Bytes &payload)
{
	return raw_frame(0x86dd, hex("60000000 00") +
					 Bytes{static_cast<uint8_t>(payload.size()), next_header, 64} +
					 hex("fc000000000000000000000000000001"
					     "fc000000000000000000000000000002") +
					 payload);
}

Bytes pattern(size_t length)
{
	Bytes out(length);

	for (size_t i = 0; i < length; i++)
		out[i] = static_cast<uint8_t>(i);
	return out;
}

/* CRC32c, bit by bit: slow and plainly right. */
static uint32_t crc32c(View data)
{
	uint32_t crc = ~0u;

	for (uint8_t byte : data) {
		crc ^= byte;
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (crc & 1 ? 0x82f63b78u : 0);
	}
	return ~crc;
}

Bytes sctp(uint16_t sport, uint16_t dport)
{
	Bytes out = Bytes{static_cast<uint8_t>(sport >> 8), static_cast<uint8_t>(sport),
			  static_cast<uint8_t>(dport >> 8), static_cast<uint8_t>(dport)} +
		    hex("11223344 00000000") + hex("00030014 00000001 00010002 00000000 64617461");
	const uint32_t crc = crc32c(out);

	/* The only little-endian field of the Internet. */
	for (size_t i = 0; i < 4; i++)
		out[8 + i] = static_cast<uint8_t>(crc >> (8 * i));
	return out;
}

static uint32_t sum(View data, uint32_t start)
{
	for (size_t i = 0; i < data.size(); i += 2)
		start += static_cast<uint32_t>(data[i] << 8) +
			 (i + 1 < data.size() ? data[i + 1] : 0u);
	return start;
}

static uint16_t fold(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return static_cast<uint16_t>(~total);
}

uint16_t l4_checksum(View ip)
{
	const bool v6 = (ip[0] >> 4) == 6;
	const size_t header = v6 ? 40 : (ip[0] & 15) * 4u;
	const size_t total = v6 ? 40 + mf::load_be(ip.subspan(4, 2)) : mf::load_be(ip.subspan(2, 2));
	const View payload = ip.subspan(header, total - header);
	const View addresses = v6 ? ip.subspan(8, 32) : ip.subspan(12, 8);
	const uint8_t proto = v6 ? ip[6] : ip[9];

	return fold(sum(payload, sum(addresses, proto + static_cast<uint32_t>(payload.size()))));
}

} // namespace lab
