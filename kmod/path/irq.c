// SPDX-License-Identifier: GPL-2.0
/*
 * The way from a hard irq to a poll of NAPI, by NET_RX or by a thread of its
 * own: takes the first marks, gives the poll its flight.
 */
#include "path/path.h"
#include "path/xdp.h"

/*
 * What is known of each interrupt number: LED, it has led to a poll or a signal once;
 * or how often it came without. A number that came QUIET times and never led to
 * anything hands nothing to its thread but the time of the interrupt: should it lead
 * to a poll one day, the poll begins with that, and its parts before the raise are not
 * known of that one. CPUs that count at once can lose some of it.
 */
static u8 known[LW_IRQS];

#define QUIET	64
#define LED	255

static void led(u32 irq)
{
	if (irq < LW_IRQS && READ_ONCE(known[irq]) != LED)
		WRITE_ONCE(known[irq], LED);
}

static bool is_quiet(u32 irq)
{
	u8 n;

	if (irq >= LW_IRQS)
		return false;
	n = READ_ONCE(known[irq]);
	if (n < QUIET)
		WRITE_ONCE(known[irq], n + 1);
	return n == QUIET;
}

/** lw_irq_clear() - know nothing of any interrupt; no probe may run */
void lw_irq_clear(void)
{
	memset(known, 0, sizeof(known));
}

/**
 * lw_irq_entry() - a device's interrupt handler is entered
 * @ev: where
 * @irq: number of the interrupt
 */
void lw_irq_entry(struct lw_event *ev, int irq)
{
	struct lw_cpu *c = ev->cpu;

	lw_flight_open(&c->irq, LATWATCH_ORIGIN_IRQ);
	c->irq.irq = irq;
	lw_mark(ev, &c->irq, LATWATCH_MARK_IRQ, lw_now(c));
	c->expect = NULL;
	c->hard.holds = 0;
	c->in_handler = true;
}

/**
 * lw_irq_exit() - the handler has returned
 * @ev: where
 * @expect: the irq thread that it asked for, or NULL
 * @asleep: the thread sleeps until it is woken
 *
 * The thread is woken after this, unless it runs or was asked for before and
 * has not begun: then no wake follows. So the flight may go to @expect alone;
 * timers and IPIs wake other tasks in hard irq context. A thread that does not
 * sleep is given the flight here: it will look again before it does. For one
 * that does, it is enough to say when the interrupt came, should another CPU
 * wake it before this one does. The same is enough for an interrupt that never
 * led to anything: of several until the thread sleeps again the oldest is kept.
 */
void lw_irq_exit(struct lw_event *ev, const struct task_struct *expect,
		 bool asleep)
{
	struct lw_cpu *c = ev->cpu;
	struct lw_task *s;

	if (!c->in_handler)
		return; /* its entry was not seen */
	c->in_handler = false;
	c->hard.holds = 0;
	c->expect = expect;
	if (!expect)
		return;
	s = lw_task_find(expect);
	if (!s)
		return;
	if (is_quiet(c->irq.irq)) {
		c->expect = NULL;
		if (READ_ONCE(s->asked_ns))
			return;
	} else if (unlikely(!asleep)) {
		lw_wake_irq_thread(ev, s, true, LW_WAKE_IRQ_AGAIN);
		return;
	}
	WRITE_ONCE(s->asked_cpu, c->id);
	/* pairs with the acquire in asked() */
	smp_store_release(&s->asked_ns, c->irq.begin_ns);
}

/*
 * The thread was asked for, and another CPU woke it before its wake: when the
 * handler ended and when the thread began is not known.
 */
static bool asked(struct lw_task *s, struct lw_flight *f)
{
	/* pairs with the release in lw_irq_exit() */
	u64 ns = smp_load_acquire(&s->asked_ns);
	u16 cpu = READ_ONCE(s->asked_cpu);

	/* or its wake comes at this moment, or the next interrupt */
	if (likely(!ns) || cmpxchg(&s->asked_ns, ns, 0) != ns)
		return false;
	lw_flight_open(f, LATWATCH_ORIGIN_IRQ);
	f->irq = s->flight.irq; /* a thread is of one interrupt */
	f->awake = true;
	lw_flight_set(f, LATWATCH_MARK_IRQ, ns, cpu);
	return true;
}

/**
 * lw_irq_carried() - the interrupt that this context works for
 * @ev: where
 * @f: takes its flight, which is handed on by that
 *
 * Return: false if it works for none.
 */
