// SPDX-License-Identifier: GPL-2.0
/*
 * The generalised extreme value distribution, and its fit by maximum likelihood.
 * Takes the maxima of blocks, gives to level.c, goodness.c and bound.c.
 *
 * Coles, S. (2001): An Introduction to Statistical Modeling of Extreme Values,
 * Springer; 3.1.3 the distribution, 3.3.2 its likelihood, 6.1 a trend in mu.
 *
 * All is said by the Gumbel residual s = log(1 + xi z) / xi, z = (x - mu) / sigma
 * (6.2.3): the distribution function is exp(-exp(-s)), and minus the logarithm
 * of the density is log(sigma) + (1 + xi) s + exp(-s), for xi = 0 as well.
 */
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_multiroots.h>
#include <gsl/gsl_statistics_double.h>

#include "extreme/gev.h"

/* Below this |xi z| powers of it take the place of quotients that cancel. */
#define SMALL 1e-2
#define POWERS 9

/* At -1 and below the likelihood has no bound: Smith (1985), Biometrika 72, 67. */
#define LEAST_XI -1.0

/* What is impossible is worse than all that is possible, and the more so the farther. */
#define IMPOSSIBLE 1e12

/* s, and its derivatives by z and xi, once and twice. */
struct residual {
	double s;
	double z;
	double zz;
	double xi;
	double z_xi;
	double xi_xi;
};

/* s = z - xi z^2 / 2 + xi^2 z^3 / 3 - ..., and its derivatives by xi. */
static void sum_powers(double z, double xi, struct residual *r)
{
	double power = 1, k;
	int i;

	r->s = 0;
	r->xi = 0;
	r->xi_xi = 0;
	for (i = 0; i < POWERS; i++) {
		k = i;
		r->s += power / (k + 1);
		r->xi += power * (k + 1) / (k + 2);
		r->xi_xi += power * (k + 1) * (k + 2) / (k + 3);
		power *= -xi * z;
	}
	r->s *= z;
	r->xi *= -z * z;
	r->xi_xi *= z * z * z;
}

/* Returns false where the density is 0. */
static bool residual_of(double z, double xi, struct residual *r)
{
	double u = xi * z, t = 1 + u;

	if (!(t > 0))
		return false;
	if (fabs(u) < SMALL) {
		sum_powers(z, xi, r);
	} else {
		r->s = log1p(u) / xi;
		r->xi = (z / t - r->s) / xi;
		r->xi_xi = -((z / t) * (z / t) + 2 * r->xi) / xi;
	}
	r->z = 1 / t;
	r->zz = -xi / (t * t);
	r->z_xi = -z / (t * t);
	return true;
}

/**
 * lw_gev_residual - a value as one of the standard Gumbel distribution
 * @gev: the distribution that it is of
 * @x: the value
 *
 * Return: the residual; minus or plus infinity where the distribution has no
 * value that is as small or as large.
 */
double lw_gev_residual(const struct lw_gev *gev, double x)
{
	double z = (x - gev->mu) / gev->sigma, u = gev->xi * z;

	if (!(1 + u > 0))
		return gev->xi > 0 ? -INFINITY : INFINITY;
	return fabs(u) < DBL_EPSILON ? z : log1p(u) / gev->xi;
}

/**
 * lw_gev_reach - how far a level lies above mu, in units of sigma
 * @xi: the shape
 * @probability: with which the level is exceeded
 *
 * Coles (3.4), with what is exact for the least probabilities.
 *
 * Return: the distance.
 */
double lw_gev_reach(double xi, double probability)
{
	double log_y = log(-log1p(-probability));

	return fabs(xi * log_y) < DBL_EPSILON ? -log_y :
						expm1(-xi * log_y) / xi;
}

/**
 * lw_gev_level - the return level
 * @gev: the distribution
 * @probability: with which the level is exceeded
 *
 * Return: the level.
 */
double lw_gev_level(const struct lw_gev *gev, double probability)
{
	return gev->mu + gev->sigma * lw_gev_reach(gev->xi, probability);
}

/**
 * lw_gev_minus_log_density - minus the logarithm of the density
 * @gev: the distribution
 * @x: where
 *
 * Return: a figure that is large but finite where the density is 0, and the
 * larger the farther @x lies outside, which leads a search back.
 */
double lw_gev_minus_log_density(const struct lw_gev *gev, double x)
{
	double z = (x - gev->mu) / gev->sigma, t = 1 + gev->xi * z, s;

	if (!(t > 0))
		return IMPOSSIBLE * (1 - (t > -1e6 ? t : -1e6));
	s = lw_gev_residual(gev, x);
	/* exp(-s) is finite where the search may be */
	return log(gev->sigma) + (1 + gev->xi) * s + (s < -30 ? 1e13 - s : exp(-s));
}

