/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether a task that is switched from has bottom halves off.
 *
 * With PREEMPT_RT that is counted in the task, which cannot migrate meanwhile; without,
 * it is the CPU's count of preemption, and nobody is switched from.
 */
#ifndef LW_COMPAT_SOFTIRQ_H
#define LW_COMPAT_SOFTIRQ_H

#include <linux/sched.h>

static inline bool lw_bh_is_off(const struct task_struct *t)
{
#ifdef CONFIG_PREEMPT_RT
	return t->softirq_disable_cnt;
#else
	return false;
#endif
}

#endif
