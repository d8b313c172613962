// SPDX-License-Identifier: GPL-2.0
/*
 * The last minute of reports, or a recording.  Takes reports from watch.c and from
 * recording.c, gives differences between them to the panes: figures only grow within
 * an epoch, so that two reports say what came between them.
 *
 * The module's own maxima of windows, once it has them, take the place of
 * lw_lately_read().
 */
#include <stdlib.h>
#include <string.h>

#include "watch/history.h"

#define NSEC_PER_SEC 1000000000ull
/* A timer that fires early is no reason to leave a report out. */
#define ABOUT_A_SECOND (NSEC_PER_SEC * 9 / 10)
/* All of them together, roughly. */
#define MOST_BYTES (64u << 20)
#define MOST_BYTES_RECORDED (512u << 20)
/* A minute, and what makes sure of it. */
#define KEPT (66 * NSEC_PER_SEC)

static size_t size_of(const struct lw_report *report)
{
	size_t size = report->nr_watermarks * 2048 + report->nr_costs * 64, i;

	for (i = 0; i < report->nr_stages; i++)
		size += sizeof(report->stages[i]) + report->stages[i].nr_buckets *
				sizeof(*report->stages[i].buckets);
	return size;
}

static uint64_t time_of(const struct lw_report *report)
{
	return report->info.now.v;
}

static bool same_epoch(const struct lw_report *a, const struct lw_report *b)
{
	return a->info.epoch.known && b->info.epoch.known &&
	       a->info.epoch.v == b->info.epoch.v && a->info.now.known &&
	       b->info.now.known && time_of(a) <= time_of(b);
}

static void drop(struct lw_history *history, size_t at)
{
	history->bytes -= size_of(&history->reports[at]);
	lw_report_clear(&history->reports[at]);
	history->nr--;
	memmove(&history->reports[at], &history->reports[at + 1],
		(history->nr - at) * sizeof(history->reports[0]));
}

/* One a second of this epoch, for a minute. */
static void thin_out(struct lw_history *history, const struct lw_report *report)
{
	size_t nr = history->nr;

	if (nr && !same_epoch(&history->reports[nr - 1], report)) {
		lw_history_clear(history);
		return;
	}
	/* The one before is kept if it is a second away from the one before that. */
	if (nr > 1 && time_of(&history->reports[nr - 1]) -
			      time_of(&history->reports[nr - 2]) < ABOUT_A_SECOND)
		drop(history, nr - 1);
	while (history->nr > 1 &&
	       time_of(report) - time_of(&history->reports[1]) > KEPT)
		drop(history, 0);
}

/**
 * lw_history_add - take a report
 * @history: the others
 * @report: the newest; belongs to the history from here on
 *
 * It is the one that is looked at.
 */
void lw_history_add(struct lw_history *history, struct lw_report *report)
{
	size_t most = history->recording ? MOST_BYTES_RECORDED : MOST_BYTES;
	size_t size = size_of(report);

	if (!history->recording)
		thin_out(history, report);
	if (history->nr == LW_HISTORY)
		drop(history, 0);
	while (history->nr > 1 && history->bytes + size > most)
		drop(history, 0);
	history->bytes += size;
	history->reports[history->nr++] = *report;
	memset(report, 0, sizeof(*report));
	history->back = 0;
}

/**
 * lw_history_clear - forget all reports
 * @history: is as new then
 */
void lw_history_clear(struct lw_history *history)
{
	while (history->nr)
		lw_report_clear(&history->reports[--history->nr]);
	history->bytes = 0;
	history->back = 0;
}

/**
 * lw_history_shown - the report that is looked at
 * @history: has one at least
 *
 * Return: the report.
 */
const struct lw_report *lw_history_shown(const struct lw_history *history)
{
	return &history->reports[history->nr - 1 - history->back];
}

/**
 * lw_history_before - a report from some time before the one that is looked at
 * @history: has one at least
 * @seconds: how long before, at least
 *
 * Return: the youngest of the same epoch that is as old; the oldest if none is; NULL
 * if there is none before the one that is looked at.
 */
const struct lw_report *lw_history_before(const struct lw_history *history,
					  unsigned int seconds)
{
	uint64_t span = seconds ? seconds * NSEC_PER_SEC - NSEC_PER_SEC / 10 : 0;
	const struct lw_report *shown = lw_history_shown(history), *before = NULL;
	const struct lw_report *one;

	for (one = shown; one-- > history->reports;) {
		if (!same_epoch(one, shown))
			break;
		before = one;
		if (time_of(shown) - time_of(one) >= span)
			break;
	}
	return before;
}

