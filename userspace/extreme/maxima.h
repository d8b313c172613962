/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_MAXIMA_H
#define LW_MAXIMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct lw_maxima - the maxima of seconds, or of blocks of several
 * @nr: how many blocks
 * @max_ns: of each, in the order of time
 * @second: with which each begins
 * @block_seconds: how long a block is
 * @empty: seconds in which nothing was measured
 * @missing: seconds between the first and the last that nothing is said of
 * @left_out: seconds at the end that make no whole block
 * @room: how many blocks there is memory for
 * @begun: a second was added
 * @next: the second behind the one that was added last
 */
struct lw_maxima {
	size_t nr;
	double *max_ns;
	double *second;
	unsigned int block_seconds;
	size_t empty;
	size_t missing;
	size_t left_out;
	size_t room;
	bool begun;
	uint64_t next;
};

/* Seconds are computed with as doubles, which hold all integers up to here. */
#define LW_LATEST_SECOND ((uint64_t)1 << 53)

int lw_maxima_add(struct lw_maxima *maxima, uint64_t second, bool measured,
		  double max_ns);

int lw_maxima_parse(const char *text, size_t len, struct lw_maxima *maxima,
		    char *error, size_t error_size);
int lw_maxima_read(const char *path, struct lw_maxima *maxima, char *error,
		   size_t error_size);
void lw_maxima_group(struct lw_maxima *maxima, unsigned int seconds);
void lw_maxima_clear(struct lw_maxima *maxima);

#endif
