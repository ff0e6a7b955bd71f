// SPDX-License-Identifier: GPL-2.0-only
/* Requests and packets that have hurt datapaths by their actions; each test has its hazard's number. */
#include "lab.h"

#include "attr.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace lab;

namespace
{

const std::string UDP = "in_port(1),eth(),eth_type(0x0800),ipv4(proto=17,frag=no),udp()";

/** What the kernel logs from here on. */
class KernelLog
{
      public:
	KernelLog() : file(open("/dev/kmsg", O_RDONLY | O_NONBLOCK))
	{
		lseek(file, 0, SEEK_END);
	}
	~KernelLog()
	{
		close(file);
	}
	KernelLog(const KernelLog &) = delete;
	KernelLog &operator=(const KernelLog &) = delete;

	bool works() const
	{
		return file >= 0;
	}

	std::string news()
	{
		char record[2048];
		std::string text;
		ssize_t length;

		while ((length = read(file, record, sizeof(record))) > 0)
			text.append(record, static_cast<size_t>(length));
		return text;
	}

      private:
	int file;
};

} // namespace

class HazardAction : public Lab
{
      protected:
	Answer install(const std::string &key, const Bytes &actions, bool probe = false)
	{
		Request request = dp.flow_request(OVS_FLOW_CMD_NEW, key,
						  {.probe = probe, .flags = NLM_F_CREATE});

		request.put(OVS_FLOW_ATTR_ACTIONS | NLA_F_NESTED, actions);
		return dp.socket().ask(request);
	}
};

/*
 * A nest that fits, but would not if each SET in it were kept together with its mask. Where the
 * internal form is one of netlink attributes it must be refused; a program has no such limit.
 */
TEST_F(HazardAction, H02_NestThatGrowsBeyondAnAttribute)
{
	constexpr int N = 3000;
	AttrWriter list;
	const size_t clone = list.begin(OVS_ACTION_ATTR_CLONE);

	append(list, AttrWriter(actions_of_text(
			     "ct(commit,zone=5),set(tunnel(dst=1.2.3.4,ttl=3,flags(0)))")));
	for (int i = 0; i < N; i++) {
		const size_t set = list.begin(OVS_ACTION_ATTR_SET);

		list.put(OVS_KEY_ATTR_ETHERNET, Bytes(12, static_cast<uint8_t>(2 * i)));
		list.end(set);
	}
	list.u32(OVS_ACTION_ATTR_OUTPUT, 2);
	list.end(clone);

	const Answer answer = install(UDP, list.bytes());
	if (!is_megaflow()) {
		EXPECT_REFUSED(answer, EMSGSIZE);
		return;
	}
	ASSERT_OK(answer);
	EXPECT_BYTES(dp.get_flow(UDP).actions.value(), list.bytes());
	p1.tap.send(udp_frame());
	const Bytes out = p2.tap.receive_bytes();
	ASSERT_FALSE(out.empty());
	EXPECT_BYTES(Bytes(out.begin(), out.begin() + 12),
		     Bytes(12, static_cast<uint8_t>(2 * (N - 1))));

	/* The same with something bad at its end leaves nothing of what was taken before. */
	AttrWriter bad;
	const size_t outer = bad.begin(OVS_ACTION_ATTR_CLONE);
	append(bad, AttrWriter(actions_of_text(
			    "ct(commit,zone=5),set(tunnel(dst=1.2.3.4,ttl=3,flags(0)))")));
	bad.u32(OVS_ACTION_ATTR_OUTPUT, 65535);
	bad.end(outer);
	EXPECT_REFUSED(install(UDP, bad.bytes()), EINVAL);
}

