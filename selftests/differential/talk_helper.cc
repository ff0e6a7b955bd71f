// SPDX-License-Identifier: GPL-2.0-only
/* Sessions that agree on another one, which a conntrack helper has to expect. RFC 959, 2428, 1350. */
#include "talk.h"

#include <algorithm>
#include <fmt/format.h>
#include <tins/tcp.h>

namespace diff
{

/* Where the other connection goes to. Each session has a port of its own, or chance would pick one. */
static uint16_t data_port(const Ends &ends)
{
	return static_cast<uint16_t>(ends.a_port + 2000);
}

static constexpr uint16_t PUSH = 0x018;

static std::string commas(std::string address, uint16_t port)
{
	std::replace(address.begin(), address.end(), '.', ',');
	return fmt::format("{},{},{}", address, port >> 8, port & 0xff);
}

/* What A says to have B's connection come to a port of A's. */
static std::string port_command(const Ends &ends, bool extended)
{
	if (extended || ends.v6)
		return fmt::format("EPRT |{}|{}|{}|\r\n", ends.v6 ? 2 : 1, ends.a,
				   data_port(ends));
	return fmt::format("PORT {}\r\n", commas(ends.a, data_port(ends)));
}

/* B connects from its data port to where A listens. */
void speak_ftp_active(const Ends &ends, Dice &dice, Talk &out)
{
	TcpTalk control(ends, out);
	Ends data = ends;

	control.open();
	control.say(true, PUSH, "220 ready\r\n");
	control.say(false, PUSH, port_command(ends, dice.percent(40)));
	control.say(true, PUSH, "200 fine\r\n");

	/* B begins this one: the two change their parts. */
	Talk reversed;
	std::swap(data.a, data.b);
	std::swap(data.a_seen, data.b_seen);
	data.a_port = data.a_port_seen = 20;
	data.b_port = data.b_port_seen = data_port(ends);
	TcpTalk transfer(data, reversed);
	transfer.open();
	transfer.say(false, PUSH, "the file");
	if (dice.percent(50))
		transfer.close();
	for (Turn &turn : reversed)
		out.push_back({!turn.from_b, std::move(turn.frame)});
}

/* A connects to where B listens. */
void speak_ftp_passive(const Ends &ends, Dice &dice, Talk &out)
{
	TcpTalk control(ends, out);
	Ends data = ends;

	control.open();
	control.say(true, PUSH, "220 ready\r\n");
	if (ends.v6 || dice.percent(40)) {
		control.say(false, PUSH, "EPSV\r\n");
		control.say(true, PUSH, fmt::format("229 Extended Passive Mode (|||{}|)\r\n",
						 data_port(ends)));
	} else {
		control.say(false, PUSH, "PASV\r\n");
		control.say(true, PUSH,
			    fmt::format("227 Entering Passive Mode ({}).\r\n", commas(ends.b, data_port(ends))));
	}
	data.a_port++;
	data.a_port_seen = data.a_port;
	data.b_port = data.b_port_seen = data_port(ends);
	TcpTalk transfer(data, out);
	transfer.open();
	transfer.say(true, PUSH, "the file");
	if (dice.percent(50))
		transfer.close();
}

/* B answers from another port than it was asked at. */
void speak_tftp(const Ends &ends, Dice &dice, Talk &out)
{
	Ends data = ends;

	say_udp(ends, false, std::string("\0\1file\0octet\0", 13), out);
	data.b_port = data.b_port_seen = data_port(ends);
	for (uint32_t n = 1 + dice.below(3); n; n--) {
		say_udp(data, true, std::string("\0\3\0\1data", 8), out);
		say_udp(data, false, std::string("\0\4\0\1", 4), out);
	}
}

} // namespace diff
