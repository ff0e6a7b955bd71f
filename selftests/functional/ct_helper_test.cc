// SPDX-License-Identifier: GPL-2.0-only
/* CT with a helper: connections that another one announced. */
#include "lab.h"

#include <cstdlib>
#include <unistd.h>

using namespace lab;

class CtHelper : public Lab
{
protected:
	static std::string udp_from(uint32_t port)
	{
		return fmt::format("recirc_id(0),in_port({}),eth(),eth_type(0x0800),"
				   "ipv4(proto=17,frag=no),udp()",
				   port);
	}

	/** The client asks by TFTP: the server is going to answer from a port of its choice. */
	static Bytes request()
	{
		return frame(eth() / Tins::IP(IP_B, IP_A) / Tins::UDP(69, 1000) /
			     Tins::RawPDU(std::string("\0\1a-file-to-read\0octet\0", 23)));
	}

	static Bytes data()
	{
		return frame(eth() / Tins::IP(IP_A, IP_B) / Tins::UDP(1000, 4321) /
			     Tins::RawPDU("data of the file"));
	}

	std::string key_after(Wire &wire, const Bytes &packet)
	{
		wire.tap.send(packet);
		const auto upcall = upcalls.next();

		return upcall ? key_text(*upcall) : "none";
	}
};

/* H63, H64: seen without a commit it has its master's labels, and is expected still. */
TEST_F(CtHelper, H63H64ExpectedConnection)
{
	dp.flow(udp_from(1), "ct(commit,zone=1,mark=0x9/0xff,label=0x5/0xff,helper=tftp),recirc(1)");
	dp.flow(udp_from(2), "ct(zone=1),recirc(1)");
	EXPECT_NE(key_after(p1, request()).find("ct_state(0x21)"), std::string::npos);
	for (int i = 0; i < 3; i++) {
		const std::string key = key_after(p2, data());

		EXPECT_NE(key.find("ct_state(0x25)"), std::string::npos) << i << ' ' << key;
		EXPECT_NE(key.find("ct_label(0x5)"), std::string::npos) << i << ' ' << key;
		EXPECT_NE(key.find("ct_mark(0x9)"), std::string::npos) << i << ' ' << key;
		EXPECT_NE(key.find("ct_tuple4(src=10.1.0.1,"), std::string::npos) << i << ' ' << key;
	}
}

TEST_F(CtHelper, ExpectedConnectionIsCommitted)
{
	dp.flow(udp_from(1), "ct(commit,zone=1,label=0x5/0xff,helper=tftp),recirc(1)");
	dp.flow(udp_from(2), "ct(commit,zone=1),recirc(1)");
	key_after(p1, request());
	key_after(p2, data());
	const std::string key = key_after(p2, data());
	EXPECT_NE(key.find("ct_state(0x24)"), std::string::npos) << key;
	EXPECT_NE(key.find("ct_label(0x5)"), std::string::npos) << key;
}

/* What the client is behind is undone for the connection that it announced. */
TEST_F(CtHelper, ExpectedConnectionIsTranslated)
{
	dp.flow(udp_from(1), "ct(commit,zone=1,helper=tftp,nat(src=10.9.0.9)),2");
	dp.flow(udp_from(2), "ct(commit,zone=1,nat),1");
	p1.tap.send(request());
	ASSERT_FALSE(p2.tap.receive_bytes().empty());
	p2.tap.send(frame(eth() / Tins::IP("10.9.0.9", IP_B) / Tins::UDP(1000, 4321) /
			  Tins::RawPDU("data of the file")));
	const Bytes out = p1.tap.receive_bytes();
	ASSERT_GE(out.size(), 42u);
	EXPECT_EQ(mf::to_hex(View(out).subspan(14 + 16, 4)), "0a010001");
	EXPECT_EQ(l4_checksum(View(out).subspan(14)), 0);
}

/* H54, H55: helpers come and go with the flows that name them. */
TEST_F(CtHelper, H54H55HelpersAreReleased)
{
	for (int i = 0; i < 100; i++) {
		dp.flow(udp_from(1), "ct(commit,helper=tftp,nat(src=10.9.0.9)),2");
		EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_NEW, udp_from(3),
					   {.actions = "ct(commit,helper=tftp),ct(commit,helper=none)",
					    .flags = NLM_F_CREATE}),
			       EINVAL);
		dp.flush();
	}
	/* The programs go after a grace period. */
	for (int i = 0; i < 50; i++) {
		if (system("rmmod nf_nat_tftp nf_conntrack_tftp 2>/dev/null") == 0)
			return;
		usleep(100000);
	}
	FAIL() << "the helper's module is still in use";
}
