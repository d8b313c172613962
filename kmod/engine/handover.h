/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hand-over: from a waker to the task it wakes.
 *
 * A waker leaves a wake in the slot of the task, at most one, the oldest. The
 * switch to the task answers it; or the task does, when the wake had found it
 * awake and it turns to the work without a switch.
 *
 * Takes wakes from the files of path/, and gives each back to the file that it is
 * of, by the row of its kind in lw_wakes[]. What a wake means is not known here.
 */
#ifndef LW_HANDOVER_H
#define LW_HANDOVER_H

#include "engine/event.h"
#include "engine/task.h"

/**
 * struct lw_wake_ops - what a kind of wake means
 * @on_run: the task runs, woken by @w, since @now; NULL: that says nothing, and a wake
 *          of this kind that found it awake is not answered by a switch
 * @on_awake: the task turns to what @w woke it for, and ran already; NULL: that
 *            changes nothing
 * @carry: the same, and @f takes the flight that was handed over; NULL: no flight
 *         is taken out of a wake of this kind
 * @announces: the wake that found the task awake was a notice of the one that
 *             comes now, and began at @begin_ns; NULL: never
 * @found_awake: where a wake is counted that found its task awake
 */
struct lw_wake_ops {
	void (*on_run)(struct lw_task *s, struct lw_event *ev,
		       const struct lw_wake *w, u64 now);
	void (*on_awake)(struct lw_task *s, struct lw_event *ev,
			 const struct lw_wake *w);
	void (*carry)(struct lw_task *s, struct lw_event *ev,
		      const struct lw_wake *w, struct lw_flight *f);
	bool (*announces)(const struct lw_event *ev,
			  const struct task_struct *t, u64 begin_ns);
	enum lw_ledger found_awake;
};

/* by enum lw_wake_kind; path/wake.c has them all */
extern const struct lw_wake_ops lw_wakes[];

bool lw_wake_leave(struct lw_event *ev, struct lw_task *s, u64 now,
		   enum lw_wake_kind kind, bool awake,
		   const struct lw_flight *f, const void *skb);
struct lw_task *lw_wake_new(struct lw_event *ev, const struct task_struct *t,
			    bool awake);
struct lw_task *lw_wake_new_reader(struct lw_event *ev,
				   const struct task_struct *t, bool awake);
void lw_wake_settle(struct lw_event *ev, struct lw_task *s,
		    const struct task_struct *t);
void lw_wake_switch_in(struct lw_task *s, struct lw_event *ev);
bool lw_wake_answer_awake(struct lw_task *s, struct lw_event *ev,
			  struct lw_flight *f);

#endif