TEST_F(HazardAction, H14_ExactMaskOfNestedKeys)
{
	const char *const keys[] = {
		"tunnel(tun_id=0x5,dst=10.0.0.1,ttl=64,vxlan(gbp(id=3,flags=0x8)),flags(+key)),in_"
		"port(1),"
		"eth(),"
		"eth_type(0x894f),nsh(flags=0,ttl=63,mdtype=1,np=3,spi=0x1234,si=255)",
		"tunnel(dst=10.0.0.1,ttl=64,geneve({class=0x1,type=0x2,len=4,0xaabbccdd})),in_port("
		"1),eth("
		"),"
		"eth_type(0x8100),vlan(vid=5,pcp=0),encap(eth_type(0x0800),ipv4(proto=17),udp(src="
		"1))",
	};

	for (const char *key : keys) {
		EXPECT_OK(dp.ask_flow(OVS_FLOW_CMD_NEW, key,
				      {.actions = "2",
				       .ufid = pattern(16),
				       .mask = false,
				       .flags = NLM_F_CREATE}))
			<< key;
		const std::vector<mf::Flow> flows = dp.dump_flows();
		ASSERT_EQ(flows.size(), 1u);
		ASSERT_TRUE(flows[0].mask);
		/* Everything in the key is matched, so masking it changed nothing. */
		EXPECT_FALSE(
			mf::format_key(mf::decode_key(flows[0].key, *flows[0].mask), {}).empty());
		const auto kept = mf::find_attr(mf::split_attrs(flows[0].key), OVS_KEY_ATTR_TUNNEL);
		EXPECT_TRUE(kept && !kept->data.empty()) << key;
		dp.flush();
	}
}

TEST_F(HazardAction, H16_ConntrackAttributesBeyondTheTable)
{
	for (uint16_t type : {10, 11, 31, 63, 64, 65, 127, 255, 256, 1023, 0x3fff}) {
		AttrWriter list;
		const size_t ct = list.begin(OVS_ACTION_ATTR_CT);

		list.u32(type, 0);
		list.end(ct);
		EXPECT_REFUSED(install(UDP, list.bytes()), EINVAL) << type;
	}
	EXPECT_EQ(dp.info().stats.n_flows, 0u);
}

TEST_F(HazardAction, H21_PaddingHoldsNothing)
{
	const std::string key =
		"ct_state(+trk),ct_tuple4(src=10.0.0.1,dst=10.0.0.2,proto=17,tp_src=1,tp_dst=2)," +
		UDP;

	for (int round = 0; round < 20; round++) {
		dp.flow(key, "2");
		for (const mf::Flow &flow : dp.dump_flows()) {
			for (const Bytes &run : {flow.key, flow.mask.value()}) {
				const auto tuple = mf::find_attr(mf::split_attrs(run),
								 OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV4);

				ASSERT_TRUE(tuple);
				ASSERT_EQ(tuple->data.size(), 16u);
				EXPECT_BYTES(Bytes(tuple->data.begin() + 13, tuple->data.end()),
					     Bytes(3, 0));
			}
		}
		dp.flush();
	}
}

TEST_F(HazardAction, H33_ProbesAreNotLogged)
{
	KernelLog log;

	if (!log.works())
		GTEST_SKIP() << "/dev/kmsg cannot be read";
	log.news();
	/* Without its policy the action does, so probing for one by a made-up name succeeds. */
	EXPECT_OK(install(UDP, actions_of_text("ct(commit,timeout=nosuch)"), true));
	for (const char *actions : {"ct(commit,helper=nosuch)", "hex:0800ff00 00000000"})
		EXPECT_FALSE(install(UDP, actions_of_text(actions), true).ok()) << actions;
	EXPECT_REFUSED(install("in_port(1),eth(),eth_type(0x0800)", actions_of_text("2"), true),
		       EINVAL);
	EXPECT_EQ(log.news(), "");
}

/* What was sent to another's address, and is given to an internal port with that address, is its own. */
TEST_F(HazardAction, H89_PacketsForAnInternalPortAreItsOwn)
{
	const Inside inside(ns);
	const uint32_t number = dp.add_internal("int0");

	link_set(ns, "int0", {.up = true, .address = hex("02000000000b")});
	address_add(ns, "int0", IP_B);
	dp.flow(from(1), std::to_string(number));

	const int receiver = socket(AF_INET, SOCK_DGRAM, 0);
	sockaddr_in here{};
	here.sin_family = AF_INET;
	here.sin_port = htons(2000);
	ASSERT_EQ(bind(receiver, reinterpret_cast<sockaddr *>(&here), sizeof(here)), 0);
	p1.tap.send(udp_frame());

	pollfd wait{receiver, POLLIN, 0};
	char text[16];
	ASSERT_EQ(poll(&wait, 1, 2000), 1);
	EXPECT_EQ(recv(receiver, text, sizeof(text), 0), 5);
	close(receiver);
}
