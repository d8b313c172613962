// SPDX-License-Identifier: GPL-2.0
/*
 * The return level, and how well it is known.  Takes blocks and the distribution
 * that was fitted to them, gives to bound.c.
 *
 * Coles (2001), 3.3.3: a level's variance by the delta method, and its profile
 * likelihood: the largest likelihood of all distributions that have this level.
 * The interval is where it is less than the maximum by no more than half the
 * quantile of chi squared with one degree (2.6.6).
 */
#include <errno.h>
#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_roots.h>

#include "extreme/level.h"

/* How often the search goes on outwards, half as far again each time. */
#define STEPS_OUT 60

#define IMPOSSIBLE 1e15

/*
 * A distribution that has the level is known by mu and sigma: in units of the
 * fit's sigma from its mu, and as a logarithm.  @at is where the last search
 * ended and the next begins.
 */
struct profile {
	const struct lw_blocks *blocks;
	const struct lw_gev_fit *fit;
	double log_y;
	double allowed;
	double level;
	double xi;
	double at[2];
	gsl_multimin_fminimizer *minimizer;
	gsl_vector *begin;
	gsl_vector *step;
};

/*
 * The shape with which a level is @reach times sigma above mu.  The logarithm of
 * lw_gev_reach() rises and bends upwards with the shape: Newton's steps lead
 * there from anywhere.
 */
static double shape_of(double reach, double log_y, double xi)
{
	double a = -log_y, u, log_h, slope, step;
	int i;

	for (i = 0; i < 100; i++) {
		u = xi * a;
		if (fabs(u) < 1e-5) {
			log_h = log(a) + u / 2 + u * u / 24;
			slope = a * (0.5 + u / 12);
		} else if (u > 0) {
			log_h = u + log(-expm1(-u) / xi);
			slope = a / -expm1(-u) - 1 / xi;
		} else {
			log_h = log(expm1(u) / xi);
			slope = a * exp(u) / expm1(u) - 1 / xi;
		}
		step = (log(reach) - log_h) / slope;
		xi += step;
		if (fabs(step) < 1e-14 * (1 + fabs(xi)))
			break;
	}
	return xi;
}

static double minus_log_likelihood(const gsl_vector *at, void *data)
{
	struct profile *profile = data;
	const struct lw_blocks *blocks = profile->blocks;
	const struct lw_gev *best = &profile->fit->gev;
	double log_sigma = gsl_vector_get(at, 1), reach, sum = 0;
	struct lw_gev gev = {
		.mu = best->mu + best->sigma * gsl_vector_get(at, 0),
	};
	size_t i;

	if (fabs(log_sigma) > 100)
		return IMPOSSIBLE * fabs(log_sigma);
	gev.sigma = best->sigma * exp(log_sigma);
	reach = (profile->level - gev.mu) / gev.sigma;
	if (!(reach > 0))
		return IMPOSSIBLE * (1 - reach);
	gev.xi = shape_of(reach, profile->log_y, profile->xi);
	if (!(gev.xi > -1))
		return IMPOSSIBLE * -gev.xi;
	profile->xi = gev.xi;
	for (i = 0; i < blocks->nr; i++)
		sum += lw_gev_minus_log_density(&gev, blocks->max[i]);
	return sum;
}

/* From where the last search ended; twice, as a simplex may collapse too early. */
static int search(struct profile *profile, double *least)
{
	gsl_multimin_function f = { minus_log_likelihood, 2, profile };
	gsl_multimin_fminimizer *m = profile->minimizer;
	int turn, i;

	for (turn = 0; turn < 2; turn++) {
		gsl_vector_set(profile->begin, 0, profile->at[0]);
		gsl_vector_set(profile->begin, 1, profile->at[1]);
		gsl_vector_set_all(profile->step, turn ? 0.02 : 0.1);
		if (gsl_multimin_fminimizer_set(m, &f, profile->begin,
						profile->step))
			return -EDOM;
		for (i = 0; i < 1000; i++)
			if (gsl_multimin_fminimizer_iterate(m) ||
			    gsl_multimin_fminimizer_size(m) < 1e-6)
				break;
		*least = gsl_multimin_fminimizer_minimum(m);
		profile->at[0] = gsl_vector_get(gsl_multimin_fminimizer_x(m), 0);
		profile->at[1] = gsl_vector_get(gsl_multimin_fminimizer_x(m), 1);
	}
	return 0;
}

