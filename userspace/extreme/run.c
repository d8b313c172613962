// SPDX-License-Identifier: GPL-2.0
/*
 * From a file of maxima to a bound.  Takes a request, prints.
 */
#include <errno.h>
#include <string.h>

#include "extreme/run.h"
#include "extreme/view.h"

static int check(const struct lw_bound_request *request, char *error,
		 size_t error_size)
{
	if (!(request->probability > 0 &&
	      request->probability <= LW_BOUND_LARGEST_PROBABILITY)) {
		snprintf(error, error_size,
			 "invalid probability %g (expected more than 0, %g at most)",
			 request->probability, LW_BOUND_LARGEST_PROBABILITY);
		return -EINVAL;
	}
	if (!request->block_seconds) {
		snprintf(error, error_size,
			 "invalid block of 0 s (expected 1 or more)");
		return -EINVAL;
	}
	return 0;
}

/**
 * lw_bound_run - estimate a bound, and print it, or why there is none
 * @request: what is asked for
 * @maxima: of seconds; becomes those of blocks
 * @out: where to
 * @bounded: is set to whether there is one
 * @error: takes one sentence for the user
 * @error_size: its room
 *
 * Return: 0; -ENOTSUP where the reporter was built without GSL; or another
 * negative errno.
 */
int lw_bound_run(const struct lw_bound_request *request,
		 struct lw_maxima *maxima, FILE *out, bool *bounded, char *error,
		 size_t error_size)
{
	struct lw_blocks blocks;
	struct lw_bound bound;
	int err = check(request, error, error_size);

	*bounded = false;
	if (err)
		return err;
	lw_maxima_group(maxima, request->block_seconds);
	blocks = (struct lw_blocks){ maxima->nr, maxima->max_ns, maxima->second };
	err = lw_bound_estimate(&blocks, request->probability, &bound);
	if (!err && request->json)
		err = lw_bound_print_json(&bound, maxima, out);
	else if (!err)
		lw_bound_print(&bound, maxima, out);
	if (err)
		snprintf(error, error_size, "%s", strerror(-err));
	else
		*bounded = !bound.reasons;
	return err;
}

/**
 * lw_bound_run_file - likewise, from a file
 * @request: what is asked for
 * @path: the file, see maxima.c
 * @out: where to
 * @bounded: is set to whether there is one
 * @error: takes one sentence for the user
 * @error_size: its room
 *
 * Return: as lw_bound_run().
 */
int lw_bound_run_file(const struct lw_bound_request *request, const char *path,
		      FILE *out, bool *bounded, char *error, size_t error_size)
{
	struct lw_maxima maxima;
	int err = check(request, error, error_size);

	*bounded = false;
	if (!err)
		err = lw_maxima_read(path, &maxima, error, error_size);
	if (err)
		return err;
	err = lw_bound_run(request, &maxima, out, bounded, error, error_size);
	lw_maxima_clear(&maxima);
	return err;
}
