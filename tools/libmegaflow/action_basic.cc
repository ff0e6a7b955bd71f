// SPDX-License-Identifier: GPL-2.0-only
/* Actions whose text is no plain number: output, userspace, VLAN, sample, hash. */
#include "action_forms.h"

#include <cmath>
#include <fmt/format.h>
#include <linux/if_ether.h>
#include <linux/openvswitch.h>
#include <nlohmann/json.hpp>

namespace mf
{

/* ---- output ---- */

static void parse_output(Cursor &in, const ActionRow &row, const ActionContext &context,
			 AttrWriter &out)
{
	in.expect("(");
	out.u32(row.type, static_cast<uint32_t>(in.number(UINT32_MAX, "a port")));
	in.expect(")");
}

static std::string text_output(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	return format_port(action.u32(), style);
}

static Json json_output(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	if (style.names && style.names->name_of.contains(action.u32()))
		return {{row.name, format_port(action.u32(), style)}};
	return {{row.name, action.u32()}};
}

const ActionForm output_action = {parse_output, text_output, json_output};

/* ---- userspace ---- */

static void parse_userdata(Cursor &in, AttrWriter &out)
{
	const size_t start = in.position();
	Bytes raw;

	if (!from_hex(in.until(")"), raw))
		in.fail_at(start, "is not hex in whole bytes");
	in.expect(")");
	out.put(OVS_USERSPACE_ATTR_USERDATA, raw);
}

static void parse_userspace(Cursor &in, const ActionRow &row, const ActionContext &context,
			    AttrWriter &out)
{
	in.expect("(pid=");
	const size_t nest = out.begin(row.type);
	out.u32(OVS_USERSPACE_ATTR_PID,
		static_cast<uint32_t>(in.number(UINT32_MAX, "userspace(pid=)")));
	while (in.eat(",")) {
		const size_t start = in.position();

		if (in.eat("userdata("))
			parse_userdata(in, out);
		else if (in.eat("tunnel_out_port="))
			out.u32(OVS_USERSPACE_ATTR_EGRESS_TUN_PORT,
				static_cast<uint32_t>(in.number(UINT32_MAX, "tunnel_out_port=")));
		else if (in.eat("actions"))
			out.flag(OVS_USERSPACE_ATTR_ACTIONS);
		else
			in.fail_at(start, "is no part of userspace(): one of userdata() actions "
					  "tunnel_out_port=");
	}
	out.end(nest);
	in.expect(")");
}

static std::string text_userspace(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	const auto attrs = split_attrs(action.data);
	const auto pid = find_attr(attrs, OVS_USERSPACE_ATTR_PID);
	std::string text = fmt::format("{}(pid={}", row.name, pid ? pid->u32() : 0);

	if (const auto data = find_attr(attrs, OVS_USERSPACE_ATTR_USERDATA))
		text += fmt::format(",userdata({})", to_hex(data->data));
	if (find_attr(attrs, OVS_USERSPACE_ATTR_ACTIONS))
		text += ",actions";
	if (const auto port = find_attr(attrs, OVS_USERSPACE_ATTR_EGRESS_TUN_PORT))
		text += fmt::format(",tunnel_out_port={}", format_port(port->u32(), style));
	return text + ")";
}

static Json json_userspace(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	Json out = Json::object();

	for (const Attr &attr : split_attrs(action.data)) {
		if (attr.type == OVS_USERSPACE_ATTR_PID)
			out["pid"] = attr.u32();
		else if (attr.type == OVS_USERSPACE_ATTR_USERDATA)
			out["userdata"] = to_hex(attr.data);
		else if (attr.type == OVS_USERSPACE_ATTR_ACTIONS)
			out["actions"] = true;
		else if (attr.type == OVS_USERSPACE_ATTR_EGRESS_TUN_PORT)
			out["tunnel_out_port"] = attr.u32();
	}
	return {{row.name, out}};
}

const ActionForm userspace_action = {parse_userspace, text_userspace, json_userspace};

/* ---- push_vlan ---- */

static void parse_push_vlan(Cursor &in, const ActionRow &row, const ActionContext &context,
			    AttrWriter &out)
{
	uint64_t tpid = ETH_P_8021Q, vid = 0, pcp = 0, cfi = 1;
	Bytes raw(sizeof(ovs_action_push_vlan));

	in.expect("(");
	for (in.skip_space(); !in.done() && in.peek() != ')'; in.skip_separators()) {
		const size_t start = in.position();

		if (in.eat("tpid="))
			tpid = in.number(UINT16_MAX, "push_vlan(tpid=)");
		else if (in.eat("vid="))
			vid = in.number(4095, "push_vlan(vid=)");
		else if (in.eat("pcp="))
			pcp = in.number(7, "push_vlan(pcp=)");
		else if (in.eat("cfi="))
			cfi = in.number(1, "push_vlan(cfi=)");
		else
			in.fail_at(start, "is no part of push_vlan(): one of tpid vid pcp cfi");
	}
	in.expect(")");
	store_be(std::span(raw).first(2), tpid);
	store_be(std::span(raw).last(2), vid | pcp << 13 | cfi << 12);
	out.put(row.type, raw);
}

static std::string text_push_vlan(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	const auto tpid = load_be(action.data.first(2));
	const auto tci = load_be(action.data.last(2));
	std::string text = fmt::format("{}(", row.name);

	if (tpid != ETH_P_8021Q)
		text += fmt::format("tpid={:#06x},", tpid);
	text += fmt::format("vid={},pcp={}", tci & 0xfff, tci >> 13);
	return text + (tci & 0x1000 ? ")" : ",cfi=0)");
}

static Json json_push_vlan(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	const auto tci = load_be(action.data.last(2));

	return {{row.name,
		 {{"tpid", load_be(action.data.first(2))},
		  {"vid", tci & 0xfff},
		  {"pcp", tci >> 13},
		  {"cfi", tci >> 12 & 1}}}};
}

const ActionForm push_vlan_action = {parse_push_vlan, text_push_vlan, json_push_vlan};

/* ---- sample ---- */

/* Percent to a part of 2^32 - 1, rounded to the nearest. */
static uint32_t parse_percent(Cursor &in)
{
	const size_t start = in.position();
	const std::string digits(in.until("%,)"));
	size_t used = 0;
	double percent = -1;

	try {
		percent = std::stod(digits, &used);
	} catch (const std::exception &) {
		used = 0;
	}
	if (!used || used != digits.size() || !(percent >= 0 && percent <= 100))
		in.fail_at(start, "is not a percentage from 0 to 100");
	in.expect("%");
	return static_cast<uint32_t>(std::floor(percent / 100 * UINT32_MAX + 0.5));
}

static void parse_sample(Cursor &in, const ActionRow &row, const ActionContext &context,
			 AttrWriter &out)
{
	in.expect("(sample=");
	const size_t nest = out.begin(row.type);
	out.u32(OVS_SAMPLE_ATTR_PROBABILITY, parse_percent(in));
	in.expect(",");
	parse_action_body(in, "actions", context, out, OVS_SAMPLE_ATTR_ACTIONS);
	out.end(nest);
	in.expect(")");
}

struct Sample {
	uint32_t probability = 0;
	View actions;

