/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The culprits of a stage: those of its worst flight, and in sum over all flights.
 *
 * Takes what filled the time of a flight from culprit/blame.c, and gives sums over
 * CPUs to the netlink family. They are a block of the pool, as large as that of the
 * statistics, which the first culprit takes; it is written under the sequence count of
 * these.
 */
#ifndef LW_RANK_H
#define LW_RANK_H

#include "books/books.h"
#include "culprit/trail.h"
#include "model/culprit.h"

/**
 * struct lw_ranks - the culprits of one stage of one account on one CPU
 * @worst_ns: when the flight was recorded that @worst is of
 * @worst: those of the worst flight
 * @n: entries of @rank
 * @last: the one that was found last
 * @others: what @rank has no room for, together
 * @rank: the culprits, in no order
 */
struct lw_ranks {
	u64 worst_ns;
	struct lw_blamed worst;
	unsigned int n;
	unsigned int last;
	struct lw_rank others;
	struct lw_rank rank[LW_RANKS];
};

static_assert(sizeof(struct lw_ranks) <= sizeof(struct lw_stat),
	      "culprits do not fit in a block of the pool");

void lw_rank_one(struct lw_stat **slot, const struct lw_span *span, u64 ns, u64 end,
		 u32 cpu);
void lw_rank_unknown(struct lw_stat *s, u64 ns);
void lw_rank_worst(struct lw_stat **slot, const struct lw_blamed *b, u64 end, u32 cpu,
		   u32 sums);

/* process context, one at a time */
bool lw_ranks_alloc_like(struct lw_stat *s, const struct lw_stat *like, unsigned int cpu);
void lw_ranks_merge(struct lw_ranks *into, const struct lw_ranks *r, u64 worst_ns);
int lw_ranks_sum(const struct lw_books *b, unsigned int account,
		 enum latwatch_stage stage, u64 worst_ns, struct lw_ranks *into,
		 struct lw_ranks *scratch);

#endif
