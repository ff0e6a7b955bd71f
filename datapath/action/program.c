// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a program after its compilation.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <net/netlink.h>

#include "program.h"

/**
 * mf_program_free() - free a program that no packet runs
 * @prog: the program, or NULL
 *
 * Context: any but hard interrupt.
 */
void mf_program_free(struct mf_program *prog)
{
	const struct mf_program_ref *ref;

	if (!prog)
		return;
	for (ref = prog->refs; ref; ref = ref->next)
		ref->release(ref->object);
	kvfree(prog);
}

static void free_cb(struct rcu_head *rcu)
{
	mf_program_free(container_of(rcu, struct mf_program, rcu));
}

/**
 * mf_program_free_rcu() - free a program after the packets that run it
 * @prog: the program, or NULL; no new packet can find it
 *
 * Context: any.
 */
void mf_program_free_rcu(struct mf_program *prog)
{
	if (prog)
		call_rcu(&prog->rcu, free_cb);
}

/**
 * mf_program_put() - append the actions to a message, as they were given
 * @msg: the message
 * @attrtype: attribute that is to hold them
 * @prog: the program
 *
 * Context: any; @prog stays alive.
 * Return: 0, or -EMSGSIZE with @msg unchanged.
 */
int mf_program_put(struct sk_buff *msg, int attrtype, const struct mf_program *prog)
{
	return nla_put(msg, attrtype, prog->src_len, prog->src);
}

/**
 * mf_program_attr_size() - room that mf_program_put() needs
 * @prog: the program
 *
 * Context: any; @prog stays alive.
 * Return: bytes, header and padding included.
 */
size_t mf_program_attr_size(const struct mf_program *prog)
{
	return nla_total_size(prog->src_len);
}
