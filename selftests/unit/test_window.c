// SPDX-License-Identifier: GPL-2.0
/* The last seconds of a stage, per CPU and summed. */
#include <linux/cpumask.h>
#include <linux/time64.h>

#include "books/pool.h"
#include "machine.h"
#include "random.h"

#define STAGE	LATWATCH_STAGE_NAPI
#define SECONDS	400

/* a naive reference: every second there is */
static struct {
	u64 count, max;
} naive[SECONDS];

static struct lw_books *b;

static void begin(void)
{
	EXPECT_EQ(lw_pool_init(), 0);
	b = lw_books_alloc(1, NULL);
	EXPECT(b);
	lw_books = b;
	memset(naive, 0, sizeof(naive));
}

static void end(void)
{
	lw_books_free(b);
	lw_books = NULL;
	lw_pool_exit();
}

static void record(unsigned int cpu, u64 now, u64 value, u64 n)
{
	struct lw_stat **s = &lw_account(cpu, LW_HOST)->stat[STAGE];
	unsigned int second = now / NSEC_PER_SEC;
	struct lw_flight f;

	lw_flight_open(&f, LATWATCH_ORIGIN_IRQ);
	lw_flight_set(&f, LATWATCH_MARK_IRQ, now - value, cpu);
	if (n == 1)
		lw_stat_one(s, value, &f, now, cpu);
	else
		lw_stat_add(s, value, n, &f, now, cpu, 1);
	naive[second].count += n;
	if (value > naive[second].max)
		naive[second].max = value;
}

static void read_at(u64 second, struct lw_window_sum *sum)
{
	static struct lw_stat scratch;

	EXPECT_EQ(lw_windows_sum(b, LW_HOST, STAGE, second, sum, &scratch), 0);
	EXPECT_EQ(sum->second, second);
}

/* what is told of the last seconds up to @second is what was recorded */
static void expect_seconds(u64 second)
{
	static struct lw_window_sum sum;
	u64 i, oldest = second < LW_WINDOWS ? 0 : second - LW_WINDOWS + 1;

	read_at(second, &sum);
	for (i = oldest; i <= second; i++) {
		EXPECT_EQ(sum.count[i % LW_WINDOWS], naive[i].count);
		if (naive[i].count)
			EXPECT_EQ(sum.max[i % LW_WINDOWS], naive[i].max);
	}
}

static void each_second_has_its_own(void)
{
	begin();
	record(0, 5 * NSEC_PER_SEC, 70, 1);
	record(0, 5 * NSEC_PER_SEC + 1, 90, 1);
	record(0, 6 * NSEC_PER_SEC - 1, 80, 3);
	/* between the extremes of all, but the largest of this second */
	record(0, 6 * NSEC_PER_SEC, 75, 1);
	record(0, 6 * NSEC_PER_SEC + 1, 40, 1);
	record(0, 9 * NSEC_PER_SEC, 10, 1);
	expect_seconds(9);
	expect_seconds(12);
	end();
}

/* seconds without a record are empty, also where the ring has been before */
static void seconds_without_a_record(void)
{
	u64 i;

	begin();
	for (i = 0; i < LW_WINDOWS + 3; i++)
		record(0, i * NSEC_PER_SEC, 100 + i, 1);
	expect_seconds(LW_WINDOWS + 2);
	record(0, (LW_WINDOWS + 50) * NSEC_PER_SEC, 7, 1);
	expect_seconds(LW_WINDOWS + 50);
	/* all of the ring, and one more */
	record(0, (2 * LW_WINDOWS + 51) * NSEC_PER_SEC, 8, 1);
	expect_seconds(2 * LW_WINDOWS + 51);
	record(0, (3 * LW_WINDOWS + 10) * NSEC_PER_SEC, 9, 1);
	expect_seconds(3 * LW_WINDOWS + 10);
	end();
}

static void as_a_naive_reference_has_it(void)
{
	u64 r = 17;
	u64 now[3] = { };
	unsigned int n, cpu;

	begin();
	for (n = 0; n < 20000; n++) {
		cpu = random_below(&r, 3);
		now[cpu] += random_below(&r, n % 100 ? NSEC_PER_SEC / 50 : 3 * (u32)NSEC_PER_SEC);
		if (now[cpu] >= SECONDS * NSEC_PER_SEC)
			break;
		record(cpu, now[cpu], random_below(&r, 1000000), 1 + random_below(&r, 3));
		/* each CPU is at another second */
		if (n % 500 == 0)
			expect_seconds(max(now[0], max(now[1], now[2])) / NSEC_PER_SEC);
	}
	EXPECT(now[0] > LW_WINDOWS * NSEC_PER_SEC);
	end();
}

/* whoever asks for an older second is told nothing of newer ones */
static void newer_than_asked_for(void)
{
	static struct lw_window_sum sum;

	begin();
	record(0, 10 * NSEC_PER_SEC, 5, 1);
	record(0, 20 * NSEC_PER_SEC, 6, 1);
	record(0, 20 * NSEC_PER_SEC + 1, 6, 1);
	read_at(15, &sum);
	EXPECT_EQ(sum.count[10], 1);
	EXPECT_EQ(sum.count[20], 0);
	end();
}

static void clock_that_runs_backwards_stays_in_its_second(void)
{
	static struct lw_window_sum sum;

	begin();
	record(0, 10 * NSEC_PER_SEC, 5, 1);
	record(0, 10 * NSEC_PER_SEC - 1, 9, 1);
	record(0, 10 * NSEC_PER_SEC + 1, 4, 1);
	read_at(10, &sum);
	EXPECT_EQ(sum.count[9], 0);
	EXPECT_EQ(sum.count[10], 3);
	EXPECT_EQ(sum.max[10], 9);
	end();
}

/* the largest that a closed second can have, and no bit of it in the other's */
static void what_does_not_fit_is_the_most(void)
{
	static struct lw_window_sum sum;

	begin();
	record(0, 7 * NSEC_PER_SEC, 1ULL << 41, 1u << 30);
	record(0, 8 * NSEC_PER_SEC, 1, 1);
	read_at(8, &sum);
	EXPECT_EQ(sum.count[7], (1 << 24) - 1);
	EXPECT_EQ(sum.max[7], (1ULL << 40) - 1);
	EXPECT_EQ(sum.count[8], 1);
	EXPECT_EQ(sum.max[8], 1);
	end();
}

static void new_books_have_no_seconds(void)
{
	struct lw_books *old;

	begin();
	record(0, 3 * NSEC_PER_SEC, 5, 1);
	old = b;
	b = lw_books_alloc(1, old);
	EXPECT(b);
	lw_books = b;
	lw_books_free(old);
	memset(naive, 0, sizeof(naive));
	record(0, 3 * NSEC_PER_SEC + 2, 4, 1);
	expect_seconds(3);
	end();
}

static const struct ktap_test tests[] = {
	TEST(each_second_has_its_own),
	TEST(seconds_without_a_record),
	TEST(as_a_naive_reference_has_it),
	TEST(newer_than_asked_for),
	TEST(clock_that_runs_backwards_stays_in_its_second),
	TEST(what_does_not_fit_is_the_most),
	TEST(new_books_have_no_seconds),
};

KTAP_MAIN(tests)
