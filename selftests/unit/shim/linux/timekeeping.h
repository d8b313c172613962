/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The clock stands still until a test moves it, or, where threads race, goes
 * on with each look at it, so that it orders what happens as a real one does.
 */
#ifndef SHIM_LINUX_TIMEKEEPING_H
#define SHIM_LINUX_TIMEKEEPING_H

#include <linux/types.h>

extern u64 shim_now_ns;
extern bool shim_clock_runs;

static inline u64 ktime_get_mono_fast_ns(void)
{
	/* relaxed: reading the time must not order anything else */
	if (shim_clock_runs)
		return __atomic_add_fetch(&shim_now_ns, 10, __ATOMIC_RELAXED);
	return shim_now_ns;
}

static inline u64 ktime_get_real_ns(void)
{
	return ktime_get_mono_fast_ns();
}

#endif
