/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one clock: CLOCK_MONOTONIC, read without a lock.
 *
 * It is the same on all CPUs, may be read in any context and is ftrace's
 * "mono", so a trace of the same run can be compared to the nanosecond. It
 * stands still while the machine is suspended.
 *
 * Being read without a lock, it may step back a little between two CPUs when
 * the kernel corrects its rate, and more where CPUs' counters disagree.
 * lw_stat_add() tells such a duration from a long one.
 */
#ifndef LW_CLOCK_H
#define LW_CLOCK_H

#include <linux/timekeeping.h>

#define LW_CLOCK_NAME	"mono"

#ifdef __KERNEL__
u64 lw_clock_ns(void);
int lw_clock_init(void);
void lw_clock_exit(void);
#else
static inline u64 lw_clock_ns(void)
{
	return ktime_get_mono_fast_ns();
}
#endif

#endif
