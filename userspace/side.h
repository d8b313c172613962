/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_SIDE_H
#define LW_SIDE_H

#include "model.h"

/**
 * struct lw_run - one saved report
 * @path: the file
 * @report: what it holds
 */
struct lw_run {
	char *path;
	struct lw_report report;
};

/**
 * struct lw_side - repeated runs of one setup
 * @name: as the user calls it
 * @runs: at least one, in the order of their names
 * @nr_runs: how many
 */
struct lw_side {
	const char *name;
	struct lw_run *runs;
	size_t nr_runs;
};

int lw_side_read(const char *name, struct lw_side *side, char *error,
		 size_t error_size);
void lw_side_clear(struct lw_side *side);

#endif
