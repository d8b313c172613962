/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_GEV_H
#define LW_GEV_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct lw_gev - a generalised extreme value distribution
 * @mu: location
 * @sigma: scale, more than 0
 * @xi: shape; above 0 the tail is heavy, below 0 it ends at @mu - @sigma / @xi
 *
 * Coles (2001) has the same names and signs; others have the shape's sign turned.
 */
struct lw_gev {
	double mu;
	double sigma;
	double xi;
};

/**
 * struct lw_blocks - what was measured: the maximum of each block
 * @nr: how many
 * @max: of each, in the order of time
 * @time: of each, rising; NULL where they are one behind the other
 */
struct lw_blocks {
	size_t nr;
	const double *max;
	const double *time;
};

/* Places in the covariance of a fit. */
enum lw_gev_parameter {
	LW_GEV_MU,
	LW_GEV_SIGMA,
	LW_GEV_XI,
	LW_GEV_SLOPE,
	LW_GEV_PARAMETERS
};

/**
 * struct lw_gev_fit - the distribution under which the blocks are the likeliest
 * @gev: the distribution; with a slope that of the middle of the time
 * @slope: what mu rises by with each unit of time
 * @log_likelihood: the logarithm of the density of all blocks
 * @covariance: of the parameters, from the observed information
 */
struct lw_gev_fit {
	struct lw_gev gev;
	double slope;
	double log_likelihood;
	double covariance[LW_GEV_PARAMETERS][LW_GEV_PARAMETERS];
};

double lw_gev_residual(const struct lw_gev *gev, double x);
double lw_gev_level(const struct lw_gev *gev, double probability);
double lw_gev_reach(double xi, double probability);
double lw_gev_minus_log_density(const struct lw_gev *gev, double x);
double lw_gev_error(const struct lw_gev_fit *fit, enum lw_gev_parameter which);

int lw_gev_fit(const struct lw_blocks *blocks, bool with_slope,
	       const struct lw_gev *near, struct lw_gev_fit *fit);

#endif
