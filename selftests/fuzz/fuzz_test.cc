// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random malformed requests, ten thousand a family: sane ones that were broken. The kernel may
 * refuse or accept them; it must stay whole, which its log tells, and its datapath must go on
 * working. MF_SEED repeats a run, MF_COUNT makes it longer or shorter.
 */
#include "coverage.h"
#include "lab.h"
#include "tree.h"

#include <cstdlib>
#include <random>

using namespace lab;
using fuzz::Dice;

namespace
{

/** What is broken: a command of a family with the attributes of a sane request. */
struct Model {
	const char *family;
	uint8_t cmd;
	Bytes attrs;
};

uint64_t number_from(const char *variable, uint64_t otherwise)
{
	const char *text = getenv(variable);

	return text ? std::stoull(text, nullptr, 0) : otherwise;
}

/** A datapath with traffic, a socket, and sane requests about it. */
class Target
{
public:
	Target()
	{
		dp.flow("in_port(1),eth(),eth_type(0x0800),ipv4()", "2");
		dp.flow("in_port(2),eth(),eth_type(0x1234)", "1");
	}

	void shoot(Bytes message) { netlink.shout(std::move(message)); }

	void drain()
	{
		while (netlink.receive(0))
			;
		while (upcalls.next_raw(0))
			;
	}

	/* Flows that came of broken requests get packets, too. */
	void traffic()
	{
		p1.tap.try_send(udp_frame());
		p2.tap.try_send(raw_frame(0x8100, hex("00050800") + pattern(60)));
		p1.tap.try_send(raw_frame(0x86dd, pattern(70)));
		while (p1.tap.receive(0) || p2.tap.receive(0))
			;
	}

