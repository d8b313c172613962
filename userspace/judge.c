// SPDX-License-Identifier: GPL-2.0
/*
 * What of a comparison is more than noise.  Takes pairs from compare.c, sets
 * their changes.
 *
 * A comparison makes dozens of tests, and each of them errs at times.  So that
 * equal setups are rarely said to differ in anything, the tests share one level
 * (Bonferroni).  Half of it goes to the maxima of whole ways: those are few,
 * are what a bound is about, and need more runs the smaller their share is.
 */
#include <linux/latwatch.h>

#include "compare.h"
#include "format.h"
#include "noise.h"

#define P99 9900

/* A maximum over so many times more is expected to be larger. */
#define MANY_MORE 2

#define A LW_SIDE_A
#define B LW_SIDE_B

static struct lw_real figure_of(const struct lw_report_stage *stage,
				enum lw_figure figure)
{
	switch (figure) {
	case LW_FIGURE_COUNT:
		/* A blind stage did not see that nothing came. */
		if (!lw_stage_is_blind(stage))
			return lw_real_of(stage->count);
		break;
	case LW_FIGURE_AVERAGE:
		return lw_stage_average(stage);
	case LW_FIGURE_P99:
		return lw_real_of(lw_stage_percentile(stage, P99));
	case LW_FIGURE_MAXIMUM:
		if (stage->count.v)
			return lw_real_of(stage->max_ns);
		break;
	case LW_FIGURES:
		break;
	}
	return (struct lw_real){ 0 };
}

static void gather(const struct lw_comparison *c, const struct lw_pair *pair,
		   struct lw_change *change, int side)
{
	struct lw_spread *spread = &change->spread[side];
	size_t i;

	for (i = 0; i < c->sides[side]->nr_runs; i++) {
		const struct lw_report_stage *stage = pair->runs[side][i];
		struct lw_real value = { 0 };

		if (stage)
			value = figure_of(stage, change->figure);
		if (value.known)
			lw_spread_add(spread, value.v);
	}
	change->value[side].known = spread->nr;
	change->value[side].v = change->figure == LW_FIGURE_MAXIMUM ?
				spread->high : spread->mean;
	if (change->figure == LW_FIGURE_COUNT)
		change->value[side].v *= spread->nr;
}

static bool is_blind(const struct lw_comparison *c, const struct lw_pair *pair,
		     int side)
{
	size_t i;

	for (i = 0; i < c->sides[side]->nr_runs; i++)
		if (pair->runs[side][i] && lw_stage_is_blind(pair->runs[side][i]))
			return true;
	return false;
}

static void set_change(const struct lw_comparison *c, struct lw_pair *pair,
		       enum lw_figure figure)
{
	struct lw_change *change = &pair->changes[figure];
	const struct lw_real *value = change->value;

	change->figure = figure;
	gather(c, pair, change, A);
	gather(c, pair, change, B);
	change->diff.v = value[B].v - value[A].v;
	change->diff.known = value[A].known && value[B].known;
	/* How many there are depends on how many runs there are. */
	if (figure == LW_FIGURE_COUNT &&
	    change->spread[A].nr != change->spread[B].nr)
		change->diff.known = false;
	change->percent.known = change->diff.known && value[A].v > 0;
	if (change->percent.known)
		change->percent.v = 100 * change->diff.v / value[A].v;
	if (figure == LW_FIGURE_COUNT || value[A].known == value[B].known)
		return;
	change->verdict = value[A].known ? LW_VERDICT_ONLY_A :
					   LW_VERDICT_ONLY_B;
	if (is_blind(c, pair, value[A].known ? B : A))
		change->why = LW_WHY_BLIND;
}

static bool is_total(const struct lw_pair *pair)
{
	return pair->stage->flags & LATWATCH_STAGE_FLAGS_TOTAL;
}

static long double parting(const struct lw_change *change)
{
	return lw_noise_parting(change->spread[A].nr, change->spread[B].nr);
}

/**
 * struct levels - what each test may err with
 * @total: the maximum of a whole way
 * @other: anything else
 */
struct levels {
	long double total;
	long double other;
};

/*
 * The shares depend on how many figures there are and on how many runs they
 * come from, never on the figures: else the level would not be kept.
 */
static struct levels share_level(const struct lw_comparison *c)
{
	size_t totals = 0, maxima = 0, others = 0, i, figure;
	struct levels levels;

	for (i = 0; i < c->nr_pairs; i++) {
		const struct lw_change *changes = c->pairs[i].changes;

		for (figure = LW_FIGURE_AVERAGE; figure < LW_FIGURES; figure++)
			if (!changes[figure].diff.known)
				continue;
			else if (figure != LW_FIGURE_MAXIMUM)
				others++;
			else if (is_total(&c->pairs[i]))
				totals++;
			else
				maxima++;
	}
	levels.total = LW_LEVEL / 2 / (long double)(totals ? totals : 1);
	levels.other = LW_LEVEL / 2 / (long double)(others + maxima ?
						    others + maxima : 1);
	/* Maxima that cannot be judged from so few runs take no share. */
	for (i = 0; i < c->nr_pairs; i++) {
		const struct lw_change *change =
			&c->pairs[i].changes[LW_FIGURE_MAXIMUM];

		if (change->diff.known && !is_total(&c->pairs[i]) &&
		    parting(change) <= levels.other)
			return levels;
	}
	if (others)
		levels.other = LW_LEVEL / 2 / (long double)others;
	return levels;
}

static unsigned int runs_for(long double level)
{
	unsigned int nr = 2;

	while (lw_noise_parting(nr, nr) > level)
		nr++;
	return nr;
}

