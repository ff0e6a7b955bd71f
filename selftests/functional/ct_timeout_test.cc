// SPDX-License-Identifier: GPL-2.0-only
/* CT with a timeout policy: how long what it commits is remembered. */
#include "lab.h"

#include "conntrack.h"

#include <arpa/inet.h>
#include <cstdlib>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_cttimeout.h>
#include <unistd.h>

using namespace lab;

class CtTimeout : public Lab
{
protected:
	Netlink netfilter{ns, NETLINK_NETFILTER};

	/* A netfilter request has the same headers as a generic one. */
	static Request policy_request(uint8_t what, const std::string &name, uint16_t flags = 0)
	{
		Request sent(static_cast<uint16_t>(NFNL_SUBSYS_CTNETLINK_TIMEOUT << 8 | what), AF_INET,
			     NFNETLINK_V0, flags, std::nullopt, mf::AttrSet::NONE);

		sent.str(CTA_TIMEOUT_NAME, name);
		return sent;
	}

	/** Makes a policy for UDP over IPv4. */
	Answer policy(const std::string &name, uint32_t unreplied, uint32_t replied)
	{
		Request sent = policy_request(IPCTNL_MSG_TIMEOUT_NEW, name, NLM_F_CREATE | NLM_F_EXCL);

		sent.u16(CTA_TIMEOUT_L3PROTO, htons(AF_INET));
		sent.u8(CTA_TIMEOUT_L4PROTO, IPPROTO_UDP);
		const size_t data = sent.begin(CTA_TIMEOUT_DATA | NLA_F_NESTED);
		sent.u32(CTA_TIMEOUT_UDP_UNREPLIED, htonl(unreplied));
		sent.u32(CTA_TIMEOUT_UDP_REPLIED, htonl(replied));
		sent.end(data);
		return netfilter.ask(sent);
	}

	Answer delete_policy(const std::string &name)
	{
		Request sent = policy_request(IPCTNL_MSG_TIMEOUT_DELETE, name);

		return netfilter.ask(sent);
	}

	static std::string udp_from(uint32_t port)
	{
		return fmt::format("recirc_id(0),in_port({}),eth(),eth_type(0x0800),"
				   "ipv4(proto=17,frag=no),udp()",
				   port);
	}

	static Bytes udp(bool reply, uint16_t port)
	{
		return reply ? frame(eth() / Tins::IP(IP_A, IP_B) / Tins::UDP(port, 2000) /
				     Tins::RawPDU("x"))
			     : frame(eth() / Tins::IP(IP_B, IP_A) / Tins::UDP(2000, port) /
				     Tins::RawPDU("x"));
	}

	/** Seconds that the connection from a port has left in a zone; 0 if there is none. */
	uint32_t left(uint16_t port, uint16_t zone)
	{
		const Inside inside(ns);
		mf::Socket ctnetlink(NETLINK_NETFILTER);
		mf::CtFilter filter;

		filter.zone = zone;
		filter.orig.src_port = port;
		for (const mf::Connection &connection : mf::dump_connections(ctnetlink, filter))
			return connection.timeout.value_or(0);
		return 0;
	}

	/** Sends a packet to a wire and waits for it at another. */
	void pass(Wire &in, Wire &out, const Bytes &packet)
	{
		in.tap.send(packet);
		ASSERT_FALSE(out.tap.receive_bytes().empty());
	}
};

TEST_F(CtTimeout, PolicyIsObeyed)
{
	ASSERT_OK(policy("mfslow", 1234, 5678));
	dp.flow(udp_from(1), "ct(commit,zone=1,timeout=mfslow),2");
	dp.flow(udp_from(2), "ct(zone=1),1");
	pass(p1, p2, udp(false, 1000));
	EXPECT_GT(left(1000, 1), 1000u);
	EXPECT_LE(left(1000, 1), 1234u);
	/* UDP counts as replied to when both sides still talk after two seconds. */
	pass(p2, p1, udp(true, 1000));
	sleep(3);
	pass(p1, p2, udp(false, 1000));
	pass(p2, p1, udp(true, 1000));
	EXPECT_GT(left(1000, 1), 5000u);
	EXPECT_LE(left(1000, 1), 5678u);
}

