/* SPDX-License-Identifier: GPL-2.0-only */
#include_next <net/psample.h>
#include <megaflow_have.h>

#ifndef MF_COMPAT_NET_PSAMPLE_H
#define MF_COMPAT_NET_PSAMPLE_H

#include <linux/module.h>
#include <linux/skbuff.h>

/*
 * The members of struct psample_metadata cannot be had where they are not, and
 * a sample whose cookie is lost on the way would mislead its reader. So there
 * is no psample at all on those kernels, as on those that are built without.
 *
 * The function is found at run time: linked against, psample would have to be
 * there for our module to load. It cannot be loaded from a request, because
 * generic netlink lets no family register while it handles one.
 */
#if !defined(HAVE_PSAMPLE_COOKIE) || !IS_ENABLED(CONFIG_PSAMPLE)
#define MF_COMPAT_CANNOT_PSAMPLE
#endif

typedef void (*mf_psample_fn)(struct psample_group *group, const struct sk_buff *skb,
			      u32 sample_rate, const struct psample_metadata *md);

/**
 * mf_psample_request - get hold of psample, if its module is loaded
 *
 * Context: process.
 * Return: psample_sample_packet(), to be let go of with mf_psample_release();
 * NULL if there is none that carries cookies.
 */
static inline mf_psample_fn mf_psample_request(void)
{
#ifdef MF_COMPAT_CANNOT_PSAMPLE
	return NULL;
#else
	return symbol_get(psample_sample_packet);
#endif
}

/**
 * mf_psample_release - let go of psample
 *
 * Context: any.
 */
static inline void mf_psample_release(void)
{
#ifndef MF_COMPAT_CANNOT_PSAMPLE
	symbol_put(psample_sample_packet);
#endif
}

/**
 * mf_psample_set_cookie - put a cookie beside a sample, and say that its rate
 *	is a probability
 * @md: the sample's metadata
 * @cookie: the cookie
 * @len: its length
 *
 * Context: any.
 */
static inline void mf_psample_set_cookie(struct psample_metadata *md, const u8 *cookie, u32 len)
{
#ifndef MF_COMPAT_CANNOT_PSAMPLE
	md->user_cookie = cookie;
	md->user_cookie_len = len;
	md->rate_as_probability = 1;
#endif
}

#endif
