/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether anything is measured: the probes are attached, or the module is
 * loaded and costs nothing.
 *
 * Off, the figures stay as they are and can be read. On again, all begins as
 * after the load, in a new epoch: what was on its way has gone unseen.
 */
#ifndef LW_MEASURE_H
#define LW_MEASURE_H

#include <linux/types.h>

int lw_measure_init(bool kprobes);
void lw_measure_exit(void);
int lw_measure_set(bool on);
bool lw_measuring(void);

#endif