bool lw_irq_carried(struct lw_event *ev, struct lw_flight *f)
{
	struct lw_task *s;

	if (ev->level == LW_LEVEL_HARDIRQ && ev->cpu->in_handler) {
		lw_flight_copy(f, &ev->cpu->irq);
		lw_flight_cast(f, LATWATCH_ROLE_INTERRUPTED, ev->task);
		led(f->irq);
		return true;
	}
	if (ev->level != LW_LEVEL_TASK)
		return false;
	s = lw_task_self(ev);
	if (!s)
		return false;
	/* a reader's packet has that mark, too: of the irq before it */
	if (s->fresh &&
	    lw_flight_has(&s->flight, LATWATCH_MARK_THREAD_RUN) &&
	    !lw_flight_has(&s->flight, LATWATCH_MARK_READER_RUN)) {
		s->fresh = false;
		lw_flight_copy(f, &s->flight);
		led(f->irq);
		return true;
	}
	/* asked for again while it ran: there will be no switch */
	if (!lw_wake_answer_awake(s, ev, f) && !asked(s, f))
		return false;
	led(f->irq);
	return true;
}

/**
 * lw_record_irq() - record what an interrupt led to; absent marks, no record
 * @ev: where
 * @account: whose
 * @stages: of the handler, of the wake of its thread, of the thread
 * @f: the interrupt's flight
 * @end: the mark that it led to
 */
void lw_record_irq(struct lw_event *ev, unsigned int account,
		   const enum latwatch_stage stages[3],
		   const struct lw_flight *f, enum latwatch_mark end)
{
	if (!lw_flight_has(f, LATWATCH_MARK_THREAD_WAKE)) {
		/* or by a thread, and it is not known what was the handler's */
		if (!f->awake)
			lw_record(ev, account, stages[0], f, LATWATCH_MARK_IRQ,
				  end);
		return;
	}
	lw_record(ev, account, stages[0], f,
		  LATWATCH_MARK_IRQ, LATWATCH_MARK_THREAD_WAKE);
	if (!f->awake)
		lw_record(ev, account, stages[1], f,
			  LATWATCH_MARK_THREAD_WAKE, LATWATCH_MARK_THREAD_RUN);
	lw_record(ev, account, stages[2], f, LATWATCH_MARK_THREAD_RUN, end);
}

/**
 * lw_poll_raise() - this context asks for a poll
 * @ev: where
 * @f: takes the flight that the poll will have, with its raise
 * @thread: the ring of the NAPI thread that is asked, NULL: it has none yet, or NET_RX
 *          is
 * @now: when
 */
void lw_poll_raise(struct lw_event *ev, struct lw_flight *f,
		   const struct lw_ring *thread, u64 now)
{
	static const enum latwatch_stage stages[] = {
		LATWATCH_STAGE_HARD_IRQ, LATWATCH_STAGE_IRQ_THREAD_WAKE,
		LATWATCH_STAGE_IRQ_THREAD,
	};

	if (!lw_irq_carried(ev, f))
		lw_bound_raise(ev, f, thread, now);
	lw_mark(ev, f, LATWATCH_MARK_RAISE, now);
	lw_record_irq(ev, LW_HOST, stages, f, LATWATCH_MARK_RAISE);
}

/**
 * lw_poll_begin() - a poll begins
 * @ev: where
 * @f: its flight, with the raise
 * @runner: the part of softirq wait that its runner ends
 * @task: the runner
 * @now: when
 */
void lw_poll_begin(struct lw_event *ev, struct lw_flight *f,
		   enum latwatch_stage runner, const struct task_struct *task,
		   u64 now)
{
	lw_mark(ev, f, LATWATCH_MARK_SOFTIRQ, now);
	lw_flight_cast(f, LATWATCH_ROLE_RUNNER, task);
	if (f->origin == LATWATCH_ORIGIN_TIMER ||
	    f->origin == LATWATCH_ORIGIN_AFTER_EMPTY)
		lw_count(ev->cpu->id, LW_HOST, LW_NOTE_TIMER_POLLS, 1);
	else if (f->origin != LATWATCH_ORIGIN_IRQ)
		lw_count(ev->cpu->id, LW_HOST, LW_NOTE_POLLS, 1);
	lw_record(ev, LW_HOST, LATWATCH_STAGE_SOFTIRQ_WAIT, f,
		  LATWATCH_MARK_RAISE, LATWATCH_MARK_SOFTIRQ);
	lw_record(ev, LW_HOST, runner, f,
		  LATWATCH_MARK_RAISE, LATWATCH_MARK_SOFTIRQ);
}

/**
 * lw_net_rx_raise() - NET_RX is raised on this CPU
 * @ev: where
 */
