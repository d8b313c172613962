/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_STATIONARY_H
#define LW_STATIONARY_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct lw_test - what a test came to
 * @known: it could be made
 * @statistic: its figure
 * @degrees: of freedom, lags or made-up series: what the figure is judged by
 * @p: the probability of a figure as large or larger where the assumption holds
 */
struct lw_test {
	bool known;
	double statistic;
	unsigned int degrees;
	double p;
};

struct lw_test lw_test_kpss(const double *values, size_t nr);
struct lw_test lw_test_ljung_box(const double *values, size_t nr,
				 unsigned int lags);
double lw_kpss_tail(double statistic);

#endif
