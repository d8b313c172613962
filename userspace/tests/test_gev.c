// SPDX-License-Identifier: GPL-2.0
/*
 * The distribution of maxima: its fit, its levels and the tests beside it, against
 * what is published, what is computed in another way, and series of which the
 * distribution is known.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort_double.h>

#include "extremes.h"
#include "extreme/gev.h"
#include "extreme/goodness.h"
#include "extreme/level.h"
#include "extreme/stationary.h"
#include "ktap.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))
#define MOST 4000

static bool is_near(double value, double expected, double off)
{
	if (fabs(value - expected) <= off)
		return true;
	printf("# %.9g is not %.9g, give or take %.3g\n", value, expected, off);
	return false;
}

static double drawn[MOST];

/* A series with a fixed seed. */
static struct lw_blocks draw(const struct lw_gev *gev, size_t nr,
			     unsigned long seed)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_ranlxd2);
	size_t i;

	gsl_rng_set(rng, seed);
	for (i = 0; i < nr; i++)
		drawn[i] = lw_gev_level(gev, gsl_rng_uniform_pos(rng));
	gsl_rng_free(rng);
	return (struct lw_blocks){ .nr = nr, .max = drawn };
}

static double log_likelihood(const struct lw_blocks *blocks, double mu,
			     double sigma, double xi)
{
	double sum = 0, t;
	size_t i;

	/* as Coles (2001), (3.7) has it, which is not how gev.c does */
	for (i = 0; i < blocks->nr; i++) {
		t = 1 + xi * (blocks->max[i] - mu) / sigma;
		if (!(t > 0))
			return -INFINITY;
		sum -= log(sigma) + (1 + 1 / xi) * log(t) + pow(t, -1 / xi);
	}
	return sum;
}

/* What is published has the digits that its own search was exact to. */
static void test_port_pirie(void)
{
	const struct lw_blocks blocks = { NR(port_pirie), port_pirie, NULL };
	struct lw_gev_fit fit;
	struct lw_level level;

	CHECK(blocks.nr == 65);
	CHECK(!lw_gev_fit(&blocks, false, NULL, &fit));
	CHECK(is_near(fit.gev.mu, 3.87474692, 1e-5));
	CHECK(is_near(fit.gev.sigma, 0.19804120, 1e-5));
	CHECK(is_near(fit.gev.xi, -0.05008773, 1e-4));
	CHECK(is_near(fit.log_likelihood, 4.339058, 1e-6));
	/* errors as gev.fit() of ismev prints them */
	CHECK(is_near(lw_gev_error(&fit, LW_GEV_MU), 0.02793211, 1e-5));
	CHECK(is_near(lw_gev_error(&fit, LW_GEV_SIGMA), 0.02024610, 1e-5));
	CHECK(is_near(lw_gev_error(&fit, LW_GEV_XI), 0.09825633, 1e-4));
	/* covariances and levels, Coles (2001), pages 59 and 60 */
	CHECK(is_near(fit.covariance[LW_GEV_MU][LW_GEV_SIGMA], 0.000197, 1e-6));
	CHECK(is_near(fit.covariance[LW_GEV_MU][LW_GEV_XI], -0.00107, 1e-5));
	CHECK(is_near(fit.covariance[LW_GEV_SIGMA][LW_GEV_XI], -0.000778, 1e-5));
	CHECK(!lw_level_estimate(&blocks, &fit, 0.1, &level));
	CHECK(is_near(level.level, 4.30, 0.005));
	CHECK(is_near((level.delta.high - level.level) / 1.959964,
		      sqrt(0.00303), 1e-3));
	CHECK(is_near(level.level - level.delta.low,
		      level.delta.high - level.level, 1e-9));
	CHECK(!lw_level_estimate(&blocks, &fit, 0.01, &level));
	CHECK(is_near(level.level, 4.69, 0.005));
}

static void test_glass_fibres(void)
{
	double below[NR(glass_fibres)];
	const struct lw_blocks blocks = { NR(below), below, NULL };
	struct lw_gev_fit fit;
	size_t i;

	for (i = 0; i < NR(below); i++)
		below[i] = -glass_fibres[i];
	CHECK(blocks.nr == 63);
	CHECK(!lw_gev_fit(&blocks, false, NULL, &fit));
	CHECK(is_near(fit.gev.mu, -1.64, 0.005));
	CHECK(is_near(fit.gev.sigma, 0.27, 0.005));
	CHECK(is_near(fit.gev.xi, -0.084, 0.0005));
}