/**
 * lw_gev_error - the standard error of a parameter
 * @fit: the fit
 * @which: the parameter
 *
 * Return: the error.
 */
double lw_gev_error(const struct lw_gev_fit *fit, enum lw_gev_parameter which)
{
	return sqrt(fit->covariance[which][which]);
}

/*
 * The search is for mu, log(sigma), xi and the slope, of maxima that were moved
 * and scaled to a mean of 0 and a deviation of 1, over times from -0.5 to 0.5.
 */
struct search {
	size_t nr;
	size_t nr_parameters;
	double *max;
	double *time;
};

static struct lw_gev gev_at(const struct search *search, const gsl_vector *at,
			    size_t i)
{
	struct lw_gev gev = {
		.mu = gsl_vector_get(at, LW_GEV_MU),
		.sigma = exp(gsl_vector_get(at, LW_GEV_SIGMA)),
		.xi = gsl_vector_get(at, LW_GEV_XI),
	};

	if (search->nr_parameters > LW_GEV_SLOPE)
		gev.mu += gsl_vector_get(at, LW_GEV_SLOPE) * search->time[i];
	return gev;
}

static double minus_log_likelihood(const gsl_vector *at, void *data)
{
	const struct search *search = data;
	double xi = gsl_vector_get(at, LW_GEV_XI), sum = 0;
	size_t i;

	if (xi <= LEAST_XI || fabs(gsl_vector_get(at, LW_GEV_SIGMA)) > 100)
		return IMPOSSIBLE * 1e6 * (1 + fabs(xi));
	for (i = 0; i < search->nr; i++) {
		struct lw_gev gev = gev_at(search, at, i);

		sum += lw_gev_minus_log_density(&gev, search->max[i]);
	}
	return sum;
}

/*
 * The derivatives of minus the log-likelihood, first and second.  With
 * l = log(sigma) + (1 + xi) s + exp(-s): by z it is p, and p by z is q, by xi r.
 */
static int score(const gsl_vector *at, void *data, gsl_vector *first,
		 gsl_matrix *second)
{
	const struct search *search = data;
	double xi = gsl_vector_get(at, LW_GEV_XI);
	size_t i, j, k, nr = search->nr_parameters;
	double g[LW_GEV_PARAMETERS] = { 0 };
	double h[LW_GEV_PARAMETERS][LW_GEV_PARAMETERS] = { 0 };

	if (xi <= LEAST_XI)
		return GSL_EDOM;
	for (i = 0; i < search->nr; i++) {
		struct lw_gev gev = gev_at(search, at, i);
		double z = (search->max[i] - gev.mu) / gev.sigma;
		double c = search->time[i];
		struct residual d;
		double e, l_s, p, q, r, mu_mu, mu_tau, mu_xi;

		if (!residual_of(z, xi, &d))
			return GSL_EDOM;
		e = exp(-d.s);
		l_s = 1 + xi - e;
		p = l_s * d.z;
		q = e * d.z * d.z + l_s * d.zz;
		r = (1 + e * d.xi) * d.z + l_s * d.z_xi;
		mu_mu = q / (gev.sigma * gev.sigma);
		mu_tau = (p + q * z) / gev.sigma;
		mu_xi = -r / gev.sigma;

		g[LW_GEV_MU] -= p / gev.sigma;
		g[LW_GEV_SIGMA] += 1 - z * p;
		g[LW_GEV_XI] += d.s + l_s * d.xi;
		g[LW_GEV_SLOPE] -= c * p / gev.sigma;

		h[LW_GEV_MU][LW_GEV_MU] += mu_mu;
		h[LW_GEV_SIGMA][LW_GEV_MU] += mu_tau;
		h[LW_GEV_SIGMA][LW_GEV_SIGMA] += z * (p + z * q);
		h[LW_GEV_XI][LW_GEV_MU] += mu_xi;
		h[LW_GEV_XI][LW_GEV_SIGMA] -= z * r;
		h[LW_GEV_XI][LW_GEV_XI] += 2 * d.xi + e * d.xi * d.xi +
					   l_s * d.xi_xi;
		h[LW_GEV_SLOPE][LW_GEV_MU] += c * mu_mu;
		h[LW_GEV_SLOPE][LW_GEV_SIGMA] += c * mu_tau;
		h[LW_GEV_SLOPE][LW_GEV_XI] += c * mu_xi;
		h[LW_GEV_SLOPE][LW_GEV_SLOPE] += c * c * mu_mu;
	}
	for (j = 0; j < nr; j++) {
		if (first)
			gsl_vector_set(first, j, g[j]);
		for (k = 0; second && k <= j; k++) {
			gsl_matrix_set(second, j, k, h[j][k]);
			gsl_matrix_set(second, k, j, h[j][k]);
		}
	}
	return GSL_SUCCESS;
}

