// SPDX-License-Identifier: GPL-2.0
/*
 * What noise.c takes from GSL.
 */
#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>

#include "with_gsl.h"

/**
 * lw_gsl_require - see without_gsl.c
 * @what: needs GSL
 * @error: stays as it is
 * @error_size: its room
 *
 * Return: 0.
 */
int lw_gsl_require(const char *what, char *error, size_t error_size)
{
	(void)what;
	(void)error;
	(void)error_size;
	return 0;
}

/**
 * lw_student_quantile - Student's t
 * @tail: the probability with which it is exceeded
 * @freedom: its degrees of freedom; infinite: of the normal distribution
 *
 * Return: the quantile; not a number where it cannot be computed.
 */
long double lw_student_quantile(long double tail, long double freedom)
{
	/* What cannot be computed is no noise that anything exceeds. */
	gsl_set_error_handler_off();
	return isinf(freedom) ? gsl_cdf_ugaussian_Qinv(tail) :
				gsl_cdf_tdist_Qinv(tail, freedom);
}
