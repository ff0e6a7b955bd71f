// SPDX-License-Identifier: GPL-2.0-only
#include "netlink.h"

#include <cerrno>
#include <cstring>
#include <linux/genetlink.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace lab
{

/* A request that takes longer has hung; the debug kernel on a busy machine is slow. */
static constexpr int ANSWER_TIMEOUT_MS = 60000;

static void check(int result, const char *what)
{
	if (result < 0)
		throw std::system_error(errno, std::generic_category(), what);
}

Netlink::Netlink(const Netns &ns, int bus)
{
	const Inside inside(ns);
	sockaddr_nl address{};
	socklen_t len = sizeof(address);
	const int on = 1;

	file = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, bus);
	check(file, "netlink socket");
	setsockopt(file, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(file, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	address.nl_family = AF_NETLINK;
	check(bind(file, reinterpret_cast<sockaddr *>(&address), sizeof(address)), "bind");
	check(getsockname(file, reinterpret_cast<sockaddr *>(&address), &len), "getsockname");
	port = address.nl_pid;
	set_receive_buffer(4 << 20);
}

Netlink::~Netlink()
{
	::close(file);
}

void Netlink::set_receive_buffer(int bytes)
{
	setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
}

void Netlink::join(uint32_t group)
{
	check(setsockopt(file, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)),
	      "join group");
}

std::optional<Bytes> Netlink::read_datagram(int timeout_ms)
{
	pollfd ready{file, POLLIN, 0};
	const int n = poll(&ready, 1, timeout_ms);

	if (n == 0 || (n < 0 && errno == EINTR))
		return std::nullopt;
	check(n, "poll");

	const ssize_t size = recv(file, nullptr, 0, MSG_PEEK | MSG_TRUNC);
	check(static_cast<int>(size), "receive");
	Bytes datagram(static_cast<size_t>(size));
	const ssize_t got = recv(file, datagram.data(), datagram.size(), 0);
	check(static_cast<int>(got), "receive");
	datagram.resize(static_cast<size_t>(got));
	return datagram;
}

/* An error message, or the end of a dump, which may carry one. */
static void read_verdict(Answer &answer, View message)
{
	const auto header = mf::load<nlmsghdr>(message);
	const bool done = header.nlmsg_type == NLMSG_DONE;
	const int error = mf::load<int>(message, NLMSG_HDRLEN);
	size_t at = NLMSG_HDRLEN + (done ? sizeof(int) : sizeof(nlmsgerr));

	if (error > 0 && !done)
		throw std::runtime_error("the kernel sent a positive error number");
	answer.error = error < 0 ? -error : 0;
	if (!(header.nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!done && !(header.nlmsg_flags & NLM_F_CAPPED))
		at += mf::load<nlmsgerr>(message, NLMSG_HDRLEN).msg.nlmsg_len - NLMSG_HDRLEN;
	if (at > message.size())
		return;
	for (const mf::Attr &attr : mf::split_attrs(message.subspan(at))) {
		if (attr.type == NLMSGERR_ATTR_MSG)
			answer.why = attr.str();
		if (attr.type == NLMSGERR_ATTR_OFFS)
			answer.offset = attr.u32();
		if (attr.type == NLMSGERR_ATTR_MISS_TYPE && answer.why.empty())
			answer.why = "attribute " + std::to_string(attr.u32()) + " is missing";
	}
}

/* @return true when the answer is complete */
bool Netlink::take(Answer &answer, uint32_t seq, bool dump, const Bytes &datagram)
{
	const View all = datagram;
	size_t at = 0;
	bool complete = false;

	while (at + NLMSG_HDRLEN <= all.size()) {
		const auto header = mf::load<nlmsghdr>(all, at);

		if (header.nlmsg_len < NLMSG_HDRLEN || header.nlmsg_len > all.size() - at)
			throw std::runtime_error("malformed message from the kernel");
		const View message = all.subspan(at, header.nlmsg_len);
		at += NLMSG_ALIGN(header.nlmsg_len);
		if (header.nlmsg_seq != seq || header.nlmsg_pid != port) {
			unsolicited.emplace_back(message.begin(), message.end());
			continue;
		}
		if (header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE) {
			read_verdict(answer, message);
			/* A dump's ACK comes before its contents only in case of failure. */
			complete = !dump || header.nlmsg_type == NLMSG_DONE || answer.error;
		} else if (header.nlmsg_type == NLMSG_NOOP || header.nlmsg_type == NLMSG_OVERRUN) {
			throw std::runtime_error("unexpected control message");
		} else {
			answer.messages.emplace_back(message.begin(), message.end());
		}
	}
	return complete;
}

int Netlink::shout(Bytes message)
{
	sockaddr_nl kernel{};

	kernel.nl_family = AF_NETLINK;
	return sendto(file, message.data(), message.size(), 0,
		      reinterpret_cast<sockaddr *>(&kernel), sizeof(kernel)) < 0 ? errno : 0;
}

Answer Netlink::ask_raw(Bytes message)
{
	auto header = mf::load<nlmsghdr>(message);
	const bool dump = (header.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	const uint32_t seq = next_seq++;
	Answer answer;

	header.nlmsg_seq = seq;
	header.nlmsg_pid = port;
	std::memcpy(message.data(), &header, std::min(sizeof(header), message.size()));
	answer.error = shout(std::move(message));
	if (answer.error)
		return answer;
	for (;;) {
		const auto datagram = read_datagram(ANSWER_TIMEOUT_MS);

		if (!datagram)
			throw std::runtime_error("the kernel does not answer");
		if (take(answer, seq, dump, *datagram))
			return answer;
	}
}

Answer Netlink::ask(Request &request)
{
	request.seal(0, port);
	return ask_raw(request.bytes());
}

std::optional<Bytes> Netlink::receive(int timeout_ms)
{
	while (unsolicited.empty()) {
		Answer none;
		std::optional<Bytes> datagram;

		try {
			datagram = read_datagram(timeout_ms);
		} catch (const std::system_error &error) {
			/* More came than there was room for: what is there is still good. */
			if (error.code().value() != ENOBUFS)
				throw;
			continue;
		}
		if (!datagram)
			return std::nullopt;
		take(none, 0, false, *datagram);
		if (!none.messages.empty())
			unsolicited.insert(unsolicited.end(), none.messages.begin(),
					   none.messages.end());
	}
	Bytes first = std::move(unsolicited.front());
	unsolicited.pop_front();
	return first;
}

std::optional<Family> Netlink::find_family(const std::string &name)
{
	Request ask_for(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, 0, std::nullopt, mf::AttrSet::CTRL);

	ask_for.str(CTRL_ATTR_FAMILY_NAME, name);
	const Answer answer = ask(ask_for);
	if (!answer.ok() || answer.messages.empty())
		return std::nullopt;

	Family found;
	for (const mf::Attr &attr : message_of(answer.messages[0]).attrs(0)) {
		if (attr.type == CTRL_ATTR_FAMILY_ID)
			found.id = attr.u16();
		if (attr.type == CTRL_ATTR_VERSION)
			found.version = static_cast<uint8_t>(attr.u32());
		if (attr.type != CTRL_ATTR_MCAST_GROUPS)
			continue;
		for (const mf::Attr &group : mf::split_attrs(attr.data)) {
			const auto parts = mf::split_attrs(group.data);

			found.groups[mf::find_attr(parts, CTRL_ATTR_MCAST_GRP_NAME)->str()] =
				mf::find_attr(parts, CTRL_ATTR_MCAST_GRP_ID)->u32();
		}
	}
	return found;
}

mf::Message message_of(const Bytes &raw)
{
	return mf::parse_message(reinterpret_cast<const nlmsghdr *>(raw.data()));
}

std::vector<mf::Attr> attrs_of(const Bytes &raw)
{
	return message_of(raw).attrs(sizeof(int));
}

static std::optional<Family> look_up(const std::string &name)
{
	const Netns ns;
	Netlink netlink(ns);

	return netlink.find_family(name);
}

static std::map<std::string, Family> known;

void forget_families()
{
	known.clear();
}

const Family &family(const std::string &name)
{
	if (const auto it = known.find(name); it != known.end())
		return it->second;
	const auto found = look_up(name);
	if (!found)
		throw std::runtime_error("no family " + name + ": is the module loaded?");
	return known[name] = *found;
}

bool is_megaflow()
{
	static const bool ours = look_up("megaflow").has_value();

	return ours;
}

Request request(const std::string &name, uint8_t cmd, int dp_ifindex, uint16_t flags, int version)
{
	const Family &found = family(name);

	return {found.id, cmd, version < 0 ? found.version : static_cast<uint8_t>(version), flags,
		dp_ifindex, mf::AttrSet::NONE};
}

} // namespace lab
