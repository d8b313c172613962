/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What filled the time of a stage. See blame.c.
 *
 * Nearly always nothing came in between: that is seen here, in line.
 */
#ifndef LW_BLAME_H
#define LW_BLAME_H

#include "books/books.h"
#include "engine/event.h"

/* marks that a poll sets on a packet before it leaves it, or a vCPU when it kicks */
#define LW_EARLY_MARKS \
	(BIT(LATWATCH_MARK_STEER) | BIT(LATWATCH_MARK_STACK) | \
	 BIT(LATWATCH_MARK_QUEUE) | BIT(LATWATCH_MARK_TAP) | \
	 BIT(LATWATCH_MARK_BACKEND_WAKE) | BIT(LATWATCH_MARK_READER_WAKE) | \
	 BIT(LATWATCH_MARK_KICK_WAKE))

/* marks that a task sets by beginning to run, or a softirq */
#define LW_WAIT_MARKS \
	(BIT(LATWATCH_MARK_THREAD_RUN) | BIT(LATWATCH_MARK_SOFTIRQ) | \
	 BIT(LATWATCH_MARK_KICK_RUN) | BIT(LATWATCH_MARK_READER_RUN) | \
	 BIT(LATWATCH_MARK_BACKEND_RUN) | BIT(LATWATCH_MARK_VCPU_RUN))

/*
 * In a handler nothing comes in between; a queue lets packets go when it likes, and a
 * NIC; what lies before a bound had not begun.
 */
#define LW_NOBODYS_MARKS \
	(BIT(LATWATCH_MARK_IRQ) | BIT(LATWATCH_MARK_QUEUE) | BIT(LATWATCH_MARK_BOUND) | \
	 BIT(LATWATCH_MARK_XMIT))

/* which of LW_CLEAN_* says it of a part that begins with a mark */
static __always_inline u8 lw_blame_clean(enum latwatch_mark from)
{
	return from == LATWATCH_MARK_STACK || from == LATWATCH_MARK_TAP ?
		       LW_CLEAN_STACK : LW_CLEAN_POLL;
}

/* what is recorded on this CPU and began here, and nothing came in between */
static __always_inline bool lw_blame_nobody(const struct lw_event *ev,
					    const struct lw_flight *f,
					    enum latwatch_mark from,
					    enum latwatch_mark to)
{
	if (BIT(from) & LW_NOBODYS_MARKS)
		return true;
	/* of a dwell, what comes before it is a stage of its own, or not this CPU's */
	if (from == LATWATCH_MARK_TAP) {
		if (!lw_flight_has(f, LATWATCH_MARK_BACKEND_RUN))
			return f->cpu[from] != ev->cpu->id;
		from = LATWATCH_MARK_BACKEND_RUN;
	}
	return (BIT(to) & LW_EARLY_MARKS && f->clean & lw_blame_clean(from)) ||
	       (f->cpu[to] == ev->cpu->id && lw_trail_is_clean_since(ev->cpu, f, from));
}

void lw_blame_wait(struct lw_event *ev, struct lw_stat **slot, const struct lw_flight *f,
		   enum latwatch_mark from, enum latwatch_mark to);
void lw_blame_look(struct lw_event *ev, struct lw_stat **slot, const struct lw_flight *f,
		   enum latwatch_mark from, enum latwatch_mark to);
void lw_blame_worst(struct lw_event *ev, struct lw_stat **slot,
		    const struct lw_flight *f, enum latwatch_mark from,
		    enum latwatch_mark to, bool sums);
void lw_blame_whole(struct lw_event *ev, struct lw_stat **slot,
		    const struct lw_flight *f, enum latwatch_mark to);

/**
 * lw_blame() - a stage was recorded: what filled its time?
 * @ev: where
 * @slot: the stage's place in an account of this CPU's book
 * @stage: which
 * @f: the flight
 * @from: the mark that the stage began with
 * @to: the mark that it ended with
 */
static __always_inline void lw_blame(struct lw_event *ev, struct lw_stat **slot,
				     enum latwatch_stage stage,
				     const struct lw_flight *f, enum latwatch_mark from,
				     enum latwatch_mark to)
{
	if (!lw_trail_is_on() || unlikely(!*slot))
		return;
	/* one of several parts that have its marks */
	if (to == LATWATCH_MARK_SOFTIRQ && stage != LATWATCH_STAGE_SOFTIRQ_WAIT)
		return;
	if (unlikely((*slot)->worst_ns == f->ns[to] &&
		     (*slot)->max == f->ns[to] - f->ns[from]))
		lw_blame_worst(ev, slot, f, from, to, true);
	else if (BIT(to) & LW_WAIT_MARKS)
		lw_blame_wait(ev, slot, f, from, to);
	else if (!lw_blame_nobody(ev, f, from, to))
		lw_blame_look(ev, slot, f, from, to);
}

/**
 * lw_blame_total() - a whole way was recorded: what filled it, if it is the worst?
 * @ev: where
 * @slot: its place in an account of this CPU's book
 * @f: the flight
 * @to: the mark that it ended with
 */
static __always_inline void lw_blame_total(struct lw_event *ev, struct lw_stat **slot,
					   const struct lw_flight *f,
					   enum latwatch_mark to)
{
	/* an entry ends several */
	if (lw_trail_is_on() && *slot && unlikely((*slot)->worst_ns == f->ns[to]) &&
	    (*slot)->worst.begin_ns == f->begin_ns)
		lw_blame_whole(ev, slot, f, to);
}

#endif
