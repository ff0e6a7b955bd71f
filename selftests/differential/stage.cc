// SPDX-License-Identifier: GPL-2.0-only
#include "stage.h"

#include "lab/dp.h"
#include "lab/link.h"
#include "request.h"

#include <cerrno>
#include <fmt/format.h>
#include <fstream>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace diff
{

static constexpr const char *NAME = "dp0";

static void demand(const lab::Answer &answer, const std::string &what)
{
	if (!answer.ok())
		throw std::runtime_error(
			fmt::format("{}: {} {}", what, errno_name(answer.error), answer.why));
}

/* ---- Ear ---- */

Ear::Ear(const lab::Netns &ns, uint32_t number) : port(number)
{
	const lab::Inside inside(ns);
	const int room = 4 << 20;
	sockaddr_nl address{};

	address.nl_family = AF_NETLINK;
	address.nl_pid = port;
	file = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (file < 0 || bind(file, reinterpret_cast<sockaddr *>(&address), sizeof(address)))
		throw std::system_error(errno, std::generic_category(), "upcall socket");
	setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
}

Ear::~Ear()
{
	::close(file);
}

std::optional<Bytes> Ear::next()
{
	Bytes raw(1 << 17);
	const ssize_t got = recv(file, raw.data(), raw.size(), MSG_DONTWAIT);

	if (got < 0)
		return std::nullopt;
	raw.resize(static_cast<size_t>(got));
	return raw;
}

/* ---- Stage ---- */

/* Zones keep their limits when datapaths go. */
static void forget_limits(lab::Netlink &netlink)
{
	const lab::Answer all = lab::ask(netlink, OVS_CT_LIMIT_FAMILY, OVS_CT_LIMIT_CMD_GET, 0, {});

	demand(all, "get zone limits");
	for (const Bytes &raw : all.messages)
		for (const mf::Attr &attr : lab::attrs_of(raw)) {
			lab::AttrWriter zones;

			zones.put(OVS_CT_LIMIT_ATTR_ZONE_LIMIT, attr.data);
			demand(lab::ask(netlink, OVS_CT_LIMIT_FAMILY, OVS_CT_LIMIT_CMD_DEL, 0, zones),
			       "delete zone limits");
		}
}

/* How long fragments wait for the others. What began to wait before goes on as it was. */
static constexpr uint64_t FRAGMENT_TIMEOUT = 30;

static void set_fragment_timeout(const lab::Netns &ns, uint64_t seconds)
{
	const lab::Inside inside(ns);

	for (const char *path : {"/proc/sys/net/ipv4/ipfrag_time",
				 "/proc/sys/net/netfilter/nf_conntrack_frag6_timeout"}) {
		std::ofstream out(path);

		if (!(out << seconds << std::flush))
			throw std::runtime_error(fmt::format("{} cannot be set", path));
	}
}

Stage::Stage() : netlink(ns), connections(ns)
{
	for (const char *name : {"p1", "p2", "p3", "m0"})
		lab::veth_add(ns, name, std::string(name) + "x");
	for (const char *name : {"p1", "p2", "p3"})
		taps.emplace_back(name,
				  std::make_unique<lab::Tap>(ns, std::string(name) + "x"));
	marker_out = std::make_unique<lab::Tap>(ns, "m0");
	marker_in = std::make_unique<lab::Tap>(ns, "m0x");
	for (const uint32_t port : EARS)
		ears.push_back(std::make_unique<Ear>(ns, port));
}

static lab::AttrWriter datapath_of(const Scenario &scenario)
{
	lab::AttrWriter attrs = lab::datapath_attrs(NAME, EARS[0], scenario.features);

	if (scenario.features & OVS_DP_F_DISPATCH_UPCALL_PER_CPU)
		lab::put_u32s(attrs, OVS_DP_ATTR_PER_CPU_PIDS, {EARS[0], EARS[1]});
	return attrs;
}

void Stage::open(const Scenario &scenario, StepRecord &out)
{
	recorder = std::make_unique<Recorder>();
	connections.flush();
	forget_limits(netlink);
	ids.clear();
	set_fragment_timeout(ns, FRAGMENT_TIMEOUT);
	const lab::Answer made = lab::ask(netlink, OVS_DATAPATH_FAMILY, OVS_DP_CMD_NEW, 0,
					  datapath_of(scenario), NLM_F_ECHO);
	demand(made, "new datapath");
	dp_ifindex = lab::message_of(made.messages.at(0)).dp_ifindex;
	recorder->message(out, "reply", made.messages[0]);

	for (const char *name : {"p1", "p2", "p3", "i4"}) {
		const bool internal = *name == 'i';
		const lab::Answer port = lab::ask(
			netlink, OVS_VPORT_FAMILY, OVS_VPORT_CMD_NEW, dp_ifindex,
			lab::port_attrs(name,
					internal ? OVS_VPORT_TYPE_INTERNAL
						 : OVS_VPORT_TYPE_NETDEV,
					{EARS[0], EARS[1]}),
			NLM_F_ECHO);

		demand(port, "new port");
		recorder->message(out, "reply", port.messages.at(0));
	}
	for (const char *name : {NAME, "i4"}) {
		lab::link_up(ns, name);
		inside.emplace_back(name, std::make_unique<lab::Tap>(ns, name));
	}
	notes = std::make_unique<lab::Netlink>(ns);
	for (const char *family : {OVS_DATAPATH_FAMILY, OVS_VPORT_FAMILY, OVS_FLOW_FAMILY})
		notes->join(lab::family(family).groups.at(family));
	settle(out);
}

void Stage::close()
{
	notes.reset();
	lab::ask(netlink, OVS_DATAPATH_FAMILY, OVS_DP_CMD_DEL, dp_ifindex, {});
	inside.clear();
	dp_ifindex = 0;
}

/* Packets queue up behind each other: what was sent before a marker came through before it. */
void Stage::pass_marker()
{
	static const Bytes marker = lab::raw_frame(0x88b6, Bytes(46));

	marker_out->send(marker);
	if (!marker_in->receive(5000))
		throw std::runtime_error("a packet between two plain devices was lost");
}

static void note_frame(StepRecord &out, const std::string &device, const lab::Frame &frame,
		       FragmentIds &ids)
{
	const lab::Offload &left = frame.offload;

	out.push_back({"out/" + device, mf::to_hex(ids.renamed(frame.bytes))});
	if (left.gso_type || left.csum_start)
		out.push_back({"out/" + device + "/offload",
			       fmt::format("gso={} size={} csum={}+{}", left.gso_type,
					   left.gso_size, left.csum_start, left.csum_offset)});
}

void Stage::settle(StepRecord &out)
{
	/* Into the datapath, out of it, and once more for what came back in. */
	for (int i = 0; i < 4; i++)
		pass_marker();
	for (const auto *group : {&taps, &inside})
		for (const auto &[name, tap] : *group)
			while (const auto frame = tap->receive(0))
				note_frame(out, name, *frame, ids);
	for (const auto &ear : ears)
		while (const auto raw = ear->next()) {
			out.push_back({"upcall/socket", fmt::format("{}", ear->port)});
			recorder->message(out, "upcall", *raw);
		}
	while (const auto raw = notes->receive(0))
		recorder->message(out, "notify", *raw);
}

void Stage::request(const Step &step, StepRecord &out)
{
	auto request = request_of(step, dp_ifindex);

	if (!request)
		throw std::runtime_error("no step is called \"" + step.verb + "\"");
	const lab::Answer answer = netlink.ask(*request);

	out.push_back({"errno", errno_name(answer.error)});
	if (!answer.why.empty())
		out.push_back({REMARK, answer.why});
	if (is_dump(step))
		recorder->unordered(out, "reply", answer.messages);
	else
		for (const Bytes &raw : answer.messages)
			recorder->message(out, "reply", raw);
}

void Stage::send(const Step &step, StepRecord &out)
{
	const std::string port = step.option("port").value_or("p1");
	lab::Offload offload;

	if (step.option("csum")) {
		offload.csum_start = static_cast<uint16_t>(step.number("csum", 0));
		offload.csum_offset = static_cast<uint16_t>(step.number("csum-offset", 0));
		offload.gso_type = static_cast<uint8_t>(step.number("gso", 0));
		offload.gso_size = static_cast<uint16_t>(step.number("gso-size", 0));
		offload.header_len = static_cast<uint16_t>(step.number("header", 0));
	}
	for (const auto *group : {&taps, &inside})
		for (const auto &[name, tap] : *group)
			if (name == port) {
				const int error = tap->try_send(step.packet.value_or(Bytes{}),
								offload);

				out.push_back({"errno", errno_name(error)});
				return;
			}
	throw std::runtime_error("no packet can be sent into \"" + port + "\"");
}

void Stage::take(const Step &step, StepRecord &out)
{
	if (step.verb == "send")
		send(step, out);
	else if (step.verb == "wait")
		usleep(static_cast<useconds_t>(1000 * step.number("ms", 0)));
	else if (step.verb == "ct-flush")
		connections.flush();
	else if (step.verb == "frag-timeout")
		set_fragment_timeout(ns, step.number("seconds", FRAGMENT_TIMEOUT));
	else
		request(step, out);
	settle(out);
}

void Stage::leave(StepRecord &out)
{
	for (const char *verb : {"flow-dump", "port-dump", "dp-get"}) {
		StepRecord last;

		request({verb, {}, {}, {}, {}, {}}, last);
		for (Fact &fact : last)
			out.push_back({fmt::format("{}/{}", verb, fact.path), fact.value});
	}
	connections.note(out);
}

Record Stage::play(const Scenario &scenario)
{
	Record record(scenario.steps.size() + 2);

	open(scenario, record[0]);
	for (size_t i = 0; i < scenario.steps.size(); i++)
		take(scenario.steps[i], record[i + 1]);
	leave(record.back());
	close();
	return record;
}

} // namespace diff
