/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_VIEW_COMPARE_H
#define LW_VIEW_COMPARE_H

#include <stdio.h>

#include "column.h"
#include "compare.h"

/**
 * typedef lw_compare_view - shows a comparison
 * @comparison: the comparison
 * @out: where to
 *
 * Return: 0, or -ENOMEM.
 */
typedef int lw_compare_view(const struct lw_comparison *comparison, FILE *out);

lw_compare_view lw_compare_text;
lw_compare_view lw_compare_json;
lw_compare_view lw_compare_csv;

/**
 * struct lw_walk - a walk over the figures of all stages
 * @comparison: the comparison
 * @pair: the stage of this step
 * @row: what the columns want of it
 * @next: of the step behind this one
 */
struct lw_walk {
	const struct lw_comparison *comparison;
	const struct lw_pair *pair;
	struct lw_row row;
	size_t next;
};

bool lw_walk_next(struct lw_walk *walk);

#endif
