/* SPDX-License-Identifier: GPL-2.0-only */
/* What every test starts with: one include, one fixture. */
#pragma once

#include "lab/dp.h"
#include "lab/frames.h"
#include "lab/link.h"
#include "lab/netlink.h"
#include "lab/netns.h"
#include "lab/tap.h"

#include "action.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <linux/if.h>
#include <linux/openvswitch.h>

namespace lab
{

/** The flow key of all IPv4 packets that come in by a port. */
std::string from(uint32_t port);

/** Now, as OVS_FLOW_ATTR_USED counts: milliseconds of CLOCK_MONOTONIC. */
uint64_t monotonic_ms();

/** A device in the datapath whose other end we hold: veth NAME is the port, NAMEx ours. */
struct Wire {
	Wire(const Netns &ns, Datapath &dp, const std::string &name, uint32_t upcall_pid = 0);

	uint32_t port;
	Tap tap;
};

/** A namespace, a datapath "dp0" in it, wires p1 to p3 as ports 1 to 3, misses to `upcalls`. */
class Lab : public ::testing::Test
{
protected:
	/** Both sent to p1: the first must come out of p2 by the flow, the second must miss it. */
	void expect_match(const std::string &key, const Bytes &matching, const Bytes &differing);
	/** Sends to p1, which the only flow runs through the actions. @return what leaves p2 */
	Bytes through(const std::string &key, const std::string &actions, const Bytes &in);
	/** The text of a key of an upcall. */
	static std::string key_text(const mf::Upcall &upcall);

	Netns ns;
	Upcalls upcalls{ns};
	Datapath dp{ns};
	Wire p1{ns, dp, "p1", upcalls.pid()};
	Wire p2{ns, dp, "p2", upcalls.pid()};
	Wire p3{ns, dp, "p3", upcalls.pid()};
};

/** A namespace and a socket; the test makes its datapaths itself. */
class Bare : public ::testing::Test
{
protected:
	/** A request about datapaths. */
	Answer ask_dp(uint8_t cmd, const AttrWriter &attrs, uint16_t flags = 0, int ifindex = 0,
		      int version = -1)
	{
		return ask(netlink, OVS_DATAPATH_FAMILY, cmd, ifindex, attrs, flags, version);
	}

	Netns ns;
	Netlink netlink{ns};
};

testing::AssertionResult refused(const char *, const char *, const Answer &answer, int code);
testing::AssertionResult accepted(const char *, const Answer &answer);
testing::AssertionResult same_bytes(const char *, const char *, const Bytes &left,
				    const Bytes &right);

/* Refused with that errno, and, by Megaflow, with words that say why. */
#define EXPECT_REFUSED(answer, code) EXPECT_PRED_FORMAT2(lab::refused, answer, code)
#define EXPECT_OK(answer) EXPECT_PRED_FORMAT1(lab::accepted, answer)
#define ASSERT_OK(answer) ASSERT_PRED_FORMAT1(lab::accepted, answer)
/* Equal, or a listing that shows where they differ. */
#define EXPECT_BYTES(got, wanted) EXPECT_PRED_FORMAT2(lab::same_bytes, got, wanted)

} // namespace lab
