/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_LEVEL_H
#define LW_LEVEL_H

#include "extreme/gev.h"

/* Confidence of the intervals, in percent. */
#define LW_LEVEL_CONFIDENCE 95

/**
 * struct lw_interval - where a figure lies with that confidence
 * @low: minus infinity where none was found
 * @high: infinity where none was found
 */
struct lw_interval {
	double low;
	double high;
};

/**
 * struct lw_level - a return level
 * @level: what the maximum of a block exceeds with the probability asked for
 * @profile: from the profile likelihood
 * @delta: from the delta method, which takes the estimate's errors for normal;
 *	   for a level beyond what was measured they are not, and its upper end is
 *	   too low
 */
struct lw_level {
	double level;
	struct lw_interval profile;
	struct lw_interval delta;
};

int lw_level_estimate(const struct lw_blocks *blocks,
		      const struct lw_gev_fit *fit, double probability,
		      struct lw_level *level);

#endif
