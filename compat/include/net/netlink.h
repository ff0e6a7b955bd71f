/* SPDX-License-Identifier: GPL-2.0-only */
#include_next <net/netlink.h>
#include <megaflow_have.h>

#ifndef MF_COMPAT_NET_NETLINK_H
#define MF_COMPAT_NET_NETLINK_H

#ifndef HAVE_NLA_POLICY_MAX_LEN
#define NLA_POLICY_MAX_LEN(len)	NLA_POLICY_MAX(NLA_BINARY, len)
#endif

#ifndef HAVE_NLA_GET_DEFAULT
static inline u8 nla_get_u8_default(const struct nlattr *nla, u8 def)
{
	return nla ? nla_get_u8(nla) : def;
}

static inline u16 nla_get_u16_default(const struct nlattr *nla, u16 def)
{
	return nla ? nla_get_u16(nla) : def;
}

static inline u32 nla_get_u32_default(const struct nlattr *nla, u32 def)
{
	return nla ? nla_get_u32(nla) : def;
}

static inline s32 nla_get_s32_default(const struct nlattr *nla, s32 def)
{
	return nla ? nla_get_s32(nla) : def;
}

static inline u64 nla_get_u64_default(const struct nlattr *nla, u64 def)
{
	return nla ? nla_get_u64(nla) : def;
}
#endif

#endif