static int score_only(const gsl_vector *at, void *data, gsl_vector *first)
{
	return score(at, data, first, NULL);
}

static int slope_of_score(const gsl_vector *at, void *data, gsl_matrix *second)
{
	return score(at, data, NULL, second);
}

/* From anywhere to somewhere near the maximum. */
static int walk(struct search *search, gsl_vector *at)
{
	gsl_multimin_function f = {
		minus_log_likelihood, search->nr_parameters, search
	};
	gsl_multimin_fminimizer *m =
		gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2,
					      search->nr_parameters);
	gsl_vector *step = gsl_vector_alloc(search->nr_parameters);
	int err = m && step ? 0 : -ENOMEM, i;

	if (!err) {
		gsl_vector_set_all(step, 0.2);
		if (gsl_multimin_fminimizer_set(m, &f, at, step))
			err = -EDOM;
	}
	for (i = 0; !err && i < 2000; i++) {
		if (gsl_multimin_fminimizer_iterate(m))
			break;
		if (gsl_multimin_fminimizer_size(m) < 1e-5)
			break;
	}
	if (!err)
		gsl_vector_memcpy(at, gsl_multimin_fminimizer_x(m));
	gsl_vector_free(step);
	gsl_multimin_fminimizer_free(m);
	return err;
}

/* From near the maximum to it: where the score is 0. */
static int settle(struct search *search, gsl_vector *at)
{
	gsl_multiroot_function_fdf f = {
		score_only, slope_of_score, score, search->nr_parameters, search
	};
	gsl_multiroot_fdfsolver *s =
		gsl_multiroot_fdfsolver_alloc(gsl_multiroot_fdfsolver_hybridsj,
					      search->nr_parameters);
	const double enough = 1e-9 * (double)search->nr;
	int err = s ? 0 : -ENOMEM, i;

	if (!err && gsl_multiroot_fdfsolver_set(s, &f, at))
		err = -EDOM;
	for (i = 0; !err && i < 100; i++) {
		if (gsl_multiroot_test_residual(gsl_multiroot_fdfsolver_f(s),
						enough) == GSL_SUCCESS)
			break;
		if (gsl_multiroot_fdfsolver_iterate(s))
			break;
	}
	if (!err && gsl_multiroot_test_residual(gsl_multiroot_fdfsolver_f(s),
						enough) != GSL_SUCCESS)
		err = -EDOM;
	if (!err)
		gsl_vector_memcpy(at, gsl_multiroot_fdfsolver_root(s));
	gsl_multiroot_fdfsolver_free(s);
	return err;
}

/* The covariance.  -EDOM where it is no maximum. */
static int invert_information(struct search *search, const gsl_vector *at,
			      gsl_matrix *matrix)
{
	if (score(at, search, NULL, matrix) ||
	    gsl_linalg_cholesky_decomp1(matrix) ||
	    gsl_linalg_cholesky_invert(matrix))
		return -EDOM;
	return 0;
}

/* Of the search's units those of the user. */
static void leave_search(struct search *search, const gsl_vector *at,
			 const gsl_matrix *inverse, double centre, double scale,
			 double span, struct lw_gev_fit *fit)
{
	double unit[LW_GEV_PARAMETERS];
	size_t i, j, nr = search->nr_parameters;

	*fit = (struct lw_gev_fit){
		.gev = {
			.mu = centre + scale * gsl_vector_get(at, LW_GEV_MU),
			.sigma = scale * exp(gsl_vector_get(at, LW_GEV_SIGMA)),
			.xi = gsl_vector_get(at, LW_GEV_XI),
		},
		.log_likelihood = -minus_log_likelihood(at, search) -
				  (double)search->nr * log(scale),
	};
	if (nr > LW_GEV_SLOPE)
		fit->slope = gsl_vector_get(at, LW_GEV_SLOPE) * scale / span;
	unit[LW_GEV_MU] = scale;
	unit[LW_GEV_SIGMA] = fit->gev.sigma;
	unit[LW_GEV_XI] = 1;
	unit[LW_GEV_SLOPE] = scale / span;
	for (i = 0; i < nr; i++)
		for (j = 0; j < nr; j++)
			fit->covariance[i][j] = unit[i] * unit[j] *
						gsl_matrix_get(inverse, i, j);
}

