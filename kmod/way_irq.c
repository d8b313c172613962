// SPDX-License-Identifier: GPL-2.0
/*
 * The way from a hard irq to NET_RX: takes the first marks, gives the
 * softirq its flight.
 */
#include "way.h"

/**
 * lw_irq_entry() - a device's interrupt handler is entered
 * @at: where
 * @irq: number of the interrupt
 */
void lw_irq_entry(struct lw_at *at, int irq)
{
	struct lw_cpu *c = at->cpu;

	lw_flight_open(&c->irq, LATWATCH_ORIGIN_IRQ);
	c->irq.irq = irq;
	lw_mark(at, &c->irq, LATWATCH_MARK_IRQ, lw_clock_ns());
	lw_flight_cast(&c->irq, LATWATCH_ROLE_INTERRUPTED, at->task);
	c->expect = NULL;
	c->in_handler = true;
}

/**
 * lw_irq_exit() - the handler has returned
 * @at: where
 * @expect: the irq thread that it asked for, or NULL
 *
 * The thread is woken after this, unless it runs or was asked for before and
 * has not begun: then no wake follows. So @expect names whom the flight may go
 * to; any other wake in hard irq context, by a timer or an IPI, is none of
 * this interrupt's. A thread that runs is given the flight here: it will look
 * again before it sleeps.
 */
void lw_irq_exit(struct lw_at *at, const struct task_struct *expect)
{
	struct lw_cpu *c = at->cpu;
	struct lw_task *s;

	if (!c->in_handler)
		return; /* its entry was not seen */
	c->in_handler = false;
	c->expect = expect;
	if (!expect)
		return;
	s = lw_task_find(expect);
	if (s)
		lw_wake_irq_thread(at, s, true, LW_WAKE_IRQ_AGAIN);
}

/* the flight that raises NET_RX here, if the raiser carries one */
static bool raiser(struct lw_at *at, struct lw_flight *f)
{
	struct lw_task *s;

	switch (at->level) {
	case LW_LEVEL_HARDIRQ:
		if (!at->cpu->in_handler)
			return false;
		*f = at->cpu->irq;
		return true;
	case LW_LEVEL_TASK:
		s = lw_task_self(at);
		if (!s)
			return false;
		/* a reader's packet has that mark, too: of the irq before it */
		if (s->fresh &&
		    lw_flight_has(&s->flight, LATWATCH_MARK_THREAD_RUN) &&
		    !lw_flight_has(&s->flight, LATWATCH_MARK_READER_RUN)) {
			s->fresh = false;
			*f = s->flight;
			return true;
		}
		/* asked for again while it ran: there will be no switch */
		return lw_wake_answer_awake(s, at, f);
	default:
		/*
		 * NET_RX raising itself goes on polling: what it will find
		 * came after the interrupt that began it, nobody knows when.
		 */
		return false;
	}
}

/* what led to a raise; absent marks, no record */
static void record_irq(struct lw_at *at, const struct lw_flight *f)
{
	if (!lw_flight_has(f, LATWATCH_MARK_THREAD_WAKE)) {
		lw_record(at, LW_HOST, LATWATCH_STAGE_HARD_IRQ, f,
			  LATWATCH_MARK_IRQ, LATWATCH_MARK_RAISE);
		return;
	}
	lw_record(at, LW_HOST, LATWATCH_STAGE_HARD_IRQ, f,
		  LATWATCH_MARK_IRQ, LATWATCH_MARK_THREAD_WAKE);
	if (!f->awake)
		lw_record(at, LW_HOST, LATWATCH_STAGE_IRQ_THREAD_WAKE, f,
			  LATWATCH_MARK_THREAD_WAKE, LATWATCH_MARK_THREAD_RUN);
	lw_record(at, LW_HOST, LATWATCH_STAGE_IRQ_THREAD, f,
		  LATWATCH_MARK_THREAD_RUN, LATWATCH_MARK_RAISE);
}

/**
 * lw_net_rx_raise() - NET_RX is raised on this CPU
 * @at: where
 */
void lw_net_rx_raise(struct lw_at *at)
{
	struct lw_cpu *c = at->cpu;
	struct lw_flight *f = &c->raising;
	u64 now = lw_clock_ns();

	if (!raiser(at, f))
		lw_flight_open(f, LATWATCH_ORIGIN_POLL);
	lw_mark(at, f, LATWATCH_MARK_RAISE, now);
	record_irq(at, f);

	if (c->raise_pending) {
		lw_count(c->id, LW_HOST, LW_NOTE_RAISES, 1);
		if (f->begin_ns >= c->raised.begin_ns)
			return;
	}
	c->raise_pending = true;
	c->raised = *f;
}

/**
 * lw_net_rx_entry() - NET_RX begins to run on this CPU
 * @at: where
 * @runner: the part of softirq wait that this runner ends
 */
void lw_net_rx_entry(struct lw_at *at, enum latwatch_stage runner)
{
	struct lw_cpu *c = at->cpu;
	struct lw_flight *f = &c->softirq;

	if (c->raise_pending)
		*f = c->raised;
	else	/* raised before the module watched */
		lw_flight_open(f, LATWATCH_ORIGIN_POLL);
	c->raise_pending = false;
	c->runner = at->task;
	c->packet.owner = NULL;

	lw_mark(at, f, LATWATCH_MARK_SOFTIRQ, lw_clock_ns());
	lw_flight_cast(f, LATWATCH_ROLE_RUNNER, at->task);
	if (f->origin == LATWATCH_ORIGIN_POLL)
		lw_count(c->id, LW_HOST, LW_NOTE_POLLS, 1);
	lw_record(at, LW_HOST, LATWATCH_STAGE_SOFTIRQ_WAIT, f,
		  LATWATCH_MARK_RAISE, LATWATCH_MARK_SOFTIRQ);
	lw_record(at, LW_HOST, runner, f,
		  LATWATCH_MARK_RAISE, LATWATCH_MARK_SOFTIRQ);
}

/**
 * lw_net_rx_exit() - NET_RX has run
 * @at: where
 */
void lw_net_rx_exit(struct lw_at *at)
{
	at->cpu->runner = NULL;
	at->cpu->packet.owner = NULL;
}
