/* SPDX-License-Identifier: GPL-2.0-only */
#include_next <linux/timer.h>
#include <megaflow_have.h>

#ifndef MF_COMPAT_LINUX_TIMER_H
#define MF_COMPAT_LINUX_TIMER_H

#ifndef HAVE_TIMER_CONTAINER_OF
#define timer_container_of(var, timer, member) from_timer(var, timer, member)
#endif

#endif
