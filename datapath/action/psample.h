/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Samples to the kernel's psample.
 */
#ifndef MF_ACTION_PSAMPLE_H
#define MF_ACTION_PSAMPLE_H

int mf_psample_get(void);
void mf_psample_exit(void);

#endif
