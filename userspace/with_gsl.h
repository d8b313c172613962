/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is there with GSL, the GNU Scientific Library: with_gsl.c, or, where the
 * reporter was built without, without_gsl.c, which says so.
 */
#ifndef LW_WITH_GSL_H
#define LW_WITH_GSL_H

#include <stddef.h>

int lw_gsl_require(const char *what, char *error, size_t error_size);
long double lw_student_quantile(long double tail, long double freedom);

#endif
