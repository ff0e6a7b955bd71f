/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MF_NOTIFY_H
#define MF_NOTIFY_H

int mf_notify_init(void);
void mf_notify_exit(void);

#endif
