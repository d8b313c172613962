/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_EXTREME_RUN_H
#define LW_EXTREME_RUN_H

#include <stdbool.h>
#include <stdio.h>

/**
 * struct lw_bound_request - what bound is asked for
 * @path: a file with the maxima of seconds, see maxima.c
 * @probability: with which the maximum of a block may exceed it
 * @block_seconds: how long a block is, 1 or more
 * @json: for machines
 */
struct lw_bound_request {
	const char *path;
	double probability;
	unsigned int block_seconds;
	bool json;
};

int lw_bound_run(const struct lw_bound_request *request, FILE *out,
		 bool *bounded, char *error, size_t error_size);

#endif
