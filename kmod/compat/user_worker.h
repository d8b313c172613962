/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A vhost worker is a kernel thread up to 6.3, and from 6.4 on a thread of the
 * kernel's in the VMM's own group.
 *
 * To be deleted when the oldest kernel is 6.4.
 */
#ifndef LW_COMPAT_USER_WORKER_H
#define LW_COMPAT_USER_WORKER_H

#include <linux/sched.h>

static inline bool lw_is_worker(const struct task_struct *t)
{
#ifdef PF_USER_WORKER
	return t->flags & (PF_KTHREAD | PF_USER_WORKER);
#else
	return t->flags & PF_KTHREAD;
#endif
}

#endif
