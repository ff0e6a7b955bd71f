/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "attr.h"
#include "field.h"

namespace mf
{

/** One attribute of a key together with its part of the mask. */
struct KeyItem {
	uint16_t type = 0;               /**< OVS_KEY_ATTR_* */
	const KeyAttrRow *row = nullptr; /**< null if this dpctl does not know it */
	Bytes value;
	Bytes mask;                 /**< as long as value; ones where exact */
	std::vector<KeyItem> inner; /**< of ENCAP and TUNNEL-like nests */

	/** Nothing of it is matched. */
	bool is_wild() const;
};

/** A flow key with its mask, in the order of the wire or of the text. */
struct Key {
	std::vector<KeyItem> items;

	const KeyItem *find(uint16_t type) const;
};

/** Reads "in_port(1),eth(),..." up to the end of the text or a closing parenthesis. */
Key parse_key(Cursor &in, const PortNames *names);
/** Reads a whole text; anything left over is a mistake. */
Key parse_key(std::string_view what, std::string_view text, const PortNames *names);
/** Reads one "name(...)", as set() holds it. */
KeyItem parse_key_item(Cursor &in, const PortNames *names);

/** Takes a key and its mask from netlink; without a mask everything is exact. */
Key decode_key(View key, const std::optional<Bytes> &mask);

/** Writes the attributes of the key, or those of its mask. */
void encode_key(const Key &key, AttrWriter &out);
void encode_mask(const Key &key, AttrWriter &out);

/** Text as ovs-dpctl writes it. */
std::string format_key(const Key &key, const TextStyle &style);
std::string format_key_item(const KeyItem &item, const TextStyle &style);

/** One object, a member an attribute. */
Json json_key(const Key &key, const TextStyle &style);
Json json_key_item(const KeyItem &item, const TextStyle &style);

} // namespace mf
