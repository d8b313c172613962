/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What came in between: who had the CPU in a stage's time that is not the stage's own.
 *
 * Takes spans of a CPU's trail from culprit/blame.c; the books keep those of the worst
 * flight of a stage, and the sums over all its flights (books/rank.c).
 */
#ifndef LW_CULPRIT_H
#define LW_CULPRIT_H

#include <linux/sched.h>
#include <linux/types.h>
#include <uapi/linux/latwatch.h>

#define LW_CULPRITS	8	/* of one flight that are told apart */
#define LW_RANKS	28	/* of a stage, on one CPU */

/**
 * struct lw_culprit - what came in between in one flight
 * @ns: how long, together
 * @id: number of the interrupt, vector of the softirq, enum lw_ipi; an idle state from 1,
 *      or 0; of a lock the holder's pid
 * @pid: the task that ran, or was interrupted; of an IPI the lower half of the address of
 *       the function that it called, or 0
 * @cpu: where
 * @prio: the task's, as task_struct's
 * @policy: SCHED_*
 * @kind: enum latwatch_culprit_kind
 * @mark: enum latwatch_mark: what came after it
 * @name: the task's; of an interrupt, its action's
 */
struct lw_culprit {
	u64 ns;
	u32 id;
	s32 pid;
	u16 cpu;
	s16 prio;
	u8 policy;
	u8 kind;
	u8 mark;
	char name[TASK_COMM_LEN];
};

/**
 * struct lw_blamed - what filled a time
 * @unknown_ns: of this much it is not known what did
 * @others_ns: culprits that @by has no room for, together
 * @n: entries of @by
 * @by: the others, in no order
 */
struct lw_blamed {
	u64 unknown_ns;
	u64 others_ns;
	unsigned int n;
	struct lw_culprit by[LW_CULPRITS];
};

/**
 * struct lw_rank - a culprit in sum over flights
 * @ns: how long, together
 * @flights: how many it hit
 * @worst_ns: the longest in one
 * @seen_ns: when the flight ended that it hit last
 * @seen_for_ns: how long, in that
 * @id: as a culprit's; so are the rest, which are those of its last time
 * @pid: likewise
 * @prio: likewise
 * @policy: likewise
 * @kind: likewise
 * @name: likewise
 */
struct lw_rank {
	u64 ns;
	u64 flights;
	u64 worst_ns;
	u64 seen_ns;
	u64 seen_for_ns;
	u32 id;
	s32 pid;
	s16 prio;
	u8 policy;
	u8 kind;
	char name[TASK_COMM_LEN];
};

/* is it the same that comes again? A task is its pid, an interrupt its number */
static inline bool lw_culprit_is(u8 kind, u32 id, s32 pid, u8 kind2, u32 id2, s32 pid2)
{
	if (kind != kind2)
		return false;
	switch (kind) {
	case LATWATCH_CULPRIT_KIND_THREAD:
		return pid == pid2;
	case LATWATCH_CULPRIT_KIND_HARD_IRQ:
	case LATWATCH_CULPRIT_KIND_SOFTIRQ:
	case LATWATCH_CULPRIT_KIND_IDLE:
	case LATWATCH_CULPRIT_KIND_LOCK:
		return id == id2;
	case LATWATCH_CULPRIT_KIND_IPI:
		return id == id2 && pid == pid2;
	default:
		return true;
	}
}

#endif
