// SPDX-License-Identifier: GPL-2.0-only
// Is there a local lock for sections that have BH off? Since 6.11.
#include <linux/local_lock.h>

struct state {
	local_lock_t lock;
};

void probe(struct state __percpu *state)
{
	local_lock_nested_bh(&state->lock);
	local_unlock_nested_bh(&state->lock);
}