TEST_F(CtTimeout, WithoutAPolicyTheNamespaceDecides)
{
	ASSERT_OK(policy("mfslow", 1234, 5678));
	dp.flow(udp_from(1), "ct(commit,zone=1),ct(commit,zone=2,timeout=mfnone),2");
	pass(p1, p2, udp(false, 1000));
	for (uint16_t zone : {1, 2}) {
		EXPECT_GT(left(1000, zone), 0u) << zone;
		EXPECT_LE(left(1000, zone), 60u) << zone;
	}
}

/* H62: what was looked up without the policy is not committed without it. */
TEST_F(CtTimeout, H62CachedConnectionGetsThePolicy)
{
	ASSERT_OK(policy("mfslow", 1234, 5678));
	ASSERT_OK(policy("mfslower", 123400, 567800));
	dp.flow(udp_from(1), "ct(zone=1),ct(commit,zone=1,timeout=mfslow),"
			     "ct(zone=2,timeout=mfslow),ct(commit,zone=2,timeout=mfslower),2");
	pass(p1, p2, udp(false, 1000));
	EXPECT_GT(left(1000, 1), 1000u);
	EXPECT_LE(left(1000, 1), 1234u);
	EXPECT_GT(left(1000, 2), 100000u);
}

/* A policy for another protocol is none. */
TEST_F(CtTimeout, OtherProtocolsDoWithout)
{
	ASSERT_OK(policy("mfslow", 1234, 5678));
	const std::string tcp = "recirc_id(0),in_port(1),eth(),eth_type(0x0800),"
				"ipv4(proto=6,frag=no),tcp(),tcp_flags()";

	dp.flow(tcp, "ct(commit,zone=1,timeout=mfslow),2");
	Tins::TCP syn(80, 1000);
	syn.flags(Tins::TCP::SYN);
	pass(p1, p2, frame(eth() / Tins::IP(IP_B, IP_A) / syn));
	EXPECT_GT(left(1000, 1), 0u);
	EXPECT_LE(left(1000, 1), 120u);
}

/*
 * A policy is deleted while flows and connections have it: newer kernels let it go, older ones once
 * the flows are gone. In the end nobody holds on to the module that has the policies.
 */
TEST_F(CtTimeout, PolicyIsReleased)
{
	for (int i = 0; i < 20; i++) {
		const auto port = static_cast<uint16_t>(1000 + 2 * i);

		ASSERT_OK(policy("mfslow", 1234, 5678));
		dp.flow(udp_from(1), "ct(commit,zone=1,timeout=mfslow),2");
		EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_NEW, udp_from(3),
					   {.actions = "ct(commit,timeout=mfslow),"
						       "ct(commit,helper=none)",
					    .flags = NLM_F_CREATE}),
			       EINVAL);
		pass(p1, p2, udp(false, port));
		int error = delete_policy("mfslow").error;
		EXPECT_TRUE(!error || error == EBUSY) << strerror(error);
		pass(p1, p2, udp(false, port));
		pass(p1, p2, udp(false, static_cast<uint16_t>(port + 1)));
		EXPECT_GT(left(port, 1), 0u);
		dp.flush();
		/* Programs go after a grace period. */
		for (int tries = 0; error && tries < 100; tries++) {
			usleep(50000);
			error = delete_policy("mfslow").error;
		}
		EXPECT_EQ(error, 0);
	}
	for (int tries = 0; tries < 100; tries++) {
		if (system("rmmod nfnetlink_cttimeout 2>/dev/null") == 0)
			return;
		usleep(50000);
	}
	FAIL() << "the module of the policies is still in use";
}
