// SPDX-License-Identifier: GPL-2.0-only
#include "lab.h"

#include <csignal>
#include <cstring>

namespace lab
{

static uint32_t wire_up(const Netns &ns, Datapath &dp, const std::string &name, uint32_t pid)
{
	veth_add(ns, name, name + "x");
	return dp.add(name, pid);
}

std::string from(uint32_t port)
{
	return fmt::format("recirc_id(0),in_port({}),eth(),eth_type(0x0800),ipv4()", port);
}

uint64_t monotonic_ms()
{
	timespec now{};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return static_cast<uint64_t>(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

Wire::Wire(const Netns &ns, Datapath &dp, const std::string &name, uint32_t upcall_pid)
    : port(wire_up(ns, dp, name, upcall_pid)), tap(ns, name + "x")
{
}

std::string Lab::key_text(const mf::Upcall &upcall)
{
	return mf::format_key(mf::decode_key(upcall.key, std::nullopt), {.all = true});
}

void Lab::expect_match(const std::string &key, const Bytes &matching, const Bytes &differing)
{
	dp.flow(key, "2");
	p1.tap.send(matching);
	EXPECT_BYTES(p2.tap.receive_bytes(), matching) << "should match " << key;
	p1.tap.send(differing);
	const auto upcall = upcalls.next();
	EXPECT_TRUE(upcall) << "should not match " << key;
	if (upcall) {
		EXPECT_BYTES(upcall->packet, differing) << "the packet that missed " << key;
	}
	dp.flush();
}

Bytes Lab::through(const std::string &key, const std::string &actions, const Bytes &in)
{
	dp.flow(key, actions);
	p1.tap.send(in);
	const Bytes out = p2.tap.receive_bytes();
	dp.flush();
	return out;
}

static std::string errno_name(int code)
{
	const char *name = strerrorname_np(code);

	return name ? name : std::to_string(code);
}

testing::AssertionResult refused(const char *what, const char *, const Answer &answer, int code)
{
	if (answer.error != code)
		return testing::AssertionFailure()
		       << what << "\n  wanted " << errno_name(code) << ", got "
		       << (answer.error ? errno_name(answer.error) : "success") << " \""
		       << answer.why << '"';
	if (is_megaflow() && answer.why.empty())
		return testing::AssertionFailure()
		       << what << "\n  refused with " << errno_name(code) << ", but not told why";
	return testing::AssertionSuccess();
}

testing::AssertionResult accepted(const char *what, const Answer &answer)
{
	if (answer.ok())
		return testing::AssertionSuccess();
	return testing::AssertionFailure() << what << "\n  refused with "
					   << errno_name(answer.error) << " \"" << answer.why << '"';
}

testing::AssertionResult same_bytes(const char *got_name, const char *, const Bytes &got,
				    const Bytes &wanted)
{
	size_t at = 0;

	if (got == wanted)
		return testing::AssertionSuccess();
	while (at < got.size() && at < wanted.size() && got[at] == wanted[at])
		at++;
	return testing::AssertionFailure()
	       << got_name << " differs at byte " << at << "\n  got    (" << got.size() << ") "
	       << mf::to_hex(View(got).first(std::min<size_t>(got.size(), 200))) << "\n  wanted ("
	       << wanted.size() << ") "
	       << mf::to_hex(View(wanted).first(std::min<size_t>(wanted.size(), 200)));
}

} // namespace lab

int main(int argc, char **argv)
{
	testing::InitGoogleTest(&argc, argv);
	/* A test may write to a device that has gone. */
	signal(SIGPIPE, SIG_IGN);
	return RUN_ALL_TESTS();
}