void lw_net_rx_raise(struct lw_event *ev)
{
	struct lw_cpu *c = ev->cpu;
	struct lw_flight *f = c->raise_pending ? &c->raising : &c->raised;

	lw_poll_raise(ev, f, NULL, lw_clock_ns());
	if (unlikely(c->nrings))
		lw_bound_raised(ev, f->begin_ns);
	if (!c->raise_pending) {
		c->raise_pending = true;
		return;
	}
	lw_count(c->id, LW_HOST, LW_NOTE_RAISES, 1);
	if (c->raising.begin_ns < c->raised.begin_ns)
		lw_flight_copy(&c->raised, &c->raising);
}

/**
 * lw_net_rx_entry() - NET_RX begins to run on this CPU
 * @ev: where
 * @runner: the part of softirq wait that this runner ends
 */
void lw_net_rx_entry(struct lw_event *ev, enum latwatch_stage runner)
{
	struct lw_ctx *x = lw_ctx_get(ev);
	struct lw_cpu *c = ev->cpu;
	struct lw_flight *f = &x->softirq;
	u64 now;

	if (c->raise_pending)
		lw_flight_copy(f, &c->raised);
	else	/* raised before the module watched, or by a run that was preempted */
		lw_flight_open(f, LATWATCH_ORIGIN_POLL);
	c->raise_pending = false;
	x->holds &= ~LW_HOLDS_PACKET;
	x->holds |= LW_HOLDS_RUN;
	x->settled = false;
	if (unlikely(c->contexts & (c->contexts - 1)) && lw_ctx_older_run(c, x, f))
		lw_count(c->id, LW_HOST, LW_NOTE_RAISES, 1);
	now = lw_now(c);
	x->found = 0;
	x->poll_ns = now;
	if (unlikely(c->nrings))
		lw_bound_run(ev, f);
	lw_poll_begin(ev, f, runner, ev->task, now);
}

/**
 * lw_net_rx_exit() - NET_RX has run
 * @ev: where
 */
void lw_net_rx_exit(struct lw_event *ev)
{
	lw_ctx_drop(ev, LW_HOLDS_RUN | LW_HOLDS_PACKET | LW_HOLDS_XMIT |
			LW_HOLDS_XDP);
	if (unlikely(ev->cpu->nrings))
		lw_bound_run_over(ev->cpu);
}

/**
 * lw_polled() - a NIC's NAPI was polled
 * @ev: where
 * @poll: what came of it
 *
 * Whom the context wakes from now on, it does not wake for the last packet: NET_RX
 * polls the next NIC, which frees what it has sent and wakes who waits for that.
 * A NAPI thread that has used its budget polls again without being asked.
 */
void lw_polled(struct lw_event *ev, const struct lw_poll *poll)
{
	struct lw_ctx *x = lw_ctx(ev);
	struct lw_cpu *c = ev->cpu;
	struct lw_task *s;
	u32 found = 0;
	u64 now;

	if (poll->work > 1)
		lw_count(c->id, LW_HOST, LW_NOTE_NAPI_BATCHED, poll->work - 1);
	/* netpoll does it on top of anybody, with no budget */
	if (!poll->budget)
		return;
	if (x) {
		x->settled = true;
		found = x->found;
		x->found = 0;
		if (x->holds & LW_HOLDS_RUN)
			lw_bound_polled(ev, x, poll, found);
		/* what a backend has brought from its guest is not of this poll */
		if (!x->packet.from)
			lw_ctx_drop(ev, LW_HOLDS_PACKET);
	}
	if (ev->level != LW_LEVEL_TASK)
		return;
	s = lw_task_self(ev);
	if (!s || !(s->roles & LW_TASK_NAPI)) {
		/* whoever waits for packets polls for them */
		lw_count(c->id, LW_HOST, LW_NOTE_BUSY_POLLED, poll->work);
		return;
	}
	now = lw_clock_ns();
	if (!lw_bound_thread_polled(ev, s, poll, found, now)) {
		s->polls = false;
		return;
	}
	lw_poll_begin(ev, &s->flight, LATWATCH_STAGE_SOFTIRQ_WAIT_NAPI,
		      ev->task, now);
}

/**
 * lw_polled_virtual() - a NAPI was polled that is no NIC's
 * @ev: where
 */
void lw_polled_virtual(struct lw_event *ev)
{
	struct lw_ctx *x = lw_ctx(ev);

	/* what it found is nothing that a NIC's poll found */
	if (x)
		x->found = 0;
}

/**
 * lw_timer_entry() - a high resolution timer expires
 * @ev: where
 */
void lw_timer_entry(struct lw_event *ev)
{
	lw_ctx_get(ev)->holds |= LW_HOLDS_TIMER;
}

