// SPDX-License-Identifier: GPL-2.0
/* Who had a CPU. See trail.h. */
#include <linux/cpumask.h>
#include <linux/string.h>

#include "culprit/trail.h"
#include "engine/event.h"
#include "engine/task.h"

DEFINE_STATIC_KEY_FALSE(lw_trail_key);
u64 lw_trail_since_ns;

static struct lw_span *next_span(struct lw_trail *t)
{
	return &t->span[t->head % LW_TRAIL];
}

static void done(struct lw_trail *t)
{
	/* pairs with the acquire in walk() and look(), culprit/blame.c */
	smp_store_release(&t->head, t->head + 1);
}

/* what @t did until now, or the softirq that it ran */
static void note_task(struct lw_trail *trail, const struct task_struct *t, u64 now)
{
	struct lw_span *s = next_span(trail);

	WRITE_ONCE(s->end_ns, now); /* others look for it */
	s->pid = t->pid;
	s->prio = t->prio;
	s->policy = t->policy;
	/* data_race(): a torn name is a name */
	data_race(memcpy(s->name, t->comm, sizeof(s->name)));
	if (trail->in_softirq == t) {
		s->kind = LATWATCH_CULPRIT_KIND_SOFTIRQ;
		s->id = trail->vector;
	} else {
		s->kind = t->pid ? LATWATCH_CULPRIT_KIND_THREAD :
				   LATWATCH_CULPRIT_KIND_IDLE;
		s->id = 0;
	}
	done(trail);
}

/* what is about one task alone, and replaces what others did meanwhile */
static struct lw_span *note_own(struct lw_trail *trail, const struct task_struct *t,
				u8 kind, u64 begin, u64 now)
{
	struct lw_span *s = next_span(trail);

	WRITE_ONCE(s->end_ns, now); /* others look for it */
	s->begin_ns = begin;
	s->id = 0;
	s->pid = t->pid;
	s->prio = t->prio;
	s->policy = t->policy;
	s->kind = kind;
	s->name[0] = 0;
	return s;
}

/**
 * lw_trail_switch() - a watched CPU switches
 * @c: this CPU
 * @prev: from whom
 *
 * Return: when.
 */
u64 lw_trail_switch(struct lw_cpu *c, const struct task_struct *prev)
{
	u64 now = lw_clock_ns();

	note_task(&c->trail, prev, now);
	return now;
}

/* it was blocked: by whom, if that is known */
static void note_block(struct lw_trail *trail, const struct lw_task *s, u64 now)
{
	struct lw_span *span = note_own(trail, s->task, LATWATCH_CULPRIT_KIND_BLOCKED,
					s->blocked_ns, now);

	if (s->on_lock) {
		span->kind = LATWATCH_CULPRIT_KIND_LOCK;
		span->id = s->holder.pid;
		span->prio = s->holder.prio;
		span->policy = s->holder.policy;
		memcpy(span->name, s->holder.comm, sizeof(span->name));
	}
	done(trail);
}

/* a followed task that waited runs; what is about it alone comes after who ran before */
static void comes_back(struct lw_cpu *c, struct lw_task *s, u64 now)
{
	if (unlikely(s->off_cpu && s->off_cpu != c->id + 1) && now) {
		note_own(&c->trail, s->task, LW_SPAN_AWAY, 0, now);
		done(&c->trail);
	}
	if (unlikely(s->moved_ns) && now) {
		note_own(&c->trail, s->task, LATWATCH_CULPRIT_KIND_MOVED, s->moved_ns,
			 now)->id = s->moved_from;
		done(&c->trail);
	}
	if (unlikely(s->blocked_ns) && now)
		note_block(&c->trail, s, now);
	s->off_cpu = 0;
	s->moved_ns = 0;
	s->blocked_ns = 0;
	lw_unwatch(s);
}

/**
 * lw_trail_followed() - a CPU switches from or to a followed task
 * @c: this CPU
 * @prev: from whom
 * @next: slot of the task that it switches to, or NULL
 * @off: why @prev does not run on
 * @now: when, 0: the CPU was not watched
 */
