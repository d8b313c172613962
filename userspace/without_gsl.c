// SPDX-License-Identifier: GPL-2.0
/*
 * The reporter without GSL: what needs it says so, and all else works.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "command.h"
#include "extreme/run.h"
#include "with_gsl.h"

/**
 * lw_gsl_require - ask for GSL, before anything else is done
 * @what: needs it
 * @error: takes one sentence for the user
 * @error_size: its room
 *
 * Return: -ENOTSUP.
 */
int lw_gsl_require(const char *what, char *error, size_t error_size)
{
	snprintf(error, error_size,
		 "%s needs GSL, which this " LW_NAME " was built without: install the Debian package libgsl-dev and build it again",
		 what);
	return -ENOTSUP;
}

/* Behind lw_gsl_require() nobody asks. */
long double lw_student_quantile(long double tail, long double freedom)
{
	(void)tail;
	(void)freedom;
	return NAN;
}

/* See extreme/run.c. */
int lw_bound_run(const struct lw_bound_request *request,
		 struct lw_maxima *maxima, FILE *out, bool *bounded, char *error,
		 size_t error_size)
{
	(void)request;
	(void)maxima;
	(void)out;
	*bounded = false;
	return lw_gsl_require("bound", error, error_size);
}

/* See extreme/run.c. */
int lw_bound_run_file(const struct lw_bound_request *request, const char *path,
		      FILE *out, bool *bounded, char *error, size_t error_size)
{
	(void)path;
	return lw_bound_run(request, NULL, out, bounded, error, error_size);
}
