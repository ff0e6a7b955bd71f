// SPDX-License-Identifier: GPL-2.0-only
/* Devices without Ethernet: packets come and go without a link header. */
#include "lab.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstring>

using namespace lab;

class L3Device : public Lab
{
protected:
	void SetUp() override
	{
		const Inside inside(ns);
		ifreq request{};

		file = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
		if (file < 0)
			GTEST_SKIP() << "no /dev/net/tun: " << strerror(errno);
		request.ifr_flags = IFF_TUN | IFF_NO_PI;
		strcpy(request.ifr_name, "t0");
		ASSERT_EQ(ioctl(file, TUNSETIFF, &request), 0) << strerror(errno);
		link_up(ns, "t0");
		AttrWriter attrs = port_attrs("t0", OVS_VPORT_TYPE_NETDEV, {upcalls.pid()});
		const Answer answer = dp.ask_port(OVS_VPORT_CMD_NEW, attrs, NLM_F_ECHO);
		ASSERT_OK(answer);
		port = mf::parse_port(message_of(answer.messages.at(0))).number;
	}

	void TearDown() override
	{
		if (file >= 0)
			close(file);
	}

	static Bytes bare_packet()
	{
		const Bytes whole = udp_frame();

		return {whole.begin() + 14, whole.begin() + 14 + 33};
	}

	Bytes read_packet()
	{
		pollfd ready{file, POLLIN, 0};
		Bytes out(2000);

		if (poll(&ready, 1, 2000) <= 0)
			return {};
		const ssize_t got = read(file, out.data(), out.size());
		out.resize(got > 0 ? static_cast<size_t>(got) : 0);
		return out;
	}

	int file = -1;
	uint32_t port = 0;
};

TEST_F(L3Device, KeyHasNoEthernet)
{
	ASSERT_GT(write(file, bare_packet().data(), bare_packet().size()), 0);
	const auto upcall = upcalls.next();
	ASSERT_TRUE(upcall);
	EXPECT_BYTES(upcall->packet, bare_packet());
	for (const mf::Attr &attr : mf::split_attrs(upcall->key))
		EXPECT_NE(attr.type, OVS_KEY_ATTR_ETHERNET);
	EXPECT_NE(key_text(*upcall).find("eth_type(0x0800)"), std::string::npos) << key_text(*upcall);
}

TEST_F(L3Device, BarePacketGoesOutBare)
{
	dp.flow(fmt::format("in_port({}),eth_type(0x0800),ipv4()", port), fmt::format("{}", port));
	ASSERT_GT(write(file, bare_packet().data(), bare_packet().size()), 0);
	EXPECT_BYTES(read_packet(), bare_packet());
}

TEST_F(L3Device, BarePacketIsNothingForAnEthernetDevice)
{
	dp.flow(fmt::format("in_port({}),eth_type(0x0800),ipv4()", port), "2");
	ASSERT_GT(write(file, bare_packet().data(), bare_packet().size()), 0);
	EXPECT_TRUE(p2.tap.receive_bytes(200).empty());
}

TEST_F(L3Device, EthernetActionsAreRefused)
{
	const std::string key = fmt::format("in_port({}),eth_type(0x0800),ipv4()", port);

	for (const char *actions : {"push_vlan(vid=5,pcp=0),2", "pop_vlan,2",
				    "set(eth(src=02:00:00:00:00:01)),2"})
		EXPECT_REFUSED(dp.ask_flow(OVS_FLOW_CMD_NEW, key, {.actions = actions}), EINVAL) << actions;
}
