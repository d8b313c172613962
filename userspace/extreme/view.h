/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_EXTREME_VIEW_H
#define LW_EXTREME_VIEW_H

#include <stdio.h>

#include "extreme/bound.h"
#include "extreme/maxima.h"

/* Room for why there is no bound. */
#define LW_REASON_SIZE 256

/**
 * struct lw_bound_words - how a test is called
 * @key: for machines
 * @title: what it is of
 * @statistic: its figure
 * @degrees: what the number beside the figure counts, or NULL
 * @failed: what does not hold where it fails
 */
struct lw_bound_words {
	const char *key;
	const char *title;
	const char *statistic;
	const char *degrees;
	const char *failed;
};

extern const struct lw_bound_words lw_bound_words[LW_TESTS];

const char *lw_bound_reason_key(unsigned int reason);
const char *lw_bound_reason(char *text, const struct lw_bound *bound,
			    unsigned int reason);
void lw_bound_print(const struct lw_bound *bound, const struct lw_maxima *maxima,
		    FILE *out);
int lw_bound_print_json(const struct lw_bound *bound,
			const struct lw_maxima *maxima, FILE *out);

#endif
