// SPDX-License-Identifier: GPL-2.0
/*
 * Hands a flight from a waker to the task it wakes. See handover.h.
 *
 * The kernel orders a wake and the switch that answers it: the waker traces
 * sched_waking before it puts the task on a run queue, and the switch happens
 * under that queue's lock. What the kernel does not order is a wake of a task
 * that is still on a CPU, about to sleep: then the word of struct lw_wake,
 * which counts wakes, tells the answering side that another one came.
 */
#include "books/books.h"
#include "engine/handover.h"

/**
 * lw_wake_leave() - leave a wake in the slot of the task that is woken
 * @ev: where the waker is
 * @s: the slot
 * @now: when
 * @kind: what is handed over
 * @awake: the task is on a CPU
 * @f: the flight that is handed over, or NULL
 * @skb: the packet that the wake is for, or NULL
 *
 * Return: false if the task has an older wake to answer, and when two wakers meet:
 * one of them is enough.
 */
bool lw_wake_leave(struct lw_event *ev, struct lw_task *s, u64 now,
		   enum lw_wake_kind kind, bool awake,
		   const struct lw_flight *f, const void *skb)
{
	struct lw_wake *w = &s->wake;
	u32 word = READ_ONCE(w->word);

	if ((word & LW_WAKE_STATE) != LW_WAKE_NONE ||
	    cmpxchg(&w->word, word, word | LW_WAKE_WRITING) != word)
		return false;
	WRITE_ONCE(w->kind, kind); /* these two are read before the answer */
	WRITE_ONCE(w->nr_switches, READ_ONCE(s->nr_switches));
	w->cpu = ev->cpu->id;
	w->ns = now;
	w->skb = skb;
	if (f)
		lw_flight_copy(&w->flight, f);
	if (lw_trail_is_on() && !awake)
		lw_watch(s, task_cpu(s->task));
	/* pairs with the acquire in consume_wake() */
	smp_store_release(&w->word,
			  (word + LW_WAKE_ONE) |
			  (awake ? LW_WAKE_AWAKE : LW_WAKE_ASLEEP));
	return true;
}

/* a copy of the wake that found @s awake, which is answered by that */
static bool consume_wake(struct lw_task *s, struct lw_wake *w)
{
	/* pairs with the release in lw_wake_leave() */
	u32 word = smp_load_acquire(&s->wake.word);

	if ((word & LW_WAKE_STATE) != LW_WAKE_AWAKE)
		return false;
	/* a waker may overwrite it meanwhile; the exchange finds out */
	data_race(*w = s->wake);
	return cmpxchg(&s->wake.word, word, word & ~LW_WAKE_STATE) == word;
}

/**
 * lw_wake_new() - follow a task that is woken, and was not followed until now
 * @ev: where the waker is
 * @t: the task
 * @awake: it is on a CPU
 *
 * If the task runs at this moment, its CPU does not know that it is followed, and
 * would not notice that it is switched from: the wake counts as answered.
 *
 * Return: the slot that the wake is left in, or NULL.
 */
struct lw_task *lw_wake_new(struct lw_event *ev, const struct task_struct *t,
			    bool awake)
{
	struct lw_task *s = lw_task_claim(ev, t);

	return awake && t != ev->task ? NULL : s;
}

/**
 * lw_wake_new_reader() - the same of a task that is woken to read
 * @ev: where the waker is
 * @t: the task
 * @awake: it is on a CPU
 *
 * Return: the slot that the wake is left in, or NULL.
 */
struct lw_task *lw_wake_new_reader(struct lw_event *ev,
				   const struct task_struct *t, bool awake)
{
	struct lw_task *s = lw_task_claim_reader(ev, t);

	return awake && t != ev->task ? NULL : s;
}

/**
 * lw_wake_settle() - a task is woken that has a wake to answer which found it awake
 * @ev: where the waker is
 * @s: its slot
 * @t: the task
 *
 * The task answered that wake, or it would not need to be woken again; unless the
 * former was a notice of this one.
 */
