/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace mf
{

/** How a field of the key is written down; the last column of KEY_FIELD. */
enum class Show : uint8_t {
	HEX,
	PORT,
	CT_STATE,
	U128,
	IPV4,
	IPV6,
	BE16,
	U8,
	HEX8,
	HEX16,
	FRAG,
	LABEL,
	TCP_FLAGS,
	MAC,
};

/** Who reads and writes an attribute's text; the last column of KEY_ATTR. */
enum class Form : uint8_t { FIELDS, VLAN, ENCAP, TUNNEL, MPLS, NSH };

/** A row of KEY_FIELD. */
struct KeyFieldRow {
	uint16_t attr;    /**< OVS_KEY_ATTR_* */
	const char *text; /**< name, empty where the attribute is the field */
	uint16_t offset;  /**< in the payload */
	uint16_t width;
	Show show;
	bool writable;
	uint64_t max; /**< largest value of a key, 0: no limit */
};

/** A row of KEY_ATTR, with its fields. */
struct KeyAttrRow {
	uint16_t type;        /**< OVS_KEY_ATTR_* */
	const char *symbol;   /**< the same without its prefix */
	const char *name;     /**< in text */
	const char *required; /**< the class of keys that must carry it, or empty */
	uint16_t length;      /**< of the payload */
	Form form;
	std::span<const KeyFieldRow> fields;

	/** The attribute is its only field: "skb_mark(0x1)". */
	bool is_scalar() const { return fields.size() == 1 && !*fields[0].text; }
};

/** All attributes in wire order. */
std::span<const KeyAttrRow> key_attrs();
/** The row of an OVS_KEY_ATTR_*, or null. */
const KeyAttrRow *find_key_attr(uint16_t type);
/** The row of a name in text, or null. */
const KeyAttrRow *find_key_attr(std::string_view name);

} // namespace mf
