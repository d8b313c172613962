// SPDX-License-Identifier: GPL-2.0
/*
 * Axes of what is drawn: logarithmic ones for distributions, steps for lines of
 * time.  Takes statistics, gives places and heights to the views.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "format.h"
#include "scale.h"

/* 10 to this power is the largest that has 64 bits. */
#define LAST_POWER 19

static int power_below(uint64_t ns)
{
	int power = 0;

	for (; ns >= 10; ns /= 10)
		power++;
	return power;
}

/**
 * lw_scale_add - make an axis long enough for a stage
 * @scale: the axis, zeroed to begin with
 * @stage: the stage; one that nothing passed changes nothing
 */
void lw_scale_add(struct lw_scale *scale, const struct lw_report_stage *stage)
{
	int first, end;

	if (!stage->count.v || !stage->min_ns.known || !stage->max_ns.known ||
	    stage->max_ns.v < stage->min_ns.v)
		return;
	first = power_below(stage->min_ns.v);
	end = power_below(stage->max_ns.v) + 1;
	if (!scale->decades) {
		scale->first = first;
		scale->decades = end - first;
		return;
	}
	if (end < scale->first + scale->decades)
		end = scale->first + scale->decades;
	if (first > scale->first)
		first = scale->first;
	scale->first = first;
	scale->decades = end - first;
}

/**
 * lw_scale_place - where a time stands on an axis
 * @scale: the axis
 * @ns: the time
 *
 * Return: 0 for the begin or what is before it, to 1 for the end.
 */
double lw_scale_place(const struct lw_scale *scale, uint64_t ns)
{
	double place;

	if (!scale->decades)
		return 0;
	place = (log10(ns ? (double)ns : 1) - scale->first) / scale->decades;
	return place < 0 ? 0 : place > 1 ? 1 : place;
}

/**
 * lw_scale_columns - a histogram as columns of equal width on an axis
 * @scale: the axis
 * @stage: whose histogram
 * @columns: is set; a bucket counts in each column that it reaches into
 * @nr: how many
 */
void lw_scale_columns(const struct lw_scale *scale,
		      const struct lw_report_stage *stage, uint64_t *columns, int nr)
{
	size_t i;

	memset(columns, 0, (size_t)nr * sizeof(*columns));
	for (i = 0; i < stage->nr_buckets; i++) {
		const struct lw_report_bucket *bucket = &stage->buckets[i];
		uint64_t high = bucket->high_ns;
		int from, to;

		/* The last one reaches beyond what was really the largest. */
		if (stage->max_ns.known && stage->max_ns.v < high &&
		    stage->max_ns.v >= bucket->low_ns)
			high = stage->max_ns.v;
		from = (int)(lw_scale_place(scale, bucket->low_ns) * nr);
		to = (int)(lw_scale_place(scale, high) * nr);
		from = from < nr ? from : nr - 1;
		to = to < nr ? to : nr - 1;
		for (; bucket->count && from <= to; from++)
			columns[from] = UINT64_MAX - columns[from] < bucket->count ?
						UINT64_MAX :
						columns[from] + bucket->count;
	}
}

/**
 * lw_scale_height - how high the column of a histogram is
 * @count: of this column
 * @most: of the highest one
 *
 * By the logarithm: one among millions is what this tool is about.
 *
 * Return: 0 for nothing, else up to 1 and far enough above 0 to be seen.
 */
double lw_scale_height(uint64_t count, uint64_t most)
{
	if (!count || !most)
		return 0;
	if (count >= most)
		return 1;
	return 0.2 + 0.8 * log((double)count) / log((double)most);
}

/**
 * lw_scale_name - a power of ten of nanoseconds
 * @text: room of LW_TEXT_SIZE
 * @power: of ten
 *
 * Return: @text.
 */
const char *lw_scale_name(char *text, int power)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	static const char *const digits[] = { "1", "10", "100" };
	int unit = power / 3 < 3 ? power / 3 : 3;

	if (power < 12)
		snprintf(text, LW_TEXT_SIZE, "%s %s", digits[power % 3],
			 units[unit]);
	else
		snprintf(text, LW_TEXT_SIZE, "1e%d s", power - 9);
	return text;
}

/**
 * lw_scale_step - the distance of marks on a line of time
 * @span_ns: how long it is
 * @most: how many marks there is room for
 *
 * Return: 1, 2 or 5 times a power of ten; not 0.
 */
uint64_t lw_scale_step(uint64_t span_ns, unsigned int most)
{
	static const unsigned int factors[] = { 1, 2, 5 };
	uint64_t power = 1;
	size_t i;
	int n;

	for (n = 0; n < LAST_POWER; n++, power *= 10)
		for (i = 0; i < sizeof(factors) / sizeof(factors[0]); i++)
			if (span_ns / (power * factors[i]) <= most)
				return power * factors[i];
	return power;
}
