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

/**
 * struct lw_flight - the marks of one way
 * @begin_ns: time of the mark that was set first
 * @ns: time of each mark, in ns of CLOCK_MONOTONIC
 * @cpu: CPU that each mark was set on
 * @marks: which marks are set, a bit each
 * @actors: which actors are known, a bit each
 * @origin: enum latwatch_origin
 * @awake: its irq thread was found awake: no wake's latency
 * @irq: number of the interrupt that opened it, where @origin is irq
 * @actor: who did what, by enum latwatch_role
 */
struct lw_flight {
	u64 begin_ns;
	u64 ns[LW_NMARKS];
	u16 cpu[LW_NMARKS];
	u32 marks;
	u8 actors;
	u8 origin;
	bool awake;
	u32 irq;
	struct lw_actor actor[LW_NROLES];
};

static inline void lw_flight_open(struct lw_flight *f, u8 origin)
{
	f->marks = 0;
	f->actors = 0;
	f->awake = false;
	f->origin = origin;
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

static inline void lw_flight_cast(struct lw_flight *f, enum latwatch_role role,
				  const struct task_struct *t)
{
	struct lw_actor *a = &f->actor[role];

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