void lw_wake_settle(struct lw_event *ev, struct lw_task *s,
		    const struct task_struct *t)
{
	/* as consume_wake() does it, of what is needed here */
	u32 word = smp_load_acquire(&s->wake.word);
	/* data_race(): a waker may write them, and then @word has changed */
	u16 kind = data_race(s->wake.kind);
	/* data_race(): likewise */
	u64 begin_ns = data_race(s->wake.flight.begin_ns);

	if ((word & LW_WAKE_STATE) != LW_WAKE_AWAKE ||
	    cmpxchg(&s->wake.word, word, word & ~LW_WAKE_STATE) != word)
		return;
	if (!lw_wakes[kind].announces ||
	    !lw_wakes[kind].announces(ev, t, begin_ns))
		lw_count(ev->cpu->id, LW_HOST, lw_wakes[kind].found_awake, 1);
}

static void run(struct lw_task *s, struct lw_event *ev, const struct lw_wake *w)
{
	u64 now = lw_now(ev->cpu);

	s->wake_ns = w->ns;
	s->wake_cpu = w->cpu;
	s->run_ns = now;
	s->run_cpu = ev->cpu->id;
	if (likely(lw_wakes[w->kind].on_run))
		lw_wakes[w->kind].on_run(s, ev, w, now);
}

/* apart: the copy is large, and seldom needed */
static noinline void run_awake(struct lw_task *s, struct lw_event *ev)
{
	struct lw_wake w;

	if (consume_wake(s, &w))
		run(s, ev, &w);
}

/**
 * lw_wake_switch_in() - a followed task begins to run
 * @s: its slot
 * @ev: where; its task is still the one before
 *
 * A wake that found the task on a CPU is ambiguous. Mostly the task had only
 * announced that it would sleep, takes the announcement back and runs on: then
 * the wake was answered at once and no switch belongs to it. But it may have
 * been on its way off the CPU, past the point of return: then this switch is
 * the answer. The second is so if the task was not switched from since the
 * wake (it was off the CPU already), or if the last time was to sleep and no
 * newer wake has brought it back.
 */
void lw_wake_switch_in(struct lw_task *s, struct lw_event *ev)
{
	/* kind and nr_switches are that wake's; pairs with the release in lw_wake_leave() */
	u32 word = smp_load_acquire(&s->wake.word);

	if ((word & LW_WAKE_STATE) == LW_WAKE_ASLEEP) {
		/* nobody touches it until it is answered */
		run(s, ev, &s->wake);
		/* pairs with the cmpxchg() in lw_wake_leave() */
		smp_store_release(&s->wake.word, word & ~LW_WAKE_STATE);
		return;
	}
	if ((word & LW_WAKE_STATE) != LW_WAKE_AWAKE ||
	    !lw_wakes[READ_ONCE(s->wake.kind)].on_run ||
	    (READ_ONCE(s->wake.nr_switches) != s->nr_switches && !s->slept))
		return;
	run_awake(s, ev);
}

/* apart, as run_awake() */
static noinline bool answer_awake(struct lw_task *s, struct lw_event *ev,
				  struct lw_flight *f)
{
	const struct lw_wake_ops *ops;
	struct lw_wake w;

	if (!consume_wake(s, &w))
		return false;
	ops = &lw_wakes[w.kind];
	lw_count(ev->cpu->id, LW_HOST, ops->found_awake, 1);
	if (ops->on_awake)
		ops->on_awake(s, ev, &w);
	if (f && ops->carry)
		ops->carry(s, ev, &w, f);
	return !f || ops->carry;
}

/**
 * lw_wake_answer_awake() - a task does what it was woken for, without a switch
 * @s: its slot
 * @ev: where
 * @f: takes the flight of an irq thread's wake; NULL for other kinds
 *
 * Return: true if there was a wake that had found it awake.
 */
bool lw_wake_answer_awake(struct lw_task *s, struct lw_event *ev,
			  struct lw_flight *f)
{
	return (READ_ONCE(s->wake.word) & LW_WAKE_STATE) == LW_WAKE_AWAKE &&
	       answer_awake(s, ev, f);
}
