// SPDX-License-Identifier: GPL-2.0-only
#include "fragments.h"

#include <stdexcept>

namespace lab
{

static constexpr uint8_t FRAGMENT_HEADER = 44;

static uint16_t load16(View bytes, size_t at)
{
	return static_cast<uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

static void store16(Bytes &bytes, size_t at, size_t value)
{
	bytes[at] = static_cast<uint8_t>(value >> 8);
	bytes[at + 1] = static_cast<uint8_t>(value);
}

/* Where the IP header is: behind Ethernet, tags and labels. */
static size_t ip_offset(View frame)
{
	size_t at = 12;
	uint16_t type = load16(frame, at);

	while (type == 0x8100 || type == 0x88a8)
		type = load16(frame, at += 4);
	at += 2;
	if (type == 0x8847) {
		while (!(frame[at + 2] & 1))
			at += 4;
		at += 4;
	}
	return at;
}

static bool is_v6(View frame)
{
	return frame[ip_offset(frame)] >> 4 == 6;
}

/* Where what is fragmented begins in a packet that is not. */
static size_t payload_offset(View frame)
{
	const size_t ip = ip_offset(frame);

	return ip + (is_v6(frame) ? 40 : (frame[ip] & 15) * 4u);
}

static void fix_checksum(Bytes &frame, size_t ip)
{
	uint32_t sum = 0;

	store16(frame, ip + 10, 0);
	for (size_t at = ip; at < ip + (frame[ip] & 15) * 4u; at += 2)
		sum += load16(frame, at);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	store16(frame, ip + 10, ~sum & 0xffff);
}

Bytes fragment(View frame, size_t begin, size_t end, bool more, uint32_t id)
{
	const size_t ip = ip_offset(frame), payload = payload_offset(frame);
	Bytes out(frame.begin(), frame.begin() + static_cast<long>(payload));

	if (is_v6(frame)) {
		const Bytes header{frame[ip + 6], 0, 0, 0, static_cast<uint8_t>(id >> 24),
				   static_cast<uint8_t>(id >> 16), static_cast<uint8_t>(id >> 8),
				   static_cast<uint8_t>(id)};

		out[ip + 6] = FRAGMENT_HEADER;
		out = out + header;
		store16(out, payload + 2, begin | (more ? 1 : 0));
		store16(out, ip + 4, header.size() + end - begin);
	} else {
		store16(out, ip + 2, payload - ip + end - begin);
		store16(out, ip + 4, id);
		store16(out, ip + 6, begin / 8 | (more ? 0x2000 : 0));
		fix_checksum(out, ip);
	}
	return out + frame.subspan(payload + begin, end - begin);
}

std::vector<Bytes> cut(View frame, const std::vector<size_t> &sizes, uint32_t id)
{
	const size_t total = frame.size() - payload_offset(frame);
	std::vector<Bytes> out;
	size_t begin = 0;

	for (const size_t size : sizes) {
		out.push_back(fragment(frame, begin, begin + size, true, id));
		begin += size;
	}
	out.push_back(fragment(frame, begin, total, false, id));
	return out;
}

std::vector<Bytes> fragments(View frame, size_t mtu, uint32_t id)
{
	const size_t headers = payload_offset(frame) - ip_offset(frame) + (is_v6(frame) ? 8 : 0);
	const size_t total = frame.size() - payload_offset(frame);
	const size_t each = (mtu - headers) / 8 * 8;

	return cut(frame, std::vector<size_t>((total - 1) / each, each), id);
}

/* The payload of a fragment is added; returns true if it was the last. */
static bool add(Bytes &out, View piece, size_t payload)
{
	const size_t ip = ip_offset(piece);
	const bool v6 = is_v6(piece);
	const size_t at = ip + (v6 ? 48 : (piece[ip] & 15) * 4u);
	const size_t length = v6 ? 40u + load16(piece, ip + 4) : load16(piece, ip + 2);
	const uint16_t field = load16(piece, v6 ? ip + 42 : ip + 6);
	const size_t offset = v6 ? field & 0xfff8 : (field & 0x1fff) * 8u;

	if (v6 && piece[ip + 6] != FRAGMENT_HEADER)
		throw std::runtime_error("no fragment");
	if (offset != out.size() - payload)
		throw std::runtime_error("a fragment is not where it should be");
	out = out + piece.subspan(at, ip + length - at);
	return !(field & (v6 ? 1 : 0x2000));
}

Bytes whole(const std::vector<Bytes> &pieces)
{
	if (pieces.empty())
		throw std::runtime_error("no fragments");
	const View first = pieces[0];
	const size_t ip = ip_offset(first), payload = payload_offset(first);
	const bool v6 = is_v6(first);
	Bytes out(first.begin(), first.begin() + static_cast<long>(payload));

	for (const Bytes &piece : pieces)
		if (add(out, piece, payload) != (&piece == &pieces.back()))
			throw std::runtime_error("the last fragment is not the last");
	if (v6) {
		out[ip + 6] = first[ip + 40];
		store16(out, ip + 4, out.size() - payload);
	} else {
		store16(out, ip + 2, out.size() - ip);
		store16(out, ip + 6, 0);
		fix_checksum(out, ip);
	}
	return out;
}

std::vector<size_t> sizes_of(const std::vector<Bytes> &frames)
{
	std::vector<size_t> out;

	for (const Bytes &frame : frames) {
		const size_t ip = ip_offset(frame);

		out.push_back(is_v6(frame) ? 40u + load16(frame, ip + 4) : load16(frame, ip + 2));
	}
	return out;
}

} // namespace lab
