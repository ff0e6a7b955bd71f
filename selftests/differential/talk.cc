// SPDX-License-Identifier: GPL-2.0-only
/* Sessions as the frames that two hosts send. FTP and TFTP are in talk_helper.cc. */
#include "talk.h"

#include "lab/fragments.h"

#include <algorithm>
#include <netinet/in.h>

namespace diff
{

static Bytes packet(const Ends &ends, bool from_b, const Tins::PDU &inner)
{
	const std::string &source = from_b ? ends.b : ends.a;
	const std::string &target = from_b ? ends.a_seen : ends.b_seen;

	if (ends.v6)
		return lab::frame(lab::eth() / Tins::IPv6(target, source) / inner);
	return lab::frame(lab::eth() / Tins::IP(target, source) / inner);
}

/* ---- TCP ---- */

void TcpTalk::say(bool from_b, uint16_t flags, const std::string &text)
{
	Tins::TCP segment = from_b ? Tins::TCP(ends.a_port_seen, ends.b_port)
				   : Tins::TCP(ends.b_port_seen, ends.a_port);

	segment.flags(flags);
	segment.window(8000);
	segment.seq(next[from_b]);
	if (flags & Tins::TCP::ACK)
		segment.ack_seq(next[!from_b]);
	out.push_back({from_b,
		       text.empty() ? packet(ends, from_b, segment)
				    : packet(ends, from_b, segment / Tins::RawPDU(text))});
	next[from_b] += static_cast<uint32_t>(text.size()) +
			(flags & (Tins::TCP::SYN | Tins::TCP::FIN) ? 1 : 0);
}

void TcpTalk::open()
{
	say(false, Tins::TCP::SYN);
	say(true, Tins::TCP::SYN | Tins::TCP::ACK);
	say(false, Tins::TCP::ACK);
}

void TcpTalk::close()
{
	say(false, Tins::TCP::FIN | Tins::TCP::ACK);
	say(true, Tins::TCP::FIN | Tins::TCP::ACK);
	say(false, Tins::TCP::ACK);
}

static void speak_tcp(const Ends &ends, Dice &dice, Talk &out)
{
	TcpTalk tcp(ends, out);

	tcp.open();
	for (uint32_t n = dice.below(4); n; n--)
		tcp.say(dice.percent(50), Tins::TCP::ACK | Tins::TCP::PSH, "some words");
	tcp.close();
	/* The ports are used once more. */
	if (dice.percent(20))
		tcp.open();
}

static void speak_reset(const Ends &ends, Dice &dice, Talk &out)
{
	TcpTalk tcp(ends, out);

	if (dice.percent(50))
		tcp.open();
	else
		tcp.say(false, Tins::TCP::SYN);
	tcp.say(dice.percent(50), Tins::TCP::RST | Tins::TCP::ACK);
	tcp.say(dice.percent(50), Tins::TCP::ACK);
}

/* ---- UDP and ICMP ---- */

void say_udp(const Ends &ends, bool from_b, const std::string &text, Talk &out)
{
	const Tins::UDP udp = from_b ? Tins::UDP(ends.a_port_seen, ends.b_port)
				     : Tins::UDP(ends.b_port_seen, ends.a_port);

	out.push_back({from_b, packet(ends, from_b, udp / Tins::RawPDU(text))});
}

static void speak_udp(const Ends &ends, Dice &dice, Talk &out)
{
	say_udp(ends, false, "who", out);
	for (uint32_t n = 1 + dice.below(4); n; n--)
		say_udp(ends, dice.percent(50), "me", out);
}

static void say_echo(const Ends &ends, bool from_b, uint16_t number, Talk &out)
{
	const uint16_t id = from_b ? ends.a_port_seen : ends.a_port;

	if (ends.v6) {
		Tins::ICMPv6 echo(from_b ? Tins::ICMPv6::ECHO_REPLY : Tins::ICMPv6::ECHO_REQUEST);

		echo.identifier(id);
		echo.sequence(number);
		out.push_back({from_b, packet(ends, from_b, echo)});
		return;
	}
	Tins::ICMP echo(from_b ? Tins::ICMP::ECHO_REPLY : Tins::ICMP::ECHO_REQUEST);
	echo.id(id);
	echo.sequence(number);
	out.push_back({from_b, packet(ends, from_b, echo)});
}

static void speak_echo(const Ends &ends, Dice &dice, Talk &out)
{
	for (uint16_t n = 1; n <= 1 + dice.below(3); n++) {
		say_echo(ends, false, n, out);
		if (dice.percent(80))
			say_echo(ends, true, n, out);
	}
}

/* B's answer to A's packet is an error, which quotes the packet as B has seen it. */
static void speak_unreachable(const Ends &ends, Dice &dice, Talk &out)
{
	const Tins::UDP udp = Tins::UDP(ends.b_port, ends.a_port_seen);
	Bytes quoted;

	say_udp(ends, false, "who", out);
	if (ends.v6) {
		quoted = lab::frame(Tins::IPv6(ends.b, ends.a_seen) / udp / Tins::RawPDU("who"));
		Tins::ICMPv6 error(Tins::ICMPv6::DEST_UNREACHABLE);
		error.code(dice.pick<uint8_t>({1, 4}));
		out.push_back({true, packet(ends, true, error / Tins::RawPDU(quoted))});
		return;
	}
	quoted = lab::frame(Tins::IP(ends.b, ends.a_seen) / udp / Tins::RawPDU("who"));
	Tins::ICMP error(Tins::ICMP::DEST_UNREACHABLE);
	error.code(dice.pick<uint8_t>({1, 3}));
	out.push_back({true, packet(ends, true, error / Tins::RawPDU(quoted))});
}

/* ---- Fragments ---- */

std::vector<Bytes> roll_pieces(Dice &dice, View frame, uint32_t id)
{
	std::vector<Bytes> pieces = lab::fragments(frame, dice.pick<size_t>({576, 900, 1500}), id);

	if (pieces.size() < 2)
		return pieces;
	switch (dice.below(10)) {
	case 0:
		std::reverse(pieces.begin(), pieces.end());
		break;
	case 1:
		std::swap(pieces[0], pieces[1]);
		break;
	case 2: /* one more that covers what others have, too */
		pieces.insert(pieces.begin() + 1, lab::fragment(frame, 448, 576, true, id));
		break;
	case 3:
		pieces.insert(pieces.begin() + dice.below(2), Bytes(pieces[0]));
		break;
	case 4:
		pieces.erase(pieces.begin() + dice.below(2));
		break;
	default:
		break;
	}
	return pieces;
}

static void speak_pieces(const Ends &ends, Dice &dice, Talk &out)
{
	uint32_t id = ends.id;

	for (const bool from_b : {false, true}) {
		Talk said;

		say_udp(ends, from_b, std::string(dice.pick<size_t>({2801, 3000, 4000}), 'x'), said);
		for (const Bytes &piece : roll_pieces(dice, said[0].frame, id++))
			out.push_back({from_b, piece});
	}
}

static constexpr TalkKind kinds[] = {
	{"tcp", IPPROTO_TCP, 80, nullptr, speak_tcp},
	{"reset", IPPROTO_TCP, 80, nullptr, speak_reset},
	{"udp", IPPROTO_UDP, 53, nullptr, speak_udp},
	{"echo", IPPROTO_ICMP, 7, nullptr, speak_echo},
	{"unreachable", IPPROTO_UDP, 53, nullptr, speak_unreachable},
	{"ftp-active", IPPROTO_TCP, 21, "ftp", speak_ftp_active},
	{"ftp-passive", IPPROTO_TCP, 21, "ftp", speak_ftp_passive},
	{"tftp", IPPROTO_UDP, 69, "tftp", speak_tftp},
	{"pieces", IPPROTO_UDP, 53, nullptr, speak_pieces},
};

std::span<const TalkKind> talk_kinds()
{
	return kinds;
}

} // namespace diff
