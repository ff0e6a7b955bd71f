/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every maximum of the datapath, each with its reason.
 */
#ifndef MF_LIMITS_H
#define MF_LIMITS_H

#include <linux/build_bug.h>
#include <linux/percpu.h>
#include <linux/types.h>

/* Port numbers are 16 bits in the key; the last value means "none". */
#define MF_PORTS_MAX		65535

/*
 * Levels of action lists inside action lists. The ABI promises sixteen; the
 * compiler recurses once a level, and nothing else does.
 */
#define MF_NEST_MAX		16

/*
 * Words in a compiled program: what a 16-bit skip distance can span. The
 * largest list of a netlink attribute, 65,531 bytes, stays well below it.
 */
#define MF_PROGRAM_WORDS_MAX	65535

/* Bytes of one action list: a netlink attribute's 16-bit length less its header. */
#define MF_ACTIONS_LEN_MAX	65531

/*
 * Times one CPU may enter the datapath from within itself, through devices
 * whose transmit path leads back (a tunnel routed over an internal port).
 * Each entry costs kernel stack, and five have always been enough.
 */
#define MF_ENTER_MAX		5

/*
 * Return points that the executor holds: a body on each static level, and as
 * many again for lookups that are not the last action of their list. What
 * does not fit is put off in a queue.
 */
#define MF_FRAMES_MAX		32

/* Packets that one run may put off. Past it, a packet is dropped and counted. */
#define MF_DEFERRED_MAX		64

/*
 * Table lookups that one packet may go through, one after the other. Real
 * pipelines stay below twenty; a loop of flows must end.
 */
#define MF_RECIRC_MAX		256

/*
 * Table lookups that all packets of one outermost run may cause, copies and
 * what comes back through devices included. A flow that recirculates twice to
 * itself would double them each time.
 */
#define MF_RUN_LOOKUPS_MAX	4096

/*
 * Meters of a datapath. User space numbers them from 0, and asks how many there
 * may be. Each costs a quarter of a KiB.
 */
#define MF_METERS_MAX		200000

/*
 * Bytes of NSH's context: six bits count the words of the header, of which two
 * are its base. The kernels' own constant has not always known that.
 */
#define MF_NSH_CONTEXT_MAX	(0x3f * 4 - 8)

/*
 * Bytes in front of the IP header of a packet that leaves in fragments: Ethernet
 * and four tags or labels. The ABI says so.
 */
#define MF_FRAG_L2_MAX		30

/* Bytes of a UFID. */
#define MF_UFID_MAX		16

/* The default and largest values of MASKS_CACHE_SIZE, in entries a CPU. */
#define MF_MASKS_CACHE_DEFAULT	256
#define MF_MASKS_CACHE_MAX	(PCPU_MIN_UNIT_SIZE / 8)

/*
 * Entries of the per-CPU cache for each one that MASKS_CACHE_SIZE asks for, of
 * which user space has an idea that comes from another cache; and its largest
 * number, a quarter of a MiB a CPU.
 */
#define MF_CACHE_SCALE		16
#define MF_CACHE_ENTRIES_MAX	16384

static_assert(MF_FRAMES_MAX > MF_NEST_MAX);

#endif