/**
 * lw_history_continues - whether two reports that follow each other can be compared
 * @history: the history
 * @nr: the second of them, not the first of all
 *
 * Return: true if nothing was reset between them, and time went on.
 */
bool lw_history_continues(const struct lw_history *history, size_t nr)
{
	return same_epoch(&history->reports[nr - 1], &history->reports[nr]);
}

/**
 * lw_history_find_stage - the same stage in another report
 * @report: the report
 * @like: the stage
 *
 * Return: the stage of the same VM, or of the host, there; or NULL.
 */
const struct lw_report_stage *lw_history_find_stage(const struct lw_report *report,
						    const struct lw_report_stage *like)
{
	size_t i;

	for (i = 0; i < report->nr_stages; i++)
		if (report->stages[i].id == like->id &&
		    report->stages[i].vm.known == like->vm.known &&
		    report->stages[i].vm.v == like->vm.v)
			return &report->stages[i];
	return NULL;
}

static uint64_t count_at(const struct lw_report_stage *stage, uint64_t low_ns)
{
	size_t i;

	for (i = 0; stage && i < stage->nr_buckets; i++)
		if (stage->buckets[i].low_ns == low_ns)
			return stage->buckets[i].count;
	return 0;
}

/* The highest bucket that has more than it had. */
static struct lw_value highest(const struct lw_report_stage *old,
			       const struct lw_report_stage *stage)
{
	struct lw_value high = { 0 };
	size_t i;

	for (i = stage->nr_buckets; i-- > 0;) {
		const struct lw_report_bucket *bucket = &stage->buckets[i];

		if (bucket->count <= count_at(old, bucket->low_ns))
			continue;
		high.v = bucket->high_ns;
		high.known = true;
		break;
	}
	return high;
}

/**
 * lw_lately_read - what a stage went through since a report
 * @before: the report, of the same epoch; NULL: nothing is known
 * @stage: the stage, of a later one
 * @lately: is set
 *
 * A maximum that rose is the longest of the time between, to the nanosecond.
 */
void lw_lately_read(const struct lw_report *before,
		    const struct lw_report_stage *stage, struct lw_lately *lately)
{
	const struct lw_report_stage *old;
	uint64_t count;

	*lately = (struct lw_lately){ 0 };
	if (!before || !stage->count.known)
		return;
	old = lw_history_find_stage(before, stage);
	count = old ? old->count.v : 0;
	if (stage->count.v < count)
		return;
	lately->count.v = stage->count.v - count;
	lately->count.known = true;
	if (!lately->count.v)
		return;
	if (stage->max_ns.known &&
	    (!old || !old->max_ns.known || old->max_ns.v < stage->max_ns.v)) {
		lately->max_ns = stage->max_ns;
		return;
	}
	lately->max_ns = highest(old, stage);
	lately->bound = true;
	if (stage->max_ns.known && lately->max_ns.known &&
	    lately->max_ns.v > stage->max_ns.v)
		lately->max_ns = stage->max_ns;
}

/* Of all probes on all CPUs; a sum that has no room says nothing. */
static bool sum_of(const struct lw_report *report, uint64_t *sum)
{
	size_t i;

	*sum = 0;
	for (i = 0; i < report->nr_costs; i++)
		if (__builtin_add_overflow(*sum, report->costs[i].total_ns, sum))
			return false;
	return true;
}

/**
 * lw_lately_cost - what the module's probes took of one CPU between two reports
 * @before: the first, or NULL
 * @now: the second
 *
 * Return: in percent; not known while self-cost is off.
 */
struct lw_real lw_lately_cost(const struct lw_report *before,
			      const struct lw_report *now)
{
	struct lw_real percent = { 0 };
	uint64_t old, sum;

	if (!before || !before->self_cost || !now->self_cost ||
	    time_of(now) <= time_of(before) || !sum_of(before, &old) ||
	    !sum_of(now, &sum) || sum < old)
		return percent;
	percent.v = 100.0L * (long double)(sum - old) /
		    (long double)(time_of(now) - time_of(before));
	percent.known = true;
	return percent;
}
