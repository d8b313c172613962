/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The arguments of sched:sched_process_exit, which grew, and their names.
 *
 * To be deleted when the oldest kernel is 6.16.
 */
#ifndef LW_COMPAT_TRACE_SCHED_H
#define LW_COMPAT_TRACE_SCHED_H

#include <linux/version.h>
#include <trace/events/sched.h>

/* since 6.16: whether the task is the last of its thread group */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)
#define LW_PROCESS_EXIT_ARGS	struct task_struct *p
#define LW_PROCESS_EXIT_NAMES	p
#else
#define LW_PROCESS_EXIT_ARGS	struct task_struct *p, bool group_dead
#define LW_PROCESS_EXIT_NAMES	p, group_dead
#endif

#endif
