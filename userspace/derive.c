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
 * lw_stage_bucket - the bucket in which one of the counted lies
 * @stage: the stage
 * @rank: which one, from 1 for the shortest
 *
 * Return: the bucket, or NULL if the histogram has fewer entries.
 */
const struct lw_report_bucket *lw_stage_bucket(const struct lw_report_stage *stage,
					       lw_u128 rank)
{
	lw_u128 seen = 0;
	size_t i;

	for (i = 0; i < stage->nr_buckets; i++) {
		seen += stage->buckets[i].count;
		if (seen >= rank)
			return &stage->buckets[i];
	}
	return NULL;
}

/**
 * lw_stage_percentile_bucket - the bucket in which a percentile lies
 * @stage: the stage
 * @per_myriad: which one, in hundredths of a percent
 *
 * Return: the bucket, or NULL if nothing was counted, or if the histogram has
 * fewer entries than the stage counted.
 */
const struct lw_report_bucket *
lw_stage_percentile_bucket(const struct lw_report_stage *stage,
			   unsigned int per_myriad)
{
	if (!stage->count.known || !stage->count.v)
		return NULL;
	return lw_stage_bucket(stage,
			       ((lw_u128)stage->count.v * per_myriad + 9999) /
			       10000);
}

/**
 * lw_stage_percentile - a percentile from the histogram
 * @stage: the stage
 * @per_myriad: which one, in hundredths of a percent
 *
 * The upper bound of the bucket in which it lies: never too small, and too
 * large by the width of a bucket at most.
 *
 * Return: the percentile; not known if it has no bucket.
 */
struct lw_value lw_stage_percentile(const struct lw_report_stage *stage,
				    unsigned int per_myriad)
{
	const struct lw_report_bucket *bucket =
		lw_stage_percentile_bucket(stage, per_myriad);
	struct lw_value value = { 0 };

	if (!bucket)
		return value;
	value.v = bucket->high_ns;
	value.known = true;
	if (stage->max_ns.known && value.v > stage->max_ns.v)
		value.v = stage->max_ns.v;
	if (stage->min_ns.known && value.v < stage->min_ns.v)
		value.v = stage->min_ns.v;
	return value;
}

/**
 * lw_stage_average - mean of a stage
 * @stage: the stage
 *
 * Return: nanoseconds.
 */
struct lw_real lw_stage_average(const struct lw_report_stage *stage)
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
bool lw_stage_sumsq(const struct lw_report_stage *stage, lw_u128 *sumsq)
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
struct lw_real lw_stage_deviation(const struct lw_report_stage *stage)
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

/**
 * lw_is_kprobe - whether it takes a tracepoint's place
 * @point: what the module sees an event by
 *
 * Return: true if it is at the entry of a function of the kernel.
 */
bool lw_is_kprobe(const struct lw_tracepoint *point)
{
	return point->kind.known && point->kind.v == LATWATCH_PROBE_KIND_KPROBE;
}

/**
 * lw_has_changed - whether this kernel's event comes with what the module does not read
 * @point: what the module sees events by
 */
bool lw_has_changed(const struct lw_tracepoint *point)
{
	return point->prototype.known &&
	       point->prototype.v == LATWATCH_PROTOTYPE_CHANGED;
}

/**
 * lw_is_unchecked - whether an event is read whose arguments nobody has compared
 * @point: what the module sees events by
 */
bool lw_is_unchecked(const struct lw_tracepoint *point)
{
	return point->attached && point->prototype.known &&
	       point->prototype.v == LATWATCH_PROTOTYPE_UNCHECKED;
}

/**
 * lw_stage_is_blind - whether a stage could not see what passed it
 * @stage: the stage
 *
 * Return: true if a tracepoint is missing and nothing was counted: that is not
 * a count of 0.
 */
bool lw_stage_is_blind(const struct lw_report_stage *stage)
{
	return stage->flags & LATWATCH_STAGE_FLAGS_BLIND && !stage->count.v;
}

/**
 * lw_stage_is_main_total - whether a total is the one that its path is about
 * @stage_id: enum latwatch_stage
 *
 * Return: false for the others, which need their name said.
 */
