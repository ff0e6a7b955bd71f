/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include "dice.h"

#include <span>
#include <string>
#include <vector>

namespace diff
{

/** Where two hosts find each other. A translation on the way makes one see the other elsewhere. */
struct Ends {
	bool v6 = false;
	std::string a, b;           /**< their own addresses */
	std::string a_seen, b_seen; /**< each as the other sees it */
	uint16_t a_port = 0, b_port = 0;
	uint16_t a_port_seen = 0, b_port_seen = 0;
	uint32_t id = 0; /**< of the first packet that is sent as fragments */
};

/** A frame of a session. */
struct Turn {
	bool from_b;
	Bytes frame;
};

using Talk = std::vector<Turn>;

/** A kind of session. */
struct TalkKind {
	const char *name;
	uint8_t proto;      /**< over IPv4: ICMP stands for ICMPv6, too */
	uint16_t port;      /**< B's, as A sees it */
	const char *helper; /**< what follows it, or nullptr */
	void (*speak)(const Ends &ends, Dice &dice, Talk &out);
};

/** All kinds. */
std::span<const TalkKind> talk_kinds();

/** One side's part of a TCP connection that knows what was said before. */
class TcpTalk
{
public:
	TcpTalk(const Ends &between, Talk &to) : ends(between), out(to) {}

	/** The three segments that begin it. */
	void open();
	/** Says something, or nothing with flags of Tins::TCP. */
	void say(bool from_b, uint16_t flags, const std::string &text = "");
	/** The segments that end it. */
	void close();

private:
	Ends ends;
	Talk &out;
	uint32_t next[2] = {1000, 2000000};
};

/** The same for UDP. */
void say_udp(const Ends &ends, bool from_b, const std::string &text, Talk &out);

void speak_ftp_active(const Ends &ends, Dice &dice, Talk &out);
void speak_ftp_passive(const Ends &ends, Dice &dice, Talk &out);
void speak_tftp(const Ends &ends, Dice &dice, Talk &out);

/**
 * A frame in pieces: as a router makes them, mostly; else swapped, overlapping, doubled, or without
 * one of them. @p id is theirs alone, or what was left of others would be part of it.
 */
std::vector<Bytes> roll_pieces(Dice &dice, View frame, uint32_t id);

} // namespace diff
