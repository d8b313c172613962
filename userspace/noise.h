/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_NOISE_H
#define LW_NOISE_H

#include "derive.h"
#include "model.h"

/**
 * struct lw_spread - one figure of repeated runs
 * @nr: how many runs have it
 * @mean: of them
 * @squares: of what they are off the mean, summed
 * @low: the least of them
 * @high: the largest
 */
struct lw_spread {
	unsigned int nr;
	long double mean;
	long double squares;
	long double low;
	long double high;
};

void lw_spread_add(struct lw_spread *spread, long double value);

struct lw_real lw_noise_of_runs(const struct lw_spread *a,
				const struct lw_spread *b, long double level);
struct lw_real lw_noise_of_means(const struct lw_report_stage *a,
				 const struct lw_report_stage *b, long double level);
struct lw_real lw_noise_of_percentiles(const struct lw_report_stage *a,
				       const struct lw_report_stage *b,
				       unsigned int per_myriad,
				       long double level);
long double lw_noise_parting(unsigned int nr_a, unsigned int nr_b);

#endif
