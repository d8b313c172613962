// SPDX-License-Identifier: GPL-2.0
/*
 * Whether a series goes on as it began, and whether what comes next depends on
 * what came before.  Takes numbers in the order of time, gives to bound.c.
 *
 * Kwiatkowski, D., Phillips, P. C. B., Schmidt, P. and Shin, Y. (1992): Testing
 * the null hypothesis of stationarity against the alternative of a unit root,
 * Journal of Econometrics 54, 159-178.
 *
 * Ljung, G. M. and Box, G. E. P. (1978): On a measure of lack of fit in time
 * series models, Biometrika 65, 297-303.
 */
#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_bessel.h>
#include <gsl/gsl_statistics_double.h>

#include "extreme/stationary.h"

/* Sum of the products of what is @lag apart, each less the mean. */
static double products(const double *values, size_t nr, double mean, size_t lag)
{
	double sum = 0;
	size_t i;

	for (i = lag; i < nr; i++)
		sum += (values[i] - mean) * (values[i - lag] - mean);
	return sum;
}

/**
 * lw_kpss_tail - how likely the statistic of a stationary series is exceeded
 * @statistic: of KPSS, about a level
 *
 * Its limit is the integral of a squared Brownian bridge, that of Cramer and von
 * Mises: Anderson, T. W. and Darling, D. A. (1952), Annals of Mathematical
 * Statistics 23, 193, (4.35).  Table 1 of Kwiatkowski et al. has four of its
 * values.
 *
 * Return: the probability.
 */
double lw_kpss_tail(double statistic)
{
	double sum = 0, factor = 1, x, term;
	gsl_sf_result log_k;
	int j;

	/* the sum converges the slower the larger: this is below 1e-20 */
	if (statistic > 10)
		return 0;
	gsl_set_error_handler_off();
	for (j = 0; j < 200; j++) {
		x = (4 * j + 1) * (4 * j + 1) / (16 * statistic);
		/* factor = Gamma(j + 1/2) / (Gamma(1/2) j!) */
		if (j)
			factor *= (j - 0.5) / j;
		if (gsl_sf_bessel_lnKnu_e(0.25, x, &log_k))
			break;
		term = factor * sqrt(4 * j + 1) * exp(log_k.val - x);
		sum += term;
		if (term < 1e-16 * sum || !(term > 0))
			break;
	}
	return fmin(1, fmax(0, 1 - sum / (M_PI * sqrt(statistic))));
}

/**
 * lw_test_kpss - test for stationarity about a level
 * @values: the series
 * @nr: its length
 *
 * With Bartlett's weights over the l4 lags of the paper, 4 (nr / 100)^(1/4).
 *
 * Return: the test; not known where the values are equal.
 */
struct lw_test lw_test_kpss(const double *values, size_t nr)
{
	struct lw_test test = { 0 };
	double mean, variance, partial = 0, sum = 0;
	unsigned int lag;
	size_t i;

	if (nr < 2)
		return test;
	mean = gsl_stats_mean(values, 1, nr);
	test.degrees = (unsigned int)(4 * pow((double)nr / 100, 0.25));
	if (test.degrees >= nr)
		test.degrees = (unsigned int)nr - 1;
	variance = products(values, nr, mean, 0);
	for (lag = 1; lag <= test.degrees; lag++)
		variance += 2 * (1 - lag / (test.degrees + 1.0)) *
			    products(values, nr, mean, lag);
	for (i = 0; i < nr; i++) {
		partial += values[i] - mean;
		sum += partial * partial;
	}
	if (!(variance > 0))
		return test;
	/* sum / nr^2 over variance / nr */
	test.statistic = sum / ((double)nr * variance);
	test.p = lw_kpss_tail(test.statistic);
	test.known = true;
	return test;
}

/**
 * lw_test_ljung_box - test for independence of what came before
 * @values: the series
 * @nr: its length
 * @lags: how far back
 *
 * Return: the test; not known where the values are equal, or too few.
 */
struct lw_test lw_test_ljung_box(const double *values, size_t nr,
				 unsigned int lags)
{
	struct lw_test test = { .degrees = lags };
	double mean, variance, r;
	unsigned int lag;

	if (nr <= lags || !lags)
		return test;
	mean = gsl_stats_mean(values, 1, nr);
	variance = products(values, nr, mean, 0);
	if (!(variance > 0))
		return test;
	for (lag = 1; lag <= lags; lag++) {
		r = products(values, nr, mean, lag) / variance;
		test.statistic += r * r / (double)(nr - lag);
	}
	test.statistic *= (double)nr * (double)(nr + 2);
	test.p = gsl_cdf_chisq_Q(test.statistic, lags);
	test.known = true;
	return test;
}