/*
 * The trend's deviance is published as 12.674.  With these years the likelihood
 * has a larger maximum than that, by 0.009; no search can go beyond it.
 */
static void test_fremantle(void)
{
	const struct lw_blocks blocks = {
		NR(fremantle), fremantle, fremantle_years
	};
	struct lw_gev_fit fit, trend;
	double deviance;

	CHECK(blocks.nr == 86 && NR(fremantle_years) == 86);
	CHECK(!lw_gev_fit(&blocks, false, NULL, &fit));
	CHECK(is_near(fit.gev.mu, 1.4823, 1e-4));
	CHECK(is_near(fit.gev.sigma, 0.1413, 1e-4));
	CHECK(is_near(fit.gev.xi, -0.2172, 3e-4));
	CHECK(!fit.slope);
	CHECK(is_near(fit.log_likelihood, 43.6, 0.05));
	CHECK(!lw_gev_fit(&blocks, true, NULL, &trend));
	CHECK(is_near(trend.log_likelihood, 49.9, 0.05));
	deviance = 2 * (trend.log_likelihood - fit.log_likelihood);
	CHECK(is_near(deviance, 12.674, 0.02));
	CHECK(deviance > 12.674);
	/* Coles (2001), 6.3: 2 mm a year */
	CHECK(is_near(trend.slope, 0.00203, 2e-5));
	CHECK(trend.slope > 3 * lw_gev_error(&trend, LW_GEV_SLOPE));
}

/*
 * At the fit no parameter can be changed to the better, and how fast it gets
 * worse is what the covariance says: by differences, for a shape below 0, one
 * above, and one so near 0 that powers take the place of quotients.
 */
static void test_maximum(void)
{
	static const double shapes[] = { -0.3, 0, 0.4 };
	size_t s;

	for (s = 0; s < NR(shapes); s++) {
		struct lw_gev truth = { 100, 10, shapes[s] };
		struct lw_blocks blocks = draw(&truth, 400, 3);
		const double step[] = { 1e-3, 1e-3, 1e-4 };
		int again;
		double hessian[3][3];
		struct lw_gev_fit fit;
		int i, j, k;

		CHECK(!lw_gev_fit(&blocks, false, NULL, &fit));
		/* as near to 0 that of no block a quotient is taken */
		for (again = 0; !shapes[s] && again < 5; again++) {
			truth.xi -= fit.gev.xi - 5e-4;
			blocks = draw(&truth, 400, 3);
			CHECK(!lw_gev_fit(&blocks, false, NULL, &fit));
		}
		CHECK(shapes[s] || is_near(fit.gev.xi, 5e-4, 1e-5));
		for (i = 0; i < 3; i++) {
			for (j = 0; j < 3; j++) {
				double sum = 0;

				for (k = 0; k < 4; k++) {
					double at[] = { fit.gev.mu, fit.gev.sigma,
							fit.gev.xi };

					at[i] += k & 1 ? step[i] : -step[i];
					at[j] += k & 2 ? step[j] : -step[j];
					sum += (k == 0 || k == 3 ? -1 : 1) *
					       log_likelihood(&blocks, at[0],
							      at[1], at[2]);
				}
				hessian[i][j] = sum / (4 * step[i] * step[j]);
			}
		}
		for (i = 0; i < 3; i++) {
			double at[] = { fit.gev.mu, fit.gev.sigma, fit.gev.xi };

			for (k = -1; k < 2; k += 2) {
				double moved[] = { at[0], at[1], at[2] };

				moved[i] += k * step[i];
				CHECK(log_likelihood(&blocks, moved[0], moved[1],
						     moved[2]) <
				      fit.log_likelihood);
			}
			for (j = 0; j < 3; j++) {
				double one = 0;

				for (k = 0; k < 3; k++)
					one += hessian[i][k] *
					       fit.covariance[k][j];
				CHECK(is_near(one * sqrt(hessian[j][j] /
							 hessian[i][i]),
					      i == j, 1e-3));
			}
		}
	}
}

/* The fit's estimates are off by no more than three and a half of their errors. */
static void test_known(void)
{
	static const double shapes[] = { -0.4, -0.2, 0, 0.2, 0.5 };
	size_t i;

	for (i = 0; i < NR(shapes); i++) {
		const struct lw_gev truth = { 5e4, 2e3, shapes[i] };
		struct lw_blocks blocks = draw(&truth, MOST, 11 + i);
		struct lw_gev_fit fit;

		CHECK(!lw_gev_fit(&blocks, false, NULL, &fit));
		CHECK(is_near(fit.gev.mu, truth.mu,
			      3.5 * lw_gev_error(&fit, LW_GEV_MU)));
		CHECK(is_near(fit.gev.sigma, truth.sigma,
			      3.5 * lw_gev_error(&fit, LW_GEV_SIGMA)));
		CHECK(is_near(fit.gev.xi, truth.xi,
			      3.5 * lw_gev_error(&fit, LW_GEV_XI)));
		CHECK(lw_gev_error(&fit, LW_GEV_XI) < 0.02);
	}
}

