/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who holds a lock that is waited for: the word that tells is in the lock, and which
 * lock it is, only the flags of lock:contention_begin say.
 */
#ifndef LW_COMPAT_TRACE_LOCK_H
#define LW_COMPAT_TRACE_LOCK_H

#include <linux/mutex.h>
#include <linux/rtmutex.h>
#include <trace/events/lock.h>

/*
 * The holder, or NULL: not known. It may let go and exit at any moment: it is looked at
 * under RCU, which a probe has.
 */
static inline const struct task_struct *lw_lock_holder(const void *lock, unsigned int flags)
{
	/* of what readers share the word is elsewhere */
	if (flags == LCB_F_RT)
		return (void *)((unsigned long)READ_ONCE(((const struct rt_mutex_base *)
							  lock)->owner) & ~1UL);
#ifndef CONFIG_PREEMPT_RT
	if (flags & LCB_F_MUTEX)
		return (void *)(atomic_long_read(&((const struct mutex *)lock)->owner) &
				~7UL);
#endif
	return NULL;
}

#endif
