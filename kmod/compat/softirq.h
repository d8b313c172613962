/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether a task that runs softirqs has its CPU's for itself until it is done.
 *
 * With PREEMPT_RT that was so by a lock, which from 6.18 on is only there if it
 * is configured; without, a task of higher priority runs its own softirqs in
 * between, and what a CPU carries (engine/event.h) would be mixed up. To be deleted when
 * that is kept for each of them.
 */
#ifndef LW_COMPAT_SOFTIRQ_H
#define LW_COMPAT_SOFTIRQ_H

#include <linux/kconfig.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
#define LW_SOFTIRQS_IN_TURN (!IS_ENABLED(CONFIG_PREEMPT_RT) || \
			     IS_ENABLED(CONFIG_PREEMPT_RT_NEEDS_BH_LOCK))
#else
#define LW_SOFTIRQS_IN_TURN 1
#endif

#endif
