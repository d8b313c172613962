/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A flight: one packet's way so far, as the marks that were set on it.
 *
 * It is a value. Whoever hands a flight on copies it; there is no shared
 * ownership and nothing to free. Marks that were not set are absent: their
 * bit in @marks says so, never a time of 0.
 */
#ifndef LW_FLIGHT_H
#define LW_FLIGHT_H

#include <linux/bits.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/types.h>
#include <uapi/linux/latwatch.h>

#define LW_NMARKS	(LATWATCH_MARK_MAX + 1)
#define LW_NROLES	(LATWATCH_ROLE_READER + 1)

/**
 * struct lw_actor - a task as it was when it set a mark
 * @pid: in the initial namespace
 * @prio: effective priority, as task_struct's; boosting included
 * @policy: SCHED_*
 * @comm: its name at that time
 */
struct lw_actor {
	s32 pid;
	s16 prio;
	u16 policy;
	char comm[TASK_COMM_LEN];
};

/*
 * Nothing came in between from where the poll began, or a kick's exit, until the packet
 * was with the tap, woke its reader, or kicked; the same from its reception by the stack.
 * See culprit/blame.h.
 */
#define LW_CLEAN_POLL	BIT(0)
#define LW_CLEAN_STACK	BIT(1)

/* a flight is young before it has a mark from here on: its packet is known */
#define LW_LATE_MARK	LATWATCH_MARK_STACK
/* who acts on a young one: irq thread, runner of the poll, the interrupted */
#define LW_NEARLY	3

/**
 * struct lw_flight - the marks of one way
 *
 * Most flights that are handed on are young, of an interrupt or a poll. What
 * these have comes first, so that it can be copied without the rest. All others
 * who act set a late mark.
 *
 * @begin_ns: time of the mark that was set first
 * @marks: which marks are set, a bit each
 * @actors: which actors are known, a bit each
 * @origin: enum latwatch_origin
 * @awake: its irq thread was found awake: no wake's latency
 * @clean: LW_CLEAN_*: in what of its way nothing came in between, as far as it is known
 * @irq: number of the interrupt that opened it, where @origin is irq, device or after-irq
 * @cpu: CPU that each mark was set on
 * @early: who did what; see lw_flight_actor()
 * @ns: time of each mark, in ns of CLOCK_MONOTONIC
 * @late: who did the rest
 */
struct lw_flight {
	u64 begin_ns;
	u32 marks;
	u8 actors;
	u8 origin;
	bool awake;
	u8 clean;
	u32 irq;
	u16 cpu[LW_NMARKS];
	struct lw_actor early[LW_NEARLY];
	u64 ns[LW_NMARKS];
	struct lw_actor late[LW_NROLES - LW_NEARLY];
};

/* where a flight keeps an actor */
static __always_inline const struct lw_actor *
lw_flight_actor(const struct lw_flight *f, enum latwatch_role role)
{
	switch (role) {
	case LATWATCH_ROLE_IRQ_THREAD:
		return &f->early[0];
	case LATWATCH_ROLE_RUNNER:
		return &f->early[1];
	case LATWATCH_ROLE_INTERRUPTED:
		return &f->early[2];
	case LATWATCH_ROLE_BACKEND:
		return &f->late[0];
	case LATWATCH_ROLE_VCPU:
		return &f->late[1];
	default:
		return &f->late[2];
	}
}

/* hand a flight on; what a young one cannot have stays as it was */
static __always_inline void lw_flight_copy(struct lw_flight *to,
					   const struct lw_flight *f)
{
	if (f->marks < BIT(LW_LATE_MARK))
		memcpy(to, f, offsetof(struct lw_flight, ns[LW_LATE_MARK]));
	else
		*to = *f;
}

static inline void lw_flight_open(struct lw_flight *f, u8 origin)
{
	f->marks = 0;
	f->actors = 0;
	f->awake = false;
	f->clean = 0;
	f->origin = origin;
}

/* no mark, no actor and no number; nothing else is read then */
static inline void lw_flight_clear(struct lw_flight *f)
{
	memset(f, 0, offsetof(struct lw_flight, cpu));
}

/* a NIC's poll found what has this origin, for an interrupt or without */
static inline bool lw_origin_is_nics(u8 origin)
{
	return origin != LATWATCH_ORIGIN_LOCAL && origin != LATWATCH_ORIGIN_VM &&
	       origin != LATWATCH_ORIGIN_DEVICE && origin != LATWATCH_ORIGIN_PROCESS;
}

static inline bool lw_flight_has(const struct lw_flight *f,
				 enum latwatch_mark mark)
{
	return f->marks & BIT(mark);
}

static inline void lw_flight_set(struct lw_flight *f, enum latwatch_mark mark,
				 u64 ns, u16 cpu)
{
	if (!f->marks)
		f->begin_ns = ns;
	f->ns[mark] = ns;
	f->cpu[mark] = cpu;
	f->marks |= BIT(mark);
}

static __always_inline void lw_flight_cast(struct lw_flight *f,
					   enum latwatch_role role,
					   const struct task_struct *t)
{
	struct lw_actor *a = (struct lw_actor *)lw_flight_actor(f, role);

	a->pid = t->pid;
	a->prio = t->prio;
	a->policy = t->policy;
	/*
	 * Not get_task_comm(), which may take a lock. data_race(): a torn name
	 * is a name.
	 */
	data_race(memcpy(a->comm, t->comm, sizeof(a->comm)));
	f->actors |= BIT(role);
}

#endif
