/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The time that timer:hrtimer_expire_entry is given, by value on newer kernels.
 *
 * To be deleted when it is so on the oldest kernel.
 */
#ifndef LW_COMPAT_TRACE_TIMER_H
#define LW_COMPAT_TRACE_TIMER_H

#include <linux/ktime.h>
#include <trace/events/timer.h>

#include "compat/trace_type.h"

#define LW_HRTIMER_NOW \
	LW_TRACE_TYPE(hrtimer_expire_entry, ktime_t, ktime_t *, \
		      struct hrtimer *, ktime_t)

#endif
