/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: the maximum and the count of a stage in each of the last seconds.
 *
 * A window is a second of CLOCK_MONOTONIC, in which a duration ends. Each statistics
 * block has a ring of them, which its owner turns on with the first record of a later
 * second: there is no timer, and a reader that comes every two minutes misses none.
 */
#ifndef LW_WINDOW_H
#define LW_WINDOW_H

#include <linux/compiler.h>
#include <linux/time64.h>
#include <linux/types.h>

#define LW_WINDOWS		128

/* a closed window is a word: the maximum in ns, up to 18 minutes, above the count */
#define LW_WINDOW_COUNT_BITS	24
#define LW_WINDOW_COUNT		((1ULL << LW_WINDOW_COUNT_BITS) - 1)
#define LW_WINDOW_MAX		((1ULL << (64 - LW_WINDOW_COUNT_BITS)) - 1)

/**
 * struct lw_windows - one stage of one account on one CPU, by the second
 * @begin_ns: when the newest began, which is open
 * @max: its maximum until now
 * @before: what the stage had counted when it began
 * @second: @begin_ns in seconds; the place of each is its second modulo LW_WINDOWS
 * @window: those of the LW_WINDOWS seconds before @second; 0: nothing was recorded
 */
struct lw_windows {
	u64 begin_ns;
	u64 max;
	u64 before;
	u64 second;
	u64 window[LW_WINDOWS];
};

void lw_window_open(struct lw_windows *w, u64 count, u64 now);

/* has a second passed? also if the clock has run backwards */
static __always_inline bool lw_window_is_over(const struct lw_windows *w, u64 now)
{
	return now - w->begin_ns >= NSEC_PER_SEC;
}

/**
 * struct lw_window_sum - a stage's windows over CPUs
 * @second: the newest
 * @count: by second modulo LW_WINDOWS, how many durations ended in it
 * @max: the largest of them; void while its count is 0
 */
struct lw_window_sum {
	u64 second;
	u64 count[LW_WINDOWS];
	u64 max[LW_WINDOWS];
};

void lw_window_merge(struct lw_window_sum *into, const struct lw_windows *w, u64 count);

#endif
