// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that lay inside packets.
 */
#include <linux/skbuff.h>

#include "encap.h"
#include "key/extract.h"

/**
 * mf_exec_unwrapped() - what was payload is a frame from here on
 * @x: the run; its packet begins with that frame's Ethernet header
 *
 * Actions that follow ask where the frame's headers are, and for its tag.
 *
 * Context: BH off.
 * Return: 0, or a negative errno if it is no frame.
 */
int mf_exec_unwrapped(struct act_exec *x)
{
	int err;

	x->key->mac_proto = MF_MAC_ETHERNET;
	err = mf_key_refresh(x->key, x->skb);
	if (unlikely(err))
		return err;
	x->stale = false;
	return 0;
}
