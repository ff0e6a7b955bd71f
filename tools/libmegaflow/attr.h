/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "bytes.h"

#include <optional>

namespace mf
{

/** One netlink attribute inside a message that outlives it. */
struct Attr {
	uint16_t type = 0;
	bool nested = false;
	View data;

	uint8_t u8() const { return load<uint8_t>(data); }
	uint16_t u16() const { return load<uint16_t>(data); }
	uint32_t u32() const { return load<uint32_t>(data); }
	int32_t s32() const { return load<int32_t>(data); }
	uint64_t u64() const { return load<uint64_t>(data); }
	std::string str() const;
	std::vector<uint32_t> u32s() const;
};

/**
 * Splits a run of attributes. Trailing bytes too few for a header are ignored,
 * as the kernel does; an attribute longer than the run throws Error.
 */
std::vector<Attr> split_attrs(View run);

/** Finds the last attribute of a type, as a liberal parser would. */
std::optional<Attr> find_attr(const std::vector<Attr> &attrs, uint16_t type);

/** Appends netlink attributes to a buffer. */
class AttrWriter
{
public:
	AttrWriter() = default;
	explicit AttrWriter(Bytes start) : buffer(std::move(start)) {}

	void put(uint16_t type, View payload);
	void flag(uint16_t type) { put(type, {}); }
	void u8(uint16_t type, uint8_t value) { put(type, bytes_of(value)); }
	void u16(uint16_t type, uint16_t value) { put(type, bytes_of(value)); }
	void u32(uint16_t type, uint32_t value) { put(type, bytes_of(value)); }
	void u64(uint16_t type, uint64_t value) { put(type, bytes_of(value)); }
	void str(uint16_t type, const std::string &value);

	/** Opens a nest; give what it returns to end(). */
	size_t begin(uint16_t type);
	/** Closes a nest; throws Error if it has outgrown a netlink attribute. */
	void end(size_t nest);

	const Bytes &bytes() const { return buffer; }
	Bytes &bytes() { return buffer; }

private:
	Bytes buffer;
};

} // namespace mf
