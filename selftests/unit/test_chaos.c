// SPDX-License-Identifier: GPL-2.0
/* The books close after thousands of random events; the seeds are fixed. */
#include <stdio.h>

#include "chaos.h"
#include "ktap.h"
#include "random.h"

#define ROUNDS	300
#define BYTES	3000

static void run(u64 seed, size_t n)
{
	static u8 bytes[BYTES * 4];
	u64 state = seed;
	size_t i;

	for (i = 0; i < n; i++)
		bytes[i] = random_u64(&state) >> 40;
	chaos_run(bytes, n);
	if (ktap_failed())
		printf("# seed %llu, %zu bytes\n", seed, n);
}

static void many_short_sequences(void)
{
	u64 seed;

	for (seed = 1; seed <= ROUNDS && !ktap_failed(); seed++)
		run(seed, 3 * (20 + seed % 100));
}

static void long_sequences(void)
{
	u64 seed;

	for (seed = 1000; seed < 1000 + ROUNDS && !ktap_failed(); seed++)
		run(seed, BYTES * 4);
}

static const char *const names[LW_NLEDGER] = {
#define X(id, path, category, name) [LW_##id] = #id,
	LW_LEDGER(X)
#undef X
};

/* chaos that never gets anywhere would prove nothing */
static void chaos_reached_every_line_of_the_ledger(void)
{
	unsigned int line;

	if (!chaos_lines[LW_TAKEN])
		long_sequences();
	for (line = 0; line < LW_NLEDGER; line++) {
		/* is of the notifier's, that keeps the table of taps */
		if (line == LW_NOTE_TAP_FULL)
			continue;
		/* chaos takes blocks of culprits and of figures alike: see test_culprit */
		if (line == LW_NOTE_NO_RANKS)
			continue;
		/* chaos has a clock that runs on: see test_books */
		if (line == LW_NOTE_BACKWARDS)
			continue;
		/* needs two threads, or more vectors than there are here */
		if (line == LW_LOST_SKB_RACE || line == LW_TX_LOST_RACE ||
		    line == LW_LOCAL_LOST_RACE ||
		    line == LW_LOST_VECTOR_FULL ||
		    line == LW_DEVICE_LOST_VECTOR_FULL)
			continue;
		if (!chaos_lines[line])
			ktap_fail(__FILE__, __LINE__, "%s was never reached",
				  names[line]);
	}
}

static const struct ktap_test tests[] = {
	TEST(many_short_sequences),
	TEST(long_sequences),
	TEST(chaos_reached_every_line_of_the_ledger),
};

KTAP_MAIN(tests)
