// SPDX-License-Identifier: GPL-2.0-only
/* Scenarios: flows of a packet and its likes, then such packets. */
#include "generate.h"

#include "actions_more.h"
#include "meters.h"
#include "mutate.h"
#include "packet_key.h"
#include "talk.h"

#include <fmt/format.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <netinet/in.h>

namespace diff
{

namespace
{

/* What has been rolled so far. */
struct Roll {
	Dice dice;
	Packet base;
	Scenario scenario;
	std::vector<Step> flows; /* that were asked for */
	std::vector<Packet> hits; /* what hits each */
	uint32_t pieces = 0;     /* packets sent as fragments */
};

void roll_ufid(Roll &roll, Step &step)
{
	if (!roll.dice.percent(40))
		return;
	const uint32_t id = roll.dice.below(4);

	step.set("ufid", roll.dice.percent(95)
				 ? fmt::format("0000000000000000000000000000000{}", id)
				 : roll.dice.pick({"01", "0102030405060708090a0b0c0d0e0f101112"}));
}

void roll_echo(Roll &roll, Step &step)
{
	if (roll.dice.percent(60))
		step.set("echo");
}

/* A flow that a packet hits, mostly. */
Step flow_of(Roll &roll, const char *verb, Packet &packet)
{
	packet = vary_packet(roll.dice, roll.base);
	Step step{verb, {}, key_of(packet), {}, {}, {}};

	if (roll.dice.percent(85))
		step.mask = roll_mask(roll.dice, *step.key);
	step.actions = roll_actions(roll.dice, packet);
	if (roll.dice.percent(12))
		mutate_attrs(roll.dice, *step.key);
	if (step.mask && roll.dice.percent(8))
		mutate_attrs(roll.dice, *step.mask);
	if (roll.dice.percent(12))
		mutate_attrs(roll.dice, *step.actions);
	roll_ufid(roll, step);
	return step;
}

/* The mask of an attribute: ones without a mask, zeros where the mask leaves it out. */
Bytes mask_of(const std::optional<Bytes> &masks, const mf::Attr &attr)
{
	if (!masks)
		return Bytes(attr.data.size(), 0xff);
	const auto found = mf::find_attr(mf::split_attrs(*masks), attr.type);

	if (!found)
		return Bytes(attr.data.size());
	return {found->data.begin(), found->data.end()};
}

/* Nests and all: an attribute that one of them has and the other has not sets them apart. */
bool may_overlap(View a, const std::optional<Bytes> &a_mask, View b,
		 const std::optional<Bytes> &b_mask)
{
	const auto others = mf::split_attrs(b);

	for (const mf::Attr &left : mf::split_attrs(a)) {
		const auto right = mf::find_attr(others, left.type);
		const bool exact = left.type == OVS_KEY_ATTR_IN_PORT ||
				   left.type == OVS_KEY_ATTR_ETHERTYPE;

		if (!right)
			continue;
		const Bytes am = mask_of(a_mask, left), bm = mask_of(b_mask, *right);
		if (left.nested) {
			if (left.type == OVS_KEY_ATTR_ENCAP &&
			    !may_overlap(left.data, am, right->data, bm))
				return false;
			continue;
		}
		for (size_t i = 0; i < left.data.size() && i < right->data.size(); i++)
			if ((left.data[i] ^ right->data[i]) &
			    (exact ? 0xff
				   : (i < am.size() ? am[i] : 0) & (i < bm.size() ? bm[i] : 0)))
				return false;
	}
	return true;
}

/* Of flows that overlap the ABI does not say which one wins, so there are none. */
bool overlaps(const Roll &roll, const Step &step)
{
	try {
		for (const Step &other : roll.flows)
			if (!(other.key == step.key && other.mask == step.mask) &&
			    may_overlap(*step.key, step.mask, *other.key, other.mask))
				return true;
	} catch (const std::exception &) {
		/* Too damaged to become a flow. */
	}
	return false;
}

void add_flow(Roll &roll)
{
	Packet packet;
	Step step = flow_of(roll, "flow-new", packet);

	for (int tries = 0; overlaps(roll, step); tries++) {
		if (tries == 20)
			return;
		step = flow_of(roll, "flow-new", packet);
	}

	if (roll.dice.percent(80))
		step.set("create");
	if (roll.dice.percent(10))
		step.set("excl");
	roll_echo(roll, step);
	if (roll.dice.percent(10))
		step.set("ufid-flags", fmt::format("{}", roll.dice.below(8)));
	if (roll.dice.percent(5))
		step.set("probe");
	roll.flows.push_back(step);
	roll.hits.push_back(packet);
	roll.scenario.steps.push_back(std::move(step));
}

/* SET, GET or DEL of a flow that may be there. */
void touch_flow(Roll &roll)
{
	const char *verb = roll.dice.pick({"flow-set", "flow-set", "flow-get", "flow-del"});
	const auto which = roll.dice.below(static_cast<uint32_t>(roll.flows.size()));
	Packet packet = roll.base;
	Step step = roll.flows.empty() || roll.dice.percent(15) ? flow_of(roll, verb, packet)
								: Step(roll.flows[which]);

	if (step.key && !roll.flows.empty() && step.key == roll.flows[which].key)
		packet = roll.hits[which];

	step.verb = verb;
	std::erase_if(step.options, [](const Step::Option &it) { return it.name != "ufid"; });
	if (step.verb != "flow-set") {
		if (roll.dice.percent(90))
			step.actions.reset();
		if (roll.dice.percent(50))
			step.mask.reset();
		if (step.option("ufid") && roll.dice.percent(50))
			step.key.reset();
	} else if (roll.dice.percent(60)) {
		step.actions = roll_actions(roll.dice, packet);
	} else if (roll.dice.percent(40)) {
		step.actions.reset();
	}
	if (roll.dice.percent(20))
		step.set("clear");
	if (roll.dice.percent(30))
		step.set("ufid-flags", fmt::format("{}", roll.dice.below(8)));
	roll_echo(roll, step);
	roll.scenario.steps.push_back(std::move(step));
}

std::string device_of(Roll &roll, uint32_t port)
{
	switch (port) {
	case 0:
		return "dp0";
	case 4:
		return "i4";
	default:
		return fmt::format("p{}", roll.dice.percent(90) ? port : 1 + roll.dice.below(3));
	}
}

/* Work that the sender leaves to the device: its checksum, and maybe to cut it into segments. */
void leave_work(Roll &roll, Packet &packet, Step &step)
{
	const bool tcp = packet.proto == IPPROTO_TCP;
	const bool cut = roll.dice.percent(50);

	if (cut)
		packet.payload = roll.dice.pick<uint32_t>({1500, 3000, 5001});
	packet.bad_sum = false;
	packet.open_sum = true;
	const lab::Offload left = *offload_of(packet);
	step.packet = frame_of(packet);
	step.set("csum", fmt::format("{}", left.csum_start));
	step.set("csum-offset", fmt::format("{}", left.csum_offset));
	if (!cut)
		return;
	/* Fragments of IPv6 get a number by chance. */
	const auto udp = packet.is_ipv6() ? lab::GSO_UDP_L4
					  : roll.dice.pick({lab::GSO_UDP_L4, lab::GSO_UDP});
	const auto of_tcp = packet.is_ipv6() ? lab::GSO_TCPV6 : lab::GSO_TCPV4;
	step.set("gso", fmt::format("{}", tcp ? of_tcp : udp));
	step.set("gso-size", "1000");
	step.set("header", fmt::format("{}", left.header_len));
}

void send_packet(Roll &roll)
{
	Packet packet = vary_packet(roll.dice, roll.base);
	Step step{"send", {}, {}, {}, {}, frame_of(packet)};

	/* A device with a link layer takes nothing else. */
	if (!packet.ethernet)
		return;
	step.set("port", device_of(roll, packet.in_port.value_or(1)));
	if (offload_of(packet) && roll.dice.percent(15))
		leave_work(roll, packet, step);
	else if (roll.dice.percent(20))
		mutate_frame(roll.dice, *step.packet);
	roll.scenario.steps.push_back(std::move(step));
}

void execute(Roll &roll)
{
	const Packet packet = vary_packet(roll.dice, roll.base);
	Step step{"execute", {}, metadata_of(packet), {}, roll_actions(roll.dice, packet),
		  frame_of(packet)};

	if (roll.dice.percent(20))
		step.key = key_of(packet);
	if (packet.recirc && roll.dice.percent(50)) {
		mf::AttrWriter out;

		out.u32(OVS_ACTION_ATTR_RECIRC, packet.recirc);
		step.actions = out.bytes();
	}
	if (roll.dice.percent(10))
		mutate_attrs(roll.dice, *step.key);
	if (roll.dice.percent(10))
		mutate_attrs(roll.dice, *step.actions);
	if (roll.dice.percent(15))
		mutate_frame(roll.dice, *step.packet);
	if (roll.dice.percent(8))
		step.set("mru", roll.dice.pick({"100", "1280", "1500"}));
	if (roll.dice.percent(8))
		step.set("hash", roll.dice.pick({"0x12345678", "0x312345678"}));
	if (roll.dice.percent(8))
		step.set("pid", "1003");
	roll.scenario.steps.push_back(std::move(step));
}

/* ---- Fragments ---- */

/* Matches whatever is behind the tags and the type of a key. */
void put_wide_mask(View key, mf::AttrWriter &out)
{
	for (const mf::Attr &attr : mf::split_attrs(key))
		switch (attr.type) {
		case OVS_KEY_ATTR_RECIRC_ID:
		case OVS_KEY_ATTR_IN_PORT:
		case OVS_KEY_ATTR_VLAN:
		case OVS_KEY_ATTR_ETHERTYPE:
			out.put(attr.type, Bytes(attr.data.size(), 0xff));
			break;
		case OVS_KEY_ATTR_ENCAP: {
			const size_t nest = out.begin(attr.type | NLA_F_NESTED);

			put_wide_mask(attr.data, out);
			out.end(nest);
			break;
		}
		default:
			break;
		}
}

bool comes_in_pieces(const Packet &p)
{
	return p.ethernet && p.tags.size() < 3 && (p.is_ipv4() || p.is_ipv6());
}

/* A flow that fragments hit as well as what they were cut from, which ct() makes of them again. */
void catch_pieces(Roll &roll)
{
	Packet whole = roll.base;
	mf::AttrWriter mask, actions;

	whole.in_port = whole.in_port.value_or(1);
	whole.recirc = whole.frag = 0;
	whole.headers.clear();
	Packet piece = whole;
	piece.frag = 2;
	Step step{"flow-new", {}, key_of(piece), {}, {}, {}};
	put_wide_mask(*step.key, mask);
	step.mask = mask.bytes();
	const ActionRoll rest{roll.dice, whole, actions, 0};
	roll_ct(rest);
	roll_action_list(rest, 1 + roll.dice.below(3));
	step.actions = actions.bytes();
	step.set("create");
	roll.flows.push_back(step);
	roll.hits.push_back(whole);
	roll.scenario.steps.push_back(std::move(step));
	roll.base = whole;
}

void send_pieces(Roll &roll)
{
	Packet packet = vary_packet(roll.dice, roll.base);

	if (!comes_in_pieces(packet))
		return;
	packet.payload = roll.dice.pick<uint32_t>({700, 1500, 2801});
	/* What others left of theirs waits for a while, so each has a number of its own. */
	const uint64_t id = roll.scenario.seed * 8 + roll.pieces++ % 8;
	for (const Bytes &piece : roll_pieces(roll.dice, frame_of(packet), id & 0xffff)) {
		Step step{"send", {}, {}, {}, {}, piece};

		step.set("port", device_of(roll, packet.in_port.value_or(1)));
		roll.scenario.steps.push_back(std::move(step));
	}
}

/* ---- The rest ---- */

/* Ports come and go, the datapath is changed. */
void administer(Roll &roll)
{
	static const char *const lines[] = {
		"dp-get",
		"dp-set features=0x2 echo",
		"dp-set features=0x0 cache=0 echo",
		"dp-set features=0x2 cache=3",
		"dp-set features=0x1 cache=16 echo",
		"dp-set features=0x80000000",
		"dp-set features=0x8 pids=1002,1001,1003 echo",
		"dp-set features=0x8 pids=1002 echo",
		"port-del number=2",
		"port-del number=2 echo",
		"port-del number=0",
		"port-del number=77",
		"port-get number=1",
		"port-get name=p2",
		"port-get name=nobody",
		"port-get",
		"port-set number=1 pids=1002 echo",
		"port-set name=p2 pids=0 echo",
		"port-set number=3 pids=1001,1002,1003,1,2,3,4,5,6,7,8,9 echo",
		"port-set number=1 type=2",
		"port-set number=1 options=00",
		"port-new name=p2 type=1 pids=1001 echo",
		"port-new name=p2 type=1 pids=1001 number=9 echo",
		"port-new name=p1 type=1 pids=1001",
		"port-new name=i5 type=2 pids=1002 echo",
		"port-new name=i5 type=2 pids=1002 number=2",
		"port-new name=lo type=1 pids=0",
		"port-new name=i4 type=1 pids=0",
		"port-new name=p3 type=1 pids=0 number=65535",
		"port-new name=v1 type=4 pids=0",
		"port-new name=v1 type=9 pids=0",
		"port-new name=p2 type=1",
		"flow-del",
		"flow-dump",
		"flow-dump ufid-flags=7",
		"port-dump",
	};

	const Scenario one =
		read_scenario(lines[roll.dice.below(static_cast<uint32_t>(std::size(lines)))]);

	roll.scenario.steps.push_back(one.steps[0]);
}

} // namespace

Scenario generate(uint64_t seed)
{
	Roll roll{Dice(seed), {}, {}, {}, {}, 0};

	roll.scenario.seed = seed;
	roll.scenario.features = roll.dice.pick<uint32_t>(
		{OVS_DP_F_VPORT_PIDS, OVS_DP_F_VPORT_PIDS, OVS_DP_F_UNALIGNED | OVS_DP_F_VPORT_PIDS,
		 OVS_DP_F_DISPATCH_UPCALL_PER_CPU, 0});
	roll.base = roll_packet(roll.dice);
	if (roll.dice.percent(30))
		roll.scenario.steps.push_back(make_meter(roll.dice));
	const bool pieces = comes_in_pieces(roll.base) && roll.dice.percent(15);
	if (pieces) {
		catch_pieces(roll);
		send_pieces(roll);
	}
	for (uint32_t n = 1 + roll.dice.below(3); n; n--)
		add_flow(roll);
	for (uint32_t n = 2 + roll.dice.below(7); n; n--) {
		const uint32_t which = roll.dice.below(100);

		if (pieces && which < 20)
			send_pieces(roll);
		else if (which < 50)
			send_packet(roll);
		else if (which < 70)
			execute(roll);
		else if (which < 80)
			add_flow(roll);
		else if (which < 90)
			touch_flow(roll);
		else if (which < 96)
			administer(roll);
		else
			roll.scenario.steps.push_back(roll_meter_step(roll.dice));
	}
	return roll.scenario;
}

} // namespace diff