	Netns ns;
	Upcalls upcalls{ns};
	Datapath dp{ns};
	Wire p1{ns, dp, "p1", upcalls.pid()};
	Wire p2{ns, dp, "p2", upcalls.pid()};
	Netlink netlink{ns};
};

Bytes list(const std::string &text)
{
	return mf::parse_actions("actions", text, nullptr);
}

/* Everything that the action table has, in one list. */
const char *const ACTIONS =
	"2,set(eth(src=02:00:00:00:00:01)),set(ipv4(ttl=3)),set(udp(src=7)),push_vlan(vid=5,pcp=0),"
	"pop_vlan,sample(sample=50.0%,actions(2,clone(1,trunc(20),2))),clone(recirc(1),2),trunc(100),"
	"userspace(pid=77,userdata(0102),actions),hash(hash_l4(5)),recirc(3)";

const char *const KEYS[] = {
	"skb_priority(1),in_port(1),skb_mark(5),eth(src=02:00:00:00:00:0a,dst=02:00:00:00:00:0b),"
	"eth_type(0x0800),ipv4(src=10.1.0.1,dst=10.1.0.2,proto=17,tos=0,ttl=64,frag=no),"
	"udp(src=1000,dst=2000)",
	"recirc_id(1),dp_hash(1),in_port(1),eth(),eth_type(0x86dd),ipv6(src=fc00::1,dst=fc00::2,"
	"label=0,proto=58,tclass=0,hlimit=64,frag=no),icmpv6(type=135,code=0),nd(target=fc00::2)",
	"in_port(1),eth(),eth_type(0x88a8),vlan(vid=5,pcp=0),encap(eth_type(0x8100),"
	"vlan(vid=7,pcp=0),encap(eth_type(0x0800),ipv4(proto=6),tcp(src=1),tcp_flags(syn)))",
	"in_port(1),eth(),eth_type(0x0806),arp(sip=10.1.0.1,tip=10.1.0.2,op=1)",
};

void add_flow_models(std::vector<Model> &models)
{
	for (const char *text : KEYS) {
		const mf::Key key = mf::parse_key("key", text, nullptr);
		AttrWriter name, all;
		size_t nest = all.begin(OVS_FLOW_ATTR_KEY | NLA_F_NESTED);

		mf::encode_key(key, all);
		all.end(nest);
		name = all;
		nest = all.begin(OVS_FLOW_ATTR_MASK | NLA_F_NESTED);
		mf::encode_mask(key, all);
		all.end(nest);
		/* Not all actions suit all keys: then what is broken is refused for another reason. */
		all.put(OVS_FLOW_ATTR_ACTIONS | NLA_F_NESTED,
			list(text == KEYS[0] ? ACTIONS : "push_vlan(vid=1,pcp=0),clone(2),recirc(1)"));
		models.push_back({OVS_FLOW_FAMILY, OVS_FLOW_CMD_NEW, all.bytes()});
		models.push_back({OVS_FLOW_FAMILY, OVS_FLOW_CMD_SET, all.bytes()});
		all.put(OVS_FLOW_ATTR_UFID, pattern(16));
		all.u32(OVS_FLOW_ATTR_UFID_FLAGS, 1);
		all.flag(OVS_FLOW_ATTR_CLEAR);
		models.push_back({OVS_FLOW_FAMILY, OVS_FLOW_CMD_NEW, all.bytes()});
		models.push_back({OVS_FLOW_FAMILY, OVS_FLOW_CMD_SET, all.bytes()});
		models.push_back({OVS_FLOW_FAMILY, OVS_FLOW_CMD_GET, name.bytes()});
		models.push_back({OVS_FLOW_FAMILY, OVS_FLOW_CMD_DEL, name.bytes()});
	}
}

std::vector<Model> models_of(const std::string &family_name)
{
	std::vector<Model> models;

	if (family_name == OVS_DATAPATH_FAMILY) {
		AttrWriter all = datapath_attrs("fz0", 1, 8);

		all.u32(OVS_DP_ATTR_MASKS_CACHE_SIZE, 64);
		all.u32(OVS_DP_ATTR_IFINDEX, 900);
		put_u32s(all, OVS_DP_ATTR_PER_CPU_PIDS, {1, 2});
		for (uint8_t cmd : {OVS_DP_CMD_NEW, OVS_DP_CMD_SET, OVS_DP_CMD_GET, OVS_DP_CMD_DEL})
			models.push_back({OVS_DATAPATH_FAMILY, cmd, all.bytes()});
	}
	if (family_name == OVS_VPORT_FAMILY) {
		AttrWriter make = port_attrs("fzp0", OVS_VPORT_TYPE_INTERNAL, {1, 2});
		AttrWriter name;

		name.u32(OVS_VPORT_ATTR_PORT_NO, 3);
		name.u32(OVS_VPORT_ATTR_UPCALL_PID, 5);
		models.push_back({OVS_VPORT_FAMILY, OVS_VPORT_CMD_NEW, make.bytes()});
		make.u32(OVS_VPORT_ATTR_PORT_NO, 3);
		make.u32(OVS_VPORT_ATTR_IFINDEX, 901);
		models.push_back({OVS_VPORT_FAMILY, OVS_VPORT_CMD_NEW, make.bytes()});
		for (uint8_t cmd : {OVS_VPORT_CMD_SET, OVS_VPORT_CMD_GET, OVS_VPORT_CMD_DEL})
			models.push_back({OVS_VPORT_FAMILY, cmd, name.bytes()});
	}
	if (family_name == OVS_FLOW_FAMILY)
		add_flow_models(models);
	if (family_name == OVS_PACKET_FAMILY) {
		for (const Bytes &packet : {udp_frame(), raw_frame(0x8100, hex("00050800") + pattern(60))}) {
			AttrWriter all;
			const size_t nest = all.begin(OVS_PACKET_ATTR_KEY | NLA_F_NESTED);

			mf::encode_key(mf::parse_key("key", KEYS[0], nullptr), all);
			all.end(nest);
			all.put(OVS_PACKET_ATTR_ACTIONS | NLA_F_NESTED,
				list(packet == udp_frame() ? ACTIONS : "pop_vlan,2,push_vlan(vid=3,pcp=0),1"));
			all.u16(OVS_PACKET_ATTR_MRU, 1000);
			all.u64(OVS_PACKET_ATTR_HASH, 0x312345678);
			all.u32(OVS_PACKET_ATTR_UPCALL_PID, 88);
			all.put(OVS_PACKET_ATTR_PACKET, packet);
			models.push_back({OVS_PACKET_FAMILY, OVS_PACKET_CMD_EXECUTE, all.bytes()});
		}
	}
	return models;
}

Bytes broken(const Model &model, int ifindex, Dice &dice)
{
	static constexpr uint16_t flags[] = {0, NLM_F_ECHO, NLM_F_CREATE, NLM_F_EXCL | NLM_F_CREATE,
					     NLM_F_DUMP};
	auto nodes = fuzz::parse(model.attrs);

	for (size_t n = dice.below(4); n; n--)
		fuzz::mutate(nodes, dice);
	Request message = request(model.family, dice.one_in(30) ? dice.byte() : model.cmd,
				  dice.one_in(30) ? static_cast<int>(dice.byte()) : ifindex,
				  flags[dice.below(std::size(flags) + (dice.one_in(10) ? 0 : -1))],
				  dice.one_in(20) ? dice.byte() : -1);
	const size_t head = message.bytes().size();
	Bytes attrs = fuzz::write(nodes);

	message.bytes().insert(message.bytes().end(), attrs.begin(), attrs.end());
	if (dice.one_in(3))
		fuzz::corrupt(message.bytes(), head - 4 * dice.one_in(50), dice);
	if (dice.one_in(50))
		message.bytes().resize(NLMSG_HDRLEN + dice.below(message.bytes().size() - NLMSG_HDRLEN));
	message.seal(1, 0);
	return std::move(message.bytes());
}

class Fuzz : public ::testing::TestWithParam<const char *>
{
};

} // namespace

TEST_P(Fuzz, MalformedRequests)
{
	const uint64_t seed = number_from("MF_SEED", std::random_device{}());
	const uint64_t count = number_from("MF_COUNT", 10000);
	const std::vector<Model> models = models_of(GetParam());
	std::unique_ptr<Target> target;
	fuzz::Coverage coverage;
	Dice dice(seed);

	fmt::print("{}: MF_SEED={:#x}, {} messages\n", GetParam(), seed, count);
	fflush(stdout);
	for (uint64_t i = 0; i < count; i++) {
		/* What piles up is left behind with its namespace. */
		if (i % 1000 == 0)
			target = std::make_unique<Target>();
		Bytes message = broken(models[dice.below(models.size())], target->dp.ifindex(), dice);
		coverage.begin();
		target->shoot(std::move(message));
		coverage.end();
		if (i % 20 == 0)
			target->traffic();
		if (i % 50 == 0)
			target->drain();
		if (i % 1000 == 999)
			target->dp.forget();
	}

	const char *results = getenv("MF_RESULTS");
	if (results && coverage.available())
		coverage.write(fmt::format("{}/coverage.{}", results, GetParam()));

	/* Whole, and at work. */
	Target after;
	after.p1.tap.send(udp_frame());
	EXPECT_BYTES(after.p2.tap.receive_bytes(), udp_frame());
}

INSTANTIATE_TEST_SUITE_P(Families, Fuzz,
			 testing::Values(OVS_DATAPATH_FAMILY, OVS_VPORT_FAMILY, OVS_FLOW_FAMILY,
					 OVS_PACKET_FAMILY),
			 [](const auto &row) { return std::string(row.param); });
