// SPDX-License-Identifier: GPL-2.0
/*
 * Probes of the scheduler; they give to path/wake.c.
 *
 * sched_waking runs with the wakee's pi_lock held, sched_switch with the run
 * queue's: interrupts are off in both, and nothing here may wake anybody. But
 * who wakes itself, or is woken by a timer while it is about to sleep, takes no
 * lock: then only preemption is off.
 */
#include <linux/mm_types.h>
#include <linux/sched.h>

#include "compat/trace_sched.h"
#include "probe/probe.h"
#include "path/path.h"

/* apart, so that a wake of a task that is not followed saves no register */
static noinline void waking(struct task_struct *p)
{
	struct lw_task *s = lw_task_find(p);
	struct lw_event *ev;

	if (lw_waking_is_plain(lw_this_cpu(), p, s, in_hardirq()))
		return;
	ev = lw_enter();
	lw_waking(ev, p, s, IS_ENABLED(CONFIG_SMP) ? READ_ONCE(p->on_cpu) :
						       p == ev->task);
	lw_leave(ev);
}

LW_PROBE(sched_waking, LW_ARGS(struct task_struct *p), p)
{
	/*
	 * A waiter for a sleeping lock of RT is woken to go on with what it
	 * did: that hands nothing over.
	 */
	if (IS_ENABLED(CONFIG_PREEMPT_RT) &&
	    READ_ONCE(p->__state) & TASK_RTLOCK_WAIT)
		return;
	if (unlikely(lw_waking_matters(lw_this_cpu(), p)))
		waking(p);
}

LW_PROBE_CHECK(sched_waking);

static noinline void switches(const struct task_struct *prev,
			      const struct task_struct *next, enum lw_off off,
			      u64 now)
{
	struct lw_task *s = lw_task_find(next);
	struct lw_event *ev;

	/* who goes to sleep here, and nobody waits, is of no interest to anybody */
	if (lw_trail_is_on() && (now || s))
		lw_trail_followed(lw_this_cpu(), prev, s, off, now);
	if (lw_switch_plain(lw_this_cpu(), prev, s, off == LW_OFF_SLEEPS))
		return;
	ev = lw_enter_off();
	lw_switch(ev, prev, s, off == LW_OFF_SLEEPS);
	lw_leave_off(ev);
}

static __always_inline enum lw_off why(bool preempt, unsigned int state)
{
	if (preempt || !state)
		return LW_OFF_PREEMPTED;
	return state & (TASK_INTERRUPTIBLE | TASK_NOLOAD) ? LW_OFF_SLEEPS :
							     LW_OFF_BLOCKED;
}

LW_PROBE(sched_switch,
	 LW_ARGS(bool preempt, struct task_struct *prev,
		 struct task_struct *next, unsigned int prev_state),
	 preempt, prev, next, prev_state)
{
	struct lw_cpu *c = lw_this_cpu();
	enum lw_off off = why(preempt, prev_state);
	u64 now = 0;

	if (lw_trail_is_on() && lw_trail_watched_at_switch(c, off))
		now = lw_trail_switch(c, prev);
	if (unlikely(lw_switch_matters(c, next)))
		switches(prev, next, off, now);
}

LW_PROBE_CHECK(sched_switch);

/* a task that waits for its CPU is given another; on_rq: it did not just wake */
LW_PROBE(sched_migrate_task, LW_ARGS(struct task_struct *p, int dest_cpu),
	 p, dest_cpu)
{
	struct lw_task *s;

	if (!lw_trail_is_on() || likely(!lw_table_may_have(&lw_task_table, p)))
		return;
	s = lw_task_find(p);
	if (s)
		lw_trail_moves(s, dest_cpu, READ_ONCE(p->on_rq));
}

LW_PROBE_CHECK(sched_migrate_task);

LW_PROBE(sched_process_exit, LW_ARGS(LW_PROCESS_EXIT_ARGS),
	 LW_PROCESS_EXIT_NAMES)
{
	struct lw_event *ev;

	ev = lw_enter();
	lw_task_gone(ev, p);
	lw_leave(ev);
}

LW_PROBE_CHECK(sched_process_exit);

const struct lw_probe lw_probes_sched[] = {
	{ "sched_process_exit", probe_sched_process_exit, 0,
	  "tasks and VMs that end are not noticed" },
	{ "sched_migrate_task", probe_sched_migrate_task, 0,
	  "who kept the CPU from a task that is moved is not known" },
	{ "sched_switch", probe_sched_switch,
	  LW_BLIND(IRQ_THREAD_WAKE) | LW_BLIND(IRQ_THREAD) |
	  LW_BLIND(BACKEND_WAKE) | LW_BLIND(VCPU_WAKE) | LW_BLIND(ENTRY),
	  "when a woken task runs is not known" },
	{ "sched_waking", probe_sched_waking,
	  LW_BLIND(IRQ_THREAD_WAKE) | LW_BLIND(IRQ_THREAD) |
	  LW_BLIND(BACKEND_WAKE) | LW_BLIND(SIGNAL) | LW_BLIND(VCPU_WAKE) |
	  LW_BLIND(ENTRY),
	  "flights are not handed from task to task" },
	{ }
};