/* Whether @at is better than what was found before, which it then replaces. */
static bool is_better(struct search *search, const gsl_vector *at,
		      gsl_vector *best, double *least)
{
	double value = minus_log_likelihood(at, search);

	if (!(value < *least))
		return false;
	*least = value;
	gsl_vector_memcpy(best, at);
	return true;
}

static void start_at(const struct search *search, double mu, double log_sigma,
		     double xi, gsl_vector *at)
{
	gsl_vector_set(at, LW_GEV_MU, mu);
	gsl_vector_set(at, LW_GEV_SIGMA, log_sigma);
	gsl_vector_set(at, LW_GEV_XI, xi);
	if (search->nr_parameters > LW_GEV_SLOPE)
		gsl_vector_set(at, LW_GEV_SLOPE, 0);
}

/*
 * The Gumbel distribution with the series' mean and deviation is where all
 * begins, once with each of several shapes: there is more than one hill.
 */
static int search_all(struct search *search, gsl_vector *at, gsl_vector *best)
{
	static const double shapes[] = { -0.4, -0.1, 0.1, 0.5 };
	const double sigma = sqrt(6) / M_PI, mean = 0.5772156649015329;
	double least = IMPOSSIBLE;
	size_t i;
	int err;

	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		start_at(search, -mean * sigma, log(sigma), shapes[i], at);
		err = walk(search, at);
		if (err == -ENOMEM)
			return err;
		if (!err)
			is_better(search, at, best, &least);
	}
	return least < IMPOSSIBLE ? settle(search, best) : -EDOM;
}

static int search_near(struct search *search, const struct lw_gev *near,
		       double centre, double scale, gsl_vector *best)
{
	start_at(search, (near->mu - centre) / scale, log(near->sigma / scale),
		 near->xi, best);
	return settle(search, best);
}

static int fill_search(const struct lw_blocks *blocks, double centre,
		       double scale, double *span, struct search *search)
{
	size_t i, nr = blocks->nr;
	double first = blocks->time ? blocks->time[0] : 0;

	*span = blocks->time ? blocks->time[nr - 1] - first : (double)(nr - 1);
	if (!(*span > 0))
		return -EINVAL;
	for (i = 0; i < nr; i++) {
		double time = blocks->time ? blocks->time[i] - first : (double)i;

		search->max[i] = (blocks->max[i] - centre) / scale;
		search->time[i] = time / *span - 0.5;
	}
	return 0;
}

/**
 * lw_gev_fit - fit by maximum likelihood
 * @blocks: the maxima
 * @with_slope: mu may rise or fall linearly with time
 * @near: where to look first, or NULL
 * @fit: is set
 *
 * Return: 0; -EINVAL where there are fewer than five or all are equal; -EDOM
 * where the likelihood has no maximum with a shape above -1; or -ENOMEM.
 */
int lw_gev_fit(const struct lw_blocks *blocks, bool with_slope,
	       const struct lw_gev *near, struct lw_gev_fit *fit)
{
	struct search search = {
		.nr = blocks->nr,
		.nr_parameters = with_slope ? LW_GEV_PARAMETERS : LW_GEV_SLOPE,
	};
	gsl_vector *at, *best;
	gsl_matrix *matrix;
	double centre, scale, span = 0;
	int err;

	if (blocks->nr < 5)
		return -EINVAL;
	gsl_set_error_handler_off();
	centre = gsl_stats_mean(blocks->max, 1, blocks->nr);
	scale = gsl_stats_sd_m(blocks->max, 1, blocks->nr, centre);
	/* what is left of the difference of equal values is no scale */
	if (!(scale > 1e-12 * fabs(centre)))
		return -EINVAL;
	search.max = malloc(blocks->nr * sizeof(*search.max));
	search.time = malloc(blocks->nr * sizeof(*search.time));
	at = gsl_vector_alloc(search.nr_parameters);
	best = gsl_vector_alloc(search.nr_parameters);
	matrix = gsl_matrix_alloc(search.nr_parameters, search.nr_parameters);
	err = search.max && search.time && at && best && matrix ? 0 : -ENOMEM;
	if (!err)
		err = fill_search(blocks, centre, scale, &span, &search);
	if (!err) {
		err = near ? search_near(&search, near, centre, scale, best) :
			     -EDOM;
		if (!err)
			err = invert_information(&search, best, matrix);
		if (err == -EDOM)
			err = search_all(&search, at, best);
	}
	if (!err)
		err = invert_information(&search, best, matrix);
	if (!err)
		leave_search(&search, best, matrix, centre, scale, span, fit);
	gsl_matrix_free(matrix);
	gsl_vector_free(best);
	gsl_vector_free(at);
	free(search.time);
	free(search.max);
	return err;
}
