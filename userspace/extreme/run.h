/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_EXTREME_RUN_H
#define LW_EXTREME_RUN_H

#include <stdbool.h>
#include <stdio.h>

#include "extreme/maxima.h"

/**
 * struct lw_bound_request - what bound is asked for
 * @probability: with which the maximum of a block may exceed it
 * @block_seconds: how long a block is, 1 or more
 * @json: for machines
 */
struct lw_bound_request {
	double probability;
	unsigned int block_seconds;
	bool json;
};

int lw_bound_run(const struct lw_bound_request *request,
		 struct lw_maxima *maxima, FILE *out, bool *bounded, char *error,
		 size_t error_size);
int lw_bound_run_file(const struct lw_bound_request *request, const char *path,
		      FILE *out, bool *bounded, char *error, size_t error_size);

#endif
