// SPDX-License-Identifier: GPL-2.0
/* The histogram's buckets, up to 64 s, and beyond. */
#include "books/hist.h"
#include "ktap.h"

/* what hist.h promises: no wider than a 16th of where it begins */
static void width(unsigned int b)
{
	u64 low = lw_hist_low(b), high = lw_hist_high(b);

	EXPECT(high >= low);
	if (b == LW_HIST_BUCKETS - 1)
		EXPECT_EQ(low, 1ULL << LW_HIST_BITS);
	else if (low < LW_HIST_SUB)
		EXPECT_EQ(high, low);
	else
		EXPECT(high - low + 1 <= low / LW_HIST_SUB);
}

static void bounds_of_every_bucket(void)
{
	unsigned int b;

	EXPECT_EQ(lw_hist_low(0), 0);
	for (b = 0; b < LW_HIST_BUCKETS; b++) {
		u64 low = lw_hist_low(b), high = lw_hist_high(b);

		width(b);
		EXPECT_EQ(lw_hist_bucket(low), b);
		EXPECT_EQ(lw_hist_bucket(high), b);
		EXPECT_EQ(lw_hist_bucket(low + (high - low) / 2), b);
		if (b) {
			EXPECT_EQ(lw_hist_bucket(low - 1), b - 1);
			EXPECT_EQ(lw_hist_high(b - 1) + 1, low);
		}
		if (b + 1 < LW_HIST_BUCKETS)
			EXPECT_EQ(lw_hist_bucket(high + 1), b + 1);
	}
}

static void last_bucket_ends_with_the_last_value(void)
{
	EXPECT_EQ(lw_hist_bucket(U64_MAX), LW_HIST_BUCKETS - 1);
	EXPECT_EQ(lw_hist_high(LW_HIST_BUCKETS - 1), U64_MAX);
	EXPECT_EQ(lw_hist_bucket(U64_MAX - 1), LW_HIST_BUCKETS - 1);
}

static void monotone_around_powers_of_two(void)
{
	unsigned int bit, i, last = 0;

	for (bit = 0; bit < 64; bit++)
		for (i = 0; i < 64; i++) {
			u64 v = (1ULL << bit) + ((1ULL << bit) / 64) * i;
			unsigned int b = lw_hist_bucket(v);

			EXPECT(b >= last);
			EXPECT(b < LW_HIST_BUCKETS);
			EXPECT(v >= lw_hist_low(b) && v <= lw_hist_high(b));
			last = b;
		}
}

static void small_values_have_a_bucket_each(void)
{
	u64 v;

	for (v = 0; v < 2 * LW_HIST_SUB; v++) {
		EXPECT_EQ(lw_hist_bucket(v), v);
		EXPECT_EQ(lw_hist_low(v), v);
		EXPECT_EQ(lw_hist_high(v), v);
	}
}

static const struct ktap_test tests[] = {
	TEST(bounds_of_every_bucket),
	TEST(last_bucket_ends_with_the_last_value),
	TEST(monotone_around_powers_of_two),
	TEST(small_values_have_a_bucket_each),
};

KTAP_MAIN(tests)