void lw_trail_followed(struct lw_cpu *c, const struct task_struct *prev,
		       struct lw_task *next, enum lw_off off, u64 now)
{
	struct lw_task *s = c->current_slot;

	c->noted_ns = now;
	if (s && s->task == prev && off != LW_OFF_SLEEPS) {
		lw_watch(s, c->id);
		s->off_cpu = c->id + 1;
		if (off == LW_OFF_BLOCKED) {
			s->blocked_ns = now;
			s->on_lock = s->contends;
		}
	}
	if (next && (next->watches || next->off_cpu))
		comes_back(c, next, now);
}

/**
 * lw_trail_irq_entry() - a device's interrupt handler is entered
 * @ev: where
 */
void lw_trail_irq_entry(struct lw_event *ev)
{
	struct lw_cpu *c = ev->cpu;

	c->noted_ns = 0;
	if (!lw_trail_watched(c))
		return;
	c->noted_ns = lw_clock_ns();
	note_task(&c->trail, ev->task, c->noted_ns);
}

/**
 * lw_trail_irq_exit() - it returns
 * @ev: where
 * @irq: its number
 * @name: its action's name
 */
void lw_trail_irq_exit(struct lw_event *ev, u32 irq, const char *name)
{
	struct lw_cpu *c = ev->cpu;
	struct lw_span *s;

	if (!lw_trail_watched(c))
		return;
	s = next_span(&c->trail);
	WRITE_ONCE(s->end_ns, lw_clock_ns());
	s->kind = LATWATCH_CULPRIT_KIND_HARD_IRQ;
	s->id = irq;
	s->pid = ev->task->pid;
	s->prio = ev->task->prio;
	s->policy = ev->task->policy;
	strscpy(s->name, name ?: "", sizeof(s->name));
	done(&c->trail);
}

/**
 * lw_trail_ipi_entry() - a CPU begins to serve an interrupt of its own
 * @ev: where
 */
void lw_trail_ipi_entry(struct lw_event *ev)
{
	ev->cpu->trail.function = 0;
	lw_trail_irq_entry(ev);
}

/**
 * lw_trail_ipi_exit() - it has served it
 * @ev: where
 * @ipi: which
 */
void lw_trail_ipi_exit(struct lw_event *ev, enum lw_ipi ipi)
{
	static const char names[LW_NIPIS][TASK_COMM_LEN] = {
		[LW_IPI_RESCHEDULE]  = "reschedule",
		[LW_IPI_CALL]	     = "call function",
		[LW_IPI_CALL_SINGLE] = "call one CPU",
		[LW_IPI_IRQ_WORK]    = "irq work",
		[LW_IPI_TIMER]	     = "timer",
	};
	struct lw_cpu *c = ev->cpu;
	struct lw_span *s;

	if (!lw_trail_watched(c))
		return;
	s = next_span(&c->trail);
	WRITE_ONCE(s->end_ns, lw_clock_ns());
	s->kind = LATWATCH_CULPRIT_KIND_IPI;
	s->id = ipi;
	s->pid = c->trail.function;
	s->prio = ev->task->prio;
	s->policy = ev->task->policy;
	memcpy(s->name, names[ipi], sizeof(s->name));
	done(&c->trail);
}

/**
 * lw_trail_idle_exit() - an idle CPU has left the state that it was in
 * @ev: where
 */
void lw_trail_idle_exit(struct lw_event *ev)
{
	struct lw_cpu *c = ev->cpu;

	if (lw_trail_watched(c)) {
		struct lw_span *s = next_span(&c->trail);

		WRITE_ONCE(s->end_ns, lw_clock_ns());
		s->kind = LATWATCH_CULPRIT_KIND_IDLE;
		s->id = c->trail.idle_state;
		s->pid = 0;
		s->prio = ev->task->prio;
		s->policy = ev->task->policy;
		memcpy(s->name, ev->task->comm, sizeof(s->name));
		done(&c->trail);
	}
	c->trail.idle_state = 0;
}

/**
 * lw_trail_lock() - the current task waits for a lock
 * @ev: where
 * @holder: who holds it, NULL: that is not known
 */
