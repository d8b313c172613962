// SPDX-License-Identifier: GPL-2.0
/*
 * Anything at all as a file of maxima: no input may crash, leak or be read past
 * its end, and whatever numbers are in it, what is fitted to them is finite.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "extreme/gev.h"
#include "extreme/level.h"
#include "extreme/maxima.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fit(const struct lw_maxima *maxima)
{
	const struct lw_blocks blocks = {
		maxima->nr, maxima->max_ns, maxima->second
	};
	struct lw_gev_fit found;
	struct lw_level level;
	int slope;

	for (slope = 0; slope < 2; slope++) {
		if (lw_gev_fit(&blocks, slope, NULL, &found))
			continue;
		if (!isfinite(found.log_likelihood) || !(found.gev.sigma > 0) ||
		    !(found.gev.xi > -1))
			abort();
		if (slope || lw_level_estimate(&blocks, &found, 1e-3, &level))
			continue;
		/* not a number is neither */
		if (!(level.profile.low <= level.level &&
		      level.level <= level.profile.high))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* with the sanitizer's guard right behind the text */
	char *copy = malloc(size ? size : 1), error[64];
	struct lw_maxima maxima;

	memcpy(copy, data, size);
	if (!lw_maxima_parse(copy, size, &maxima, error, sizeof(error))) {
		lw_maxima_group(&maxima, size % 3 + 1);
		if (maxima.nr <= 300)
			fit(&maxima);
		lw_maxima_clear(&maxima);
	}
	free(copy);
	return 0;
}