	double percent() const { return 100.0 * probability / UINT32_MAX; }
};

static Sample decode_sample(const Attr &action)
{
	Sample sample;

	for (const Attr &attr : split_attrs(action.data)) {
		if (attr.type == OVS_SAMPLE_ATTR_PROBABILITY)
			sample.probability = attr.u32();
		else if (attr.type == OVS_SAMPLE_ATTR_ACTIONS)
			sample.actions = attr.data;
	}
	return sample;
}

static std::string text_sample(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	const Sample sample = decode_sample(action);

	return fmt::format("{}(sample={:.1f}%,actions({}))", row.name, sample.percent(),
			   format_actions(sample.actions, style));
}

static Json json_sample(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	const Sample sample = decode_sample(action);

	return {{row.name,
		 {{"probability", sample.probability},
		  {"percent", sample.percent()},
		  {"actions", json_actions(sample.actions, style)}}}};
}

const ActionForm sample_action = {parse_sample, text_sample, json_sample};

/* ---- hash ---- */

struct HashName {
	uint32_t algorithm;
	const char *name;    /* as it is printed */
	const char *another; /* also read */
};

static constexpr HashName hash_names[] = {
	{OVS_HASH_ALG_L4, "l4", "hash_l4"},
	{OVS_HASH_ALG_SYM_L4, "sym_l4", "hash_sym_l4"},
};

static void parse_hash(Cursor &in, const ActionRow &row, const ActionContext &context,
		       AttrWriter &out)
{
	in.expect("(");
	const size_t start = in.position();
	const std::string_view word = in.word();

	for (const HashName &name : hash_names) {
		if (word != name.name && word != name.another)
			continue;
		in.expect("(");
		const auto basis = static_cast<uint32_t>(in.number(UINT32_MAX, "the hash's basis"));
		in.expect("))");
		out.put(row.type, bytes_of(ovs_action_hash{name.algorithm, basis}));
		return;
	}
	in.fail_at(start, "is no hash algorithm: l4 or sym_l4");
}

static std::string text_hash(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	const auto hash = load<ovs_action_hash>(action.data);

	for (const HashName &name : hash_names)
		if (hash.hash_alg == name.algorithm)
			return fmt::format("{}({}({}))", row.name, name.name, hash.hash_basis);
	return fmt::format("{}({}({}))", row.name, hash.hash_alg, hash.hash_basis);
}

static Json json_hash(const Attr &action, const ActionRow &row, const TextStyle &style)
{
	const auto hash = load<ovs_action_hash>(action.data);

	return {{row.name, {{"algorithm", hash.hash_alg}, {"basis", hash.hash_basis}}}};
}

const ActionForm hash_action = {parse_hash, text_hash, json_hash};

} // namespace mf
