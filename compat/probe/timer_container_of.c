// SPDX-License-Identifier: GPL-2.0-only
// Is from_timer() called timer_container_of()? Since 6.16.
#include <linux/timer.h>

struct state {
	struct timer_list timer;
};

struct state *probe(struct timer_list *t)
{
	struct state *state = timer_container_of(state, t, timer);

	return state;
}