/**
 * lw_timer_exit() - its function has returned
 * @ev: where
 */
void lw_timer_exit(struct lw_event *ev)
{
	/* in hard irq context the function has woken the vCPU that it signalled */
	lw_ctx_drop(ev, ev->level == LW_LEVEL_HARDIRQ ?
				LW_HOLDS_TIMER | LW_HOLDS_SIGNALS :
				LW_HOLDS_TIMER);
}

/**
 * lw_wake_irq_thread() - hand this CPU's interrupt over to its thread
 * @ev: where
 * @s: the thread
 * @awake: it is on a CPU
 * @kind: LW_WAKE_IRQ_AGAIN if it is not woken, or not yet: it may be at work
 *        and look again before it sleeps
 */
void lw_wake_irq_thread(struct lw_event *ev, struct lw_task *s, bool awake,
			enum lw_wake_kind kind)
{
	struct lw_cpu *c = ev->cpu;
	u64 now = lw_clock_ns();

	lw_mark(ev, &c->irq, LATWATCH_MARK_THREAD_WAKE, now);
	lw_flight_cast(&c->irq, LATWATCH_ROLE_INTERRUPTED, ev->task);
	lw_wake_leave(ev, s, now, kind, awake, &c->irq, NULL);
}

/* irq thread: the interrupt that it was woken for is handed over to it */
void lw_irq_thread_run(struct lw_task *s, struct lw_event *ev,
		       const struct lw_wake *w, u64 now)
{
	struct lw_flight *f = &s->flight;

	lw_flight_copy(f, &w->flight);
	lw_mark(ev, f, LATWATCH_MARK_THREAD_RUN, now);
	lw_flight_cast(f, LATWATCH_ROLE_IRQ_THREAD, s->task);
	s->fresh = true;
}

/* it ran already: the hand-over took no time */
void lw_irq_thread_carry(struct lw_task *s, struct lw_event *ev,
			 const struct lw_wake *w, struct lw_flight *f)
{
	*f = w->flight;
	lw_flight_set(f, LATWATCH_MARK_THREAD_RUN, w->ns, ev->cpu->id);
	f->awake = true;
	lw_flight_cast(f, LATWATCH_ROLE_IRQ_THREAD, s->task);
}

/* the thread got this very interrupt at the handler's exit: that was no wake yet */
bool lw_irq_thread_announced(const struct lw_event *ev,
			     const struct task_struct *t, u64 begin_ns)
{
	const struct lw_cpu *c = ev->cpu;

	return ev->level == LW_LEVEL_HARDIRQ && c->expect == t &&
	       begin_ns == c->irq.begin_ns;
}

/**
 * lw_wake_napi() - NAPI is scheduled, and its thread woken instead of NET_RX raised
 * @ev: where
 * @t: the thread
 * @s: its slot, or NULL
 * @awake: it is on a CPU
 */
void lw_wake_napi(struct lw_event *ev, const struct task_struct *t,
		  struct lw_task *s, bool awake)
{
	u64 now = lw_clock_ns();
	struct lw_flight f;

	lw_poll_raise(ev, &f, s ? &s->ring : NULL, now);
	s = s ?: lw_wake_new(ev, t, awake);
	if (s && !lw_wake_leave(ev, s, now, LW_WAKE_NAPI, awake, &f, NULL))
		lw_count(ev->cpu->id, LW_HOST, LW_NOTE_RAISES, 1);
}

/* a NAPI thread begins to poll for what woke it */
void lw_napi_run(struct lw_task *s, struct lw_event *ev,
		 const struct lw_wake *w, u64 now)
{
	lw_flight_copy(&s->flight, &w->flight);
	s->polls = true;
	WRITE_ONCE(s->roles, LW_TASK_NAPI);
	lw_bound_thread_run(ev, s);
	lw_poll_begin(ev, &s->flight, LATWATCH_STAGE_SOFTIRQ_WAIT_NAPI,
		      s->task, now);
}

/* a NAPI thread polls for what found it awake: that took no wait */
void lw_napi_awake(struct lw_task *s, struct lw_event *ev,
		   const struct lw_wake *w)
{
	struct lw_flight *f = &s->flight;

	*f = w->flight;
	lw_bound_thread_run(ev, s);
	lw_flight_set(f, LATWATCH_MARK_SOFTIRQ, w->ns, ev->cpu->id);
	lw_flight_cast(f, LATWATCH_ROLE_RUNNER, s->task);
	s->polls = true;
	WRITE_ONCE(s->roles, LW_TASK_NAPI);
}
