// SPDX-License-Identifier: GPL-2.0
/*
 * What follows from the figures that were reported.  Takes the model, gives to
 * the views.  What cannot be computed is not known, never 0.
 */
#include <string.h>
#include <math.h>

#include <linux/latwatch.h>

#include "derive.h"

/**
 * lw_stage_percentile - a percentile from the histogram
 * @stage: the stage
 * @per_myriad: which one, in hundredths of a percent
 *
 * The upper bound of the bucket in which it lies: never too small, and too
 * large by the width of a bucket at most.
 *
 * Return: the percentile; not known if the histogram has fewer entries than
 * the stage counted.
 */
struct lw_value lw_stage_percentile(const struct lw_stage *stage,
				    unsigned int per_myriad)
{
	struct lw_value value = { 0 };
	lw_u128 rank, seen = 0;
	size_t i;

	if (!stage->count.known || !stage->count.v)
		return value;
	rank = ((lw_u128)stage->count.v * per_myriad + 9999) / 10000;
	for (i = 0; i < stage->nr_buckets; i++) {
		seen += stage->buckets[i].count;
		if (seen < rank)
			continue;
		value.v = stage->buckets[i].high_ns;
		value.known = true;
		break;
	}
	if (value.known && stage->max_ns.known && value.v > stage->max_ns.v)
		value.v = stage->max_ns.v;
	if (value.known && stage->min_ns.known && value.v < stage->min_ns.v)
		value.v = stage->min_ns.v;
	return value;
}

/**
 * lw_stage_average - mean of a stage
 * @stage: the stage
 *
 * Return: nanoseconds.
 */
struct lw_real lw_stage_average(const struct lw_stage *stage)
{
	struct lw_real real = { 0 };

	if (!stage->count.known || !stage->count.v || !stage->sum_ns.known)
		return real;
	real.v = (long double)stage->sum_ns.v / (long double)stage->count.v;
	real.known = true;
	return real;
}

/**
 * lw_stage_sumsq - the sum of squares in one piece
 * @stage: the stage
 * @sumsq: is set
 *
 * Return: false if it was not reported.
 */
bool lw_stage_sumsq(const struct lw_stage *stage, lw_u128 *sumsq)
{
	/* Without the upper half the lower means nothing. */
	if (!stage->sumsq_low.known || !stage->sumsq_high.known)
		return false;
	*sumsq = (lw_u128)stage->sumsq_high.v << 64 | stage->sumsq_low.v;
	return true;
}

/**
 * lw_stage_deviation - standard deviation of a stage over all it counted
 * @stage: the stage
 *
 * With n the count, s the sum and q the sum of squares, it is the root of
 * (q - s * s / n) / n.  The difference is that of two large numbers which may
 * agree in all but their last digits, so it is taken in integers: s * s fits
 * in 128 bits, n * q would not.
 *
 * Return: nanoseconds; not known where the figures contradict each other, as
 * they may when they were read while the stage was written.
 */
struct lw_real lw_stage_deviation(const struct lw_stage *stage)
{
	struct lw_real real = { 0 };
	lw_u128 sumsq, square, floor;
	long double spread;

	if (!stage->count.known || !stage->count.v || !stage->sum_ns.known ||
	    !lw_stage_sumsq(stage, &sumsq))
		return real;
	square = (lw_u128)stage->sum_ns.v * stage->sum_ns.v;
	floor = square / stage->count.v;
	if (sumsq < floor)
		return real;
	spread = (long double)(sumsq - floor) -
		 (long double)(square % stage->count.v) /
		 (long double)stage->count.v;
	if (spread < 0)
		return real;
	real.v = sqrtl(spread / (long double)stage->count.v);
	real.known = true;
	return real;
}

#define NO_MARK UINT32_MAX

/*
 * Which marks bound a stage, as the family's description says.  A stage that
 * begins or ends differently by the way a flight took has a line for each.
 */
static const struct bounds {
	uint32_t stage;
	uint32_t from;
	uint32_t to;
	uint32_t with;		/* applies only where this mark is set ... */
	uint32_t without;	/* ... and this one is not */
	bool part;		/* lies in another stage, is no term of the sum */
} bounds[] = {
	{ LATWATCH_STAGE_HARD_IRQ, LATWATCH_MARK_IRQ,
	  LATWATCH_MARK_THREAD_WAKE, NO_MARK, NO_MARK, false },
	{ LATWATCH_STAGE_HARD_IRQ, LATWATCH_MARK_IRQ,
	  LATWATCH_MARK_RAISE, NO_MARK, LATWATCH_MARK_THREAD_WAKE, false },
	{ LATWATCH_STAGE_IRQ_THREAD_WAKE, LATWATCH_MARK_THREAD_WAKE,
	  LATWATCH_MARK_THREAD_RUN, NO_MARK, NO_MARK, false },
	{ LATWATCH_STAGE_IRQ_THREAD, LATWATCH_MARK_THREAD_RUN,
	  LATWATCH_MARK_RAISE, NO_MARK, NO_MARK, false },
	{ LATWATCH_STAGE_SOFTIRQ_WAIT, LATWATCH_MARK_RAISE,
	  LATWATCH_MARK_SOFTIRQ, NO_MARK, NO_MARK, false },
	{ LATWATCH_STAGE_NAPI, LATWATCH_MARK_SOFTIRQ,
	  LATWATCH_MARK_STACK, NO_MARK, NO_MARK, false },
	{ LATWATCH_STAGE_STACK, LATWATCH_MARK_STACK,
	  LATWATCH_MARK_TAP, NO_MARK, NO_MARK, false },
	{ LATWATCH_STAGE_QDISC, LATWATCH_MARK_QUEUE,
	  LATWATCH_MARK_TAP, NO_MARK, NO_MARK, true },
	{ LATWATCH_STAGE_TAP_DWELL, LATWATCH_MARK_TAP,
	  LATWATCH_MARK_TAKE, NO_MARK, NO_MARK, false },
	{ LATWATCH_STAGE_BACKEND_WAKE, LATWATCH_MARK_BACKEND_WAKE,
	  LATWATCH_MARK_BACKEND_RUN, NO_MARK, NO_MARK, true },
	{ LATWATCH_STAGE_BACKEND_SERVICE, LATWATCH_MARK_TAKE,
	  LATWATCH_MARK_SIGNAL, NO_MARK, NO_MARK, false },
	{ LATWATCH_STAGE_SIGNAL, LATWATCH_MARK_SIGNAL,
	  LATWATCH_MARK_VCPU_WAKE, NO_MARK, NO_MARK, false },
	{ LATWATCH_STAGE_VCPU_WAKE, LATWATCH_MARK_VCPU_WAKE,
	  LATWATCH_MARK_VCPU_RUN, NO_MARK, NO_MARK, false },
	{ LATWATCH_STAGE_ENTRY, LATWATCH_MARK_VCPU_RUN,
	  LATWATCH_MARK_ENTRY, LATWATCH_MARK_VCPU_WAKE, NO_MARK, false },
	{ LATWATCH_STAGE_KICK, LATWATCH_MARK_SIGNAL,
	  LATWATCH_MARK_ENTRY, NO_MARK, LATWATCH_MARK_VCPU_WAKE, false },
};

