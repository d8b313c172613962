/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_GOODNESS_H
#define LW_GOODNESS_H

#include "extreme/gev.h"
#include "extreme/stationary.h"

double lw_anderson_darling(const double *residuals, size_t nr);
int lw_test_anderson_darling(const double *residuals, size_t nr, double xi,
			     struct lw_test *test);
struct lw_test lw_test_largest(const double *residuals, size_t nr);

#endif