bool lw_stage_is_main_total(uint32_t stage_id)
{
	return stage_id == LATWATCH_STAGE_END_TO_END ||
	       stage_id == LATWATCH_STAGE_TX_END_TO_END ||
	       stage_id == LATWATCH_STAGE_READER_END_TO_END ||
	       stage_id == LATWATCH_STAGE_DEVICE_END_TO_END;
}

/**
 * lw_path_known - the path that something is shown under
 * @path: enum latwatch_path, or a number that this reporter does not know yet
 *
 * Return: @path, or LW_OTHER_PATH.
 */
uint32_t lw_path_known(uint32_t path)
{
	return path < LW_PATHS ? path : LW_OTHER_PATH;
}

/**
 * lw_ledger_has - whether a ledger says anything about a path
 * @ledger: the ledger, or NULL
 * @path: enum latwatch_path, or LW_OTHER_PATH
 * @counted: only entries that are not 0 matter
 *
 * Return: true if there is such an entry.
 */
bool lw_ledger_has(const struct lw_report_ledger *ledger, uint32_t path, bool counted)
{
	size_t i;

	for (i = 0; ledger && i < ledger->nr_entries; i++)
		if (lw_path_known(ledger->entries[i].path) == path &&
		    (!counted || ledger->entries[i].count.v))
			return true;
	return false;
}

/**
 * lw_ledger_books - add a ledger up for one path
 * @ledger: the ledger, or NULL
 * @path: enum latwatch_path
 * @books: is set
 *
 * Each path's books close by themselves: a packet that is missing on one is
 * not made up for by one too many on another.
 */
void lw_ledger_books(const struct lw_report_ledger *ledger, uint32_t path,
		     struct lw_report_books *books)
{
	uint64_t closed = 0, opened;
	size_t i;

	memset(books, 0, sizeof(*books));
	books->path = path;
	if (!ledger)
		return;
	for (i = 0; i < ledger->nr_entries; i++) {
		const struct lw_entry *entry = &ledger->entries[i];

		if (entry->path != path || entry->category >= LW_HEADS ||
		    !entry->count.known)
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
 * lw_vm_is_seen - was anything recognised of what a VM receives or sends?
 * @report: the report
 * @vm: the VM
 *
 * Return: false if no tap, backend, packet or interrupt of a device is known to be
 * its own: what it has for a network is out of the module's sight, if it has one.
 */
bool lw_vm_is_seen(const struct lw_report *report, const struct lw_report_vm *vm)
{
	const struct lw_report_ledger *ledger = lw_report_find_ledger(report, vm);
	size_t i;

	if (vm->nr_taps || !vm->backends.known || vm->backends.v || !ledger)
		return true;
	for (i = 0; i < ledger->nr_entries; i++)
		if (ledger->entries[i].category < LW_HEADS &&
		    ledger->entries[i].count.v)
			return true;
	return false;
}

/**
 * lw_report_books - the books of one path
 * @report: the report
 * @vm: the VM, or NULL for the host
 * @path: enum latwatch_path
 * @books: is set
 *
 * As lw_ledger_books(), but that nothing is unaccounted for says nothing of a VM of
 * which nothing was recognised: that is not known then.
 */
void lw_report_books(const struct lw_report *report, const struct lw_report_vm *vm,
		     uint32_t path, struct lw_report_books *books)
{
	lw_ledger_books(lw_report_find_ledger(report, vm), path, books);
	if (vm && !lw_vm_is_seen(report, vm))
		books->unaccounted.known = false;
}

/**
 * lw_report_worst - the flight that a path's table is about
 * @report: the report, settled
 * @vm: the VM, or NULL for the host
 * @path: enum latwatch_path
 *
 * Return: the worst flight of the path's first total that has one, or NULL.
 */
const struct lw_report_watermark *lw_report_worst(const struct lw_report *report,
						  const struct lw_report_vm *vm,
						  uint32_t path)
{
	const struct lw_report_watermark *worst = NULL;
	const struct lw_report_stage *stage = NULL;

	while (!worst &&
	       (stage = lw_report_next_stage(report, vm, path, stage)))
		if (stage->flags & LATWATCH_STAGE_FLAGS_TOTAL)
			worst = lw_report_find_watermark(report, vm, stage->id);
	return worst;
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