/**
 * lw_watermark_find_mark - a mark of a flight
 * @worst: the watermark with the flight
 * @mark_id: enum latwatch_mark
 *
 * Return: the mark, or NULL if the flight did not pass it.
 */
const struct lw_mark *lw_watermark_find_mark(const struct lw_watermark *worst,
					     uint32_t mark_id)
{
	size_t i;

	for (i = 0; i < worst->nr_marks; i++)
		if (worst->marks[i].id == mark_id &&
		    worst->marks[i].time_ns.known)
			return &worst->marks[i];
	return NULL;
}

static struct lw_value part_of(const struct lw_watermark *worst,
			       const struct bounds *bound)
{
	const struct lw_mark *from, *to;
	struct lw_value part = { 0 };

	from = lw_watermark_find_mark(worst, bound->from);
	to = lw_watermark_find_mark(worst, bound->to);
	if (!from || !to || to->time_ns.v < from->time_ns.v)
		return part;
	if (bound->with != NO_MARK &&
	    !lw_watermark_find_mark(worst, bound->with))
		return part;
	if (bound->without != NO_MARK &&
	    lw_watermark_find_mark(worst, bound->without))
		return part;
	part.v = to->time_ns.v - from->time_ns.v;
	part.known = true;
	return part;
}

/**
 * lw_watermark_split - where the time of the worst flight went
 * @worst: the watermark, or NULL
 * @split: is set
 */
void lw_watermark_split(const struct lw_watermark *worst,
			struct lw_split *split)
{
	uint64_t largest = 0;
	size_t i;

	memset(split, 0, sizeof(*split));
	split->largest = LW_NO_STAGE;
	if (!worst)
		return;
	for (i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		struct lw_value part = part_of(worst, &bounds[i]);

		if (!part.known)
			continue;
		split->part_ns[bounds[i].stage] = part;
		if (bounds[i].part)
			continue;
		split->sum_ns.v += part.v;
		split->sum_ns.known = true;
		if (part.v >= largest) {
			largest = part.v;
			split->largest = bounds[i].stage;
		}
	}
	if (split->sum_ns.known && worst->value_ns.known) {
		split->residual_ns.v = (int64_t)(worst->value_ns.v -
						 split->sum_ns.v);
		split->residual_ns.known = true;
	}
	if (worst->id < LW_SPLIT_STAGES)
		split->part_ns[worst->id] = worst->value_ns;
}

/**
 * lw_ledger_books - add a ledger up
 * @ledger: the ledger, or NULL
 * @books: is set
 */
void lw_ledger_books(const struct lw_ledger *ledger, struct lw_books *books)
{
	uint64_t closed = 0, opened;
	size_t i;

	memset(books, 0, sizeof(*books));
	if (!ledger)
		return;
	for (i = 0; i < ledger->nr_entries; i++) {
		const struct lw_entry *entry = &ledger->entries[i];

		if (entry->category >= LW_HEADS || !entry->count.known)
			continue;
		books->head[entry->category].v += entry->count.v;
		books->head[entry->category].known = true;
	}
	if (!books->head[LATWATCH_CATEGORY_OPENED].known)
		return;
	opened = books->head[LATWATCH_CATEGORY_OPENED].v;
	for (i = 0; i < LW_HEADS; i++)
		if (i != LATWATCH_CATEGORY_OPENED)
			closed += books->head[i].v;
	books->gap.v = (int64_t)(opened - closed);
	books->gap.known = true;
	books->unaccounted.v = books->head[LATWATCH_CATEGORY_LOST].v +
			       (opened > closed ? opened - closed :
						  closed - opened);
	books->unaccounted.known = true;
}

/**
 * lw_report_realtime - when something happened, by the clock on the wall
 * @report: the report
 * @time_ns: CLOCK_MONOTONIC
 *
 * Return: nanoseconds of CLOCK_REALTIME.
 */
struct lw_value lw_report_realtime(const struct lw_report *report,
				   struct lw_value time_ns)
{
	struct lw_value real = { 0 };

	if (!time_ns.known || !report->info.since.known ||
	    !report->info.since_real.known)
		return real;
	real.v = report->info.since_real.v - report->info.since.v + time_ns.v;
	real.known = true;
	return real;
}
