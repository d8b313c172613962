// SPDX-License-Identifier: GPL-2.0
/*
 * Whether a series is one of the distribution that was fitted to it.  Takes the
 * Gumbel residuals of the blocks, in rising order, gives to bound.c.
 *
 * Anderson, T. W. and Darling, D. A. (1954): A test of goodness of fit, Journal
 * of the American Statistical Association 49, 765-769.
 *
 * The parameters were estimated from the same blocks, so that the paper's table
 * does not hold.  The statistic does not depend on mu and sigma, so it is judged
 * by that of series which are made with the fit's shape, and fitted each: a
 * parametric bootstrap (Stute, Gonzalez Manteiga and Presedo Quindimil, 1993,
 * Metrika 40, 243-256).
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort_double.h>

#include "extreme/goodness.h"

/* With the same series the same figure: the seed is one number for ever. */
#define SEED 1954
#define SERIES 999

/*
 * No made-up series is longer: the statistic's distribution is by then that of
 * any longer one (userspace/tests/test_gev.c compares the two).
 */
#define LONGEST 500

/**
 * lw_anderson_darling - the statistic
 * @residuals: of the fit, in rising order
 * @nr: how many
 *
 * Return: A squared.
 */
double lw_anderson_darling(const double *residuals, size_t nr)
{
	double sum = 0;
	size_t i;

	/* log F = -exp(-s) */
	for (i = 0; i < nr; i++)
		sum += (double)(2 * i + 1) *
		       (log(-expm1(-exp(-residuals[nr - 1 - i]))) -
			exp(-residuals[i]));
	return -(double)nr - sum / (double)nr;
}

/* A series of the shape, fitted: its statistic.  Not 0 where it has no fit. */
static int make_one(gsl_rng *rng, double xi, double *series, size_t nr,
		    double *statistic)
{
	const struct lw_gev gev = { 0, 1, xi };
	const struct lw_blocks blocks = { .nr = nr, .max = series };
	struct lw_gev_fit fit;
	size_t i;
	int err;

	for (i = 0; i < nr; i++) {
		double s = -log(-log(gsl_rng_uniform_pos(rng)));

		series[i] = fabs(xi) < 1e-12 ? s : expm1(xi * s) / xi;
	}
	err = lw_gev_fit(&blocks, false, &gev, &fit);
	if (err)
		return err;
	for (i = 0; i < nr; i++)
		series[i] = lw_gev_residual(&fit.gev, series[i]);
	gsl_sort(series, 1, nr);
	*statistic = lw_anderson_darling(series, nr);
	return 0;
}

/**
 * lw_test_anderson_darling - test the fit as a whole
 * @residuals: of the fit, in rising order
 * @nr: how many
 * @xi: the fit's shape
 * @test: is set; not known where more than one in twenty made-up series have no fit
 *
 * Return: 0, or -ENOMEM.
 */
int lw_test_anderson_darling(const double *residuals, size_t nr, double xi,
			     struct lw_test *test)
{
	size_t length = nr < LONGEST ? nr : LONGEST;
	double *series = malloc(length * sizeof(*series)), statistic;
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned int i, above = 0;
	int err = series && rng ? 0 : -ENOMEM;

	*test = (struct lw_test){ 0 };
	if (!err) {
		test->statistic = lw_anderson_darling(residuals, nr);
		gsl_rng_set(rng, SEED);
	}
	for (i = 0; !err && i < SERIES; i++) {
		err = make_one(rng, xi, series, length, &statistic);
		if (!err) {
			test->degrees++;
			above += statistic >= test->statistic;
		}
		if (err != -ENOMEM)
			err = 0;
	}
	if (!err && isfinite(test->statistic)) {
		test->known = test->degrees >= SERIES - SERIES / 20;
		test->p = (above + 1.0) / (test->degrees + 1.0);
	}
	gsl_rng_free(rng);
	free(series);
	return err;
}

/**
 * lw_test_largest - test whether the largest is too far out
 * @residuals: of the fit, in rising order
 * @nr: how many
 *
 * One block far beyond a thousand others is too little for the test of the whole,
 * and it is the one that a bound is about.  The largest has a part in the fit, so
 * the probability is, if anything, too large.
 *
 * Return: the test; its statistic is how often as many blocks have one as large.
 */
struct lw_test lw_test_largest(const double *residuals, size_t nr)
{
	/* of nr, log F^nr = -nr exp(-s) */
	double often = (double)nr * exp(-residuals[nr - 1]);

	return (struct lw_test){
		.known = true,
		.statistic = often,
		.p = -expm1(-often),
	};
}
