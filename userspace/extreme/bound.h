/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_BOUND_H
#define LW_BOUND_H

#include "extreme/gev.h"
#include "extreme/level.h"
#include "extreme/stationary.h"

/*
 * With fewer blocks the estimates are farther off, and more so to one side, than
 * their errors and intervals say: Hosking, Wallis and Wood (1985), Technometrics
 * 27, 251.  And tests that see little pass much.
 */
#define LW_BOUND_LEAST_BLOCKS 50

/* Likelier than this a bound bounds nothing. */
#define LW_BOUND_LARGEST_PROBABILITY 0.1

/* An assumption is rejected where what was seen has less than this, in percent. */
#define LW_BOUND_SIGNIFICANCE 5

/* Coles (2001), 3.3.2: up to here the estimates have their usual properties. */
#define LW_BOUND_LEAST_SHAPE -0.5

/* How many of the blocks before one a test of independence looks at. */
#define LW_BOUND_LAGS 10

enum lw_bound_test {
	LW_TEST_TREND,
	LW_TEST_STATIONARITY,
	LW_TEST_INDEPENDENCE,
	LW_TEST_GOODNESS,
	LW_TEST_LARGEST,
	LW_TESTS
};

/* Why there is no bound. */
enum lw_bound_reason {
	LW_REASON_FEW,
	LW_REASON_EQUAL,
	LW_REASON_NO_FIT,
	LW_REASON_SHAPE,
	LW_REASON_TEST,	/* the first of the tests; the others follow */
	LW_REASON_WIDE = LW_REASON_TEST + LW_TESTS,
	LW_REASONS
};

/**
 * struct lw_bound - an estimate of what the maximum of a block will not exceed
 * @probability: with which it exceeds it all the same
 * @nr: how many blocks it was made from
 * @largest: their maximum
 * @beyond: the probability that a block exceeds @largest is less, with 95 %
 *	    confidence: for that no distribution is assumed
 * @reasons: why there is no bound, bits of enum lw_bound_reason; 0: there is one
 * @fitted: @fit is set, and so are @tests
 * @fit: the distribution
 * @tests: of the assumptions
 * @level: the bound and its interval; set if @reasons is 0 or LW_REASON_WIDE alone
 */
struct lw_bound {
	double probability;
	size_t nr;
	double largest;
	double beyond;
	unsigned int reasons;
	bool fitted;
	struct lw_gev_fit fit;
	struct lw_test tests[LW_TESTS];
	struct lw_level level;
};

int lw_bound_estimate(const struct lw_blocks *blocks, double probability,
		      struct lw_bound *bound);

static inline unsigned int lw_reason_bit(unsigned int reason)
{
	return 1u << reason;
}

#endif
