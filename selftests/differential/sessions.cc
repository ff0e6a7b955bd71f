// SPDX-License-Identifier: GPL-2.0-only
/* Scenarios with state: a pipeline of ct() flows as switches have them, and sessions through it. */
#include "sessions.h"

#include "talk.h"

#include <algorithm>
#include <fmt/format.h>
#include <linux/openvswitch.h>
#include <netinet/in.h>
#include <set>

namespace diff
{

namespace
{

/* What a new connection's addresses become, if anything. */
enum class Nat : uint8_t { NONE, SOURCE, SOURCE_PORT, TARGET, TARGET_PORT };

/* What has been rolled so far. */
struct Roll {
	Dice dice;
	bool v6 = false;
	Nat nat = Nat::NONE;
	uint32_t zone = 0;
	uint32_t last = 1; /* recirculation ID behind the ct() of that zone */
	bool limited = false; /* connections may be refused from here on */
	bool smooth = false;  /* nothing is lost, and no flow is missing */
	std::vector<const TalkKind *> kinds;
	Scenario scenario;
};

void add(Roll &roll, const std::string &line)
{
	roll.scenario.steps.push_back(read_scenario(line).steps.at(0));
}

/* ---- The pipeline ---- */

std::string network(const Roll &roll, uint8_t proto)
{
	const std::string ip = roll.v6 ? "eth_type(0x86dd),ipv6(" : "eth_type(0x0800),ipv4(";

	switch (proto) {
	case IPPROTO_TCP:
		return ip + "proto=6),tcp(),tcp_flags(0/0)";
	case IPPROTO_UDP:
		return ip + "proto=17),udp()";
	case IPPROTO_ICMP:
		return ip + (roll.v6 ? "proto=58),icmpv6()" : "proto=1),icmp()");
	default:
		return ip + ")";
	}
}

void add_flow(Roll &roll, uint32_t recirc, uint32_t port, const std::string &match, uint8_t proto,
	      const std::string &actions)
{
	/* What no flow takes is an upcall, which tells all that the datapath knows of a packet. */
	if (!roll.smooth && roll.dice.percent(8))
		return;
	add(roll, fmt::format("flow-new create{} ; flow recirc_id({}),in_port({}),eth(),{}{} ; actions {}",
			      roll.dice.percent(30) ? " echo" : "", recirc, port, match,
			      network(roll, proto), actions));
}

std::string nat_range(const Roll &roll)
{
	switch (roll.nat) {
	case Nat::SOURCE:
		return roll.v6 ? ",nat(src=fc00::c8)" : ",nat(src=10.0.0.200)";
	case Nat::SOURCE_PORT:
		return roll.v6 ? ",nat(src=[fc00::c8]:4000-4000)" : ",nat(src=10.0.0.200:4000-4000)";
	case Nat::TARGET:
		return roll.v6 ? ",nat(dst=fc00::2)" : ",nat(dst=10.0.0.2)";
	case Nat::TARGET_PORT:
		return roll.v6 ? ",nat(dst=[fc00::2]:8080-8080)" : ",nat(dst=10.0.0.2:8080-8080)";
	default:
		return "";
	}
}

std::string plain_nat(const Roll &roll)
{
	return roll.nat == Nat::NONE ? "" : ",nat";
}

std::string commit(Roll &roll, const char *helper, const std::string &nat)
{
	std::string text = roll.dice.percent(90) ? "ct(commit" : "ct(force_commit";

	text += fmt::format(",zone={}", roll.zone);
	if (roll.dice.percent(35))
		text += roll.dice.pick({",mark=0x7/0xffffffff", ",mark=0x10/0xf0"});
	if (roll.dice.percent(35))
		text += roll.dice.pick({",label=0x1/0x1", ",label=0x00012345000000000000000000000001/"
							  "0xffffffff00000000000000000000000f"});
	if (helper && (roll.smooth || roll.dice.percent(85)))
		text += fmt::format(",helper={}", helper);
	if (roll.dice.percent(10))
		text += ",eventmask=0x3";
	return text + nat + ")";
}

/* What follows one kind of a protocol follows all. */
const char *helper_of(const Roll &roll, uint8_t proto)
{
	for (const TalkKind *kind : roll.kinds)
		if (kind->proto == proto && kind->helper)
			return kind->helper;
	return nullptr;
}

/* Which flow takes new connections of a protocol: two of one kind share it. */
void add_new_flows(Roll &roll)
{
	std::set<uint8_t> done;

	for (const TalkKind *kind : roll.kinds) {
		const char *clear = roll.dice.percent(10) ? "ct_clear," : "";

		if (!done.insert(kind->proto).second)
			continue;
		add_flow(roll, roll.last, 1, "ct_state(+trk+new-est-rel-inv),", kind->proto,
			 fmt::format("{},{}2", commit(roll, helper_of(roll, kind->proto), nat_range(roll)),
				     clear));
		if (roll.dice.percent(30))
			add_flow(roll, roll.last, 2, "ct_state(+trk+new-est-rel-inv),", kind->proto,
				 commit(roll, nullptr, plain_nat(roll)) + ",1");
	}
}

void add_pipeline(Roll &roll)
{
	const std::string track = fmt::format("ct(zone={}{})", roll.zone, plain_nat(roll));

	for (uint32_t port = 1; port <= 2; port++) {
		const std::string other = port == 1 ? "2" : "1";

		/* Another zone may come first. */
		if (roll.last == 2)
			add_flow(roll, 0, port, "", 0,
				 roll.dice.pick({"ct(zone=8),recirc(1)",
						 "ct(commit,zone=8,mark=0x3/0xff),recirc(1)"}));
		add_flow(roll, roll.last - 1, port, "", 0,
			 fmt::format("{},recirc({})", track, roll.last));
		for (const char *state : {"-new+est-rel", "-new+est+rel", "-new-est+rel"})
			add_flow(roll, roll.last, port, fmt::format("ct_state(+trk{}-inv),", state),
				 0, other);
		add_flow(roll, roll.last, port, "ct_state(+trk+new-est+rel-inv),", 0,
			 commit(roll, nullptr, plain_nat(roll)) + "," + other);
	}
	add_new_flows(roll);
}

/* ---- The sessions ---- */

Ends ends_of(const Roll &roll, const TalkKind &kind, uint16_t port)
{
	Ends ends;

	ends.v6 = roll.v6;
	ends.a = ends.a_seen = roll.v6 ? "fc00::1" : "10.0.0.1";
	ends.b = ends.b_seen = roll.v6 ? "fc00::2" : "10.0.0.2";
	ends.a_port = ends.a_port_seen = port;
	ends.b_port = ends.b_port_seen = kind.port;
	/* What others left of theirs waits for a while, so each has numbers of its own. */
	ends.id = (roll.scenario.seed * 8 + (port / 10 & 3) * 2) & 0xffff;
	if (roll.nat == Nat::SOURCE || roll.nat == Nat::SOURCE_PORT)
		ends.a_seen = roll.v6 ? "fc00::c8" : "10.0.0.200";
	if (roll.nat == Nat::SOURCE_PORT)
		ends.a_port_seen = 4000;
	if (roll.nat == Nat::TARGET || roll.nat == Nat::TARGET_PORT)
		ends.b_seen = roll.v6 ? "fc00::64" : "10.0.0.100";
	if (roll.nat == Nat::TARGET_PORT)
		ends.b_port = 8080;
	return ends;
}

/* One of a session or of the other, each in its order; now and then one is lost or comes twice. */
Talk mingle(Roll &roll, std::vector<Talk> talks)
{
	const bool apart = roll.dice.percent(50);
	Talk out;

	for (Talk &talk : talks)
		std::reverse(talk.begin(), talk.end());
	while (!talks.empty()) {
		Talk &talk = talks[apart ? 0 : roll.dice.below(static_cast<uint32_t>(talks.size()))];

		if (talk.empty()) {
			talks.erase(talks.begin() + (&talk - talks.data()));
			continue;
		}
		const uint32_t fate = roll.smooth ? 100 : roll.dice.below(100);
		for (uint32_t copies = fate < 4 ? 0 : fate < 8 ? 2 : 1; copies; copies--)
			out.push_back(talk.back());
		talk.pop_back();
	}
	return out;
}

/* What was refused counts for a jiffy or two, and what was forgotten. */
constexpr const char *SETTLE = "wait ms=40";

void send(Roll &roll, const Turn &turn)
{
	const int port = turn.from_b ? 2 : 1;
	const std::string hex = mf::to_hex(turn.frame);

	if (roll.limited)
		add(roll, SETTLE);

	/* A packet that user space gives back. */
	if (roll.dice.percent(5))
		add(roll, fmt::format("execute ; key in_port({}) ; packet {} ; actions "
				      "ct(zone={}{}),recirc({})",
				      port, hex, roll.zone, plain_nat(roll), roll.last));
	else
		add(roll, fmt::format("send port=p{} ; packet {}", port, hex));
}

/* ovs_zone_limit: zone, limit and count. */
std::string zone_limit(const Roll &roll, uint32_t limit)
{
	const uint32_t raw[] = {roll.zone, limit, 0};

	return mf::to_hex(mf::bytes_of(raw));
}

void set_limit(Roll &roll, uint32_t limit)
{
	add(roll, fmt::format("limit-set zones={}", zone_limit(roll, limit)));
	roll.limited = true;
}

/* Something that happens while they talk. */
void interrupt(Roll &roll, bool patient)
{
	switch (roll.dice.below(patient ? 3 : 4)) {
	case 0:
		add(roll, "ct-flush");
		break;
	case 1:
		set_limit(roll, roll.dice.below(3));
		break;
	case 2:
		add(roll, fmt::format("limit-del zones={}", zone_limit(roll, 0)));
		break;
	default:
		add(roll, "wait ms=1500");
		break;
	}
}

void talk(Roll &roll)
{
	std::vector<Talk> talks;
	uint16_t port = 1000;
	bool pieces = false;

	for (const TalkKind *kind : roll.kinds) {
		Talk said;

		kind->speak(ends_of(roll, *kind, port), roll.dice, said);
		talks.push_back(std::move(said));
		port += 10;
		pieces |= std::string_view(kind->name) == "pieces";
		roll.scenario.talks += std::string(kind->name) + ",";
	}
	const bool patient = !pieces || roll.dice.percent(85);
	if (!patient)
		add(roll, "frag-timeout seconds=1");
	const Talk all = mingle(roll, std::move(talks));
	for (size_t i = 0; i < all.size(); i++) {
		if (!roll.smooth && roll.dice.percent(patient ? 1 : 15))
			interrupt(roll, patient);
		send(roll, all[i]);
	}
}

void roll_kinds(Roll &roll)
{
	const uint32_t count = roll.dice.pick<uint32_t>({1, 1, 2, 2, 3});
	bool helped = false;

	for (uint32_t i = 0; i < count; i++)
		roll.kinds.push_back(&roll.dice.of(talk_kinds()));
	for (const TalkKind *kind : roll.kinds)
		helped |= kind->helper != nullptr;
	/* One port for all would be none for the second. */
	if (count == 1)
		roll.nat = roll.dice.pick({Nat::NONE, Nat::SOURCE, Nat::SOURCE_PORT, Nat::TARGET,
					   Nat::TARGET_PORT});
	else
		roll.nat = roll.dice.pick({Nat::NONE, Nat::SOURCE, Nat::TARGET});
	/* What was not expected for want of something takes a port by chance if its own is taken. */
	roll.smooth = helped && roll.nat != Nat::NONE;
}

} // namespace

Scenario generate_sessions(uint64_t seed)
{
	Roll roll{Dice(seed), false, {}, 0, 1, false, false, {}, {}};

	roll.scenario.seed = seed;
	roll.scenario.features = OVS_DP_F_VPORT_PIDS;
	roll.v6 = roll.dice.percent(35);
	roll.zone = roll.dice.pick<uint32_t>({0, 7, 7, 65535});
	roll.last = roll.dice.percent(20) ? 2 : 1;
	roll_kinds(roll);
	if (!roll.smooth && roll.dice.percent(15))
		set_limit(roll, 1);
	add_pipeline(roll);
	talk(roll);
	add(roll, SETTLE);
	add(roll, fmt::format("limit-get zones={}", zone_limit(roll, 0)));
	return roll.scenario;
}

} // namespace diff
