// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random malformed requests, ten thousand a family: sane ones that were broken. The kernel may
 * refuse or accept them; it must stay whole, which its log tells, and its datapath must go on
 * working. MF_SEED repeats a run, MF_COUNT makes it longer or shorter.
 */
#include "coverage.h"
#include "lab.h"
#include "models.h"
#include "tree.h"

#include <cstdlib>
#include <random>

using namespace lab;
using fuzz::Dice;
using fuzz::Model;

namespace
{

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
	const std::vector<Model> models = fuzz::models_of(GetParam());
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
