// SPDX-License-Identifier: GPL-2.0
/*
 * An estimate of the maximum of longer runs, or why there can be none.  Takes the
 * maxima of blocks, gives to view_bound.c.
 *
 * Coles (2001), chapters 3 and 6.  The tests are of the fit's Gumbel residuals
 * (6.2.3), whose tail is light whatever the shape: a heavy tail would spoil what
 * is a sum of squares.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort_double.h>

#include "extreme/bound.h"
#include "extreme/goodness.h"

/* Without a trend twice the difference is chi squared with one degree (6.2). */
static int test_trend(const struct lw_blocks *blocks,
		      const struct lw_gev_fit *fit, struct lw_test *test)
{
	struct lw_gev_fit trend;
	int err = lw_gev_fit(blocks, true, NULL, &trend);

	*test = (struct lw_test){ .degrees = 1 };
	if (err)
		return err == -ENOMEM ? err : 0;
	test->statistic = 2 * (trend.log_likelihood - fit->log_likelihood);
	/* the model has the other in it: less was not its maximum */
	test->known = test->statistic > -1e-6;
	test->statistic = fmax(0, test->statistic);
	test->p = gsl_cdf_chisq_Q(test->statistic, 1);
	return 0;
}

static int run_tests(const struct lw_blocks *blocks, struct lw_bound *bound)
{
	double *residuals = malloc(blocks->nr * sizeof(*residuals));
	struct lw_test *tests = bound->tests;
	size_t i;
	int err;

	if (!residuals)
		return -ENOMEM;
	for (i = 0; i < blocks->nr; i++)
		residuals[i] = lw_gev_residual(&bound->fit.gev, blocks->max[i]);
	tests[LW_TEST_STATIONARITY] = lw_test_kpss(residuals, blocks->nr);
	tests[LW_TEST_INDEPENDENCE] = lw_test_ljung_box(residuals, blocks->nr,
							LW_BOUND_LAGS);
	gsl_sort(residuals, 1, blocks->nr);
	tests[LW_TEST_LARGEST] = lw_test_largest(residuals, blocks->nr);
	err = lw_test_anderson_darling(residuals, blocks->nr, bound->fit.gev.xi,
				       &tests[LW_TEST_GOODNESS]);
	if (!err)
		err = test_trend(blocks, &bound->fit, &tests[LW_TEST_TREND]);
	free(residuals);
	/* what could not be tested is not known to hold */
	for (i = 0; i < LW_TESTS; i++)
		if (!tests[i].known ||
		    !(tests[i].p >= LW_BOUND_SIGNIFICANCE / 100.0))
			bound->reasons |= lw_reason_bit(LW_REASON_TEST + i);
	return err;
}

static bool all_equal(const struct lw_blocks *blocks)
{
	size_t i;

	for (i = 1; i < blocks->nr; i++)
		if (blocks->max[i] != blocks->max[0])
			return false;
	return true;
}

static bool is_too_wide(const struct lw_level *level)
{
	/* not "is wider": what is not finite is too wide */
	return !(level->profile.high - level->profile.low <= fabs(level->level));
}

/**
 * lw_bound_estimate - estimate a bound, if the blocks allow for one
 * @blocks: the maxima, finite
 * @probability: with which the maximum of a block may exceed the bound
 * @bound: is set
 *
 * Return: 0, whether there is a bound or not; -EINVAL for a probability that is
 * not above 0 or above LW_BOUND_LARGEST_PROBABILITY; or -ENOMEM.
 */
int lw_bound_estimate(const struct lw_blocks *blocks, double probability,
		      struct lw_bound *bound)
{
	size_t i;
	int err;

	*bound = (struct lw_bound){ .probability = probability,
				    .nr = blocks->nr };
	if (!(probability > 0 && probability <= LW_BOUND_LARGEST_PROBABILITY))
		return -EINVAL;
	for (i = 0; i < blocks->nr; i++)
		if (!i || blocks->max[i] > bound->largest)
			bound->largest = blocks->max[i];
	/* Clopper and Pearson (1934) for none of nr; 3 / nr, nearly */
	bound->beyond = blocks->nr ? -expm1(log(0.05) / (double)blocks->nr) : 1;
	if (blocks->nr < LW_BOUND_LEAST_BLOCKS)
		bound->reasons |= lw_reason_bit(LW_REASON_FEW);
	if (blocks->nr > 1 && all_equal(blocks))
		bound->reasons |= lw_reason_bit(LW_REASON_EQUAL);
	if (bound->reasons)
		return 0;
	err = lw_gev_fit(blocks, false, NULL, &bound->fit);
	if (err == -ENOMEM)
		return err;
	bound->fitted = !err;
	if (err) {
		bound->reasons |= lw_reason_bit(LW_REASON_NO_FIT);
		return 0;
	}
	if (bound->fit.gev.xi <= LW_BOUND_LEAST_SHAPE)
		bound->reasons |= lw_reason_bit(LW_REASON_SHAPE);
	err = run_tests(blocks, bound);
	if (err || bound->reasons)
		return err;
	err = lw_level_estimate(blocks, &bound->fit, probability, &bound->level);
	if (!err && is_too_wide(&bound->level))
		bound->reasons |= lw_reason_bit(LW_REASON_WIDE);
	return err;
}
