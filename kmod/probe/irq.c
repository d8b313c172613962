// SPDX-License-Identifier: GPL-2.0
/* Probes of interrupts and softirqs; they give to path/irq.c. */
#include <linux/interrupt.h>
#include <trace/events/irq.h>

#include "compat/trace_timer.h"
#include "probe/probe.h"
#include "path/path.h"

/*
 * Where timers and IPIs have handlers like those of devices, these are a CPU's
 * own, and open nothing. One that comes as an NMI (a performance counter's, on
 * arm64) can come upon another probe, too: it is let go.
 */
static bool is_device(const struct irqaction *action)
{
	return !(action->flags & IRQF_PERCPU);
}

LW_PROBE(irq_handler_entry,
	 LW_ARGS(int irq, struct irqaction *action),
	 irq, action)
{
	struct lw_event *ev;

	if (in_nmi())
		return;
	ev = lw_enter_off();
	if (lw_trail_is_on())
		lw_trail_irq_entry(ev);
	if (is_device(action))
		lw_irq_entry(ev, irq);
	lw_leave_off(ev);
}

LW_PROBE_CHECK(irq_handler_entry);

/*
 * A thread that went to sleep until its next interrupt did not find itself asked
 * for: the handler's asking wakes it. One that is still on its run queue, on its
 * way there or back, may find out without a wake.
 */
static bool sleeps(const struct task_struct *t)
{
	return !READ_ONCE(t->on_rq) &&
	       READ_ONCE(t->__state) == TASK_INTERRUPTIBLE;
}

LW_PROBE(irq_handler_exit,
	 LW_ARGS(int irq, struct irqaction *action, int ret),
	 irq, action, ret)
{
	const struct task_struct *thread =
		ret & IRQ_WAKE_THREAD ? action->thread : NULL;
	struct lw_event *ev;

	if (in_nmi())
		return;
	ev = lw_enter();
	if (lw_trail_is_on())
		lw_trail_irq_exit(ev, irq, action->name);
	if (is_device(action))
		lw_irq_exit(ev, thread, thread && sleeps(thread));
	lw_leave(ev);
}

LW_PROBE_CHECK(irq_handler_exit);

LW_PROBE(hrtimer_expire_entry,
	 LW_ARGS(struct hrtimer *timer, LW_HRTIMER_NOW now),
	 timer, now)
{
	struct lw_event *ev;

	ev = lw_enter();
	lw_timer_entry(ev);
	lw_leave(ev);
}

LW_PROBE_CHECK(hrtimer_expire_entry);

LW_PROBE(hrtimer_expire_exit, LW_ARGS(struct hrtimer *timer), timer)
{
	struct lw_event *ev;

	ev = lw_enter();
	lw_timer_exit(ev);
	lw_leave(ev);
}

LW_PROBE_CHECK(hrtimer_expire_exit);

LW_PROBE(softirq_raise, LW_ARGS(unsigned int vec), vec)
{
	struct lw_event *ev;

	if (vec != NET_RX_SOFTIRQ)
		return;
	ev = lw_enter_off();
	lw_net_rx_raise(ev);
	lw_leave_off(ev);
}

LW_PROBE_CHECK(softirq_raise);

/*
 * Who runs a softirq. A user can give any name to a thread of his, but not to
 * a kernel thread. memcmp() of a few bytes is a comparison, strncmp() a call.
 */
static enum latwatch_stage runner(const struct task_struct *t)
{
	if (!(t->flags & PF_KTHREAD))
		return LATWATCH_STAGE_SOFTIRQ_WAIT_OTHER;
	if (!memcmp(t->comm, "irq/", 4))
		return LATWATCH_STAGE_SOFTIRQ_WAIT_THREAD;
	if (!memcmp(t->comm, "ksoftirqd/", 10))
		return LATWATCH_STAGE_SOFTIRQ_WAIT_KSOFTIRQD;
	if (!memcmp(t->comm, "ktimers/", 8))
		return LATWATCH_STAGE_SOFTIRQ_WAIT_KTIMERS;
	return LATWATCH_STAGE_SOFTIRQ_WAIT_OTHER;
}

LW_PROBE(softirq_entry, LW_ARGS(unsigned int vec), vec)
{
	struct lw_event *ev;

	if (vec != NET_RX_SOFTIRQ && !lw_trail_is_on())
		return;
	ev = lw_enter();
	if (lw_trail_is_on())
		lw_trail_softirq_entry(ev, vec);
	if (vec == NET_RX_SOFTIRQ)
		lw_net_rx_entry(ev, runner(ev->task));
	lw_leave(ev);
}

LW_PROBE_CHECK(softirq_entry);

LW_PROBE(softirq_exit, LW_ARGS(unsigned int vec), vec)
{
	struct lw_event *ev;

	if (vec != NET_RX_SOFTIRQ && !lw_trail_is_on())
		return;
	ev = lw_enter();
	if (lw_trail_is_on())
		lw_trail_softirq_exit(ev, vec);
	if (vec == NET_RX_SOFTIRQ)
		lw_net_rx_exit(ev);
	lw_leave(ev);
}

LW_PROBE_CHECK(softirq_exit);

#define SOFTIRQ_WAIT	(LW_BLIND(SOFTIRQ_WAIT) | \
			 LW_BLIND(SOFTIRQ_WAIT_THREAD) | \
			 LW_BLIND(SOFTIRQ_WAIT_KSOFTIRQD) | \
			 LW_BLIND(SOFTIRQ_WAIT_KTIMERS) | \
			 LW_BLIND(SOFTIRQ_WAIT_NAPI) | \
			 LW_BLIND(SOFTIRQ_WAIT_OTHER))
#define IRQ_THREAD	(LW_BLIND(IRQ_THREAD_WAKE) | LW_BLIND(IRQ_THREAD))

const struct lw_probe lw_probes_irq[] = {
	{ "hrtimer_expire_exit", probe_hrtimer_expire_exit, 0,
	  "polls can be taken for those that a timer began" },
	{ "hrtimer_expire_entry", probe_hrtimer_expire_entry, 0,
	  "polls that a timer began count as begun by nothing" },
	{ "softirq_exit", probe_softirq_exit, 0,
	  "packets of other contexts can be taken for a softirq's" },
	{ "softirq_entry", probe_softirq_entry,
	  SOFTIRQ_WAIT | LW_BLIND(NAPI),
	  "flights begin in the stack" },
	{ "softirq_raise", probe_softirq_raise,
	  LW_BLIND(HARD_IRQ) | IRQ_THREAD | SOFTIRQ_WAIT,
	  "flights begin with the softirq" },
	{ "irq_handler_exit", probe_irq_handler_exit, IRQ_THREAD,
	  "irq threads are not followed" },
	{ "irq_handler_entry", probe_irq_handler_entry,
	  LW_BLIND(HARD_IRQ) | IRQ_THREAD,
	  "flights begin with the raise of NET_RX" },
	{ }
};
