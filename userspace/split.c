// SPDX-License-Identifier: GPL-2.0
/*
 * Where the time of a flight went, from the marks that were set on it and from what
 * the module says of where each stage begins and ends.  Takes the model, gives to the
 * views.
 *
 * A report of a module that does not say that cannot be split; one that was saved has
 * the parts that it was split into then.
 */
#include <string.h>

#include <linux/latwatch.h>

#include "split.h"

#define MARKS 32

/**
 * lw_watermark_find_mark - a mark of a flight
 * @worst: the watermark with the flight
 * @mark_id: enum latwatch_mark
 *
 * Return: the mark, or NULL if the flight did not pass it.
 */
const struct lw_mark *lw_watermark_find_mark(const struct lw_report_watermark *worst,
					     uint32_t mark_id)
{
	size_t i;

	for (i = 0; i < worst->nr_marks; i++)
		if (worst->marks[i].id == mark_id &&
		    worst->marks[i].time_ns.known)
			return &worst->marks[i];
	return NULL;
}

/**
 * lw_watermark_is_bound - is the maximum an upper bound?
 * @worst: the watermark, or NULL
 *
 * Return: true if it is not known when its flight began, only when it had not yet; or of
 * which packet it is, that a process has sent on, only that it is none before.
 */
bool lw_watermark_is_bound(const struct lw_report_watermark *worst)
{
	return worst && (worst->id == LATWATCH_STAGE_END_TO_END_PROCESS ||
			 lw_watermark_find_mark(worst, LATWATCH_MARK_BOUND));
}

static uint32_t marks_of(const struct lw_report_watermark *worst)
{
	uint32_t set = 0;
	size_t i;

	for (i = 0; i < worst->nr_marks; i++)
		if (worst->marks[i].id < MARKS && worst->marks[i].time_ns.known)
			set |= 1u << worst->marks[i].id;
	return set;
}

static const struct lw_mark *find(const struct lw_report_watermark *worst,
				  struct lw_value mark)
{
	return mark.known ? lw_watermark_find_mark(worst, (uint32_t)mark.v) :
			    NULL;
}

/**
 * lw_watermark_bounds - the marks between which a flight passed a stage
 * @worst: the watermark with the flight
 * @stage: the stage
 * @from: is set to the first
 * @to: is set to the last, not before it
 *
 * Return: false if the flight did not pass it.
 */
bool lw_watermark_bounds(const struct lw_report_watermark *worst,
			 const struct lw_report_stage *stage,
			 const struct lw_mark **from, const struct lw_mark **to)
{
	uint32_t set = marks_of(worst);

	if ((set & stage->with) != stage->with || set & stage->without)
		return false;
	*from = find(worst, stage->from);
	*to = find(worst, stage->to);
	if (!*to)
		*to = find(worst, stage->or_to);
	return *from && *to && (*to)->time_ns.v >= (*from)->time_ns.v;
}

/* What the flight spent in a stage: not known where it did not pass it. */
static struct lw_value part_of(const struct lw_report_watermark *worst,
			       const struct lw_report_stage *stage)
{
	const struct lw_mark *from, *to;
	struct lw_value part = { 0 };

	if (!lw_watermark_bounds(worst, stage, &from, &to))
		return part;
	part.v = to->time_ns.v - from->time_ns.v;
	part.known = true;
	return part;
}

/**
 * lw_stage_may_be_passed - whether marks tell that a flight passed a stage
 * @stage: the stage
 * @path: enum latwatch_path, of the flight
 *
 * Return: false also for what only a task tells.
 */
bool lw_stage_may_be_passed(const struct lw_report_stage *stage, uint32_t path)
{
	return stage->id < LW_SPLIT_STAGES &&
	       !(stage->flags & (LATWATCH_STAGE_FLAGS_TOTAL |
				 LATWATCH_STAGE_FLAGS_BY_TASK)) &&
	       (stage->path == path ||
		(path < LW_PATHS && stage->also & 1u << path));
}

static void add_part(struct lw_split *split, const struct lw_report_stage *stage,
		     struct lw_value part)
{
	const uint32_t no_term = LATWATCH_STAGE_FLAGS_NESTED |
				 LATWATCH_STAGE_FLAGS_AFTER;

	split->part_ns[stage->id] = part;
	if (stage->flags & no_term)
		return;
	split->sum_ns.v += part.v;
	split->sum_ns.known = true;
	if (split->largest == LW_NO_STAGE ||
	    part.v >= split->part_ns[split->largest].v)
		split->largest = stage->id;
}

/* A stage is there for the host, or for each VM: the first of them will do. */
static void split_by_marks(const struct lw_report *report,
			   const struct lw_report_watermark *worst, uint32_t path,
			   struct lw_split *split)
{
	struct lw_value part;
	size_t i;

	for (i = 0; i < report->nr_stages; i++) {
		const struct lw_report_stage *stage = &report->stages[i];

		if (!lw_stage_may_be_passed(stage, path) || split->part_ns[stage->id].known)
			continue;
		part = part_of(worst, stage);
		if (part.known)
			add_part(split, stage, part);
	}
}

static void split_as_saved(const struct lw_report *report,
			   const struct lw_report_watermark *worst,
			   struct lw_split *split)
{
	size_t i;

	for (i = 0; i < worst->nr_parts; i++) {
		const struct lw_part *part = &worst->parts[i];
		const struct lw_report_stage *stage =
			lw_report_find_stage(report, part->id);

		if (stage && stage->id < LW_SPLIT_STAGES && part->part_ns.known)
			add_part(split, stage, part->part_ns);
	}
	/* also of stages that the report has no row of */
	split->sum_ns = worst->sum_ns;
}

/**
 * lw_watermark_split - where the time of the worst flight went
 * @report: the report, settled
 * @worst: the watermark, or NULL
 * @path: enum latwatch_path, of the watermark's stage
 * @split: is set
 */
void lw_watermark_split(const struct lw_report *report,
			const struct lw_report_watermark *worst, uint32_t path,
			struct lw_split *split)
{
	memset(split, 0, sizeof(*split));
	split->largest = LW_NO_STAGE;
	if (!worst)
		return;
	if (lw_report_has_bounds(report))
		split_by_marks(report, worst, path, split);
	else
		split_as_saved(report, worst, split);
	if (split->sum_ns.known && worst->value_ns.known) {
		split->residual_ns.v = (int64_t)(worst->value_ns.v -
						 split->sum_ns.v);
		split->residual_ns.known = true;
	}
	if (worst->id < LW_SPLIT_STAGES)
		split->part_ns[worst->id] = worst->value_ns;
}