/* Whatever the unit and the zero, from nanoseconds to a day of them. */
static void test_units(void)
{
	const struct lw_gev truth = { 1, 0.1, 0.1 };
	static const double units[] = { 1e-6, 1, 1e3, 1e9, 8.64e13 };
	struct lw_blocks blocks = draw(&truth, 200, 5);
	double moved[200];
	struct lw_gev_fit fit, other;
	size_t i, j;

	CHECK(!lw_gev_fit(&blocks, false, NULL, &fit));
	for (i = 0; i < NR(units); i++) {
		const struct lw_blocks in_units = { 200, moved, NULL };

		for (j = 0; j < 200; j++)
			moved[j] = (drawn[j] + 3) * units[i];
		CHECK(!lw_gev_fit(&in_units, false, NULL, &other));
		CHECK(is_near(other.gev.mu / units[i], fit.gev.mu + 3, 1e-8));
		CHECK(is_near(other.gev.sigma / units[i], fit.gev.sigma, 1e-8));
		CHECK(is_near(other.gev.xi, fit.gev.xi, 1e-7));
		CHECK(is_near(other.log_likelihood,
			      fit.log_likelihood - 200 * log(units[i]), 1e-5));
	}
}

static void test_no_fit(void)
{
	double few[] = { 1, 2, 3, 4 }, equal[60], two[60];
	struct lw_blocks blocks = { 4, few, NULL };
	struct lw_gev_fit fit;
	size_t i;

	CHECK(lw_gev_fit(&blocks, false, NULL, &fit) == -EINVAL);
	for (i = 0; i < 60; i++) {
		equal[i] = 1e18 + 0.1;
		two[i] = i % 2;
	}
	blocks = (struct lw_blocks){ 60, equal, NULL };
	CHECK(lw_gev_fit(&blocks, false, NULL, &fit) == -EINVAL);
	/* nothing but two values: whatever comes of it, it ends, and is finite */
	blocks.max = two;
	if (!lw_gev_fit(&blocks, false, NULL, &fit))
		CHECK(isfinite(fit.log_likelihood) && fit.gev.sigma > 0);
}

/* The shape that makes of mu and sigma a distribution with the level. */
static double shape_by_halves(double reach, double probability)
{
	double low = -3, high = 3, xi;
	int i;

	for (i = 0; i < 50; i++) {
		xi = (low + high) / 2;
		if (lw_gev_reach(xi, probability) < reach)
			low = xi;
		else
			high = xi;
	}
	return xi;
}

/* The likelihood of the likeliest distribution with a level, by trying them all. */
static double best_on_grid(const struct lw_blocks *blocks,
			   const struct lw_gev *fit, double probability,
			   double level)
{
	double best = -INFINITY, log_sigma, off;

	for (log_sigma = -0.5; log_sigma < 0.5; log_sigma += 0.01)
		for (off = -0.6; off < 0.6; off += 0.01) {
			double sigma = fit->sigma * exp(log_sigma);
			double mu = fit->mu + off * fit->sigma, value;

			value = log_likelihood(blocks, mu, sigma,
					       shape_by_halves((level - mu) / sigma,
							       probability));
			if (value > best)
				best = value;
		}
	return best;
}

static void test_profile(void)
{
	const struct lw_blocks blocks = { NR(port_pirie), port_pirie, NULL };
	static const double probabilities[] = { 0.1, 0.01, 1e-4 };
	struct lw_gev_fit fit;
	struct lw_level level;
	size_t i;

	CHECK(!lw_gev_fit(&blocks, false, NULL, &fit));
	for (i = 0; i < NR(probabilities); i++) {
		double edge = fit.log_likelihood - 3.841459 / 2;

		CHECK(!lw_level_estimate(&blocks, &fit, probabilities[i], &level));
		CHECK(level.profile.low < level.level &&
		      level.level < level.profile.high);
		/* the grid's best is a little below the best there is */
		CHECK(is_near(best_on_grid(&blocks, &fit.gev, probabilities[i],
					   level.profile.low), edge, 0.02));
		CHECK(is_near(best_on_grid(&blocks, &fit.gev, probabilities[i],
					   level.profile.high), edge, 0.02));
	}
	/* it leans to where more is possible, which the delta method does not */
	CHECK(level.profile.high - level.level > level.level - level.profile.low);
	CHECK(level.profile.high > level.delta.high);
}

