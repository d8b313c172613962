/* SPDX-License-Identifier: GPL-2.0 */
/* The clock stands still until a test moves it. */
#ifndef SHIM_LINUX_TIMEKEEPING_H
#define SHIM_LINUX_TIMEKEEPING_H

#include <linux/types.h>

extern __thread u64 shim_now_ns;

static inline u64 ktime_get_mono_fast_ns(void)
{
	return shim_now_ns;
}

static inline u64 ktime_get_real_ns(void)
{
	return shim_now_ns;
}

#endif
