// SPDX-License-Identifier: GPL-2.0
/* The last seconds of a stage. See window.h. */
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "books/window.h"

/* what does not fit is the largest that does */
static u64 pack(u64 max, u64 count)
{
	return min(max, LW_WINDOW_MAX) << LW_WINDOW_COUNT_BITS | min(count, LW_WINDOW_COUNT);
}

/* the open window has its place; those up to @second are empty */
static void close(struct lw_windows *w, u64 count, u64 second)
{
	w->window[w->second % LW_WINDOWS] = pack(w->max, count - w->before);
	if (second - w->second > LW_WINDOWS) {
		memset(w->window, 0, sizeof(w->window));
		return;
	}
	while (++w->second < second)
		w->window[w->second % LW_WINDOWS] = 0;
}

/**
 * lw_window_open() - a second has passed, or several
 * @w: the windows
 * @count: how many the stage has counted
 * @now: what begins is the second of this; unless the clock has run backwards
 *
 * Seconds in which nothing was recorded are cleared, LW_WINDOWS at most.
 */
void lw_window_open(struct lw_windows *w, u64 count, u64 now)
{
	u64 second = div_u64(now, NSEC_PER_SEC);

	if (second <= w->second)
		return;
	/* a new block's are clear */
	if (count)
		close(w, count, second);
	w->begin_ns = second * NSEC_PER_SEC;
	w->second = second;
	w->before = count;
	w->max = 0;
}

static void merge_one(struct lw_window_sum *into, u64 second, u64 max, u64 count)
{
	unsigned int i = second % LW_WINDOWS;

	if (!count)
		return;
	into->count[i] += count;
	into->max[i] = max(into->max[i], max);
}

/**
 * lw_window_merge() - add one CPU's windows to a sum
 * @into: what they are added to: its second is set, all else zeroed at first
 * @w: what is added; what is older than the sum reaches, or newer, is left out
 * @count: what the stage had counted on this CPU
 */
void lw_window_merge(struct lw_window_sum *into, const struct lw_windows *w, u64 count)
{
	u64 oldest = into->second - min(into->second, LW_WINDOWS - 1ULL);
	u64 second = max(oldest, w->second - min_t(u64, w->second, LW_WINDOWS));

	for (; second < w->second && second <= into->second; second++) {
		u64 word = w->window[second % LW_WINDOWS];

		merge_one(into, second, word >> LW_WINDOW_COUNT_BITS, word & LW_WINDOW_COUNT);
	}
	if (w->second >= oldest && w->second <= into->second)
		merge_one(into, w->second, w->max, count - w->before);
}