/* Of intervals with 95 % as many have the truth in them. */
static void test_coverage(void)
{
	static const double shapes[] = { -0.2, 0.1 };
	unsigned int nr = 0, profile = 0, delta = 0, seed;
	size_t i;

	for (i = 0; i < NR(shapes); i++) {
		const struct lw_gev truth = { 100, 10, shapes[i] };
		double level = lw_gev_level(&truth, 1e-3);

		for (seed = 1; seed <= 100; seed++) {
			struct lw_blocks blocks = draw(&truth, 126, 100 + seed);
			struct lw_gev_fit fit;
			struct lw_level got;

			CHECK(!lw_gev_fit(&blocks, false, NULL, &fit));
			CHECK(!lw_level_estimate(&blocks, &fit, 1e-3, &got));
			nr++;
			profile += got.profile.low <= level &&
				   level <= got.profile.high;
			delta += got.delta.low <= level && level <= got.delta.high;
		}
	}
	/* 200 of 95 %: within 3 deviations, 3.1 each */
	CHECK(profile >= 181 && profile <= 199);
	/* what level.h says of the other method */
	CHECK(delta < profile);
	printf("# of %u intervals %u by profile and %u by delta have the level\n",
	       nr, profile, delta);
}

/* Table 1 of Kwiatkowski et al. (1992), with as many digits as it has. */
static void test_kpss(void)
{
	static const double line[] = { 1, 2, 3, 4, 5 };
	static const double flat[] = { 2, 2, 2, 2, 2 };
	struct lw_test test;

	CHECK(is_near(lw_kpss_tail(0.347), 0.10, 5e-4));
	CHECK(is_near(lw_kpss_tail(0.463), 0.05, 5e-4));
	CHECK(is_near(lw_kpss_tail(0.574), 0.025, 1e-3));
	CHECK(is_near(lw_kpss_tail(0.739), 0.01, 5e-4));
	CHECK(lw_kpss_tail(1e-3) == 1);
	CHECK(lw_kpss_tail(9) < 1e-9 && !lw_kpss_tail(1e6));
	/* partial sums -2, -3, -3, -2, 0; variance (10 + 4) / 5 with one lag */
	test = lw_test_kpss(line, 5);
	CHECK(test.known && test.degrees == 1);
	CHECK(is_near(test.statistic, 26 / 70.0, 1e-12));
	CHECK(!lw_test_kpss(flat, 5).known);
	CHECK(!lw_test_kpss(line, 1).known && !lw_test_kpss(line, 0).known);
}

static void test_ljung_box(void)
{
	static const double line[] = { 1, 2, 3, 4, 5 };
	static const double flat[] = { 2, 2, 2, 2, 2 };
	struct lw_test test = lw_test_ljung_box(line, 5, 1);

	/* r1 = 0.4, Q = 5 * 7 * 0.16 / 4, and of chi squared with 1 erfc() */
	CHECK(test.known && test.degrees == 1);
	CHECK(is_near(test.statistic, 1.4, 1e-12));
	CHECK(is_near(test.p, erfc(sqrt(0.7)), 1e-9));
	/* r2 = -0.1 */
	test = lw_test_ljung_box(line, 5, 2);
	CHECK(is_near(test.statistic, 35 * (0.04 + 0.01 / 3), 1e-12));
	CHECK(is_near(test.p, exp(-test.statistic / 2), 1e-9));
	CHECK(!lw_test_ljung_box(flat, 5, 1).known);
	CHECK(!lw_test_ljung_box(line, 5, 5).known);
	CHECK(!lw_test_ljung_box(line, 5, 0).known);
}

/* Sorted residuals of the fit of a series. */
static bool residuals_of(struct lw_blocks *blocks, double *residuals)
{
	struct lw_gev_fit fit;
	size_t i;

	if (lw_gev_fit(blocks, false, NULL, &fit))
		return false;
	for (i = 0; i < blocks->nr; i++)
		residuals[i] = lw_gev_residual(&fit.gev, blocks->max[i]);
	gsl_sort(residuals, 1, blocks->nr);
	return true;
}

struct made {
	double statistic;
	unsigned long seed;
};

