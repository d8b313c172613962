// SPDX-License-Identifier: GPL-2.0
/*
 * How far two figures of equal setups may lie apart.  Takes figures of runs,
 * gives to compare.c.
 *
 * A level is the probability with which the difference of two equal setups may
 * exceed the noise.  Where the data has none, the noise is not known.
 */
#include <math.h>

#include "noise.h"
#include "with_gsl.h"

/**
 * lw_spread_add - count one more run in
 * @spread: the figure's spread, zeroed before the first
 * @value: the figure of the run
 */
void lw_spread_add(struct lw_spread *spread, long double value)
{
	long double off = value - spread->mean;

	if (!spread->nr || value < spread->low)
		spread->low = value;
	if (!spread->nr || value > spread->high)
		spread->high = value;
	spread->nr++;
	spread->mean += off / spread->nr;
	spread->squares += off * (value - spread->mean);
}

static struct lw_real known(long double noise)
{
	return (struct lw_real){ noise, true };
}

/*
 * Of two means with the squares of their standard errors and the freedom of
 * each: Welch (1947), with the freedom after Satterthwaite (1946).
 */
static struct lw_real welch(long double error_a, long double freedom_a,
			    long double error_b, long double freedom_b,
			    long double level)
{
	long double error = error_a + error_b, freedom;

	if (error <= 0)
		return known(0);
	freedom = error * error / (error_a * error_a / freedom_a +
				   error_b * error_b / freedom_b);
	return known(lw_student_quantile(level / 2, freedom) * sqrtl(error));
}

/**
 * lw_noise_of_runs - of the means of a figure over repeated runs
 * @a: the runs of one side
 * @b: of the other
 * @level: see above
 *
 * Where one side is a single run, it is taken for one more of the other side's:
 * the prediction interval.
 *
 * Return: the noise; not known where both are single runs.
 */
struct lw_real lw_noise_of_runs(const struct lw_spread *a,
				const struct lw_spread *b, long double level)
{
	const struct lw_spread *many = a->nr > b->nr ? a : b;
	long double variance, freedom;

	if (!a->nr || !b->nr || many->nr < 2)
		return (struct lw_real){ 0 };
	if (a->nr > 1 && b->nr > 1)
		return welch(a->squares / (a->nr - 1) / a->nr, a->nr - 1,
			     b->squares / (b->nr - 1) / b->nr, b->nr - 1, level);
	freedom = many->nr - 1;
	variance = many->squares / freedom;
	return known(lw_student_quantile(level / 2, freedom) *
		     sqrtl(variance * (1 + 1.0L / many->nr)));
}

/* The square of the standard error of a stage's average. */
static bool error_of(const struct lw_report_stage *stage, long double *error)
{
	struct lw_real deviation = lw_stage_deviation(stage);

	if (!deviation.known || stage->count.v < 2)
		return false;
	*error = deviation.v * deviation.v / (long double)(stage->count.v - 1);
	return true;
}

/**
 * lw_noise_of_means - of the averages of two single runs
 * @a: the stage in one of them
 * @b: in the other
 * @level: see above
 *
 * From the spread of what each run counted: what differs from run to run is
 * not in it.
 *
 * Return: the noise; not known where one counted less than two.
 */
struct lw_real lw_noise_of_means(const struct lw_report_stage *a,
				 const struct lw_report_stage *b, long double level)
{
	long double error_a, error_b;

	if (!error_of(a, &error_a) || !error_of(b, &error_b))
		return (struct lw_real){ 0 };
	return welch(error_a, (long double)(a->count.v - 1),
		     error_b, (long double)(b->count.v - 1), level);
}

struct interval {
	long double low;
	long double high;
};

/* Where a percentile of the population may be: between two ranks. */
static bool interval_of(const struct lw_report_stage *stage, unsigned int per_myriad,
			long double level, struct interval *interval)
{
	long double share = per_myriad / 10000.0L;
	long double nr = (long double)stage->count.v;
	long double width = lw_student_quantile(level / 2, INFINITY) *
			    sqrtl(nr * share * (1 - share));
	long double low = floorl(nr * share - width);
	long double high = ceill(nr * share + width) + 1;
	const struct lw_report_bucket *least, *most;

	if (low < 1 || high > nr)
		return false;
	least = lw_stage_bucket(stage, (lw_u128)low);
	most = lw_stage_bucket(stage, (lw_u128)high);
	if (!least || !most)
		return false;
	interval->low = (long double)least->low_ns;
	interval->high = (long double)most->high_ns;
	return true;
}

/**
 * lw_noise_of_percentiles - of a percentile in two single runs
 * @a: the stage in one of them
 * @b: in the other
 * @per_myriad: which percentile, in hundredths of a percent
 * @level: see above
 *
 * The percentiles differ by more than the noise where their intervals, that
 * need no assumption of how the times are distributed, do not overlap.
 *
 * Return: the noise; not known where too few were counted for an interval.
 */
struct lw_real lw_noise_of_percentiles(const struct lw_report_stage *a,
				       const struct lw_report_stage *b,
				       unsigned int per_myriad,
				       long double level)
{
	struct lw_value at_a = lw_stage_percentile(a, per_myriad);
	struct lw_value at_b = lw_stage_percentile(b, per_myriad);
	struct interval in_a, in_b;

	if (!at_a.known || !at_b.known ||
	    !interval_of(a, per_myriad, level / 2, &in_a) ||
	    !interval_of(b, per_myriad, level / 2, &in_b))
		return (struct lw_real){ 0 };
	if (at_b.v > at_a.v)
		return known(in_a.high - (long double)at_a.v +
			     (long double)at_b.v - in_b.low);
	return known((long double)at_a.v - in_a.low +
		     in_b.high - (long double)at_b.v);
}

/**
 * lw_noise_parting - how likely the ranges of equal setups' runs part
 * @nr_a: runs of one side
 * @nr_b: of the other
 *
 * All orders of the runs are equally likely then, and in two of them each run
 * of one side lies above each of the other.
 *
 * Return: the probability.
 */
long double lw_noise_parting(unsigned int nr_a, unsigned int nr_b)
{
	long double orders = 1;
	unsigned int i;

	for (i = 1; i <= nr_a; i++)
		orders *= (long double)(nr_b + i) / i;
	return orders > 2 ? 2 / orders : 1;
}
