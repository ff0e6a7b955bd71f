// SPDX-License-Identifier: GPL-2.0-only
// Do samples carry a cookie, and a rate that is a probability? Since 6.11.
#include <net/psample.h>

void probe(struct psample_metadata *md, const u8 *cookie)
{
	md->user_cookie = cookie;
	md->user_cookie_len = 16;
	md->rate_as_probability = 1;
}
