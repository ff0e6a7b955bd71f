// SPDX-License-Identifier: GPL-2.0-only
#include "hints.h"

#include <cerrno>

namespace dpctl
{

namespace
{

struct Hint {
	const char *verbs; /* a part of the verb's name, empty: any */
	int code;
	const char *text;
};

constexpr Hint hints[] = {
	{"", EPERM, "this needs CAP_NET_ADMIN: run it as root"},
	{"add-dp", EEXIST, "a device of that name exists"},
	{"-if", ENODEV, "there is no such device in this network namespace"},
	{"-if", EEXIST, "it is a port of this datapath already, or the name is taken"},
	{"-if", EBUSY,
	 "the port number is taken, or the device belongs to another datapath, bridge or bond"},
	{"-if", EAFNOSUPPORT, "the module knows no such type of port"},
	{"-if", EINVAL, "loopback and internal devices of a datapath cannot be ports"},
	{"-flow", ENOENT, "there is no such flow; one that has a ufid is found by that only"},
	{"-flow", EEXIST, "there is a flow with this key or ufid, or one that overlaps it"},
	{"-flow", EINVAL,
	 "key, mask and actions do not fit together; the kernel's log may tell more"},
	{"-flow", EOVERFLOW, "the actions are nested too deep"},
	{"dump-meters", EOPNOTSUPP, "this module cannot list meters; get-meter shows one"},
	{"set-meter", EFBIG, "there are as many meters as there may be"},
	{"execute", EINVAL, "the actions do not fit the packet; the kernel's log may tell more"},
	{"cache-set-size", EINVAL, "it must be 0 or a power of two"},
	{"cache-set-size", ERANGE, "it is more than a CPU's memory allows"},
};

} // namespace

std::string error_hint(std::string_view verb, int code)
{
	for (const Hint &hint : hints)
		if (hint.code == code && verb.find(hint.verbs) != std::string_view::npos)
			return hint.text;
	return {};
}

} // namespace dpctl