static bool counted_many_more(const struct lw_pair *pair, int side)
{
	const struct lw_spread *count =
		pair->changes[LW_FIGURE_COUNT].spread;

	return count[side].mean > MANY_MORE * count[!side].mean;
}

/* By the range of the runs: those of one side lie above all of the other. */
static void judge_maximum(struct lw_pair *pair, const struct levels *levels)
{
	struct lw_change *change = &pair->changes[LW_FIGURE_MAXIMUM];
	const struct lw_spread *a = &change->spread[A];
	const struct lw_spread *b = &change->spread[B];
	long double range_a = a->high - a->low, range_b = b->high - b->low;

	if (a->nr < 2 && b->nr < 2) {
		change->why = LW_WHY_SINGLE;
		return;
	}
	change->noise.v = range_a > range_b ? range_a : range_b;
	change->noise.known = true;
	change->basis = LW_BASIS_RUNS;
	if (parting(change) > (is_total(pair) ? levels->total : levels->other))
		change->why = LW_WHY_FEW_RUNS;
	else if (b->low > a->high && counted_many_more(pair, B))
		change->why = LW_WHY_MORE_COUNTED;
	else if (a->low > b->high && counted_many_more(pair, A))
		change->why = LW_WHY_MORE_COUNTED;
	else if (b->low > a->high)
		change->verdict = LW_VERDICT_SLOWER;
	else if (a->low > b->high)
		change->verdict = LW_VERDICT_FASTER;
	else
		change->verdict = LW_VERDICT_SAME;
}

/* A percentile is no finer than its bucket. */
static long double widest_bucket(const struct lw_comparison *c,
				 const struct lw_pair *pair)
{
	long double widest = 0, width;
	int side;
	size_t i;

	for (side = A; side <= B; side++)
		for (i = 0; i < c->sides[side]->nr_runs; i++) {
			const struct lw_report_stage *stage = pair->runs[side][i];
			const struct lw_report_bucket *bucket = NULL;

			if (stage)
				bucket = lw_stage_percentile_bucket(stage, P99);
			if (!bucket)
				continue;
			width = (long double)(bucket->high_ns -
					      bucket->low_ns) + 1;
			if (width > widest)
				widest = width;
		}
	return widest;
}

static const struct lw_report_stage *only_run(const struct lw_comparison *c,
					      const struct lw_pair *pair, int side)
{
	size_t i;

	for (i = 0; i < c->sides[side]->nr_runs; i++)
		if (pair->runs[side][i] && pair->runs[side][i]->count.v)
			return pair->runs[side][i];
	return NULL;
}

static void set_noise(const struct lw_comparison *c,
		      const struct lw_pair *pair, struct lw_change *change,
		      long double level)
{
	const struct lw_report_stage *a, *b;

	change->basis = LW_BASIS_RUNS;
	change->noise = lw_noise_of_runs(&change->spread[A],
					 &change->spread[B], level);
	if (change->noise.known) {
		if (change->figure == LW_FIGURE_P99)
			change->noise.v += widest_bucket(c, pair);
		return;
	}
	a = only_run(c, pair, A);
	b = only_run(c, pair, B);
	if (a && b)
		change->noise = change->figure == LW_FIGURE_P99 ?
				lw_noise_of_percentiles(a, b, P99, level) :
				lw_noise_of_means(a, b, level);
	change->basis = change->noise.known ? LW_BASIS_WITHIN : LW_BASIS_NONE;
}

static void judge(const struct lw_comparison *c, struct lw_pair *pair,
		  const struct levels *levels, enum lw_figure figure)
{
	struct lw_change *change = &pair->changes[figure];

	if (!change->diff.known || figure == LW_FIGURE_COUNT)
		return;
	if (figure == LW_FIGURE_MAXIMUM) {
		judge_maximum(pair, levels);
		return;
	}
	set_noise(c, pair, change, levels->other);
	if (!change->noise.known)
		change->why = LW_WHY_FEW_COUNTED;
	else if (change->diff.v > change->noise.v)
		change->verdict = LW_VERDICT_SLOWER;
	else if (-change->diff.v > change->noise.v)
		change->verdict = LW_VERDICT_FASTER;
	else
		change->verdict = LW_VERDICT_SAME;
}

static void sum_up(struct lw_comparison *c, const struct lw_pair *pair)
{
	size_t figure;

	for (figure = LW_FIGURE_AVERAGE; figure < LW_FIGURES; figure++) {
		const struct lw_change *change = &pair->changes[figure];

		if (!change->value[A].known && !change->value[B].known)
			continue;
		c->verdicts[change->verdict]++;
		c->whys[change->why]++;
		if (is_total(pair) &&
		    (change->verdict == LW_VERDICT_ONLY_A ||
		     change->verdict == LW_VERDICT_ONLY_B))
			c->ways_differ = true;
	}
}

/**
 * lw_comparison_judge - set all changes and what they come to
 * @c: the comparison, with its pairs
 */
void lw_comparison_judge(struct lw_comparison *c)
{
	struct levels levels;
	size_t i, figure;

	for (i = 0; i < c->nr_pairs; i++)
		for (figure = 0; figure < LW_FIGURES; figure++)
			set_change(c, &c->pairs[i], figure);
	levels = share_level(c);
	c->runs_for_totals = runs_for(levels.total);
	c->runs_for_stages = runs_for(levels.other);
	for (i = 0; i < c->nr_pairs; i++) {
		for (figure = 0; figure < LW_FIGURES; figure++)
			judge(c, &c->pairs[i], &levels, figure);
		sum_up(c, &c->pairs[i]);
	}
}
