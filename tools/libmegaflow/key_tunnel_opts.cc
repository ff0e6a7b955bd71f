// SPDX-License-Identifier: GPL-2.0-only
#include "key_tunnel_opts.h"

#include "field.h"

#include <fmt/format.h>
#include <linux/erspan.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>

namespace mf
{

namespace
{

/* A number that may carry a mask. */
struct Masked {
	uint64_t value = 0;
	uint64_t mask = 0;
};

Masked parse_masked(Cursor &in, uint64_t max, std::string_view of)
{
	Masked number{in.number(max, of), max};

	if (in.eat("/"))
		number.mask = in.number(max, "its mask");
	return number;
}

std::string format_masked(const char *name, uint64_t value, uint64_t mask, uint64_t full, bool hex)
{
	const std::string shown = hex ? hex_text(value) : fmt::format("{}", value);

	return mask == full ? fmt::format("{}={}", name, shown)
			    : fmt::format("{}={}/{}", name, shown, hex_text(mask));
}

void append_be(Bytes &out, size_t width, uint64_t value)
{
	out.resize(out.size() + width);
	store_be(std::span(out).last(width), value);
}

} // namespace

/* ---- Geneve: a list of class, type, length, data ---- */

static constexpr size_t GENEVE_HEADER = 4;
static constexpr uint8_t GENEVE_LENGTH = 0x1f; /* in units of four bytes */

/* Hex digits after 0x, as many as the option is long. */
static Bytes parse_geneve_data(Cursor &in, size_t length)
{
	const size_t start = in.position();
	Bytes data;

	in.expect("0x");
	if (!from_hex(in.until("/}"), data) || data.size() != length)
		in.fail_at(start,
			   fmt::format("is not hex of {} bytes, which len= promised", length));
	return data;
}

static void parse_geneve_option(Cursor &in, Bytes &value, Bytes &mask)
{
	in.expect("{class=");
	const Masked klass = parse_masked(in, 0xffff, "class=");
	in.expect(",type=");
	const Masked type = parse_masked(in, 0xff, "type=");
	in.expect(",len=");
	const size_t start = in.position();
	const uint64_t length = in.number(GENEVE_LENGTH * 4, "len=");
	Bytes data, care;

	if (length % 4)
		in.fail_at(start, "is no multiple of 4");
	if (in.eat(",")) {
		data = parse_geneve_data(in, length);
		care = in.eat("/") ? parse_geneve_data(in, length) : Bytes(length, 0xff);
	} else if (length) {
		in.fail("where \",0x\" and the option's data should be");
	}
	in.expect("}");

	append_be(value, 2, klass.value);
	append_be(value, 1, type.value);
	append_be(value, 1, length / 4);
	value.insert(value.end(), data.begin(), data.end());
	append_be(mask, 2, klass.mask);
	append_be(mask, 1, type.mask);
	append_be(mask, 1, GENEVE_LENGTH);
	mask.insert(mask.end(), care.begin(), care.end());
}

void parse_geneve(Cursor &in, AttrWriter &value, AttrWriter &mask)
{
	Bytes options, care;

	in.expect("(");
	while (in.peek() == '{')
		parse_geneve_option(in, options, care);
	in.expect(")");
	value.put(OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS, options);
	mask.put(OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS, care);
}

std::string format_geneve(View value, View mask)
{
	std::string text;

	for (size_t at = 0; at + GENEVE_HEADER <= value.size();) {
		const size_t length = (value[at + 3] & GENEVE_LENGTH) * 4U;

		if (length > value.size() - at - GENEVE_HEADER)
			return text + "<cut off>";
		text += fmt::format("{{{},{},len={}",
				    format_masked("class", load_be(value.subspan(at, 2)),
						  load_be(mask.subspan(at, 2)), 0xffff, true),
				    format_masked("type", value[at + 2], mask[at + 2], 0xff, true),
				    length);
		if (length) {
			const View care = mask.subspan(at + GENEVE_HEADER, length);

			text += ",0x" + to_hex(value.subspan(at + GENEVE_HEADER, length));
			if (!all_bytes(care, 0xff))
				text += "/0x" + to_hex(care);
		}
		text += "}";
		at += GENEVE_HEADER + length;
	}
	return text;
}

/* ---- VXLAN: the group policy in one number ---- */

static constexpr unsigned int GBP_FLAGS_SHIFT = 16;

void parse_vxlan(Cursor &in, AttrWriter &value, AttrWriter &mask)
{
	in.expect("(gbp(id=");
	const Masked id = parse_masked(in, 0xffff, "gbp(id=)");
	Masked flags;
	if (in.eat(",flags="))
		flags = parse_masked(in, 0xff, "gbp(flags=)");
	in.expect("))");

	size_t nest = value.begin(OVS_TUNNEL_KEY_ATTR_VXLAN_OPTS | NLA_F_NESTED);
	value.u32(OVS_VXLAN_EXT_GBP,
		  static_cast<uint32_t>(id.value | flags.value << GBP_FLAGS_SHIFT));
	value.end(nest);
	nest = mask.begin(OVS_TUNNEL_KEY_ATTR_VXLAN_OPTS | NLA_F_NESTED);
	mask.u32(OVS_VXLAN_EXT_GBP, static_cast<uint32_t>(id.mask | flags.mask << GBP_FLAGS_SHIFT));
	mask.end(nest);
}

/* The policy out of a nest, or out of ones that stand for "exact". */
static uint32_t gbp_of(View nest)
{
	if (all_bytes(nest, 0xff))
		return UINT32_MAX;
	const auto gbp = find_attr(split_attrs(nest), OVS_VXLAN_EXT_GBP);

	return gbp ? gbp->u32() : 0;
}

std::string format_vxlan(View value, View mask)
{
	const uint32_t gbp = gbp_of(value);
	const uint32_t care = all_bytes(mask, 0) ? 0 : gbp_of(mask);

	return fmt::format("gbp({},{})",
			   format_masked("id", gbp & 0xffff, care & 0xffff, 0xffff, false),
			   format_masked("flags", gbp >> GBP_FLAGS_SHIFT & 0xff,
					 care >> GBP_FLAGS_SHIFT & 0xff, 0xff, true));
}

/* ---- ERSPAN: version 1 has an index, version 2 a direction and hardware id ---- */

static erspan_metadata erspan_v2(uint64_t dir, uint64_t hwid)
{
	erspan_metadata md{};

	md.version = 2;
	md.u.md2.dir = dir & 1;
	md.u.md2.hwid = hwid & 0xf;
	md.u.md2.hwid_upper = hwid >> 4 & 3;
	return md;
}

static erspan_metadata erspan_v1(uint64_t index)
{
	erspan_metadata md{};
	uint8_t raw[sizeof(md.u.index)];

	md.version = 1;
	store_be(raw, index);
	std::memcpy(&md.u.index, raw, sizeof(raw));
	return md;
}

void parse_erspan(Cursor &in, AttrWriter &value, AttrWriter &mask)
{
	erspan_metadata md{}, care{};

	in.expect("(ver=");
	const size_t start = in.position();
	const uint64_t version = in.number(2, "erspan(ver=)");
	if (version == 1) {
		in.expect(",idx=");
		const Masked index = parse_masked(in, 0xfffff, "erspan(idx=)");

		md = erspan_v1(index.value);
		care = erspan_v1(index.mask);
	} else if (version == 2) {
		in.expect(",dir=");
		const Masked dir = parse_masked(in, 1, "erspan(dir=)");
		in.expect(",hwid=");
		const Masked hwid = parse_masked(in, 0x3f, "erspan(hwid=)");

		md = erspan_v2(dir.value, hwid.value);
		care = erspan_v2(dir.mask, hwid.mask);
	} else {
		in.fail_at(start, "is no version of ERSPAN: 1 or 2");
	}
	in.expect(")");
	care.version = -1;
	value.put(OVS_TUNNEL_KEY_ATTR_ERSPAN_OPTS, bytes_of(md));
	mask.put(OVS_TUNNEL_KEY_ATTR_ERSPAN_OPTS, bytes_of(care));
}

static uint64_t hwid_of(const erspan_metadata &md)
{
	return static_cast<uint64_t>(md.u.md2.hwid_upper) << 4 | md.u.md2.hwid;
}

std::string format_erspan(View value, View mask)
{
	const auto md = load<erspan_metadata>(value);
	const auto care = load<erspan_metadata>(mask);

	if (md.version == 1)
		return "ver=1," + format_masked("idx", load_be(bytes_of(md.u.index)),
						load_be(bytes_of(care.u.index)) & 0xfffff, 0xfffff,
						true);
	return fmt::format("ver={},{},{}", md.version,
			   format_masked("dir", md.u.md2.dir, care.u.md2.dir, 1, false),
			   format_masked("hwid", hwid_of(md), hwid_of(care), 0x3f, true));
}

} // namespace mf
