// SPDX-License-Identifier: GPL-2.0-only
#include "packet_key.h"

#include "attr.h"
#include "key_rows.h"

#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <netinet/in.h>

namespace diff
{

using mf::AttrWriter;

static void put_be16(AttrWriter &out, uint16_t type, uint16_t value)
{
	Bytes raw(2);

	mf::store_be(raw, value);
	out.put(type, raw);
}

static Bytes joined(std::initializer_list<View> parts)
{
	Bytes out;

	for (const View part : parts)
		out.insert(out.end(), part.begin(), part.end());
	return out;
}

static Bytes be(size_t width, uint64_t value)
{
	Bytes raw(width);

	mf::store_be(raw, value);
	return raw;
}

/* ---- Metadata ---- */

static void put_ct(AttrWriter &out, const Packet &p)
{
	out.u32(OVS_KEY_ATTR_CT_STATE, *p.ct_state);
	out.u16(OVS_KEY_ATTR_CT_ZONE, p.ct_zone);
	out.u32(OVS_KEY_ATTR_CT_MARK, p.ct_mark);
	out.put(OVS_KEY_ATTR_CT_LABELS, p.ct_labels);
	if (p.ct_tuple && (p.is_ipv4() || p.is_ipv6()))
		out.put(static_cast<uint16_t>(p.is_ipv4() ? OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV4
				    : OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV6),
			joined({p.ip_dst, p.ip_src, be(2, p.tp_dst), be(2, p.tp_src),
				be(1, p.proto), be(3, 0)}));
}

static void put_metadata(AttrWriter &out, const Packet &p)
{
	/* Always there: a key without it takes packets of any. */
	out.u32(OVS_KEY_ATTR_RECIRC_ID, p.recirc);
	if (p.dp_hash)
		out.u32(OVS_KEY_ATTR_DP_HASH, p.dp_hash);
	if (p.priority)
		out.u32(OVS_KEY_ATTR_PRIORITY, p.priority);
	if (!p.tunnel.empty())
		out.put(OVS_KEY_ATTR_TUNNEL | NLA_F_NESTED, p.tunnel);
	if (p.in_port)
		out.u32(OVS_KEY_ATTR_IN_PORT, *p.in_port);
	if (p.mark)
		out.u32(OVS_KEY_ATTR_SKB_MARK, p.mark);
	if (p.ct_state)
		put_ct(out, p);
}

Bytes metadata_of(const Packet &p)
{
	AttrWriter out;

	put_metadata(out, p);
	if (!p.ethernet)
		put_be16(out, OVS_KEY_ATTR_ETHERTYPE, p.eth_type);
	return out.bytes();
}

/* ---- Layers 3 and 4 ---- */

static void put_nd(AttrWriter &out, const Packet &p)
{
	if (p.is_nd())
		out.put(OVS_KEY_ATTR_ND, joined({p.nd_target, p.nd_sll, p.nd_tll}));
}

static void put_l4(AttrWriter &out, const Packet &p)
{
	const Bytes ports = joined({be(2, p.tp_src), be(2, p.tp_dst)});

	switch (p.proto) {
	case IPPROTO_TCP:
		out.put(OVS_KEY_ATTR_TCP, ports);
		put_be16(out, OVS_KEY_ATTR_TCP_FLAGS, p.tcp_flags);
		break;
	case IPPROTO_UDP:
		out.put(OVS_KEY_ATTR_UDP, ports);
		break;
	case IPPROTO_SCTP:
		out.put(OVS_KEY_ATTR_SCTP, ports);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		out.put(p.is_ipv6() ? OVS_KEY_ATTR_ICMPV6 : OVS_KEY_ATTR_ICMP,
			Bytes{p.type, p.code});
		put_nd(out, p);
		break;
	default:
		break;
	}
}

/* The bits of enum ofp12_ipv6exthdr_flags that the headers set, in their order. */
static uint16_t extension_bits(const Packet &p)
{
	static constexpr struct {
		uint8_t header;
		uint16_t bit;
	} rows[] = {{IPPROTO_HOPOPTS, 0x40},
		    {IPPROTO_ROUTING, 0x20},
		    {IPPROTO_FRAGMENT, 0x10},
		    {IPPROTO_DSTOPTS, 0x08},
		    {IPPROTO_AH, 0x04}};
	uint16_t bits = 0;

	for (const uint8_t header : p.headers)
		for (const auto &row : rows)
			if (row.header == header)
				bits |= row.bit;
	return bits;
}

static void put_ip(AttrWriter &out, const Packet &p)
{
	if (p.is_ipv4()) {
		out.put(OVS_KEY_ATTR_IPV4,
			joined({p.ip_src, p.ip_dst, Bytes{p.proto, p.tos, p.ttl, p.frag}}));
	} else {
		const uint8_t proto = p.frag == 2 ? uint8_t{IPPROTO_FRAGMENT} : p.proto;

		out.put(OVS_KEY_ATTR_IPV6, joined({p.ip_src, p.ip_dst, be(4, p.label),
						   Bytes{proto, p.tos, p.ttl, p.frag}}));
		out.put(OVS_KEY_ATTR_IPV6_EXTHDRS, mf::bytes_of(extension_bits(p)));
	}
	if (p.has_l4())
		put_l4(out, p);
}

static void put_nsh(AttrWriter &out, const Packet &p)
{
	const View h = p.nsh;
	const size_t nest = out.begin(OVS_KEY_ATTR_NSH | NLA_F_NESTED);

	out.put(OVS_NSH_KEY_ATTR_BASE,
		joined({Bytes{0, 63, h[2], h[3]}, h.subspan(4, 4)}));
	if (h[2] == 1)
		out.put(OVS_NSH_KEY_ATTR_MD1, h.subspan(8, 16));
	out.end(nest);
}

static void put_l3(AttrWriter &out, const Packet &p)
{
	if (!p.llc)
		put_be16(out, OVS_KEY_ATTR_ETHERTYPE, p.eth_type);
	if (p.is_ipv4() || p.is_ipv6())
		put_ip(out, p);
	if (p.is_arp())
		out.put(OVS_KEY_ATTR_ARP, joined({p.ip_src, p.ip_dst, be(2, p.arp_op), p.src,
						  p.dst, be(2, 0)}));
	if (p.is_mpls()) {
		Bytes stack;

		for (size_t i = 0; i < p.lse.size() && i < 3; i++)
			stack = joined({stack, be(4, p.lse[i])});
		out.put(OVS_KEY_ATTR_MPLS, stack);
	}
	if (p.is_nsh())
		put_nsh(out, p);
}

static void put_tagged(AttrWriter &out, const Packet &p, size_t level)
{
	if (level == p.tags.size()) {
		put_l3(out, p);
		return;
	}
	put_be16(out, OVS_KEY_ATTR_ETHERTYPE, p.tags[level].tpid);
	/* A third tag is no tag any more, but what is inside. */
	if (level == 2)
		return;
	put_be16(out, OVS_KEY_ATTR_VLAN, p.tags[level].tci | 0x1000);
	const size_t nest = out.begin(OVS_KEY_ATTR_ENCAP | NLA_F_NESTED);
	put_tagged(out, p, level + 1);
	out.end(nest);
}

Bytes key_of(const Packet &p)
{
	AttrWriter out;

	put_metadata(out, p);
	if (p.ethernet)
		out.put(OVS_KEY_ATTR_ETHERNET, joined({p.src, p.dst}));
	put_tagged(out, p, 0);
	return out.bytes();
}

/* ---- Masks ---- */

static Bytes roll_bits(Dice &dice, size_t width)
{
	switch (dice.below(8)) {
	case 0:
	case 1:
	case 2:
	case 3:
		return Bytes(width, 0);
	case 4: {
		/* A prefix, which is what people write. */
		Bytes mask(width, 0);

		std::fill_n(mask.begin(), width / 2, 0xff);
		return mask;
	}
	case 5:
		return dice.bytes(width);
	default:
		return Bytes(width, 0xff);
	}
}

/* Fields that others depend on: a mask that leaves them open is mostly refused. */
static bool must_be_exact(uint16_t attr, const mf::KeyFieldRow &field)
{
	const std::string_view name = field.text;

	return name == "proto" || name == "frag" ||
	       (attr == OVS_KEY_ATTR_ICMPV6 && name == "type");
}

static Bytes roll_fields(Dice &dice, const mf::KeyAttrRow &row, size_t length)
{
	Bytes mask(length);
	const uint32_t mood = dice.below(4);

	for (const mf::KeyFieldRow &field : row.fields) {
		if (field.offset + field.width > length)
			continue;
		Bytes bits = mood == 0 ? Bytes(field.width, 0xff) : roll_bits(dice, field.width);

		if (must_be_exact(row.type, field) && dice.percent(95))
			bits.assign(field.width, 0xff);
		/* What a mask may not hold above a label. */
		if (field.show == mf::Show::LABEL && dice.percent(95)) {
			bits[0] = 0;
			bits[1] &= 0x0f;
		}
		if (field.show == mf::Show::CT_STATE && dice.percent(95))
			std::fill(bits.begin() + 1, bits.end(), 0);
		std::copy(bits.begin(), bits.end(), mask.begin() + field.offset);
	}
	return mask;
}

static void put_nest_mask(Dice &dice, const mf::Attr &attr, AttrWriter &out)
{
	const size_t nest = out.begin(attr.type | NLA_F_NESTED);

	for (const mf::Attr &inner : mf::split_attrs(attr.data)) {
		if (dice.percent(15))
			continue;
		if (attr.type == OVS_KEY_ATTR_TUNNEL &&
		    inner.type == OVS_TUNNEL_KEY_ATTR_VXLAN_OPTS) {
			const size_t options = out.begin(inner.type | NLA_F_NESTED);

			out.put(OVS_VXLAN_EXT_GBP, roll_bits(dice, 4));
			out.end(options);
		} else {
			out.put(inner.type, roll_bits(dice, inner.data.size()));
		}
	}
	out.end(nest);
}

static void put_mask(Dice &dice, const mf::Attr &attr, AttrWriter &out)
{
	const mf::KeyAttrRow *row = mf::find_key_attr(attr.type);
	Bytes mask;

	switch (attr.type) {
	case OVS_KEY_ATTR_ENCAP: {
		const size_t nest = out.begin(attr.type | NLA_F_NESTED);
		const Bytes inner = roll_mask(dice, attr.data);

		out.bytes().insert(out.bytes().end(), inner.begin(), inner.end());
		out.end(nest);
		return;
	}
	case OVS_KEY_ATTR_TUNNEL:
	case OVS_KEY_ATTR_NSH:
		put_nest_mask(dice, attr, out);
		return;
	case OVS_KEY_ATTR_RECIRC_ID:
		/* Or what a flow recirculates would meet the same flow. */
		mask.assign(4, 0xff);
		break;
	case OVS_KEY_ATTR_ETHERTYPE:
		mask = dice.percent(97) ? Bytes(2, 0xff) : roll_bits(dice, 2);
		break;
	case OVS_KEY_ATTR_VLAN:
		mask = roll_bits(dice, 2);
		if (dice.percent(95))
			mask[0] |= 0x10;
		break;
	case OVS_KEY_ATTR_MPLS:
		mask = roll_bits(dice, attr.data.size());
		break;
	default:
		mask = row && !row->fields.empty() ? roll_fields(dice, *row, attr.data.size())
						   : roll_bits(dice, attr.data.size());
		break;
	}
	out.put(attr.type, mask);
}

Bytes roll_mask(Dice &dice, View key)
{
	AttrWriter out;

	for (const mf::Attr &attr : mf::split_attrs(key)) {
		const bool needed = attr.type == OVS_KEY_ATTR_ETHERTYPE ||
				    attr.type == OVS_KEY_ATTR_ENCAP ||
				    attr.type == OVS_KEY_ATTR_VLAN ||
				    attr.type == OVS_KEY_ATTR_IN_PORT;

		if (attr.type == OVS_KEY_ATTR_RECIRC_ID) {
			put_mask(dice, attr, out);
			continue;
		}
		if (!dice.percent(needed ? 3 : 20))
			put_mask(dice, attr, out);
	}
	return out.bytes();
}

} // namespace diff
