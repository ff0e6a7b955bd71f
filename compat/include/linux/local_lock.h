/* SPDX-License-Identifier: GPL-2.0-only */
#include_next <linux/local_lock.h>
#include <megaflow_have.h>

#ifndef MF_COMPAT_LINUX_LOCAL_LOCK_H
#define MF_COMPAT_LINUX_LOCAL_LOCK_H

/*
 * Nothing is lost without it: on those kernels, PREEMPT_RT included, turning
 * BH off takes a lock of the CPU, which alone keeps others off its data. Newer
 * kernels want to drop that lock and so need this one.
 */
#ifndef HAVE_LOCAL_LOCK_NESTED_BH
#define local_lock_nested_bh(lock)	lockdep_assert_in_softirq()
#define local_unlock_nested_bh(lock)	do { } while (0)
#endif

#endif