static int by_statistic(const void *a, const void *b)
{
	const struct made *one = a, *other = b;

	return one->statistic < other->statistic ? -1 :
	       one->statistic > other->statistic;
}

/*
 * The 95th percentile of series of 500, the longest that are made up, is exceeded
 * by one in twenty of 2,000, and the test says so of the series that has it.
 */
static void test_anderson_darling(void)
{
	const struct lw_gev truth = { 0, 1, 0.1 };
	static double residuals[MOST];
	static const double zero[] = { 0 };
	struct lw_test test, again;
	struct lw_blocks blocks;
	struct made made[200];
	unsigned int i, above = 0;

	CHECK(is_near(lw_anderson_darling(zero, 1), -log(1 - exp(-1)), 1e-12));
	for (i = 0; i < NR(made); i++) {
		made[i].seed = 1000 + i;
		blocks = draw(&truth, 500, made[i].seed);
		CHECK(residuals_of(&blocks, residuals));
		made[i].statistic = lw_anderson_darling(residuals, blocks.nr);
	}
	qsort(made, NR(made), sizeof(made[0]), by_statistic);
	for (i = 0; i < NR(made); i++) {
		blocks = draw(&truth, 2000, 2000 + i);
		CHECK(residuals_of(&blocks, residuals));
		above += lw_anderson_darling(residuals, blocks.nr) >
			 made[189].statistic;
	}
	/* 10 of 200, within 3 deviations of both percentile and count */
	CHECK(above >= 1 && above <= 23);
	blocks = draw(&truth, 500, made[189].seed);
	CHECK(residuals_of(&blocks, residuals));
	CHECK(!lw_test_anderson_darling(residuals, 500, truth.xi, &test));
	CHECK(test.known && test.degrees == 999);
	CHECK(is_near(test.p, 0.05, 0.04));
	/* the same series, the same figure */
	CHECK(!lw_test_anderson_darling(residuals, 500, truth.xi, &again));
	CHECK(again.p == test.p);
}

static void test_largest(void)
{
	double residuals[100] = { 0 };
	struct lw_test test;

	residuals[99] = log(100);
	test = lw_test_largest(residuals, 100);
	CHECK(is_near(test.statistic, 1, 1e-12));
	CHECK(is_near(test.p, 1 - exp(-1), 1e-12));
	residuals[99] = log(1e6);
	CHECK(is_near(lw_test_largest(residuals, 100).p, 1e-4, 1e-7));
}

/* Ends of the distribution, and a shape of 0 from both sides. */
static void test_distribution(void)
{
	const struct lw_gev heavy = { 10, 2, 0.5 }, light = { 10, 2, -0.5 };
	const struct lw_gev gumbel = { 10, 2, 0 };
	double x;

	CHECK(lw_gev_residual(&heavy, 6) == -INFINITY);
	CHECK(lw_gev_residual(&heavy, 5.9) == -INFINITY);
	CHECK(lw_gev_residual(&light, 14) == INFINITY);
	CHECK(lw_gev_level(&light, 1e-30) < 14 + 1e-9);
	CHECK(is_near(lw_gev_level(&gumbel, 0.1),
		      10 - 2 * log(-log(0.9)), 1e-12));
	/* the least probability is not lost in 1 - p */
	CHECK(is_near(lw_gev_level(&gumbel, 1e-20), 10 + 40 * log(10), 1e-9));
	for (x = 5; x < 40; x += 0.7) {
		struct lw_gev near = { 10, 2, 1e-9 };

		CHECK(is_near(lw_gev_residual(&near, x), (x - 10) / 2, 1e-6));
		near.xi = -1e-9;
		CHECK(is_near(lw_gev_residual(&near, x), (x - 10) / 2, 1e-6));
	}
}

static const struct ktap_test tests[] = {
	{ "the distribution has its ends and its middle", test_distribution },
	{ "Port Pirie as published", test_port_pirie },
	{ "glass fibres as published", test_glass_fibres },
	{ "Fremantle as published", test_fremantle },
	{ "the fit is where the likelihood is largest", test_maximum },
	{ "the fit of a known distribution is that", test_known },
	{ "a unit changes nothing", test_units },
	{ "what has no fit", test_no_fit },
	{ "a profile's interval is that of a grid", test_profile },
	{ "intervals have the truth in them", test_coverage },
	{ "KPSS", test_kpss },
	{ "Ljung and Box", test_ljung_box },
	{ "Anderson and Darling", test_anderson_darling },
	{ "the largest", test_largest },
};

int main(void)
{
	return ktap_run(tests, NR(tests));
}