/* More than 0 outside the interval. */
static double excess(double level, void *data)
{
	struct profile *profile = data;
	double least;

	profile->level = level;
	if (search(profile, &least))
		return GSL_NAN;
	return least + profile->fit->log_likelihood - profile->allowed;
}

static double between(struct profile *profile, double inside, double outside)
{
	gsl_root_fsolver *s = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
	gsl_function f = { excess, profile };
	double root = outside;
	int i;

	/* what cannot be found more closely is the end that is farther out */
	if (s && !gsl_root_fsolver_set(s, &f, fmin(inside, outside),
				       fmax(inside, outside)))
		for (i = 0; i < 60; i++) {
			if (gsl_root_fsolver_iterate(s))
				break;
			if (gsl_root_test_interval(gsl_root_fsolver_x_lower(s),
						   gsl_root_fsolver_x_upper(s),
						   1e-6 * fabs(outside - inside),
						   0) == GSL_SUCCESS) {
				root = gsl_root_fsolver_root(s);
				break;
			}
		}
	gsl_root_fsolver_free(s);
	return root;
}

/* The end of the interval, on the side that @step points to. */
static double end_of(struct profile *profile, double level, double step)
{
	double inside = level, outside;
	int i;

	profile->at[0] = 0;
	profile->at[1] = 0;
	profile->xi = profile->fit->gev.xi;
	for (i = 0; i < STEPS_OUT; i++) {
		double value;

		outside = inside + step;
		value = excess(outside, profile);
		if (isnan(value))
			break;
		if (value > 0)
			return between(profile, inside, outside);
		inside = outside;
		step *= 1.5;
	}
	return step > 0 ? INFINITY : -INFINITY;
}

/* By its derivatives by mu, sigma and xi, Coles (2001), 3.3.3. */
static double error_of(const struct lw_gev_fit *fit, double probability)
{
	double log_y = log(-log1p(-probability));
	double xi = fit->gev.xi, u = xi * log_y, sum = 0;
	double reach = lw_gev_reach(xi, probability);
	double by[] = { 1, reach, fit->gev.sigma };
	size_t i, j;

	by[LW_GEV_XI] *= fabs(u) < 1e-4 ?
			 log_y * log_y * (0.5 - u / 3) :
			 (-log_y * exp(-u) - reach) / xi;
	for (i = 0; i <= LW_GEV_XI; i++)
		for (j = 0; j <= LW_GEV_XI; j++)
			sum += by[i] * by[j] * fit->covariance[i][j];
	return sqrt(sum);
}

/**
 * lw_level_estimate - estimate a return level
 * @blocks: the maxima
 * @fit: to them, without a slope
 * @probability: with which the maximum of a block exceeds it, above 0, 0.5 at most
 * @level: is set
 *
 * Return: 0, or -ENOMEM.
 */
int lw_level_estimate(const struct lw_blocks *blocks,
		      const struct lw_gev_fit *fit, double probability,
		      struct lw_level *level)
{
	const double tail = (100 - LW_LEVEL_CONFIDENCE) / 100.0;
	double error = error_of(fit, probability);
	double width = gsl_cdf_ugaussian_Qinv(tail / 2) * error;
	struct profile profile = {
		.blocks = blocks,
		.fit = fit,
		.log_y = log(-log1p(-probability)),
		.allowed = gsl_cdf_chisq_Qinv(tail, 1) / 2,
		.minimizer = gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2,
							   2),
		.begin = gsl_vector_alloc(2),
		.step = gsl_vector_alloc(2),
	};
	int err = 0;

	level->level = lw_gev_level(&fit->gev, probability);
	level->delta = (struct lw_interval){ level->level - width,
					     level->level + width };
	if (profile.minimizer && profile.begin && profile.step)
		level->profile = (struct lw_interval){
			end_of(&profile, level->level, -error),
			end_of(&profile, level->level, error),
		};
	else
		err = -ENOMEM;
	gsl_vector_free(profile.step);
	gsl_vector_free(profile.begin);
	gsl_multimin_fminimizer_free(profile.minimizer);
	return err;
}