void lw_trail_lock(struct lw_event *ev, const struct task_struct *holder)
{
	struct lw_task *s = ev->cpu->current_slot;

	if (!s || s->task != ev->task || !holder)
		return;
	s->contends = true;
	s->holder.pid = holder->pid;
	s->holder.prio = holder->prio;
	s->holder.policy = holder->policy;
	/* data_race(): a torn name is a name */
	data_race(memcpy(s->holder.comm, holder->comm, sizeof(s->holder.comm)));
}

/**
 * lw_trail_lock_end() - it has the lock, or waits for it no more
 * @ev: where
 */
void lw_trail_lock_end(struct lw_event *ev)
{
	struct lw_task *s = ev->cpu->current_slot;

	if (s && s->task == ev->task)
		s->contends = false;
}

/**
 * lw_trail_softirq_entry() - a softirq begins
 * @ev: where
 * @vector: which
 */
void lw_trail_softirq_entry(struct lw_event *ev, u8 vector)
{
	struct lw_cpu *c = ev->cpu;

	c->noted_ns = 0;
	if (lw_trail_watched(c)) {
		c->noted_ns = lw_clock_ns();
		note_task(&c->trail, ev->task, c->noted_ns);
	}
	c->trail.in_softirq = ev->task;
	c->trail.vector = vector;
}

/**
 * lw_trail_softirq_exit() - it ends
 * @ev: where
 * @vector: which
 */
void lw_trail_softirq_exit(struct lw_event *ev, u8 vector)
{
	struct lw_cpu *c = ev->cpu;

	/* or the softirq was preempted by another */
	c->trail.in_softirq = ev->task;
	c->trail.vector = vector;
	if (lw_trail_watched(c))
		note_task(&c->trail, ev->task, lw_clock_ns());
	c->trail.in_softirq = NULL;
}

/**
 * lw_watch() - a CPU has somebody who waits for it
 * @s: the waiting task's slot
 * @cpu: the CPU
 */
void lw_watch(struct lw_task *s, unsigned int cpu)
{
	if (!cmpxchg(&s->watches, 0, cpu + 1))
		atomic_inc(&lw_cpu_of(cpu)->trail.watchers);
}

/**
 * lw_unwatch() - a task waits no more
 * @s: its slot
 */
void lw_unwatch(struct lw_task *s)
{
	unsigned int was;

	if (!READ_ONCE(s->watches))
		return;
	was = xchg(&s->watches, 0);
	if (was)
		atomic_dec(&lw_cpu_of(was - 1)->trail.watchers);
}

/**
 * lw_trail_moves() - a followed task that waits is given to another CPU
 * @s: its slot
 * @to: the CPU
 * @waited: it was on the other one's run queue; or the wake only now finds it a CPU
 *
 * Context: the task's pi_lock or its run queue's lock is held.
 */
void lw_trail_moves(struct lw_task *s, unsigned int to, bool waited)
{
	unsigned int was = READ_ONCE(s->watches);

	if (!was || was == to + 1)
		return;
	lw_unwatch(s);
	lw_watch(s, to);
	if (!waited)
		return;
	s->moved_from = was - 1;
	s->moved_ns = lw_clock_ns();
}

/** lw_trail_begin() - look for culprits from now on; it was not done */
void lw_trail_begin(void)
{
	WRITE_ONCE(lw_trail_since_ns, lw_clock_ns());
	static_branch_enable(&lw_trail_key);
}

/**
 * lw_trail_end() - look for culprits no more
 * @wait: returns when no probe runs any more that ran when it was called
 */
void lw_trail_end(void (*wait)(void))
{
	struct lw_task *s = lw_task_table.entries;
	unsigned int i;

	static_branch_disable(&lw_trail_key);
	wait();
	for (i = 0; i < lw_table_slots(&lw_task_table); i++) {
		s[i].watches = 0;
		s[i].off_cpu = 0;
		s[i].moved_ns = 0;
		s[i].blocked_ns = 0;
		s[i].contends = false;
	}
	for_each_possible_cpu(i) {
		struct lw_cpu *c = lw_cpu_of(i);

		atomic_set(&c->trail.watchers, 0);
		c->trail.in_softirq = NULL;
		c->trail.idle_state = 0;
		c->noted_ns = 0;
	}
}
