/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The trail of a CPU: who had it, one after the other.
 *
 * A span is noted when it ends: what had the CPU until then. It began where the one
 * before ended. So a CPU may begin to note at any moment, and the first span that it
 * notes is right for all the time since: had anybody else come in between, that would
 * have been noted.
 *
 * Only a CPU that is watched notes: something followed runs there, or waits for it. A
 * wake that is left for a task that sleeps, and a switch from a followed task that
 * could go on, make the CPU of that task a watched one until the task runs.
 *
 * Takes switches, interrupts and softirqs from the probes, and who waits from
 * engine/handover.c; culprit/blame.c reads it, on any CPU.
 */
#ifndef LW_TRAIL_H
#define LW_TRAIL_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/jump_label.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <uapi/linux/latwatch.h>

struct lw_cpu;
struct lw_event;
struct lw_task;

/* spans that a CPU keeps; a power of two */
#define LW_TRAIL	128

/* enum latwatch_culprit_kind of a span that says: @pid ran on another CPU before this */
#define LW_SPAN_AWAY	255

/* interrupts of a CPU's own */
enum lw_ipi {
	LW_IPI_RESCHEDULE,
	LW_IPI_CALL,
	LW_IPI_CALL_SINGLE,
	LW_IPI_IRQ_WORK,
	LW_IPI_TIMER,
	LW_NIPIS
};

/* why a task is switched from */
enum lw_off {
	LW_OFF_PREEMPTED,	/* it could go on */
	LW_OFF_BLOCKED,		/* it waits for a lock, a page, a disk */
	LW_OFF_SLEEPS,		/* it has nothing to do until it is woken */
};

/**
 * struct lw_span - what had a CPU for a while
 * @end_ns: until when
 * @begin_ns: kinds blocked, lock and moved, which are about @pid alone: since when
 * @id: see struct lw_culprit; kind moved: the other CPU
 * @pid: the task that ran, or was interrupted; kind ipi: see struct lw_culprit
 * @prio: its priority at the end, as task_struct's
 * @policy: likewise
 * @kind: enum latwatch_culprit_kind
 * @name: the task's; of an interrupt, its action's
 */
struct lw_span {
	u64 end_ns;
	u64 begin_ns;
	u32 id;
	s32 pid;
	s16 prio;
	u8 policy;
	u8 kind;
	char name[TASK_COMM_LEN];
};

/**
 * struct lw_trail - a CPU's trail
 *
 * Written by its CPU alone, with interrupts off, but for @watchers.
 *
 * @head: how many spans were noted; released after the span. Read by others
 * @in_softirq: the task that began a softirq here last and has not ended it, or NULL
 * @vector: which softirq
 * @idle_state: one more than the state that the idle CPU is in, 0: none
 * @function: lower half of the address of what the IPI that is served has called, or 0
 * @watchers: tasks that wait for this CPU; counted by any CPU
 * @span: span n is at n % LW_TRAIL
 */
struct lw_trail {
	unsigned long head;
	const struct task_struct *in_softirq;
	u8 vector;
	u8 idle_state;
	s32 function;
	atomic_t watchers ____cacheline_aligned;
	struct lw_span span[LW_TRAIL] ____cacheline_aligned;
};

/* is it about one task alone, and replaces what others did meanwhile? */
static __always_inline bool lw_span_is_of_one(const struct lw_span *s)
{
	return s->kind == LATWATCH_CULPRIT_KIND_BLOCKED ||
	       s->kind == LATWATCH_CULPRIT_KIND_MOVED ||
	       s->kind == LATWATCH_CULPRIT_KIND_LOCK || s->kind == LW_SPAN_AWAY;
}

/* on while culprits are looked for */
DECLARE_STATIC_KEY_FALSE(lw_trail_key);
/* since when; what began before has no whole trail */
extern u64 lw_trail_since_ns;

static __always_inline bool lw_trail_is_on(void)
{
	return static_branch_likely(&lw_trail_key);
}

u64 lw_trail_switch(struct lw_cpu *c, const struct task_struct *prev);
void lw_trail_followed(struct lw_cpu *c, const struct task_struct *prev,
		       struct lw_task *next, enum lw_off off, u64 now);
void lw_trail_irq_entry(struct lw_event *ev);
void lw_trail_irq_exit(struct lw_event *ev, u32 irq, const char *name);
void lw_trail_ipi_entry(struct lw_event *ev);
void lw_trail_ipi_exit(struct lw_event *ev, enum lw_ipi ipi);
void lw_trail_idle_exit(struct lw_event *ev);
void lw_trail_lock(struct lw_event *ev, const struct task_struct *holder);
void lw_trail_lock_end(struct lw_event *ev);
void lw_trail_softirq_entry(struct lw_event *ev, u8 vector);
void lw_trail_softirq_exit(struct lw_event *ev, u8 vector);
void lw_trail_moves(struct lw_task *s, unsigned int to, bool waited);
void lw_watch(struct lw_task *s, unsigned int cpu);
void lw_unwatch(struct lw_task *s);

/* process context, one at a time */
void lw_trail_begin(void);
void lw_trail_end(void (*wait)(void));

#endif
